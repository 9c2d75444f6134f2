"""The fields of an incident as cells of a spreadsheet, and each cell as a spreadsheet may give it back.

A cell is compared in one spelling, whatever a spreadsheet made of it: 5.0 is 5, TRUE is yes, a day is 2024-03-05. A
cell that can be read in two ways has two spellings; it is understood when one of them is what stood there before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from conflictdesk.decisions import FIELDS, Blame, DecidedField, Value, write_json
from conflictdesk.exchange.cells import clean_for_xml
from conflictdesk.records import Actor, ActorKind, AttributionBasis, Dates, Estimate, Place

CellKind = Literal["text", "day", "whole", "most", "number", "yes"]
Cells: TypeAlias = tuple[str, ...]
"""The cells of one field in the order of its columns, "" for an empty one."""

OR_MORE: Final = "or more"
"""Stands for the highest number where the text says "at least"."""
NOT_STATED: Final = "not stated"
"""Stands in the first cell of a field of which a person said that the article does not tell it."""
LONGEST_CELL: Final = 32_000
"""Characters that are kept of a text; Excel holds a little more."""
_CUT: Final = "… [cut]"
_EXCEL_DAY_0: Final = dt.date(1899, 12, 30)
_EXCEL_DAYS: Final = range(15_000, 90_000)
_ERRORS: Final = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)$")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the sheet: the field that it is a part of, how its cells are read, what a person writes there."""

    name: str
    field: str
    kind: CellKind
    note: str


def _actor_columns(name: str, who: str) -> list[Column]:
    return [
        Column(name=name, field=name, kind="text", note=f"{who}, by the name of the register where it has one"),
        Column(name=f"{name}_kind", field=name, kind="text", note=f"one of: {', '.join(get_args(ActorKind))}"),
        Column(name=f"{name}_country", field=name, kind="text", note="where it belongs; empty where nowhere"),
    ]


def _people_columns(name: str, told: str) -> list[Column]:
    return [
        Column(name=f"{name}_low", field=name, kind="whole", note=f"fewest {told}; empty: the same as best"),
        Column(name=f"{name}_best", field=name, kind="whole", note=f"{told} as reported; empty: not said"),
        Column(
            name=f"{name}_high", field=name, kind="most", note=f"most {told}; “{OR_MORE}” for at least; empty: as best"
        ),
    ]


COLUMNS: Final = (
    Column(name="event_type", field="event_type", kind="text", note="the sub-event type by its name in the codebook"),
    Column(name="date_start", field="date", kind="day", note="first day that the text allows, 2024-03-05"),
    Column(name="date_end", field="date", kind="day", note="last day; empty: the same as the first"),
    Column(name="date_precision", field="date", kind="whole", note="1 the day, 2 a week, 3 a month, 4 coarser"),
    Column(name="place", field="place", kind="text", note="name of the place"),
    Column(name="country", field="place", kind="text", note="its country; empty on the high seas"),
    Column(name="admin1", field="place", kind="text", note="its province"),
    Column(name="admin2", field="place", kind="text", note="its district"),
    Column(name="latitude", field="place", kind="number", note="degrees, south is negative"),
    Column(name="longitude", field="place", kind="number", note="degrees, west is negative"),
    Column(name="place_precision", field="place", kind="whole", note="1 the place, 2 near it, 3 province, 4 country"),
    *_actor_columns("actor1", "who did it, or one side"),
    *_actor_columns("actor2", "to whom, or the other side"),
    *_people_columns("deaths", "killed"),
    *_people_columns("injured", "injured"),
    Column(
        name="civilian_targeting", field="civilian_targeting", kind="yes", note="civilians the main target: yes, no"
    ),
    Column(name="blamed", field="attribution", kind="text", note="who is said to have done it"),
    Column(name="blamed_by", field="attribution", kind="text", note="who says so"),
    Column(
        name="blame_basis", field="attribution", kind="text", note=f"one of: {', '.join(get_args(AttributionBasis))}"
    ),
    Column(name="note", field="note", kind="text", note="anything else"),
)
FIELD_COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    name: tuple(column for column in COLUMNS if column.field == name) for name in FIELDS
}


class CellFault(ValueError):
    """A cell that cannot be read: its column, and what to write there."""

    def __init__(self, column: str, told: str) -> None:
        super().__init__(told)
        self.column, self.told = column, told


# ---------------------------------------------------------------- writing


def write_cells(field: DecidedField) -> Cells:
    """A field's cells as a person reads them; all empty where nothing is known.

    >>> write_cells(DecidedField(name="deaths", state="suggested", value=Estimate(low=3, best=3, high=None)))
    ('3', '3', 'or more')
    """
    columns = FIELD_COLUMNS[field.name]
    if field.state == "not_stated":
        return (NOT_STATED, *[""] * (len(columns) - 1))
    return ("",) * len(columns) if field.value is None else tuple(map(clean_text, _spell_value(field.value)))


def clean_text(text: str) -> str:
    """A text in the one spelling in which cells are compared: NFC, one kind of line end, no blanks at its ends."""
    plain = unicodedata.normalize("NFC", clean_for_xml(text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    return plain if len(plain) <= LONGEST_CELL else plain[: LONGEST_CELL - len(_CUT)].rstrip() + _CUT


def _spell_value(value: Value) -> Cells:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Dates):
        return (value.start.isoformat(), value.end.isoformat(), str(value.precision))
    if isinstance(value, Place):
        point = (_spell_number(value.latitude), _spell_number(value.longitude))
        names = (value.name, value.country or "", value.admin1 or "", value.admin2 or "")
        return (*names, *point, str(value.precision))
    if isinstance(value, Actor):
        return (value.name, value.kind, value.country or "")
    if isinstance(value, Estimate):
        return (str(value.low), str(value.best), OR_MORE if value.high is None else str(value.high))
    return (value.actor or "", value.by or "", value.basis) if isinstance(value, Blame) else ()


def _spell_number(number: float | None) -> str:
    """Five places after the point are a metre; spreadsheets lose more."""
    if number is None:
        return ""
    told = f"{number:.5f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def mark_cells(mention_id: str, name: str, cells: Cells) -> str:
    """Eight letters by which a field's cells are known again, for this incident alone."""
    told = write_json([mention_id, name, list(cells)])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:8]


# ---------------------------------------------------------------- spellings of a cell


def spell_cells(name: str, raw: Cells) -> tuple[Cells, ...]:
    """Every way in which a field's cells, as a spreadsheet gave them, can be read; the likeliest first.

    Raises:
        CellFault: a cell can be read in no way.

    >>> spell_cells("deaths", ("3.0", "3", "or more"))
    (('3', '3', 'or more'),)
    >>> spell_cells("date", ("3/4/2024", "", "1"))
    (('2024-04-03', '', '1'), ('2024-03-04', '', '1'))
    """
    spellings = [spell_cell(column, text) for column, text in zip(FIELD_COLUMNS[name], raw, strict=True)]
    return tuple(itertools.product(*spellings))


def spell_cell(column: Column, raw: str) -> tuple[str, ...]:
    """Every way in which one cell can be read.

    Raises:
        CellFault: there is none.
    """
    text = clean_text(raw)
    if text.casefold() == NOT_STATED:
        return (NOT_STATED,)
    if not text or column.kind == "text":
        return (text,)
    if _ERRORS.match(text):
        raise CellFault(column.name, f"{text} is an error of the spreadsheet; write {column.note}")
    if found := tuple(dict.fromkeys(_READERS[column.kind](text))):
        return found
    raise CellFault(column.name, f"{text!r} cannot be read; write {column.note}")


def _read_days(text: str) -> list[str]:
    """The days that a text may mean; 3/4/2024 is a day of March or of April."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", text):
        return _make_days([(found[1], found[2], found[3])])
    if found := re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", text):
        return _make_days([(found[1], found[2], found[3])])
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})", text):
        return _make_days([(found[3], found[2], found[1])])
    if found := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})(?: 0?0:00(?::00)?)?", text):
        return _make_days([(found[3], found[2], found[1]), (found[3], found[1], found[2])])
    if found := re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?[ -](\d{2}|\d{4})", text):
        return _make_days([(found[3], _number_month(found[2]), found[1])])
    if (found := re.fullmatch(r"(\d{5})(?:\.0+)?", text)) and int(found[1]) in _EXCEL_DAYS:
        return [(_EXCEL_DAY_0 + dt.timedelta(days=int(found[1]))).isoformat()]
    return []


def _number_month(word: str) -> str:
    return str(_MONTHS.index(word.lower()) + 1) if word.lower() in _MONTHS else "0"


def _make_days(parts: list[tuple[str, str, str]]) -> list[str]:
    days = []
    for year, month, day in parts:
        try:
            days.append(dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return days


def _read_whole(text: str) -> list[str]:
    if re.fullmatch(r"[+]?\d{1,9}(?:[.,]0+)?", text) and not re.fullmatch(r"\d{1,3}[.,]000", text):
        return [str(int(re.split("[.,]", text)[0]))]
    grouped = re.fullmatch(r"\d{1,3}(?:[, \u00a0\u202f’']\d{3})+", text)
    return [str(int(re.sub(r"\D", "", text)))] if grouped else []


def _read_most(text: str) -> list[str]:
    return [OR_MORE] if text.casefold() == OR_MORE else _read_whole(text)


def _read_number(text: str) -> list[str]:
    plain = text.replace("−", "-").replace(",", ".")
    return [_spell_number(float(plain))] if re.fullmatch(r"[+-]?\d{1,3}(?:\.\d*)?(?:[eE]-?\d{1,2})?", plain) else []


def _read_yes(text: str) -> list[str]:
    words = {"yes": "yes", "true": "yes", "y": "yes", "1": "yes", "no": "no", "false": "no", "n": "no", "0": "no"}
    found = words.get(text.casefold().removesuffix(".0"))
    return [found] if found else []


_READERS: Final[Mapping[CellKind, Callable[[str], list[str]]]] = {
    "day": _read_days,
    "whole": _read_whole,
    "most": _read_most,
    "number": _read_number,
    "yes": _read_yes,
}
