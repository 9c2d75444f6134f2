"""Who says who did it: claims of responsibility, accusations, and "no group has claimed"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from conflictdesk.coding.party_phrases import is_unnamed
from conflictdesk.coding.patterns import find_pattern
from conflictdesk.coding.scenes import Scene
from conflictdesk.records import Actor, Attribution, Sentence, Span

_NOBODY = find_pattern("nobody")
_CLAIMED = find_pattern("claimed")
_CLAIMED_BY = find_pattern("claimed_by")
_BLAMED = find_pattern("blamed")
_BLAMED_ON = find_pattern("blamed_on")

_CUES = re.compile(
    r"claim|responsib|blam|accus|credit|attribut|ascrib|suspect|behind|owned up|believed to be|carried out",
    re.IGNORECASE,
)

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
    if nobody and re.search("claim|responsib", nobody.group(), re.IGNORECASE):
        return [Attribution(actor=None, by=None, basis="unclaimed", evidence=(_span(at, nobody),))]
    claimed = _CLAIMED.search(text) or _CLAIMED_BY.search(text)
    if claimed:
        actor = _name_before(text, claimed, name)
        told = actor and Attribution(actor=actor.name, by=actor.name, basis="claimed", evidence=(_span(at, claimed),))
        return [told] if told else []
    blamed = _BLAMED.search(text) or _BLAMED_ON.search(text)
    actor = name(_part(blamed, "who")[0]) if blamed else None
    if blamed is None or actor is None:
        return []
    teller = _part(blamed, "by")[0]
    by = _speaker(teller) if teller else None
    return [Attribution(actor=actor.name, by=by, basis="accused", evidence=(_span(at, blamed),))]


def _part(match: re.Match[str], group: str) -> tuple[str, int]:
    """The words of "who", "who2" ... that matched and where they start; "" where none did."""
    found = [g for g, words in match.groupdict().items() if words is not None and g.rstrip("0123456789") == group]
    return (match[found[0]], match.start(found[0])) if found else ("", 0)


def _name_before(text: str, claimed: re.Match[str], name: NameActor) -> Actor | None:
    """Who claims it; for "Al-Shabaab, the group that ..., claimed" the name before the comma."""
    words, start = _part(claimed, "who")
    actor = name(words)
    aside = text[:start].rstrip().endswith(",") and words.split()[0].islower()
    if actor is not None and not is_unnamed(actor) and not aside:
        return actor
    before = text[:start].rstrip(" ,").split(", ")
    named = (name(words) for words in reversed(before) if words)
    return next((found for found in named if found is not None and found.kind in _ARMED_GROUPS), actor)


_ARMED_GROUPS = frozenset(("Rebel group", "Political militia", "Identity militia"))


def _span(at: int, match: re.Match[str]) -> Span:
    text = match.group()
    lead = len(text) - len(text.lstrip(' ,"“'))
    return Span(at + match.start() + lead, at + match.end())


def _speaker(phrase: str) -> str:
    words = re.sub(r"^(?:but|and|while|however|meanwhile)\b,?\s*", "", phrase.strip(' ,"“”'), flags=re.IGNORECASE)
    return re.split(r", |\b(?:that|which) ", words)[-1].strip()


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
