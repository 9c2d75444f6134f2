"""Why a toll or a day of an article or a narrative came out wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.civilian_harm import BROKEN_LINE, NO_CIVILIANS
from benchmarks.errors import Mark, Miss
from benchmarks.places import make_article
from benchmarks.tolls import is_telling, read_lines
from conflictdesk.coding.article_tolls import read_article_toll
from conflictdesk.coding.dates import read_dates
from conflictdesk.coding.toll_sums import TollSum, is_countable
from conflictdesk.coding.tolls import Toll, read_tolls
from conflictdesk.language.parses import SpacyParser
from conflictdesk.records import Parse

Record = Mapping[str, object]


def explain_tolls(path: Path, predictions: Sequence[Record]) -> tuple[int, list[Miss]]:
    """The misses of the `tolls` task: killed, injured, day; one for each wrong value."""
    parser, ours = SpacyParser(wanted=is_telling), {int(str(p["i"])): p for p in predictions}
    records = _read(path)
    misses: list[Miss] = []
    for number, record in enumerate(records):
        gold, own, text = _mapping(record["gold"]), ours.get(number, {}), str(record["text"])
        pairs = {
            "killed": (str(gold["n_killed"]), str(own.get("killed"))),
            "injured": (str(gold["n_injured"]), str(own.get("injured"))),
            "day": (str(gold["shooting_date"]), str(own.get("date"))),
        }
        if any(a != b for a, b in pairs.values()):
            fields = tuple((name, *pair) for name, pair in pairs.items())
            parse = parser.parse(make_article(str(number), text))
            published = str(record.get("publish_date") or "")[:10]
            note = f"published {published or 'unknown'}"
            for name, cause, marks in _blame_article(text, parse, pairs, published):
                misses.append(
                    Miss(
                        record=f"line {number}: {name}",
                        cause=cause,
                        fields=fields,
                        text=text,
                        marks=tuple(marks),
                        note=note,
                    )
                )
    return len(records), misses


def explain_civilian_harm(path: Path, predictions: Sequence[Record]) -> tuple[int, list[Miss]]:
    """The misses of the `civilian-harm` task: the lowest and highest number killed or injured."""
    parser, ours = SpacyParser(wanted=is_telling), {str(p["file"]): p for p in predictions}
    records = _read(path)
    misses: list[Miss] = []
    for record in records:
        own, text = ours.get(str(record["file"]), {}), BROKEN_LINE.sub(" ", str(record["summary"]).replace("\xa0", " "))
        values = {name: (_range(record, name, "min", "max"), _range(own, name, "low", "high")) for name in MEASURES}
        wrong = [name for name, (gold, got) in values.items() if gold != got]
        if not wrong:
            continue
        parse = parser.parse(make_article(str(record["file"]), text))
        toll = read_article_toll(parse, without=NO_CIVILIANS, findings_first=True)
        fields = tuple((name, f"{g[0]} to {g[1]}", f"{o[0]} to {o[1]}") for name, (g, o) in values.items())
        tolls = [t for s in parse.sentences for t in read_tolls(s)]
        for name in wrong:
            used = toll.deaths if name == "killed" else toll.injured
            cause = f"{name}: {_blame_range(*values[name], used, _of(tolls, name))}"
            misses.append(
                Miss(
                    record=f"{record['file']}: {name}",
                    cause=cause,
                    fields=fields,
                    text=text,
                    marks=tuple(_mark(used, _of(tolls, name))),
                )
            )
    return len(records), misses


MEASURES = ("killed", "injured")


# ---------------------------------------------------------------- causes


def _blame_article(
    text: str, parse: Parse, pairs: Mapping[str, tuple[str, str]], published: str
) -> Iterator[tuple[str, str, list[Mark]]]:
    toll = read_article_toll(parse)
    tolls = [t for s in parse.sentences for t in read_tolls(s)]
    for name, used in (("killed", toll.deaths), ("injured", toll.injured)):
        gold, got = pairs[name]
        if gold != got:
            own = _of(tolls, name)
            yield (
                name,
                f"{name}: {_blame_count(int(gold), int(got) if got.isdigit() else 0, used, own)}",
                _mark(used, own),
            )
    gold, got = pairs["day"]
    if gold != got:
        days = read_dates(text, dt.date.fromisoformat(published) if published else None)
        marks = [Mark(d.span.start, d.span.end, d.value or "no value") for d in days]
        right = any(d.dates is not None and d.dates.precision == 1 and str(d.dates.start) == gold for d in days)
        yield "day", f"day: {_blame_day(gold, got, published, right)}", marks


def _blame_count(gold: int, got: int, used: TollSum | None, tolls: Sequence[Toll]) -> str:
    """What a rule can say of a wrong number.

    >>> _blame_count(2, 0, None, [])
    'none read'
    """
    if used is None and not tolls:
        return "none read"
    if used is None:
        return (
            "read, but set aside"
            if not any(is_countable(t) for t in tolls)
            else "read, but too late in the text or taken for others"
        )
    if gold == 0:
        return "counted where the gold has none"
    singles = [t.estimate.best for t in tolls if is_countable(t)]
    if gold in singles:
        return (
            "a rival figure taken" if got not in singles or len(used.spans) == 1 else "parts added to the right figure"
        )
    if used.imputed:
        return "a word without a number counted"
    if got > gold:
        return "parts added" if len(used.spans) > 1 else "too high, from one figure"
    if sum(singles) >= gold:
        return "parts not added up"
    return "too low: a victim was not read"


def _blame_range(gold: tuple[int, int], got: tuple[int, int], used: TollSum | None, tolls: Sequence[Toll]) -> str:
    if used is None:
        return "none read" if not tolls else "read, but set aside"
    if gold == (0, 0):
        return "counted where the gold has none"
    if gold[1] == got[1]:
        return "low end differs"
    if gold[0] == got[0]:
        return "high end differs"
    if gold[0] == gold[1] and got[0] == got[1]:
        return _blame_count(gold[0], got[0], used, tolls)
    return "both ends differ"


def _blame_day(gold: str, got: str, published: str, told: bool) -> str:
    if told:
        return "another day of the text taken"
    if got == published:
        return "the day of publication taken, the right day not read"
    try:
        gap = (dt.date.fromisoformat(got) - dt.date.fromisoformat(gold)).days
    except ValueError:
        return "no day read"
    if abs(gap) == 1:
        return "a day off"
    if abs(gap) == 7:
        return "a week off"
    return "a year off" if got[5:] == gold[5:] else "another day read, the right one not"


# ---------------------------------------------------------------- reading


def _mark(used: TollSum | None, tolls: Sequence[Toll]) -> list[Mark]:
    spans = set(used.spans) if used else set()
    marks = [Mark(s.start, s.end, "counted") for s in spans]
    for toll in tolls:
        if toll.span not in spans:
            marks.append(Mark(toll.span.start, toll.span.end, f"read as {toll.estimate.best}, not counted"))
    return marks


def _of(tolls: Sequence[Toll], name: str) -> list[Toll]:
    return [t for t in tolls if t.measure == ("deaths" if name == "killed" else "injured")]


def _range(record: Record, name: str, low: str, high: str) -> tuple[int, int]:
    return int(str(record.get(f"{name}_{low}") or 0)), int(str(record.get(f"{name}_{high}") or 0))


def _read(path: Path) -> list[Record]:
    return [*read_lines(path)]


def _mapping(value: object) -> Record:
    if not isinstance(value, dict):
        raise ValueError(f"a record's gold should be a table, not {value!r}")
    return value
