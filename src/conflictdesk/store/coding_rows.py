"""What coders made of articles: codings with their mentions and claims, and who matches whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from sqlalchemy import BindParameter, Row, Select, bindparam, or_, select

from conflictdesk.casework import Order, SentenceNote, StoredCoding, StoredMention
from conflictdesk.records import Claim, Match, Mention, Problem
from conflictdesk.store.keeping import FEW, KeptCoding
from conflictdesk.store.problem_rows import ProblemWriter
from conflictdesk.store.record_json import read_record, write_record
from conflictdesk.store.sessions import Asked, Session, cut
from conflictdesk.store.tables import ARTICLES, CLAIMS, CODINGS, MATCHES, MENTIONS

Between: TypeAlias = Literal["mention", "article"]
_NEWER = CODINGS.alias("newer")
_IS_CURRENT = ~(
    select(_NEWER.c.row)
    .where(_NEWER.c.article_id == CODINGS.c.article_id, _NEWER.c.row > CODINGS.c.row)
    .correlate(CODINGS)
    .exists()
)
_MENTION = select(
    MENTIONS.c.row, MENTIONS.c.mention_id, MENTIONS.c.body, CODINGS.c.after_decision, MENTIONS.c.article_id
).join(CODINGS, CODINGS.c.coding_id == MENTIONS.c.coding_id)
_MATCH = select(MATCHES.c.left_id, MATCHES.c.right_id, MATCHES.c.verdict, MATCHES.c.score, MATCHES.c.by, MATCHES.c.row)
_ORDERS = Asked(
    lambda ids: (
        select(MENTIONS.c.article_id, MENTIONS.c.mention_id, CODINGS.c.after_decision, MENTIONS.c.row)
        .join(CODINGS, CODINGS.c.coding_id == MENTIONS.c.coding_id)
        .where(MENTIONS.c.article_id.in_(ids))
        .order_by(MENTIONS.c.row)
    )
)
_CODING_IDS = Asked(
    lambda ids: (
        select(CODINGS.c.article_id, CODINGS.c.coding_id).where(CODINGS.c.article_id.in_(ids)).order_by(CODINGS.c.row)
    )
)
_BY_ID = Asked(lambda ids: select(CODINGS).where(CODINGS.c.coding_id.in_(ids)))
_MENTIONS_IN = Asked(
    lambda ids: (
        select(MENTIONS.c.coding_id, MENTIONS.c.mention_id, MENTIONS.c.body, MENTIONS.c.row)
        .where(MENTIONS.c.coding_id.in_(ids))
        .order_by(MENTIONS.c.row)
    )
)
_CLAIMS_IN = Asked(
    lambda ids: select(CLAIMS.c.coding_id, CLAIMS.c.body).where(CLAIMS.c.coding_id.in_(ids)).order_by(CLAIMS.c.row)
)


def _ask_matches(ids: Sequence[BindParameter[str]]) -> Select[str, str, str, float, str, int]:
    here = MATCHES.c.between == bindparam("between")
    return _MATCH.where(here, or_(MATCHES.c.left_id.in_(ids), MATCHES.c.right_id.in_(ids)))


_MATCHES_OF = Asked(_ask_matches)


class CodingReader(Session):
    """Reads codings, mentions and matches."""

    def coding(self, article_id: str) -> StoredCoding | None:
        """The newest coding of an article."""
        return next(iter(self.codings([article_id]).values()), None)

    def codings(self, article_ids: Iterable[str]) -> dict[str, StoredCoding]:
        """The newest coding of each article, by article."""
        rows = list(self._rows_in(select(CODINGS).where(_IS_CURRENT), CODINGS.c.article_id, article_ids))
        return {row.article_id: coding for row, coding in zip(rows, self._fill(rows), strict=True)}

    def all_codings(self, *, every: bool = False) -> Iterator[StoredCoding]:
        """The newest coding of each article in the order of coding; `every` one, also those replaced since."""
        question = select(CODINGS) if every else select(CODINGS).where(_IS_CURRENT)
        for rows in cut(self._walk(question, CODINGS.c.row)):
            yield from self._fill(rows)

    def _fill(
        self, rows: Sequence[Row[*tuple[object, ...]]], orders: dict[str, dict[str, Order]] | None = None
    ) -> list[StoredCoding]:
        """Whole codings of their rows; the places of their mentions are noted in `orders`."""
        mentions: dict[str, list[Mention]] = {row.coding_id: [] for row in rows}
        claims: dict[str, list[Claim]] = {row.coding_id: [] for row in rows}
        since = {row.coding_id: row.after_decision for row in rows}
        for coding_id, mention_id, body, number in self._rows_of(_MENTIONS_IN, mentions):
            mentions[coding_id].append(read_record(Mention, body))
            if orders is not None:
                orders[coding_id].setdefault(mention_id, (since[coding_id], 1, number))
        for coding_id, body in self._rows_of(_CLAIMS_IN, claims):
            claims[coding_id].append(read_record(Claim, body))
        return [
            StoredCoding(
                coding_id=row.coding_id,
                article_id=row.article_id,
                coder=row.coder,
                after_decision=row.after_decision,
                mentions=tuple(mentions[row.coding_id]),
                claims=tuple(claims[row.coding_id]),
                sentences=read_record(tuple[SentenceNote, ...], row.sentences),
                problems=read_record(tuple[Problem, ...], row.problems),
            )
            for row in rows
        ]

    def mentions(self, mention_ids: Iterable[str]) -> dict[str, StoredMention]:
        """Mentions by id, also of codings that were replaced since; the newest one's words, the oldest one's place."""
        found: dict[str, StoredMention] = {}
        for stored in _read_mentions(
            self._rows_in(_MENTION.order_by(MENTIONS.c.row), MENTIONS.c.mention_id, mention_ids)
        ):
            first = found.get(stored.mention.mention_id, stored)
            found[stored.mention.mention_id] = StoredMention(mention=stored.mention, order=first.order)
        return found

    def mentions_of(self, article_ids: Iterable[str], *, every: bool = False) -> list[StoredMention]:
        """The mentions of articles by their newest codings; of `every` coding, also those replaced since."""
        question = _MENTION.order_by(MENTIONS.c.row)
        rows = self._rows_in(question if every else question.where(_IS_CURRENT), MENTIONS.c.article_id, article_ids)
        return self._place(list(rows))

    def mention_orders(self, article_ids: Iterable[str]) -> dict[str, dict[str, Order]]:
        """For each article the mentions that any of its codings had, with their first place in the history."""
        found: dict[str, dict[str, Order]] = {}
        for row in self._rows_of(_ORDERS, article_ids):
            found.setdefault(row.article_id, {}).setdefault(row.mention_id, (row.after_decision, 1, row.row))
        return found

    def coded_articles(self, article_ids: Iterable[str]) -> dict[str, KeptCoding]:
        """For each coded article its newest coding, and the place in the history of all its mentions, of any coding.

        A coding never changes: which ones there are is asked, what they say is at hand where it was read before.
        """
        ids_of: dict[str, list[str]] = {}
        for row in self._rows_of(_CODING_IDS, article_ids):
            ids_of.setdefault(row.article_id, []).append(row.coding_id)
        wanted = [coding_id for ids in ids_of.values() for coding_id in ids]
        held = {i: kept for i in wanted if (kept := self._pocket.get(("coding", i), KeptCoding)) is not None}
        read = self._read_codings([coding_id for coding_id in wanted if coding_id not in held])
        for coding_id, kept in read.items() if len(read) <= FEW else ():
            self._pocket.put(("coding", coding_id), kept)
        held |= read
        found: dict[str, KeptCoding] = {}
        for article_id, ids in ids_of.items():
            # The first place that a mention ever had is its own.
            orders = {name: order for coding_id in reversed(ids) for name, order in held[coding_id].orders.items()}
            found[article_id] = KeptCoding(held[ids[-1]].coding, orders)
        return found

    def _read_codings(self, coding_ids: Sequence[str]) -> dict[str, KeptCoding]:
        rows = list(self._rows_of(_BY_ID, coding_ids))
        orders: dict[str, dict[str, Order]] = {row.coding_id: {} for row in rows}
        return {coding.coding_id: KeptCoding(coding, orders[coding.coding_id]) for coding in self._fill(rows, orders)}

    def all_mentions(self) -> Iterator[StoredMention]:
        """The mentions of the newest coding of each article, in the order of coding."""
        for rows in cut(self._walk(_MENTION.where(_IS_CURRENT), MENTIONS.c.row)):
            yield from self._place(rows)

    def _place(self, rows: Sequence[Row[*tuple[object, ...]]]) -> list[StoredMention]:
        """The mentions of their rows: one that an earlier coding had too keeps its earlier place in the history."""
        found = self.mentions(dict.fromkeys(str(row.mention_id) for row in rows))
        last = {row.mention_id: number for number, row in enumerate(rows)}
        kept = [row.mention_id for number, row in enumerate(rows) if last[row.mention_id] == number]
        return [found[mention_id] for mention_id in kept]

    def matches(self, mention_ids: Iterable[str]) -> list[Match]:
        """What machines found of these mentions and any others: the newest match of each pair by each machine."""
        return self._list_matches("mention", list(mention_ids))

    def article_matches(self, article_id: str) -> list[Match]:
        """What machines found of this article and any others that may tell the same story."""
        return self._list_matches("article", [article_id])

    def all_matches(self, between: Between = "mention") -> Iterator[Match]:
        """The newest match of every pair by each machine, in the order of finding."""
        newer = MATCHES.alias("newer_match")
        same = [newer.c[name] == MATCHES.c[name] for name in ("between", "left_id", "right_id", "by")]
        outdone = select(newer.c.row).where(*same, newer.c.row > MATCHES.c.row).correlate(MATCHES).exists()
        question = _MATCH.where(MATCHES.c.between == between, ~outdone)
        return (_read_match(row) for row in self._walk(question, MATCHES.c.row))

    def _list_matches(self, between: Between, ids: Sequence[str]) -> list[Match]:
        rows = {row.row: row for row in self._rows_of(_MATCHES_OF, ids, between=between)}
        newest = {(row.left_id, row.right_id, row.by): row for _, row in sorted(rows.items())}
        return [_read_match(row) for row in sorted(newest.values(), key=lambda row: int(row.row))]


class CodingWriter(CodingReader, ProblemWriter):
    """Adds codings and matches."""

    def add_coding(self, coding: StoredCoding) -> bool:
        """Keep a coding with all it holds; False when it is known already."""
        return bool(self.add_codings([coding]))

    def add_codings(self, codings: Sequence[StoredCoding]) -> list[str]:
        """Keep codings with all they hold: the ids of the new ones."""
        given = {coding.coding_id: coding for coding in codings}
        known = self._known(CODINGS.c.coding_id, given)
        new = [coding for coding_id, coding in given.items() if coding_id not in known]
        self._add(CODINGS, (_make_row(coding) for coding in new))
        self._add(
            MENTIONS,
            (
                {"mention_id": m.mention_id, **_file_under(coding), "body": write_record(m)}
                for coding in new
                for m in coding.mentions
            ),
        )
        self._add(
            CLAIMS,
            (
                {"claim_id": c.claim_id, **_file_under(coding), "body": write_record(c)}
                for coding in new
                for c in coding.claims
            ),
        )
        self._add_coding_problems(new)
        return [coding.coding_id for coding in new]

    def _add_coding_problems(self, codings: Sequence[StoredCoding]) -> None:
        told = [coding for coding in codings if coding.problems]
        asked = select(ARTICLES.c.article_id, ARTICLES.c.source)
        sources = dict(tuple(row) for row in self._rows_in(asked, ARTICLES.c.article_id, (c.article_id for c in told)))
        for coding in told:
            self.add_problems(coding.problems, source=sources.get(coding.article_id))

    def add_matches(self, matches: Sequence[Match], of: Between = "mention") -> int:
        """Keep what machines found of pairs of mentions or articles: how many said something new."""
        held = set(self._list_matches(of, [match.left for match in matches]))
        new = [match for match in dict.fromkeys(matches) if match not in held]
        self._add(
            MATCHES,
            (
                {
                    "between": of,
                    "left_id": m.left,
                    "right_id": m.right,
                    "verdict": m.verdict,
                    "score": m.score,
                    "by": m.by,
                }
                for m in new
            ),
        )
        return len(new)


def _file_under(coding: StoredCoding) -> dict[str, str]:
    return {"coding_id": coding.coding_id, "article_id": coding.article_id}


def _make_row(coding: StoredCoding) -> dict[str, str | int]:
    return {
        **_file_under(coding),
        "coder": coding.coder,
        "after_decision": coding.after_decision,
        "sentences": write_record(coding.sentences),
        "problems": write_record(coding.problems),
    }


def _read_mentions(rows: Iterable[Row[*tuple[object, ...]]]) -> Iterator[StoredMention]:
    for row in rows:
        yield StoredMention(mention=read_record(Mention, row.body), order=(row.after_decision, 1, row.row))


def _read_match(row: Row[*tuple[object, ...]]) -> Match:
    return Match(left=row.left_id, right=row.right_id, verdict=row.verdict, score=row.score, by=row.by)
