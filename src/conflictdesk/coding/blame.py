"""Who says who did it: claims of responsibility, accusations, and "no group has claimed"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from conflictdesk.coding.patterns import find_pattern
from conflictdesk.coding.scenes import Scene
from conflictdesk.records import Actor, Attribution, Sentence, Span

_NOBODY = find_pattern("nobody")
_CLAIMED = find_pattern("claimed")
_CLAIMED_BY = find_pattern("claimed_by")
_BLAMED = find_pattern("blamed")
_BLAMED_ON = find_pattern("blamed_on")

_CUES = re.compile(r"claim|responsib|blam|accus|credit", re.IGNORECASE)

NameActor = Callable[[str], Actor | None]


def read_blame(sentences: Sequence[Sentence], name: NameActor) -> tuple[Attribution, ...]:
    """Every attribution in the sentences: `name` turns a noun phrase into an actor, or None."""
    found: list[Attribution] = []
    for sentence in sentences:
        found += _read_sentence(sentence, name)
    return tuple(dict.fromkeys(found))


def _read_sentence(sentence: Sentence, name: NameActor) -> list[Attribution]:
    text, at = sentence.text, sentence.span.start
    if not _CUES.search(text):
        return []
    nobody = _NOBODY.search(text)
    if (nobody and "claim" in nobody.group().lower()) or (nobody and "responsib" in nobody.group().lower()):
        return [Attribution(actor=None, by=None, basis="unclaimed", evidence=(_span(at, nobody),))]
    claimed = _CLAIMED.search(text) or _CLAIMED_BY.search(text)
    if claimed:
        actor = name(claimed["who"])
        return (
            [Attribution(actor=actor.name, by=actor.name, basis="claimed", evidence=(_span(at, claimed),))]
            if actor
            else []
        )
    blamed = _BLAMED.search(text)
    if blamed:
        actor = name(blamed["who"])
        return (
            [Attribution(actor=actor.name, by=_speaker(blamed["by"]), basis="accused", evidence=(_span(at, blamed),))]
            if actor
            else []
        )
    blamed = _BLAMED_ON.search(text)
    if blamed:
        actor = name(blamed["who"])
        return [Attribution(actor=actor.name, by=None, basis="accused", evidence=(_span(at, blamed),))] if actor else []
    return []


def _span(at: int, match: re.Match[str]) -> Span:
    text = match.group()
    lead = len(text) - len(text.lstrip(' ,"“'))
    return Span(at + match.start() + lead, at + match.end())


def _speaker(phrase: str) -> str:
    words = re.sub(r"^(?:but|and|while|however|meanwhile)\b,?\s*", "", phrase.strip(' ,"“”'), flags=re.IGNORECASE)
    return words.rsplit(", ", 1)[-1].strip()


_SAID_BY = find_pattern("said_by")


def read_speaker(scene: Scene) -> tuple[str, Span] | None:
    """Who is quoted for what the scene's sentence tells, if anybody is."""
    match = _SAID_BY.search(scene.text)
    if not match:
        return None
    group = match.lastgroup or "a"
    words = match[group].strip()
    start = match.start(group) + len(match[group]) - len(match[group].lstrip())
    base = scene.whole.start
    return (words, Span(base + start, base + start + len(words))) if words else None
