"""The journal of decisions: added to at its end only, each row chained by hash to the one before."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Select, bindparam, select, update

from conflictdesk.decisions import Action, Decision, Quoted, SubjectKind, chain_decision, write_decision
from conflictdesk.errors import StoreError
from conflictdesk.store.keeping import FEW, KeptJournal
from conflictdesk.store.sessions import PIECE, Asked, Session, cut
from conflictdesk.store.tables import CHAIN_HEAD, DECISIONS

_SENT = (
    *("subject_kind", "subject_id", "action", "by", "field", "after", "inferred", "reason", "reverts", "track"),
    "article_id",
)
"""What a person sends. The rest is filled in by the desk and may differ when a decision is sent a second time."""
_ROW = (DECISIONS.c.seq, DECISIONS.c.previous, DECISIONS.c.hash, DECISIONS.c.body)
_HEAD = select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)
_MOVE_HEAD = update(CHAIN_HEAD).values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
_KNOWN = Asked(lambda ids: select(*_ROW).where(DECISIONS.c.decision_id.in_(ids)))
_KNOWN_AND_HEAD = Asked(
    lambda ids: select(CHAIN_HEAD.c.seq.label("head_seq"), CHAIN_HEAD.c.hash.label("head_hash"), *_ROW).select_from(
        CHAIN_HEAD.outerjoin(DECISIONS, DECISIONS.c.decision_id.in_(ids))
    )
)
_OF_ARTICLES = Asked(
    lambda ids: (
        select(*_ROW, DECISIONS.c.article_id)
        .where(DECISIONS.c.article_id.in_(ids), DECISIONS.c.seq > bindparam("after"))
        .order_by(DECISIONS.c.seq)
    )
)
_ABOUT = Asked(
    lambda ids: select(*_ROW).where(DECISIONS.c.subject_id.in_(ids), DECISIONS.c.subject_kind == bindparam("kind"))
)
_NO_JOURNAL = KeptJournal(0, ())


class JournalReader(Session):
    """Reads decisions in the order in which they were made."""

    _head: tuple[int, str] | None = None
    """Once asked for, it is known: a snapshot stands still, and a writer is alone."""

    def head(self) -> tuple[int, str]:
        """Number and hash of the last decision, (0, "") before the first: note them outside to prove later changes."""
        if self._head is None:
            self._head = self._read_head()
        return self._head

    def _read_head(self) -> tuple[int, str]:
        row = self._row(_HEAD)
        return (row.seq, row.hash) if row else (0, "")

    def decisions(
        self,
        *,
        article_id: str | None = None,
        subject_ids: Iterable[str] | None = None,
        article_ids: Iterable[str] | None = None,
        by: str | None = None,
        actions: Sequence[Action] | None = None,
        after_seq: int = 0,
        until_seq: int | None = None,
        limit: int | None = None,
    ) -> list[Decision]:
        """The decisions that meet all that is asked, by number; `after_seq` is left out, `until_seq` is in."""
        question = select(*_ROW).where(DECISIONS.c.seq > after_seq).order_by(DECISIONS.c.seq).limit(limit)
        if article_id is not None:
            question = question.where(DECISIONS.c.article_id == article_id)
        if by is not None:
            question = question.where(DECISIONS.c.by == by)
        if actions is not None:
            question = question.where(DECISIONS.c.action.in_(actions))
        if until_seq is not None:
            question = question.where(DECISIONS.c.seq <= until_seq)
        if subject_ids is None and article_ids is None:
            return [_read_row(*row) for row in self._rows(question)]
        column = DECISIONS.c.article_id if subject_ids is None else DECISIONS.c.subject_id
        rows = self._rows_in(question, column, (article_ids if subject_ids is None else subject_ids) or ())
        return [_read_row(*row) for row in sorted(rows, key=lambda row: row.seq)][:limit]

    def all_decisions(self) -> Iterator[Decision]:
        """The whole journal by number."""
        return (_read_row(*row) for row in self._walk(select(*_ROW), DECISIONS.c.seq))

    def last_decisions(self, limit: int, *, before_seq: int | None = None, by: str | None = None) -> list[Decision]:
        """The newest decisions, newest first; those before `before_seq` for the page that follows."""
        question: Select[*tuple[int, str, str, str]] = select(*_ROW).order_by(DECISIONS.c.seq.desc()).limit(limit)
        if before_seq is not None:
            question = question.where(DECISIONS.c.seq < before_seq)
        if by is not None:
            question = question.where(DECISIONS.c.by == by)
        return [_read_row(*row) for row in self._rows(question)]

    def known_decisions(self, decision_ids: Iterable[str]) -> dict[str, Decision]:
        """The decisions of these ids, as far as they are known."""
        wanted = list(dict.fromkeys(decision_ids))
        if self._head is None and len(wanted) <= FEW:
            rows = list(self._rows_of(_KNOWN_AND_HEAD, wanted))
            if rows:
                self._head = (rows[0].head_seq, rows[0].head_hash)
                found = [_read_row(*row[2:]) for row in rows if row.seq is not None]
                return {decision.decision_id: decision for decision in found}
        read = (_read_row(*row) for row in self._rows_of(_KNOWN, wanted))
        return {decision.decision_id: decision for decision in read}

    def journals(self, article_ids: Iterable[str]) -> dict[str, tuple[Decision, ...]]:
        """All decisions about each of these articles, by number; what was read before is at hand."""
        wanted = list(dict.fromkeys(article_ids))
        head, _ = self.head()
        held = {i: self._pocket.get(("journal", i), KeptJournal) or _NO_JOURNAL for i in wanted}
        fresh: dict[str, list[Decision]] = {i: [] for i in wanted}
        after = min((kept.until for kept in held.values()), default=0)
        for seq, previous, told_hash, body, article_id in self._rows_of(_OF_ARTICLES, wanted, after=after):
            if seq > held[article_id].until:
                fresh[article_id].append(_read_row(seq, previous, told_hash, body))
        found = {i: (*kept.decisions, *fresh[i]) for i, kept in held.items()}
        if len(wanted) <= FEW:
            for article_id, decisions in found.items():
                until = max(head, decisions[-1].seq if decisions else 0)
                self._pocket.put(("journal", article_id), KeptJournal(until, decisions))
        return found

    def decisions_about(self, kind: SubjectKind, subject_ids: Iterable[str]) -> list[Decision]:
        """The decisions about some things of one kind, by number."""
        rows = self._rows_of(_ABOUT, subject_ids, kind=kind)
        return [_read_row(*row) for row in sorted(rows, key=lambda row: row.seq)]

    def last_seq_at(self, moment: dt.datetime) -> int:
        """The number of the last decision made at that moment or before it; 0 before the first."""
        question = select(DECISIONS.c.seq).where(DECISIONS.c.at <= moment).order_by(DECISIONS.c.seq.desc()).limit(1)
        row = self._row(question)
        return int(row.seq) if row else 0

    def verify_chain(self) -> str | None:
        """What is wrong with the journal and at which number, None when it is whole.

        Each row's number follows the one before, its link names that one's hash, its own hash covers what it says, the
        columns by which it is found say the same, and the last one is the head that was noted with it.
        """
        seq, previous = 0, ""
        for row in self._walk(select(DECISIONS), DECISIONS.c.seq):
            seq += 1
            if row.seq != seq:
                return f"decision {seq} is missing: the next one is {row.seq}"
            if row.previous != previous:
                return f"decision {seq} does not follow the one before: a decision was changed, put in or taken out"
            try:
                decision = _read_row(row.seq, row.previous, row.hash, row.body)
                fresh = chain_decision(decision, seq, previous)
            except (ValueError, TypeError, KeyError) as error:
                return f"decision {seq} cannot be read: {error}"
            if fresh.hash != row.hash or write_decision(decision) != row.body:
                return f"decision {seq} was changed: its hash is not the one of what it says"
            told = (row.decision_id, row.subject_kind, row.subject_id, row.article_id, row.action, row.by, row.at)
            if told != _list_found(decision):
                return f"decision {seq} was changed: it is filed under another name than it bears"
            previous = row.hash
        return self._check_head(seq, previous)

    def _check_head(self, seq: int, last: str) -> str | None:
        noted, noted_hash = self._read_head()
        if noted > seq:
            return f"decisions {seq + 1} to {noted} are missing at the end"
        if (noted, noted_hash) != (seq, last):
            return f"the noted head of the journal ({noted}) is not its last decision ({seq})"
        return None


class JournalWriter(JournalReader):
    """Adds decisions to the end of the journal."""

    def append(self, decision: Decision) -> tuple[Decision, bool]:
        """Chain a decision to the journal; the stored one and True when its id is known already.

        Raises:
            StoreError: its id is known with other content.
        """
        (stored,) = self.append_all([decision])
        return stored

    def append_all(self, decisions: Sequence[Decision]) -> list[tuple[Decision, bool]]:
        """Chain decisions to the journal in their order, as `append` does."""
        ids = {decision.decision_id for decision in decisions}
        known = self.known_decisions(ids - self._unknown) if ids - self._unknown else {}
        seq, previous = self.head()
        stored: list[tuple[Decision, bool]] = []
        for decision in decisions:
            if old := known.get(decision.decision_id):
                if _list_sent(old) != _list_sent(decision):
                    raise StoreError(
                        f"decision {decision.decision_id} was sent before with other content: send a new id"
                    )
                stored.append((old, True))
                continue
            new = chain_decision(decision, seq + 1, previous)
            known[new.decision_id] = new
            seq, previous = new.seq, new.hash
            stored.append((new, False))
        added = [decision for decision, was_known in stored if not was_known]
        if added:
            self._add(DECISIONS, (_make_row(decision) for decision in added))
            self._move_head(seq, previous)
            self._unknown -= ids
        return stored

    def known_decisions(self, decision_ids: Iterable[str]) -> dict[str, Decision]:
        """The decisions of these ids, as far as they are known; the writer is alone, and need not ask again."""
        wanted = list(decision_ids)
        known = super().known_decisions(wanted)
        self._unknown.update(set(wanted) - set(known))
        return known

    @functools.cached_property
    def _unknown(self) -> set[str]:
        return set()

    def _move_head(self, seq: int, told_hash: str) -> None:
        self._connection.execute(_MOVE_HEAD, {"new_seq": seq, "new_hash": told_hash})
        self._head = (seq, told_hash)

    def add_chained(self, decisions: Iterable[Decision]) -> None:
        """Take over decisions that are chained already, from a copy of this journal.

        Raises:
            StoreError: they do not follow this journal's head, or their hashes are wrong.
        """
        seq, previous = self.head()
        for piece in cut(decisions, PIECE):
            for decision in piece:
                if chain_decision(decision, seq + 1, previous) != decision:
                    raise StoreError(f"decision {decision.seq} of the copy does not follow decision {seq} here")
                seq, previous = decision.seq, decision.hash
            self._add(DECISIONS, (_make_row(decision) for decision in piece))
        self._unknown.clear()
        self._move_head(seq, previous)


def _make_row(decision: Decision) -> dict[str, str | int | dt.datetime | None]:
    return {
        "seq": decision.seq,
        "decision_id": decision.decision_id,
        "subject_kind": decision.subject_kind,
        "subject_id": decision.subject_id,
        "article_id": decision.article_id,
        "action": decision.action,
        "by": decision.by,
        "at": decision.at,
        "previous": decision.previous,
        "hash": decision.hash,
        "body": write_decision(decision),
    }


def _read_row(seq: int, previous: str, told_hash: str, body: str) -> Decision:
    told = json.loads(body)
    quotes = tuple(Quoted(**quote) for quote in told.pop("evidence"))
    at = dt.datetime.fromisoformat(told.pop("at"))
    return Decision(**told, at=at, evidence=quotes, seq=seq, previous=previous, hash=told_hash)


def _list_sent(decision: Decision) -> tuple[object, ...]:
    return (*(getattr(decision, name) for name in _SENT), tuple(quote.span for quote in decision.evidence))


def _list_found(decision: Decision) -> tuple[str | dt.datetime | None, ...]:
    return (
        *(decision.decision_id, decision.subject_kind, decision.subject_id, decision.article_id),
        *(decision.action, decision.by, decision.at),
    )
