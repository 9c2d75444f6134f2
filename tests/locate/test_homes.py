"""Where a paper is at home counts in a whole run, and again when `why` reads a stored article."""

from __future__ import annotations

import json
from pathlib import Path

from conflictdesk.locate.places import find_homes, name_paper
from conflictdesk.pipeline import Tools, code_article, learn_papers, run_pages

TOWNS = ("Irving", "Garland", "Plano", "Mesquite", "Frisco")
LOCAL = "Two men were shot dead at a petrol station in Paris on Monday, March 4, police said. A gunman fled on foot."


def write_pages(path: Path, order: int) -> Path:
    """Five articles of one paper of Texas, and one that tells of an attack in a town with a famous namesake."""
    quiet = [
        f"A new school was opened in {town} this week. Parents came from {other}, Texas, and Dallas."
        for town, other in zip(TOWNS, TOWNS[1:] + TOWNS[:1], strict=True)
    ]
    rows = [
        {
            "id": f"r{n}",
            "title": f"Report {n}",
            "text": text,
            "published": "2024-03-05",
            "url": f"https://www.paper.test/{n}",
        }
        for n, text in enumerate((*quiet, LOCAL))
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows[::order]), "utf-8")
    return path


def test_a_run_places_a_paper_s_events_by_its_home_in_any_order(tmp_path: Path, tools: Tools) -> None:
    runs = [run_pages([write_pages(tmp_path / f"{order}.jsonl", order)], tools) for order in (1, -1)]
    places = [[event.place for event in run.events] for run in runs]
    assert [place.admin1 for place in places[0] if place is not None] == ["Texas"]
    assert places[0] == places[1]


def test_an_article_alone_has_no_home_to_go_by(tmp_path: Path, tools: Tools) -> None:
    run = run_pages([write_pages(tmp_path / "all.jsonl", 1)], tools)
    attack = next(article for article in run.articles if "Paris" in article.text)
    alone = [mention.place for mention in code_article(attack, tools).mentions]
    assert [place.country for place in alone if place is not None] == ["France"]
    homes = learn_papers(run.articles, tools)
    assert set(homes) == {"paper.test"}
    assert learn_papers(run.articles[:3], tools) == {}
    assert {name_paper(article) for article in run.articles} == {"paper.test"}
    assert find_homes(reversed(run.articles), tools.gazetteer) == homes
