"""Corrections made in a spreadsheet: a sheet of all incidents goes out, changed cells come back as decisions.

Each row carries marks of its cells as they were written. So three states can be told apart for every field: what the
sheet held, what it holds now, what stands at the desk now. A field that only the sheet changed becomes a decision; one
that both changed is a clash and is left as it is; the same sheet twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from conflictdesk.decisions import DROP_REASONS, FIELDS, Action, DecidedField, DecidedMention, Value, write_value
from conflictdesk.records import Article, Span, hash_id
from conflictdesk.review.fields import NEEDS_EVIDENCE
from conflictdesk.workflow.correction_cells import (
    COLUMNS,
    FIELD_COLUMNS,
    NOT_STATED,
    CellFault,
    Cells,
    clean_text,
    mark_cells,
    spell_cells,
    write_cells,
)
from conflictdesk.workflow.correction_files import SheetRow
from conflictdesk.workflow.correction_values import Lookups, read_cells
from conflictdesk.workflow.correction_words import has_words

DROPPED: Final = "dropped"
_FIRST: Final = ("incident", "state", "article", "event", "published", "source", "title", "quotes")
HEADS: Final = (*_FIRST, *(column.name for column in COLUMNS), DROPPED, "reason")
"""The columns of the sheet. The first are for finding the way; changing them changes nothing."""
_VERSION: Final = "cd1"
_MARKED: Final = (*FIELDS, DROPPED)
ABOUT: Final = (
    ("column", "meaning"),
    ("incident", "what one article says of one event; keep it, it says to whom the row belongs"),
    ("state", "the row as it was written; keep it, by it changed cells are known"),
    ("article", "the article's id; for your eyes only, like event, published, source, title and quotes"),
    *((column.name, column.note) for column in COLUMNS),
    (DROPPED, f"why it is no incident; one of: {', '.join(DROP_REASONS)}"),
    ("reason", "why you changed it; needed where the new value does not stand in the quotes"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One row's worth of the desk: an incident as it stands, its article, the event that it belongs to."""

    mention: DecidedMention
    article: Article
    event_id: str | None = None
    known: Mapping[str, bool] = field(default_factory=dict)
    """Every decision on its article by id: whether it stands, or was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One changed field, as a decision to record: `before` and `told` are its cells in words."""

    row: int
    mention_id: str
    article_id: str
    field: str
    action: Action
    before: str
    told: str
    decision_id: str
    after: str | None = None
    spans: tuple[Span, ...] = ()
    inferred: str | None = None
    reason: str | None = None


Why = Literal["changed at the desk since", "taken back since"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A changed field that is left as it is: why, what the sheet says, what stands at the desk and by whom."""

    row: int
    mention_id: str
    field: str
    why: Why
    sheet: str
    desk: str
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """A cell or row that could not be understood; `column` is empty for a whole row."""

    row: int
    column: str
    told: str


@dataclass(slots=True)
class Plan:
    """What a sheet would change. Nothing is recorded before somebody says yes."""

    rows: int = 0
    corrections: list[Correction] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


# ---------------------------------------------------------------- going out


def write_row(incident: Incident, seq: int) -> tuple[str, ...]:
    """An incident as a row of the sheet, in the order of `HEADS`; `seq` is the journal's last number."""
    mention, article = incident.mention, incident.article
    published = article.published_on.isoformat() if article.published_on else ""
    title = clean_text(article.title)
    known = (mention.mention_id, mark_row(mention, seq), article.article_id, incident.event_id or "", published)
    cells = [cell for name in FIELDS for cell in write_cells(_field(mention, name))]
    return (*known, clean_text(article.source or ""), title, _quote_all(incident), *cells, mention.dropped or "", "")


def _quote_all(incident: Incident) -> str:
    """The words that the incident rests on, in the order of the text, each once."""
    spans = {span for decided in incident.mention.fields.values() for span in (*decided.evidence, *decided.suggested)}
    quotes = (" ".join(span.quote(incident.article.text).split()) for span in sorted(spans))
    return clean_text(" … ".join(dict.fromkeys(quotes)))


def mark_row(mention: DecidedMention, seq: int) -> str:
    """The state of a row: the journal's last number, a mark for each field, and one that tells if it was moved."""
    marks = [mark_cells(mention.mention_id, name, _cells_now(mention, name)) for name in _MARKED]
    parts = (_VERSION, str(seq), *marks)
    return ".".join((*parts, mark_cells(mention.mention_id, "row", parts)))


def _read_marks(mention_id: str, state: str) -> Mapping[str, str]:
    *parts, last = state.strip().split(".")
    if parts[:1] != [_VERSION] or len(parts) != len(_MARKED) + 2:
        raise CellFault("state", "this is not what was written here; export anew, or copy the cell from the old sheet")
    if last != mark_cells(mention_id, "row", tuple(parts)):
        raise CellFault("state", "it belongs to another row: was one column sorted without the others?")
    return dict(zip(_MARKED, parts[2:]))


def _field(mention: DecidedMention, name: str) -> DecidedField:
    return mention.fields.get(name) or DecidedField(name=name, state="empty")


def _cells_now(mention: DecidedMention, name: str) -> Cells:
    return (mention.dropped or "",) if name == DROPPED else write_cells(_field(mention, name))


# ---------------------------------------------------------------- coming back


def plan_row(row: SheetRow, incident: Incident, by: str, lookups: Lookups) -> Plan:
    """What one row of a sheet changes of its incident; `by` is the name of the person who brings it."""
    plan = Plan(rows=1)
    try:
        marks = _read_marks(incident.mention.mention_id, row.cells.get("state", ""))
    except CellFault as fault:
        plan.problems.append(CellProblem(row=row.number, column=fault.column, told=fault.told))
        return plan
    for name in _MARKED:
        columns = [column.name for column in FIELD_COLUMNS[name]] if name != DROPPED else [DROPPED]
        if any(column not in row.cells for column in columns):
            continue
        try:
            _Change(row, incident, name, by, lookups, plan).look(tuple(row.cells[c] for c in columns), marks[name])
        except CellFault as fault:
            plan.problems.append(CellProblem(row=row.number, column=fault.column, told=fault.told))
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a person's cells come to."""

    action: Action
    cells: Cells
    after: str | None = None
    spans: tuple[Span, ...] = ()
    inferred: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """One field of one row, on its way to a decision."""

    row: SheetRow
    incident: Incident
    name: str
    by: str
    lookups: Lookups
    plan: Plan

    @property
    def _mention(self) -> DecidedMention:
        return self.incident.mention

    def look(self, raw: Cells, mark: str) -> None:
        """Compare what the sheet held, what it holds and what stands; note what follows."""
        now = _cells_now(self._mention, self.name)
        spellings = self._spell(raw)
        marks = [mark_cells(self._mention.mention_id, self.name, cells) for cells in spellings]
        if mark in marks or now in spellings or self._says_the_same(spellings, now):
            return
        if len(spellings) > 1:
            told = " or ".join(dict.fromkeys(_tell(cells) for cells in spellings))
            raise CellFault(FIELD_COLUMNS[self.name][0].name, f"this may be {told}: write days as 2024-03-05")
        decision_id = self._name_decision(spellings[0])
        stands = self.incident.known.get(decision_id)
        if stands and self._is_last(decision_id):
            return
        if stands is False:
            self._leave("taken back since", spellings[0], now)
        elif stands or mark != mark_cells(self._mention.mention_id, self.name, now):
            self._leave("changed at the desk since", spellings[0], now)
        else:
            said = self._drop(spellings[0][0]) if self.name == DROPPED else self._decide(spellings[0])
            self.plan.corrections.append(self._make(decision_id, said, now))

    def _name_decision(self, cells: Cells) -> str:
        """The same cells of the same sheet are the same decision, however often they come and whatever they led to."""
        return hash_id("d", "sheet", self.row.cells["state"].strip(), self._mention.mention_id, self.name, *cells)

    def _is_last(self, decision_id: str) -> bool:
        held = self._mention.fields.get(self.name)
        return held is not None and held.decision_id == decision_id

    def _spell(self, raw: Cells) -> tuple[Cells, ...]:
        columns = FIELD_COLUMNS.get(self.name, ())
        run = [column.name for column in columns if column.name in self.row.formulas]
        if run or (self.name == DROPPED and DROPPED in self.row.formulas):
            raise CellFault((run or [DROPPED])[0], "the cell holds a formula: copy its result and paste it as a value")
        if self.name != DROPPED:
            return spell_cells(self.name, raw)
        text = clean_text(raw[0])
        return ((text.casefold() if text.casefold() in DROP_REASONS else text,),)

    def _says_the_same(self, spellings: tuple[Cells, ...], now: Cells) -> bool:
        """“not stated” in any cell of a field is said of all of it."""
        return any(NOT_STATED in cells for cells in spellings) and now[0] == NOT_STATED

    def _leave(self, why: Why, cells: Cells, now: Cells) -> None:
        held = self._mention.fields.get(self.name)
        self.plan.left.append(
            Left(
                row=self.row.number,
                mention_id=self._mention.mention_id,
                field=self.name,
                why=why,
                sheet=_tell(cells),
                desk=_tell(now),
                by=held.by if held else None,
            )
        )

    def _drop(self, text: str) -> _Said:
        if text and text not in DROP_REASONS:
            raise CellFault(DROPPED, f"{text!r} is no reason; write one of: {', '.join(DROP_REASONS)}")
        if text:
            return _Said(action="drop", cells=(text,), reason=text)
        reason = self._reason or f"corrected in a spreadsheet by {self.by}"
        return _Said(action="restore", cells=(text,), reason=reason)

    def _decide(self, cells: Cells) -> _Said:
        held = _field(self._mention, self.name)
        if NOT_STATED in cells:
            return _Said(action="not_stated", cells=(NOT_STATED,), reason=self._reason)
        if not any(cells):
            if self.name == "event_type":
                raise CellFault("event_type", "an incident needs a type; if it is none, write why under dropped")
            return _Said(action="reject", cells=cells, reason=self._reason)
        value = read_cells(held, cells, self.lookups)
        spans, inferred = self._find_evidence(held, value)
        return _Said(
            action="change",
            cells=write_cells(DecidedField(name=self.name, state="changed", value=value)),
            after=write_value(self.name, value),
            spans=spans,
            inferred=inferred,
            reason=self._reason,
        )

    def _find_evidence(self, held: DecidedField, value: Value) -> tuple[tuple[Span, ...], str | None]:
        """The quotes that stand, where the new value's words are in them; else a reason, which the person must give."""
        spans = held.evidence or held.suggested
        quotes = [span.quote(self.incident.article.text) for span in spans]
        if spans and has_words(value, quotes, self.lookups.actors):
            return spans, None
        if self.name not in NEEDS_EVIDENCE:
            return (), self._reason
        if self._reason is None:
            quoted = "; ".join(f"“{' '.join(quote.split())}”" for quote in quotes) or "nothing"
            raise CellFault("reason", f"{self.name} is not in the words that are quoted ({quoted}): write why it is so")
        return (), f"corrected in a spreadsheet by {self.by}: {self._reason}"

    @property
    def _reason(self) -> str | None:
        return clean_text(self.row.cells.get("reason", "")) or None

    def _make(self, decision_id: str, said: _Said, now: Cells) -> Correction:
        return Correction(
            row=self.row.number,
            mention_id=self._mention.mention_id,
            article_id=self._mention.article_id,
            field=self.name,
            action=said.action,
            before=_tell(now),
            told=_tell(said.cells),
            decision_id=decision_id,
            after=said.after,
            spans=said.spans,
            inferred=said.inferred,
            reason=said.reason,
        )


def _tell(cells: Cells) -> str:
    """Cells in one line, as a diff shows them.

    >>> _tell(("3", "3", "or more")), _tell(("", ""))
    ('3, 3, or more', 'nothing')
    """
    return ", ".join(" ".join(cell.split()) for cell in cells if cell) or "nothing"


def join_plans(plans: Sequence[Plan] | Iterator[Plan]) -> Plan:
    """Several rows' plans as one, in their order."""
    whole = Plan()
    for plan in plans:
        whole.rows += plan.rows
        whole.corrections += plan.corrections
        whole.left += plan.left
        whole.problems += plan.problems
    return whole
