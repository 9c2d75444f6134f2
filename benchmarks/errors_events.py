"""Why an event of a hand-coded article was missed, came out differently, or was coded where there is none.

FILE is the gold of a set (`gold.json`) or the name of a set of `python -m benchmarks events`; PRED is the folder that
`conflictdesk code` wrote. The pairing is the scorer's own. Sets that are held back are refused: nobody reads them.
"""

from __future__ import annotations

import json
import re
import runpy
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from benchmarks.bench_folder import find_bench, tell_missing
from benchmarks.errors import Mark, Miss
from benchmarks.events import Set, choose_pages, list_sets
from benchmarks.product import code_pages
from conflictdesk.pipeline import Tools, explain_article, open_tools
from conflictdesk.records import Reading
from conflictdesk.release.rows import ArticleRow

Row = Mapping[str, object]
Score = tuple[Mapping[str, object], Sequence[Row], Sequence[Row], Mapping[int, int], set[int], Sequence[str]]
STRICT = ("date", "place", "event_type", "deaths")
SHOWN: Mapping[str, tuple[str, str]] = {
    "date": ("date", "date_start"),
    "place": ("location", "location"),
    "country": ("country", "country"),
    "event_type": ("event_type", "event_type"),
    "sub_event_type": ("sub_event_type", "sub_event_type"),
    "actor1": ("actor1", "actor1"),
    "actor2": ("actor2", "actor2"),
    "deaths": ("fatalities", "deaths"),
    "injured": ("injuries", "injured"),
}


def explain_events(chosen: str, folder: Path | None = None) -> tuple[int, list[Miss]]:
    """The misses of one set: gold events not coded or coded with a wrong value, and events that nobody asked for.

    Raises:
        FileNotFoundError: there is no benchmark folder, and so no scorer.
        ValueError: no set is called so, or it is held back.
    """
    bench = find_bench()
    if bench is None:
        raise FileNotFoundError(tell_missing("the misses of events"))
    each = _find_set(chosen)
    if folder is None:
        with tempfile.TemporaryDirectory() as made, choose_pages(each) as pages:
            code_pages(pages, Path(made))
            return _explain(each, Path(made), bench)
    return _explain(each, folder, bench)


def _find_set(chosen: str) -> Set:
    open_sets = [each for each in list_sets() if "hold" not in each.name]
    for each in open_sets:
        if chosen == each.name or (Path(chosen).exists() and Path(chosen).resolve() == each.gold.resolve()):
            return each
    raise ValueError(f"no open set is called {chosen!r}: name one of {', '.join(each.name for each in open_sets)}")


@dataclass(kw_only=True)
class _Work:
    """One set with its scorer, and what the coder says of each article that was asked about."""

    fields: Mapping[str, Callable[[Row, Row], bool]]
    articles: Sequence[Row]
    tools: Tools = field(default_factory=open_tools)
    readings: dict[str, list[tuple[str, Reading]]] = field(default_factory=dict)

    def find_article(self, gold: Row) -> Row | None:
        """The article in which the quote of a gold event stands."""
        named = [a for a in self.articles if gold.get("article_id") in (a["article_id"], a["external_id"], a["title"])]
        holding = [a for a in named or self.articles if str(gold["quote"]) in str(a["text"])]
        return next(iter(holding or named), None)

    def read_verdict(self, article: Row, quote: str) -> Reading | None:
        """What the coder made of the sentence that holds a quote."""
        key = str(article["article_id"])
        if key not in self.readings:
            self.readings[key] = explain_article(cast(ArticleRow, article), self.tools)
        words = _squeeze(quote)
        for text, reading in self.readings[key]:
            if words[:60] in _squeeze(text) or _squeeze(text) in words:
                return reading
        return None


def _explain(chosen: Set, folder: Path, bench: Path) -> tuple[int, list[Miss]]:
    scorer = runpy.run_path(str(bench / "tools" / "score_events.py"))
    score = cast(Callable[[Row, Path, bool], Score], scorer["score"])
    gold = json.loads(chosen.gold.read_text(encoding="utf-8"))
    _, events, coded, pairs, used, _ = score(gold, folder, chosen.present)
    rows = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines() if line.strip()]
    work = _Work(fields=cast(Mapping[str, Callable[[Row, Row], bool]], scorer["FIELDS"]), articles=rows)
    misses: list[Miss] = []
    for n, event in enumerate(events):
        if n in pairs:
            misses += _explain_pair(work, event, coded[pairs[n]])
        elif event["required"]:
            misses.append(_explain_missed(work, event))
    misses += [_explain_extra(work, event) for n, event in enumerate(coded) if n not in used]
    return len(events), misses


def _explain_missed(work: _Work, gold: Row) -> Miss:
    article = work.find_article(gold)
    reading = work.read_verdict(article, str(gold["quote"])) if article else None
    said = f"{reading.verdict}: {_shorten(reading.rule)}" if reading else "its sentence was not found"
    joined = reading is not None and reading.verdict == "event"
    cause = "not coded: its sentence went into another event" if joined else f"not coded: its sentence is {said}"
    return _miss(str(gold["id"]), cause, gold, None, article, f"The coder says of the sentence: {said}")


def _explain_pair(work: _Work, gold: Row, coded: Row) -> Iterator[Miss]:
    wrong = [name for name, right in work.fields.items() if not right(coded, gold)]
    article = work.find_article(gold)
    for name in wrong:
        if name != "country" or "place" not in wrong:
            miss = _miss(f"{gold['id']}: {name}", _blame_field(name, gold, coded), gold, coded, article, "")
            yield replace(miss, wrong=frozenset(each.replace("_", " ") for each in wrong))


def _explain_extra(work: _Work, coded: Row) -> Miss:
    named = {str(m["article_id"]) for m in _rows(coded, "mentions")}
    article = next((a for a in work.articles if a["article_id"] in named), None)
    rule = next((str(m.get("rule") or "") for m in _rows(coded, "mentions")), "")
    name = f"{coded['date_start']} {coded['sub_event_type']}"
    return _miss(name, "coded, but no gold event pairs with it", None, coded, article, f"rule: {rule}" if rule else "")


def _blame_field(name: str, gold: Row, coded: Row) -> str:
    ours, wanted = _show(coded.get(SHOWN[name][1])), _show(gold.get(SHOWN[name][0]))
    if ours == "-":
        return f"{name} not coded"
    if wanted == "-" or wanted.startswith("-"):
        return f"{name} coded where the gold has none"
    if name == "place" and coded.get("country") and coded["country"] != gold.get("country"):
        return "place in another country"
    if name in ("deaths", "injured"):
        return f"{name} differ"
    return f"{name.replace('_', ' ')} differs"


# ---------------------------------------------------------------- showing


def _miss(name: str, cause: str, gold: Row | None, coded: Row | None, article: Row | None, note: str) -> Miss:
    fields = [
        (
            label.replace("_", " "),
            _show(gold.get(a)) if gold else "no event",
            _show(coded.get(b)) if coded else "not coded",
        )
        for label, (a, b) in SHOWN.items()
    ]
    text = str(article["text"]) if article else str(gold["quote"]) if gold else ""
    marks = list(_mark_evidence(coded, article)) if coded and article else []
    at = text.find(str(gold["quote"])) if gold else -1
    if gold and at >= 0 and not any(m.start < at + len(str(gold["quote"])) and at < m.end for m in marks):
        marks.append(Mark(at, at + len(str(gold["quote"])), "the sentence of the gold", gold=True))
    note = f"{note} Published {article['published_on']}." if article else note
    return Miss(record=name, cause=cause, fields=tuple(fields), text=text, marks=tuple(marks), note=note)


def _mark_evidence(coded: Row, article: Row) -> Iterator[Mark]:
    for mention in _rows(coded, "mentions"):
        if mention["article_id"] == article["article_id"]:
            for name, spans in cast(Mapping[str, Sequence[Mapping[str, int]]], mention["evidence"]).items():
                yield from (Mark(span["start"], span["end"], name) for span in spans)


def _show(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("best"))
    if isinstance(value, list):
        return " / ".join(dict.fromkeys(_show(each) for each in value))
    return "-" if value in (None, "") else str(value)


def _shorten(rule: str) -> str:
    """The rule without the words of the text it names, so that like causes count together."""
    return re.split(r"[:(\"“]", rule)[0].strip() if not rule.startswith("background: ") else rule


def _rows(row: Row, key: str) -> Sequence[Row]:
    return cast(Sequence[Row], row.get(key) or ())


def _squeeze(text: str) -> str:
    return " ".join(text.split())
