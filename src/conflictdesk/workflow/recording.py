"""How a decision is taken down: rights and faults first, then the journal, then what it changes, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from conflictdesk.casework import User, list_namesakes
from conflictdesk.decisions import (
    ROLES,
    Decision,
    read_pair,
    write_json,
    write_value,
)
from conflictdesk.errors import CheckError, RightsError
from conflictdesk.records import Match, hash_id
from conflictdesk.review.checks import find_faults
from conflictdesk.review.draws import choose_stratum
from conflictdesk.review.folding import CaseFile
from conflictdesk.review.rights import least_role, may
from conflictdesk.review.standing import list_standing, read_text
from conflictdesk.store.opening import Reader, Writer
from conflictdesk.workflow.casefiles import PEOPLE, VERDICTS, Papers, quote_spans, read_papers
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.drafts import (
    Draft,
    check_spans,
    fill_acceptance,
    hash_text,
    is_same,
    name_codebook,
    name_coder,
    name_subject,
    refuse_faults,
    say_action,
)
from conflictdesk.workflow.projecting import find_articles, refresh
from conflictdesk.workflow.settings import Settings, make_shares
from conflictdesk.workflow.settled_events import get_event_value

__all__ = ["DESK", "Draft", "Recorded", "hash_text", "make_seed", "name_codebook", "record_decisions", "say_action"]

DESK: Final = "desk"
"""Who decides what the desk itself decides: the draw for the second coder."""
_OF_ARTICLE: Final = ("mention", "claim", "article")
_WHOLE: Final = ("finish", "reopen", "settle", "skip", "undo")
_CODES: Final = frozenset(
    ("accept", "change", "reject", "not_stated", "add", "drop", "restore", "background", "finish")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A decision as it stands in the journal; `known` when it stood there before it was sent this time."""

    decision: Decision
    known: bool


def record_decisions(
    desk: OpenDesk,
    drafts: Sequence[Draft],
    user: User,
    now: dt.datetime,
    *,
    judge: Callable[[Reader], None] = lambda _: None,
) -> tuple[Recorded, ...]:
    """Write decisions into the journal and bring events and cases up to date, all in one transaction or none at all.

    `judge` looks at the store as it is before them, in the same transaction, and raises where they must not be taken.

    Raises:
        RightsError: this user may not decide that; the message names the role that may.
        CheckError: a decision cannot stand: what it speaks of is not there, its value or its evidence is wrong.
    """
    _check_rights(drafts, user)
    with desk.store.writing() as writer:
        judge(writer)
        clerk = _Clerk(settings=desk.settings, writer=writer, user=user, now=now)
        recorded = tuple([clerk.take(draft) for draft in drafts])
        if any(not each.known for each in recorded):
            refresh(writer, sorted(clerk.articles), sorted(clerk.mentions), papers=clerk.papers)
    return recorded


def _check_rights(drafts: Sequence[Draft], user: User) -> None:
    if not user.active:
        raise RightsError(f"{user.name} may no longer work here: ask a lead")
    for draft in drafts:
        if not may(user.role, draft.action, draft.track, draft.subject_kind):
            least = least_role(draft.action, draft.track, draft.subject_kind)
            raise RightsError(f"a {user.role} may not {say_action(draft.action)}: a {least} may")


@dataclass(kw_only=True)
class _Clerk:
    """Takes the decisions of one request one after the other; each sees what those before it changed."""

    settings: Settings
    writer: Writer
    user: User
    now: dt.datetime
    articles: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    papers: dict[str, Papers] = field(default_factory=dict)

    def take(self, draft: Draft) -> Recorded:
        """One decision: known already, refused, or appended."""
        known = self.writer.known_decisions([draft.decision_id]).get(draft.decision_id)
        if known is not None:
            if not is_same(draft, known, self.user):
                raise CheckError(f"decision {draft.decision_id} was sent before with other content: send a new id")
            return Recorded(decision=known, known=True)
        draft = name_subject(draft)
        if draft.action == "undo":
            self._check_undo(draft)
        taken = self._take_of_article(draft) if draft.subject_kind in _OF_ARTICLE else self._take_other(draft)
        return Recorded(decision=taken, known=False)

    # ------------------------------------------------------------ what is decided of an article and what it tells

    def _take_of_article(self, draft: Draft) -> Decision:
        papers = self._open_papers(draft)
        second = draft.track == "second"
        self._check_track(draft, papers)
        blind = self.settings.second.blind
        file = papers.fold(track="second" if second else "main", by=self.user.name if second else None, blind=blind)
        mention = file.mention(draft.subject_id) if draft.subject_kind == "mention" else None
        held = mention.fields.get(draft.field or "") if mention else None
        draft = fill_acceptance(draft, mention, held)
        decision = replace(
            self._write(draft),
            article_id=papers.article.article_id,
            evidence=quote_spans(papers.article, papers.coding, check_spans(draft.spans, papers)),
            before=write_value(held.name, held.value) if held else None,
            suggestion=name_coder(mention, held),
            text_hash=hash_text(papers.article.text),
            mode=("blind" if blind else "assisted") if second else draft.mode,
        )
        refuse_faults(find_faults(decision, file))
        stored, _ = self.writer.append(decision)
        self._put_papers(papers.add(stored))
        self._touch(draft, file)
        if draft.action == "finish" and draft.track == "main":
            self._draw(stored)
        return stored

    def _open_papers(self, draft: Draft) -> Papers:
        article_id = draft.subject_id if draft.subject_kind == "article" else draft.article_id
        if article_id is None and draft.subject_kind == "mention":
            article_id = find_articles(self.writer, [draft.subject_id], second=True).get(draft.subject_id)
        if article_id is None:
            raise CheckError(f"the decision on {draft.subject_id} names no article: say which one it is about")
        if article_id not in self.papers:
            self._put_papers(read_papers(self.writer, article_id))
        return self.papers[article_id]

    def _put_papers(self, papers: Papers) -> None:
        self.papers[papers.article.article_id] = papers

    def _check_track(self, draft: Draft, papers: Papers) -> None:
        """Nobody is the second coder of his own work, nor has a hand in the first one's before it is settled."""
        if draft.track == "second":
            self._check_adopted(draft, papers)
        if draft.action not in _CODES:
            return
        own = [d for d in papers.decisions if d.by == self.user.name and d.action in _CODES]
        if draft.track == "second" and any(d.track != "second" for d in own):
            raise RightsError(f"{self.user.name} coded this article first: somebody else is to be its second coder")
        if draft.track == "main" and any(d.track == "second" for d in own) and not papers.fold().settled:
            raise RightsError(f"{self.user.name} is the second coder of this article: it is settled by the lead")

    def _check_adopted(self, draft: Draft, papers: Papers) -> None:
        """What the lead adopted counts for everybody: from then on only the lead changes it."""
        adopted = {d.subject_id for d in list_standing(papers.decisions) if d.action == "adopt"}
        if draft.subject_id in adopted:
            raise RightsError("the lead adopted this incident: only a lead changes it now")

    def _touch(self, draft: Draft, file: CaseFile) -> None:
        """Note what is to be built again: what was decided on, or all incidents where it is about the whole article."""
        self.articles.add(file.article.article_id)
        if draft.track == "second":
            return
        if draft.subject_kind == "mention":
            self.mentions.add(draft.subject_id)
        elif draft.action in _WHOLE:
            self.mentions.update(m.mention_id for m in file.mentions)

    def _draw(self, finished: Decision) -> None:
        """Once the first coder is done: the draw for a second one, which the desk itself writes into the journal."""
        file = self.papers[finished.article_id or ""].fold()
        seed = make_seed(self.settings)
        stratum = None if file.drawn else choose_stratum(file, make_shares(self.settings), seed)
        if stratum is None:
            return
        drawn = Decision(
            decision_id=hash_id("d", "draw", finished.decision_id),
            subject_kind="article",
            subject_id=file.article.article_id,
            article_id=file.article.article_id,
            action="draw",
            by=DESK,
            at=self.now,
            after=write_json(stratum),
            text_hash=finished.text_hash,
            codebook=finished.codebook,
        )
        stored, _ = self.writer.append(drawn)
        self._put_papers(self.papers[file.article.article_id].add(stored))

    # ------------------------------------------------------------ events, pairs, users

    def _take_other(self, draft: Draft) -> Decision:
        decision = self._write(draft)
        refuse_faults(find_faults(decision, None))
        if draft.subject_kind == "event":
            decision = self._prepare_event(decision)
        elif draft.subject_kind == "match":
            self._prepare_pair(draft)
        stored, _ = self.writer.append(decision)
        if draft.subject_kind == "user":
            self._put_user(draft)
        return stored

    def _prepare_event(self, decision: Decision) -> Decision:
        event_id = decision.subject_id
        record, grave = self.writer.event(event_id), self.writer.tombstone(event_id)
        if record is None and grave is None:
            raise CheckError(f"there is no event {event_id}: look it up in the search")
        if record is None and decision.action in ("change", "withdraw"):
            told = f"it is now part of {grave.into}" if grave and grave.into else "it was withdrawn: restore it first"
            raise CheckError(f"event {event_id} stands no longer: {told}")
        if record is not None and decision.action == "restore":
            raise CheckError(f"event {event_id} was not withdrawn")
        self.mentions.update(list_namesakes(event_id))
        if record is None:
            return decision
        self.mentions.update(m.mention_id for m in record.event.mentions)
        name = decision.field
        return replace(decision, before=write_value(name, get_event_value(record.event, name))) if name else decision

    def _prepare_pair(self, draft: Draft) -> None:
        pair = read_pair(draft.subject_id)
        missing = set(pair) - set(find_articles(self.writer, pair))
        if missing:
            raise CheckError(f"there is no incident {', '.join(sorted(missing))}: load the page again")
        self.mentions.update(pair)
        left, right = pair
        if not any(m.by == PEOPLE and (m.left, m.right) == pair for m in self.writer.matches([left])):
            for verdict in (v for v in VERDICTS if v == draft.action):
                self.writer.add_matches(
                    [Match(left=left, right=right, verdict=verdict, score=1.0, by=PEOPLE)], of="mention"
                )

    def _put_user(self, draft: Draft) -> None:
        held = self.writer.user(draft.subject_id)
        for role in (r for r in ROLES if draft.action == "grant" and r == read_text(draft.after)):
            self.writer.put_user(User(name=draft.subject_id, role=role))
        if draft.action == "revoke" and held is not None:
            self.writer.put_user(replace(held, active=False))

    # ------------------------------------------------------------ all of them

    def _check_undo(self, draft: Draft) -> None:
        """What one person decided another may only take back as a reviewer, who may also decide it himself."""
        reverts = draft.reverts or ""
        target = self.writer.known_decisions([reverts]).get(reverts)
        if target is None or (target.subject_kind, target.subject_id) != (draft.subject_kind, draft.subject_id):
            raise CheckError("the decision to take back is not there, or is about something else: load the page again")
        other = target.by != self.user.name
        if not may(self.user.role, target.action, target.track, target.subject_kind):
            least = least_role(target.action, target.track, target.subject_kind)
            raise RightsError(f"a {self.user.role} may not take that back: a {least} may")
        if other and (target.track == "second" or not may(self.user.role, "reopen", draft.track)):
            raise RightsError(f"{target.by} decided that: only {target.by} or a reviewer takes it back")
        if draft.subject_kind not in _OF_ARTICLE:
            standing = list_standing(self.writer.decisions(subject_ids=[draft.subject_id]))
            if target.action != "undo" and target not in standing:
                raise CheckError("that decision was taken back already")

    def _write(self, draft: Draft) -> Decision:
        return Decision(
            decision_id=draft.decision_id,
            subject_kind=draft.subject_kind,
            subject_id=draft.subject_id,
            action=draft.action,
            by=self.user.name,
            at=self.now,
            field=draft.field,
            after=draft.after,
            inferred=draft.inferred,
            reason=draft.reason,
            reverts=draft.reverts,
            track=draft.track,
            mode=draft.mode,
            codebook=name_codebook(),
            shown_ms=draft.shown_ms,
        )


def make_seed(settings: Settings) -> str:
    """From what the second coder's share is drawn: one desk draws the same articles whenever it is asked."""
    return settings.name
