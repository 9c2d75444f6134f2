"""Why a date, a place name, an event type or a group of articles came out wrong."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.errors import Mark, Miss
from benchmarks.tolls import read_lines

Record = Mapping[str, object]
Item = Mapping[str, object]
SCORED = re.compile(r"\d{4}(-\d{2}(-\d{2})?|-W\d{2})?")
OTHER_LABELS = frozenset(("ORG_CRIME", "NATURAL_DISASTER", "MAN_MADE_DISASTER", "DIPLO", "ATTRIB"))
PROTESTS = frozenset(("PEACE_PROTEST", "PROTEST_WITH_INTER", "FORCE_AGAINST_PROTEST", "VIOL_DEMONSTR", "MOB_VIOL"))
NEAR_KM = 161


def explain_dates(path: Path, predictions: Sequence[Record]) -> tuple[int, list[Miss]]:
    """The misses of the `dates` task: one for each date expression, and for each that is none."""
    ours = {str(p["docid"]): _items(p["timex3"]) for p in predictions}
    misses: list[Miss] = []
    records = _read(path)
    for record in records:
        gold = _items(record["timex3"])
        scored = [t for t in gold if t["type"] == "DATE" and SCORED.fullmatch(str(t["value"] or ""))]
        own = [t for t in ours.get(str(record["docid"]), []) if SCORED.fullmatch(str(t["value"] or ""))]
        told = str(record["docid"]), str(record["text"]), f"published {record.get('dct')}"
        for item in scored:
            met = [t for t in own if _meets(item, t)]
            if not any(t["value"] == item["value"] for t in met):
                value = str(met[0]["value"]) if met else "-"
                cause = _blame_value(str(item["value"]), value) if met else "missed"
                misses.append(_date_miss(told, cause, str(item["value"]), value, [*met, item], item))
        rest = [t for t in gold if t not in scored]
        for item in own:
            if not any(_meets(item, t) for t in (*scored, *rest)):
                misses.append(_date_miss(told, "read where the gold has none", "-", str(item["value"]), [item], None))
    return len(records), misses


def explain_places(path: Path, predictions: Sequence[Record]) -> tuple[int, list[Miss]]:
    """The misses of the `places` task: a name not found, or put more than 161 km from where it is."""
    ours = {str(p["docid"]): _items(p["places"]) for p in predictions}
    misses: list[Miss] = []
    records = _read(path)
    for record in records:
        text = str(record["text"])
        for item in _items(record["toponyms"]):
            if item.get("lat") is None:
                continue
            met = [p for p in ours.get(str(record["docid"]), []) if _meets(item, p)]
            gap = _measure_gap(item, met[0]) if met else None
            if gap is not None and gap <= NEAR_KM:
                continue
            start, end = _ends(item)
            got = "-" if not met else f"{met[0].get('lat')}, {met[0].get('lon')} ({met[0].get('geonameid')})"
            wanted = f"{item['lat']}, {item['lon']} ({item.get('geonameid')})"
            low = max(0, start - 900)
            misses.append(
                Miss(
                    record=f"{record['docid']}: {item.get('phrase') or text[start:end]}",
                    cause=_blame_place(gap, bool(met)),
                    fields=(("place", wanted, got),),
                    text=text[low : end + 900],
                    marks=(Mark(start - low, end - low, "gold", gold=True),),
                )
            )
    return len(records), misses


def explain_event_type(path: Path, predictions: Sequence[Record]) -> tuple[int, list[Miss]]:
    """The misses of the `event-type` task; texts of the five labels that do not count are left out."""
    ours = {str(p["id"]): str(p["label"]) for p in predictions}
    records = [r for r in _read(path) if r["label"] not in OTHER_LABELS]
    misses = []
    for record in records:
        gold, got = str(record["label"]), ours.get(str(record["id"]), "-")
        if gold != got:
            cause = f"{gold} taken for {got}" if not {gold, got} <= PROTESTS else "one kind of protest for another"
            fields = (("sub-event type", gold, got),)
            misses.append(Miss(record=str(record["id"]), cause=cause, fields=fields, text=str(record["text"])))
    return len(records), misses


def explain_same_event(path: Path, predictions: Sequence[Record]) -> tuple[int, list[Miss]]:
    """The misses of the `same-event` task: articles apart from their incident's others, or beside strangers."""
    ours = {str(p["doc_id"]): str(p["event_id"]) for p in predictions}
    records = {str(r["doc_id"]): r for r in _read(path)}
    theirs, mine = defaultdict(set), defaultdict(set)
    for doc, record in records.items():
        theirs[str(record["incident_id"])].add(doc)
        mine[ours.get(doc, doc)].add(doc)
    misses = []
    for doc, record in records.items():
        gold, got = theirs[str(record["incident_id"])], mine[ours.get(doc, doc)]
        if gold == got:
            continue
        missing, strange = gold - got, got - gold
        titles = "; ".join(str(records[other].get("title")) for other in sorted(missing | strange)[:6])
        misses.append(
            Miss(
                record=doc,
                cause=_blame_group(records, doc, missing, strange),
                fields=(
                    ("articles of its incident", str(len(gold)), str(len(gold & got))),
                    ("strangers", "0", str(len(strange))),
                ),
                text=f"{record.get('title')}\n{record.get('dct')}\n\n{record['text']}",
                note=f"The others: {titles}",
            )
        )
    return len(records), misses


# ---------------------------------------------------------------- causes


def _blame_value(gold: str, got: str) -> str:
    """How two TIMEX3 values differ.

    >>> _blame_value("1998-08-07", "1998-08-14"), _blame_value("1998", "1998-08")
    ('value differs: a week off', 'value differs: year for month')
    """
    names = {4: "year", 7: "month", 8: "week", 10: "day"}
    a, b = names.get(len(gold), "?"), names.get(len(got), "?")
    if a != b:
        return f"value differs: {a} for {b}"
    if a == "day":
        gap = (dt.date.fromisoformat(got) - dt.date.fromisoformat(gold)).days
        if abs(gap) == 7:
            return "value differs: a week off"
        if abs(gap) == 1:
            return "value differs: a day off"
    return f"value differs: another {a}" if gold[:4] == got[:4] else "value differs: another year"


def _blame_place(gap: float | None, found: bool) -> str:
    if not found:
        return "name not found"
    if gap is None:
        return "found, but without coordinates"
    return (
        "161 to 500 km off: a wide or neighbouring place"
        if gap <= 500
        else "more than 500 km off: another place of the name"
    )


def _blame_group(records: Mapping[str, Record], doc: str, missing: set[str], strange: set[str]) -> str:
    if missing and strange:
        return "apart from its own and beside strangers"
    if strange:
        near = [d for d in strange if records[d].get("dct") == records[doc].get("dct")]
        return "beside strangers of the same day" if near else "beside strangers of other days"
    days = [abs((_day(records[d]) - _day(records[doc])).days) for d in missing]
    return (
        "apart from its own, published within 3 days"
        if min(days) <= 3
        else "apart from its own, published more than 3 days off"
    )


# ---------------------------------------------------------------- reading


def _date_miss(
    told: tuple[str, str, str], cause: str, gold: str, got: str, items: Sequence[Item], mark: Item | None
) -> Miss:
    name, text, note = told
    low = max(0, min(_ends(item)[0] for item in items) - 700)
    marks = tuple(
        Mark(_ends(item)[0] - low, _ends(item)[1] - low, str(item["value"]), gold=item is mark) for item in items
    )
    start, end = _ends(items[-1])
    return Miss(
        record=f"{name}: {text[start:end]}",
        cause=cause,
        fields=(("value", gold, got),),
        text=text[low : end + 700],
        marks=marks,
        note=note,
    )


def _measure_gap(gold: Item, got: Item) -> float | None:
    if got.get("lat") is None or got.get("lon") is None:
        return None
    a, b, c, d = (math.radians(float(str(each[key]))) for each in (gold, got) for key in ("lat", "lon"))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1, h)))


def _meets(a: Item, b: Item) -> bool:
    (start, end), (low, high) = _ends(a), _ends(b)
    return start < high and low < end


def _ends(item: Item) -> tuple[int, int]:
    return int(str(item["start"])), int(str(item["end"]))


def _day(record: Record) -> dt.date:
    return dt.date.fromisoformat(str(record["dct"])[:10]) if record.get("dct") else dt.date.min


def _items(value: object) -> list[Item]:
    if not isinstance(value, list):
        raise ValueError(f"a record's items should be a list, not {value!r}")
    return value


def _read(path: Path) -> list[Record]:
    return [*read_lines(path)]
