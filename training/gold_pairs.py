"""Our own hand-coded texts, coded, each mention beside its gold event: which signs held and which values were right.

Only what is for tuning: the sentences of split "tune", the first wire articles and pages. Nothing of other people's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from benchmarks.events import GOLD, TUNE_PAGES, TUNE_WIRE
from benchmarks.sentences import RIGHT, GoldEvent, load_items, same_name
from benchmarks.texts import Text, code_texts
from conflictdesk.coding.confidence import list_fields
from conflictdesk.coding.rules import RuleCoder
from conflictdesk.coding.signs import Known, list_signs
from conflictdesk.ingest.pages import fetch_pages
from conflictdesk.merge.events import merge_mentions
from conflictdesk.pipeline import Tools, code_article, open_tools
from conflictdesk.read.articles import read_articles
from conflictdesk.records import Article, Event, Mention, Page

Row = Mapping[str, object]
EARTH = 12742.0  # km across
LONGEST_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One value of one mention: the signs that held, and whether it was right; `text` keeps a text in one fold."""

    field: str
    text: str
    signs: tuple[str, ...]
    right: bool


@dataclass(slots=True)
class Notebook:
    """A rate for the coder that writes down the signs of every mention and rates nothing."""

    signs: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def rate(self, known: Known) -> Mapping[str, float]:
        """Note the signs of a mention."""
        self.signs.setdefault(known.mention_id, {f: list_signs(f, known) for f in list_fields(known)})
        return {}


def read_examples() -> list[Example]:
    """Every value that the coder gives on our own tuning texts, in a fixed order."""
    notebook = Notebook()
    plain = open_tools()
    tools = Tools(coder=RuleCoder(rate=notebook.rate), parser=plain.parser, gazetteer=plain.gazetteer)
    return [*_read_sentences(tools, notebook), *_read_articles(tools, notebook)]


def _read_sentences(tools: Tools, notebook: Notebook) -> Iterator[Example]:
    items = [item for item in load_items() if item["split"] == "tune"]
    coded = code_texts([Text(name=i["id"], text=i["text"], published=i["published"]) for i in items], tools)
    for item in items:
        mentions = [m for e in coded[item["id"]].events for m in e.mentions]
        pairs = _pair(mentions, [cast(Row, gold) for gold in item["events"]], judge_sentence)
        yield from _list_examples(item["id"], mentions, pairs, notebook)


def _read_articles(tools: Tools, notebook: Notebook) -> Iterator[Example]:
    pages, wire = GOLD / "articles", GOLD / "wire"
    chosen = [p for p in sorted(pages.glob("*.txt")) if int(p.name[:2]) in TUNE_PAGES]
    for paths, gold_file, numbers in (
        (chosen, GOLD / "articles.gold.json", None),
        ([wire / "articles.jsonl"], wire / "gold.json", TUNE_WIRE),
    ):
        gold = cast(list[Row], json.loads(gold_file.read_text("utf-8"))["events"])
        for article in _open_articles(paths, numbers):
            mine = [g for g in gold if g.get("article_id") in (article.external_id, article.title, article.article_id)]
            mine = mine or [g for g in gold if str(g["quote"]) in article.text]
            mentions = code_article(article, tools).mentions
            yield from _list_examples(article.external_id, mentions, _pair(mentions, mine, judge_article), notebook)


def _open_articles(paths: Sequence[Path], numbers: range | None) -> Iterator[Article]:
    for page in fetch_pages(paths):
        if isinstance(page, Page) and (numbers is None or int(page.external_id[1:3]) in numbers):
            yield from read_articles(page)[0]


def _list_examples(
    text: str, mentions: Sequence[Mention], pairs: Mapping[str, Mapping[str, bool] | None], notebook: Notebook
) -> Iterator[Example]:
    for mention in mentions:
        if mention.mention_id not in pairs:
            continue  # neither right nor wrong
        right = pairs[mention.mention_id]
        for name, signs in notebook.signs[mention.mention_id].items():
            if name == "event":
                yield Example(field=name, text=text, signs=signs, right=right is not None)
            elif right is not None and name in right:
                yield Example(field=name, text=text, signs=signs, right=right[name])


# ---------------------------------------------------------------- pairing

Judge = Callable[[Row, Event], dict[str, bool]]


def _pair(mentions: Sequence[Mention], gold: Sequence[Row], judge: Judge) -> dict[str, dict[str, bool] | None]:
    """Mention id -> which of its fields are right; None for one that pairs with no gold; absent where not judged."""
    events = [merge_mentions([m])[0][0] for m in mentions]
    judged = {(i, j): judge(g, e) for i, g in enumerate(gold) for j, e in enumerate(events)}
    agree = {ij: sum(right[name] for name in ("date", "place", "kind")) for ij, right in judged.items()}
    ranked = sorted((-agree[ij], -sum(judged[ij].values()), *ij) for ij in judged if agree[ij] >= 2)
    taken: dict[int, int] = {}
    for _, _, i, j in ranked:
        if j not in taken and i not in taken.values():
            taken[j] = i
    found: dict[str, dict[str, bool] | None] = {}
    for j, event in enumerate(events):
        if j in taken:
            found[mentions[j].mention_id] = judged[taken[j], j]
        elif not (_is_long(event) or any(agree[i, j] == 3 for i in taken.values())):
            found[mentions[j].mention_id] = None
    return found


def _is_long(event: Event) -> bool:
    return event.dates is not None and (event.dates.end - event.dates.start).days > LONGEST_DAYS


def judge_sentence(gold: Row, event: Event) -> dict[str, bool]:
    """Which fields are right by the rules of `benchmarks.sentences`."""
    right = {name: test(cast(GoldEvent, gold), event) for name, test in RIGHT.items()}
    return {**right, "kind": right["event_type"], "event_type": right["sub_event_type"]}


def judge_article(gold: Row, event: Event) -> dict[str, bool]:
    """Which fields are right by the form of `gold.json`; a field that the gold does not judge is left out."""
    right = {
        "date": RIGHT["date"](cast(GoldEvent, gold), event),
        "place": _is_there(gold, event),
        "kind": event.event_type in cast(Sequence[str], gold["event_type"]),
        "event_type": event.sub_event_type in cast(Sequence[str], gold["sub_event_type"]),
    }
    battle = "Battles" in cast(Sequence[str], gold["event_type"])
    sides = (event.actor1.name if event.actor1 else None, event.actor2.name if event.actor2 else None)
    for name, order in (("actor1", sides), ("actor2", sides[::-1])):
        wanted = cast(Sequence[str | None] | None, gold[name])
        if wanted is not None:
            right[name] = any(same_name(s, w) for w in wanted for s in (order if battle else order[:1]))
    if gold["fatalities"] is not None:
        low, middle, high = cast(Sequence[int], gold["fatalities"])
        best = event.deaths.best if event.deaths else None
        right["deaths"] = best in (None, 0) if middle == 0 else best is not None and low <= best <= high
    if gold.get("injuries") is not None:
        right["injured"] = (event.injured.best if event.injured else 0) == gold["injuries"]
    return right


def _is_there(gold: Row, event: Event) -> bool:
    place = event.place
    if place is None or (place.country and gold["country"] and not same_name(place.country, str(gold["country"]))):
        return False
    if place.latitude is None or place.longitude is None or gold.get("lat") is None:
        return any(same_name(place.name, name) for name in cast(Sequence[str], gold["location"]))
    here = (place.latitude, place.longitude, cast(float, gold["lat"]), cast(float, gold["lon"]))
    return _measure_km(*here) <= cast(float, gold["within_km"])


def _measure_km(a: float, b: float, c: float, d: float) -> float:
    a, b, c, d = map(math.radians, (a, b, c, d))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return EARTH * math.asin(math.sqrt(min(1.0, half)))
