"""One article of the store through the coder: its mentions and claims, what became of each sentence, its profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conflictdesk.casework import SentenceNote, StoredCoding, name_event
from conflictdesk.coding.mentions import code_mentions, tells_of_violence
from conflictdesk.errors import DeskError
from conflictdesk.language.sentences import split_sentences
from conflictdesk.locate.places import Home, name_paper, read_places
from conflictdesk.merge.events import Profile
from conflictdesk.pipeline import CODED_LANGUAGES, Tools, check_coding, profile_parsed, say_too_long
from conflictdesk.records import Article, Problem, Reading, hash_id
from conflictdesk.store.opening import Reader
from conflictdesk.workflow.casefiles import PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A coding that has no place in the history yet; `profile` compares the article with others, never kept."""

    coding: StoredCoding
    profile: Profile | None

    def place(self, after_decision: int) -> StoredCoding:
        """The coding as it is stored, after so many decisions."""
        return replace(self.coding, after_decision=after_decision)


def code_stored_article(article: Article, tools: Tools, homes: Mapping[str, Home]) -> Coded:
    """Code one article; what cannot be coded gives an empty coding and the Problem that says why."""
    if article.language not in CODED_LANGUAGES:
        said = f"The article is in {article.language!r}, a language that is not coded yet."
        return _code_nothing(article, tools, "language-not-coded", said)
    try:
        return _code(article, tools, homes)
    except DeskError:
        raise
    except Exception as error:
        # One article that breaks the coder is a record of its own and stops nothing.
        return _code_nothing(article, tools, "failed", f"{type(error).__name__}: {error}")


def profile_article(article: Article, tools: Tools) -> Profile | None:
    """What an article is compared with others by; None for what is not coded: other languages, far too much."""
    if article.language not in CODED_LANGUAGES:
        return None
    parse = tools.parser.parse(article)
    if say_too_long(parse):
        return None
    return profile_parsed(article, parse, read_places(article, parse, tools.gazetteer, ()))


def _code(article: Article, tools: Tools, homes: Mapping[str, Home]) -> Coded:
    parse = tools.parser.parse(article)
    if said := say_too_long(parse):
        return _code_nothing(article, tools, "too-many-sentences", said)
    paper = name_paper(article)
    toponyms = read_places(article, parse, tools.gazetteer, homes.get(paper, ()) if paper else ())
    coding = code_mentions(article, parse, toponyms, tools.coder)
    check_coding(article, coding)
    read = {reading.sentence: reading for reading in coding.readings}
    notes = tuple(
        _note(s.index, (s.paragraph, s.span.start, s.span.end), read.get(s.index), tells_of_violence(s.tokens))
        for s in parse.sentences
    )
    return Coded(
        coding=StoredCoding(
            coding_id=_name_coding(article, tools),
            article_id=article.article_id,
            coder=tools.coder.name,
            after_decision=0,
            mentions=coding.mentions,
            claims=coding.claims,
            sentences=notes,
        ),
        profile=profile_parsed(article, parse, toponyms),
    )


def _code_nothing(article: Article, tools: Tools, kind: str, detail: str) -> Coded:
    """An empty coding that still says where the sentences stand: a person can work on it all the same."""
    notes = tuple(
        _note(n, (paragraph, span.start, span.end), None, False)
        for n, (paragraph, span) in enumerate(split_sentences(article.text))
    )
    problem = Problem(stage="coding", subject=article.article_id, kind=kind, detail=detail, file=article.page)
    coding = StoredCoding(
        coding_id=_name_coding(article, tools),
        article_id=article.article_id,
        coder=tools.coder.name,
        after_decision=0,
        mentions=(),
        claims=(),
        sentences=notes,
        problems=(problem,),
    )
    return Coded(coding=coding, profile=None)


def _name_coding(article: Article, tools: Tools) -> str:
    return hash_id("k", article.article_id, tools.coder.name)


def _note(index: int, at: tuple[int, int, int], reading: Reading | None, violent: bool) -> SentenceNote:
    paragraph, start, end = at
    return SentenceNote(
        index=index,
        paragraph=paragraph,
        start=start,
        end=end,
        verdict=reading.verdict if reading else "nothing",
        rule=reading.rule if reading else "",
        # The headline says again what the text tells.
        cue=index > 0 and (violent or (reading is not None and reading.verdict == "event")),
    )


def is_decided(reader: Reader, article_id: str) -> bool:
    """True when people decided anything of an article, of what it tells, or of the events that it is part of."""
    if reader.decisions(article_id=article_id, limit=1):
        return True
    ids = [held.mention.mention_id for held in reader.mentions_of([article_id])]
    if any(match.by == PEOPLE for match in reader.matches(ids)):
        return True
    names = sorted({*reader.event_of(ids).values(), *map(name_event, ids)})
    return bool(names) and bool(reader.decisions(subject_ids=names, limit=1))
