"""Does a stated probability hold? Reliability of every field on hand-coded texts, and what the review order is worth.

Each coded value gives one row: the probability stated and whether the value was right, as the scorer of the set sees
it. "event" is right when a gold event pairs with it; the other fields are asked of paired events alone.
Sets: the real articles of the bench folder (page, news), our own texts, of real single tasks deaths (tolls.dev, whole
articles) and places (LGL, the ranker's score of a name), and invented texts of our own, tune and hold apart.
The tables:
  reliability    values by stated probability: how many, the mean that was stated, the share right
  brier          mean square of (stated - right); `always` is that of stating the set's own share for every value
  ece            mean gap between stated and right over the bins, weighed by their values
  review         share of all wrong fields that the first quarter of looks finds; any order finds `random` of them
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import runpy
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from benchmarks.bench_folder import Figures, find_bench
from benchmarks.events import Set, choose_pages, list_sets
from benchmarks.places import make_article
from benchmarks.product import code_pages
from benchmarks.sentences import RIGHT, Scored, load_items, score_items
from benchmarks.texts import Text, code_texts
from benchmarks.tolls import read_lines
from conflictdesk.language.parses import SpacyParser
from conflictdesk.locate.places import open_gazetteer, read_places
from conflictdesk.pipeline import Tools
from conflictdesk.records import Event
from conflictdesk.review.queue import FIELD_WEIGHTS, order_for_review

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
FIRST_LOOKS = 0.25
EVERY_TOLL = 6  # every so manieth article of the toll set is coded
LONGEST_DAYS = 31
Row = Mapping[str, object]
Score = tuple[Row, Sequence[Row], Sequence[Row], Mapping[int, int], set[int], Sequence[str]]
SCORED_AS = {"event_type": "sub_event_type"}  # what the scorers call a field


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One value: the field, the probability stated for it, and whether it was right."""

    field: str
    stated: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One coded event as a reviewer meets it, with the fields that are wrong ("event" alone where it is none)."""

    event_id: str
    confidence: Mapping[str, float]
    disputed: tuple[str, ...]
    wrong: frozenset[str]
    rated: tuple[Rated, ...]


def measure(tools: Tools) -> tuple[dict[str, dict[str, Figures]], dict[str, Figures], dict[str, Figures]]:
    """Reliability tables (set -> "field, bin" -> figures), sums (set -> figures), review (set -> figures)."""
    looks = {**_look_at_articles(), **_look_at_sentences(tools)}
    rated = {name: [r for look in each for r in look.rated] for name, each in looks.items()}
    real = [name for name in ("page", "news") if name in rated]
    if real:
        rated["real articles"] = [r for name in real for r in rated[name]]
        looks["real articles"] = [look for name in real for look in looks[name]]
    rated |= {"tolls.dev": list(rate_tolls(tools)), "places.LGL": list(rate_places())} if find_bench() else {}
    tables = {name: tabulate(each) for name, each in rated.items()}
    sums = {name: sum_up(each) for name, each in rated.items()}
    return tables, sums, {name: review(each) for name, each in looks.items()}


# ---------------------------------------------------------------- what was stated and what was right


def _look_at_articles() -> dict[str, list[Look]]:
    return {each.name: _look_at_set(each) for each in list_sets() if each.name != "news-html"}


def _look_at_set(chosen: Set) -> list[Look]:
    bench = find_bench()
    assert bench is not None
    scorer = runpy.run_path(str(bench / "tools" / "score_events.py"))
    score = cast(Callable[[Row, Path, bool], Score], scorer["score"])
    fields = cast(Mapping[str, Callable[[Row, Row], bool]], scorer["FIELDS"])
    with tempfile.TemporaryDirectory() as folder, choose_pages(chosen) as pages:
        code_pages(pages, Path(folder))
        gold = json.loads(chosen.gold.read_text(encoding="utf-8"))
        _, wanted, coded, pairs, used, _ = score(gold, Path(folder), chosen.present)
    paired = {j: wanted[i] for i, j in pairs.items()}
    spare = {j for j, row in enumerate(coded) if j not in used and _is_spare(row, paired, coded, fields)}
    return [_look(row, paired.get(j), fields) for j, row in enumerate(coded) if j not in spare]


def _is_spare(
    row: Row, paired: Mapping[int, Row], coded: Sequence[Row], fields: Mapping[str, Callable[[Row, Row], bool]]
) -> bool:
    """True for what the scorer counts neither way: no better than a month, or another place of a paired event."""
    start, end = str(row["date_start"] or ""), str(row["date_end"] or "")
    if start and start[:7] != end[:7] and _days_between(start, end) > LONGEST_DAYS:
        return True
    return any(
        all(fields[name](row, gold) for name in ("date", "event_type", "place"))
        and row["location"] != coded[j]["location"]
        for j, gold in paired.items()
    )


def _days_between(start: str, end: str) -> int:
    return (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days


def _look(row: Row, gold: Row | None, fields: Mapping[str, Callable[[Row, Row], bool]]) -> Look:
    confidence = cast(Mapping[str, float], row["confidence"])
    right = None if gold is None else {name: fields[SCORED_AS.get(name, name)](row, gold) for name in _asked(gold)}
    return _make_look(str(row["event_id"]), confidence, cast(Sequence[str], row["disputed"]), right)


def _asked(gold: Row) -> Iterator[str]:
    """The fields that the gold judges: null says that no answer was settled."""
    columns = {"deaths": "fatalities", "injured": "injuries"}
    for name in FIELD_WEIGHTS:
        if name != "event" and gold.get(columns.get(name, name), "asked") is not None:
            yield name


def _make_look(
    event_id: str, confidence: Mapping[str, float], disputed: Sequence[str], right: Mapping[str, bool] | None
) -> Look:
    rows = [Rated(field="event", stated=confidence["event"], right=right is not None)]
    rows += [Rated(field=f, stated=confidence[f], right=ok) for f, ok in (right or {}).items() if f in confidence]
    wrong = {"event"} if right is None else {name for name, ok in right.items() if not ok}
    return Look(
        event_id=event_id,
        confidence=confidence,
        disputed=tuple(disputed),
        wrong=frozenset(wrong),
        rated=tuple(rows),
    )


def _look_at_sentences(tools: Tools) -> dict[str, list[Look]]:
    scored = score_items(load_items(), tools)
    return {
        f"sentences, {split}": [look for each in scored if each.item["split"] == split for look in _look_at_text(each)]
        for split in ("tune", "hold")
    }


def _look_at_text(scored: Scored) -> Iterator[Look]:
    gold = {event.event_id: wanted for wanted, event in scored.pairs}
    for event in scored.coded.events:
        wanted = gold.get(event.event_id)
        right = (
            None
            if wanted is None
            else {n: RIGHT[SCORED_AS.get(n, n)](wanted, event) for n in FIELD_WEIGHTS if n != "event"}
        )
        yield _make_look(f"{scored.item['id']} {event.event_id}", event.confidence, event.disputed, right)


# ---------------------------------------------------------------- single tasks on real text


def rate_tolls(tools: Tools, every: int = EVERY_TOLL) -> Iterator[Rated]:
    """Deaths of the event that an article on one shooting leads with, against the label of its people killed."""
    bench = find_bench()
    assert bench is not None
    records = list(enumerate(read_lines(bench / "bench" / "tolls.dev.jsonl.gz")))[::every]
    for number, record in records:
        text = Text(name=str(number), text=record["text"], published=record["publish_date"][:10])
        try:
            events = code_texts([text], tools)[str(number)].events
        except ValueError:
            continue  # not English enough, or more than one article: not a matter of confidence
        lead = min(events, key=_first_word, default=None)
        if lead is not None:
            killed = int(str(cast(Mapping[str, object], record["gold"])["n_killed"]))
            yield Rated(
                field="deaths",
                stated=lead.confidence["deaths"],
                right=(lead.deaths.best if lead.deaths else 0) == killed,
            )


def _first_word(event: Event) -> int:
    return min(span.start for m in event.mentions for span in m.evidence["event_type"])


def rate_places() -> Iterator[Rated]:
    """The ranker's score of each place name that the LGL set marks too, right when it means the same place."""
    bench = find_bench()
    assert bench is not None
    gazetteer, parser = open_gazetteer(), SpacyParser()
    for record in read_lines(bench / "bench" / "places.LGL.dev.jsonl.gz")[::EVERY_TOLL]:
        marked = cast(Sequence[Row], record["toponyms"])
        gold = {(t["start"], t["end"]): str(t["geonameid"]) for t in marked if t.get("geonameid")}
        article = make_article(record["docid"], record["text"], record.get("url"))
        for found in read_places(article, parser.parse(article), gazetteer, ()):
            wanted = gold.get((found.span.start, found.span.end))
            if wanted and found.place.gazetteer_id:
                right = found.place.gazetteer_id == f"geonames:{wanted}"
                yield Rated(field="place", stated=found.score, right=right)


# ---------------------------------------------------------------- figures


def tabulate(rated: Iterable[Rated]) -> dict[str, Figures]:
    """Number, mean stated and share right of each bin of each field, keyed "field 0.60-0.70".

    >>> tabulate([Rated(field="date", stated=0.65, right=True), Rated(field="date", stated=0.61, right=False)])
    {'date 0.60-0.70': {'n': 2, 'stated': 0.63, 'right': 0.5}}
    """
    rows = list(rated)
    found: dict[str, Figures] = {}
    for field in FIELD_WEIGHTS:
        for low, high, held in _list_bins([r for r in rows if r.field == field]):
            found[f"{field} {low:.2f}-{min(high, 1):.2f}"] = {
                "n": len(held),
                "stated": round(_mean(r.stated for r in held), 3),
                "right": round(_mean(r.right for r in held), 3),
            }
    return found


def turn(rows: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Rows of figures as columns of a printed table.

    >>> turn({"date": {"n": 2}, "place": {"n": 3}})
    {'n': {'date': 2, 'place': 3}}
    """
    columns: dict[str, dict[str, object]] = {}
    for name, figures in rows.items():
        for column, value in cast(Mapping[str, object], figures).items():
            columns.setdefault(column, {})[name] = value
    return columns


def sum_up(rated: Iterable[Rated]) -> Figures:
    """Per field: values, mean stated, share right, Brier score, that of always stating the share, and ECE."""
    rows = list(rated)
    return {field: _sum_field([r for r in rows if r.field == field]) for field in FIELD_WEIGHTS if _has(rows, field)}


def _has(rows: Sequence[Rated], field: str) -> bool:
    return any(r.field == field for r in rows)


def _sum_field(rows: Sequence[Rated]) -> Figures:
    share = _mean(r.right for r in rows)
    gaps = [
        len(held) * abs(_mean(r.stated for r in held) - _mean(r.right for r in held)) for *_, held in _list_bins(rows)
    ]
    return {
        "n": len(rows),
        "stated": round(_mean(r.stated for r in rows), 3),
        "right": round(share, 3),
        "brier": round(_mean((r.stated - r.right) ** 2 for r in rows), 3),
        "always": round(share * (1 - share), 3),
        "ece": round(sum(gaps) / len(rows), 3),
    }


def _list_bins(rows: Sequence[Rated]) -> Iterator[tuple[float, float, list[Rated]]]:
    for low, high in itertools.pairwise(EDGES):
        held = [r for r in rows if low <= r.stated < high]
        if held:
            yield low, high, held


def _mean(values: Iterable[float]) -> float:
    held = [float(v) for v in values]
    return sum(held) / len(held)


def review(looks: Sequence[Look]) -> Figures:
    """What the first quarter of looks finds, by number of wrong fields and by their weight."""
    ordered = order_for_review(looks)
    first = ordered[: max(1, round(FIRST_LOOKS * len(ordered)))]
    total, weight = sum(len(e.wrong) for e in ordered), sum(map(_weigh, ordered))
    if not total:
        return {"events": len(ordered), "wrong fields": 0}
    return {
        "events": len(ordered),
        "wrong fields": total,
        "found": round(sum(len(e.wrong) for e in first) / total, 3),
        "found by weight": round(sum(map(_weigh, first)) / weight, 3),
        "random": round(len(first) / len(ordered), 3),
    }


def _weigh(look: Look) -> float:
    return sum(FIELD_WEIGHTS[name] for name in look.wrong)
