"""Who a sentence says did it, and which names of the dataset mean that actor; never a silent guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.analyse.claim_figures import mask_spans
from conflictdesk.analyse.claim_words import EVENT_NOUNS
from conflictdesk.codebook.actors import ActorEntry, load_actors
from conflictdesk.codebook.countries import Country, fold_name, is_short_name, load_countries

_SHOWN: Final = 3
_FORCES: Final = (
    r"(?P<head>government(?:[ -](?:forces|troops|army))?|regime(?: forces)?|army|military|armed forces|security "
    r"forces|air force"
    r"|forces|troops|police|soldiers)"
)
# Every name can be matched in one way alone: with two, a long list of names would take for ever.
_CAPITAL: Final = r"(?:[A-Z][\w’'.-]*)"
_NAME: Final = rf"{_CAPITAL}(?: (?:(?:of|the|and|al|for|in the|de|du|la) )?{_CAPITAL})*"
_NOT_OPENER: Final = r"(?!(?:The|A|An|In|But|And|When|While|After|Before|Suspected|Alleged|Since|By|On) )"
_BY: Final = (
    r"(?:\b(?:by|attributed to|blamed on|responsibility of|involving|at the hands of|committed by|claimed by"
    r"|perpetrated by)"
    r"(?: the| a| suspected| alleged)*\s+)$"
)
_DID: Final = re.compile(
    r"\s*(?:forces|fighters|militants|rebels|insurgents|group|movement|militia|troops|attacks)?,?\s*(?:who |which "
    r")?(?:\w+ly )?"
    r"(?:has |have |had |also |were |was |been |is |are )*"
    r"(?:kill(?:ed|s|ing)|responsible|injur|wound|murdered|massacred|carried out|conducted|launched|caused|claimed"
    r"|left|committed)",
    re.IGNORECASE,
)
_OF_WHAT: Final = re.compile(r"(?:\d|\bhundreds|\bdozens|\bthousands)[\d,. ]*(?:\w+ )?$")
_SUBJECT: Final = re.compile(rf"(?<![\w’'-])(?P<name>{_NOT_OPENER}{_NAME})(?={_DID.pattern})")
_FACELESS: Final = re.compile(
    r"(?<![\w-])(?P<name>(?:the )?(?:rebels?|insurgents?|militants?|gunmen|army|military|soldiers|police|jihadists"
    r"|extremists|terrorists|gangs?|bandits|armed (?:groups?|men)|security forces|government(?: forces)?|troops"
    r"|fighters|militias?|group|movement|regime)|they|it)(?=" + _DID.pattern + r")",
    re.IGNORECASE,
)
_COUNTRY_DOES: Final = re.compile(
    rf"(?:^|[,;:.—–-] |\b(?:that|while|and) )(?P<who>{_CAPITAL}(?: {_CAPITAL})?)(?={_DID.pattern})"
)
_AGENT: Final = re.compile(
    r"\b(?:killed by|injured by|carried out by|committed by|perpetrated by|launched by|claimed by|attacks by|strikes "
    r"by|attributed to"
    rf"|blamed on|at the hands of|involving|by)(?: the| suspected| alleged)* (?P<name>{_NAME})"
)
_PRONOUN: Final = re.compile(
    r"\b(?:they|it|the (?:group|movement|militia|organi[sz]ation|rebels|militants))\b", re.IGNORECASE
)
_JOINED: Final = re.compile(r"(?:[’']s)?(?:,|,? and|,? or| &)\s+(?:the )?", re.IGNORECASE)
_SAYS: Final = re.compile(
    rf"(?:[Aa]ccording to|[Dd]ata (?:from|by|of)|[Ff]igures (?:from|by|of)|[Ss]ource:|[Cc]ompiled by|[Rr]ecorded by"
    rf"|[Cc]ounted by|[Dd]ocumented by|[Rr]eported by|[Tt]old by)"
    rf"(?: the)? (?P<a>{_NAME})|(?P<b>{_NAME})(?:[’']s?)? (?:data|figures|says?|said|reports?|reported|recorded"
    rf"|counted|documented|shows?)\b"
)


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor as the sentence names it, at `start`..`end`; `names` are the folded names that mean it."""

    start: int
    end: int
    said: str
    names: frozenset[str]
    entry: ActorEntry | None = None
    state: tuple[Country, str] | None = None


@dataclass(frozen=True, slots=True)
class ActorReading:
    """The actor of a claim: as said and where, the dataset's names for it, or in words why there is none."""

    said: str | None
    span: tuple[int, int] | None
    names: tuple[str, ...]
    unread: str | None


def read_actor(
    text: str, known: Mapping[str, int], times: Sequence[tuple[int, int]], sayer: tuple[int, int] | None
) -> ActorReading:
    """Find who a sentence holds responsible, and the dataset's name for it.

    `known` are the dataset's names with their counts of events; `times` and `sayer` are spans that name no actor. With
    no actor named the reading is empty and nothing is unread: then all violence is meant.
    """
    said_by = (sayer,) if sayer else ()
    blocked = (*times, *said_by)
    masked = mask_spans(text, blocked)
    named = _find_named(text, known, blocked)
    if not named and _PRONOUN.search(masked):
        # "in the six months after the Reds left, they killed": the words of the time name the doer.
        named = _find_named(text, known, said_by)
        masked = mask_spans(text, said_by)
    chosen = _choose_doer(masked, named)
    faceless = _FACELESS.search(masked)
    if chosen is None and faceless:
        said = faceless["name"]
        return ActorReading(None, None, (), f'the actor "{said}" is no name of the dataset: give --actor')
    if isinstance(chosen, str):
        return ActorReading(None, None, (), chosen)
    if chosen is None:
        return ActorReading(None, None, (), None)
    names, unread = map_actor(chosen, known)
    return ActorReading(chosen.said, (chosen.start, chosen.end), names, unread)


def find_sayer(text: str) -> tuple[int, int] | None:
    """Where a sentence names whose figure it is: "according to NAME", "NAME's data"."""
    match = _SAYS.search(text)
    if match is None:
        return None
    group = "a" if match["a"] else "b"
    said = re.sub(r"(?:[’']s?|\.)$", "", match[group])
    return match.start(group), match.start(group) + len(said)


def _find_named(text: str, known: Mapping[str, int], blocked: Sequence[tuple[int, int]]) -> list[NamedActor]:
    found: list[NamedActor] = []

    def add(actor: NamedActor) -> None:
        taken = [*blocked, *((other.start, other.end) for other in found)]
        if not any(actor.start < end and start < actor.end for start, end in taken):
            found.append(actor)

    for actor in (*_find_dataset_names(text, known), *_find_states(text), *_find_registered(text)):
        add(actor)
    masked = mask_spans(text, blocked)
    for pattern in (_AGENT, _SUBJECT):
        for match in pattern.finditer(masked):
            start = match.start("name")
            said = match["name"].rstrip(".’'-")
            told = fold_name(said)
            if not load_countries().by_name(said) and told not in _NOBODY and not _EVENT.fullmatch(told):
                add(NamedActor(start, start + len(said), said, frozenset({fold_name(said)})))
    return sorted(found, key=lambda actor: actor.start)


_EVENT: Final = re.compile(rf"(?:{EVENT_NOUNS}|violence|fighting|war|conflict|{_FORCES.replace('?P<head>', '?:')})")
_NOBODY: Final = frozenset(
    {"in", "it", "they", "he", "she", "the", "at least", "more", "violence", "attacks", "this", "these", "that"}
)


def _find_dataset_names(text: str, known: Mapping[str, int]) -> Iterable[NamedActor]:
    """The dataset's own names, the longest first; a name of four letters or fewer as it is written."""
    folded = fold_offsets(text)
    forms = {form for name in known for form in (name, bare_name(name)) if len(form) > 1}
    for name in sorted(forms, key=lambda n: (-len(n), n)):
        short = is_short_name(name)
        needle = name if short else fold_offsets(name)
        held = text if short else folded
        at = held.find(needle)
        while at >= 0:
            end = at + len(needle)
            edges = (at == 0 or not text[at - 1].isalnum()) and (end == len(text) or not text[end].isalnum())
            tied = re.match(r"-\w", text[end:])
            if edges and not tied and text[at].isupper() and not fold_name(name).startswith("civilians"):
                yield NamedActor(at, end, text[at:end], frozenset({fold_name(name)}), _entry_of(name))
                break
            at = held.find(needle, at + 1)


def _entry_of(name: str) -> ActorEntry | None:
    return load_actors().by_name(name) or load_actors().by_name(bare_name(name))


def _find_states(text: str) -> Iterable[NamedActor]:
    """ "Syrian government forces", "the army of Syria": a state's forces by people or country."""
    countries = load_countries()
    for match in re.finditer(rf"(?P<who>{_CAPITAL}(?: {_CAPITAL})?)(?:[’']s)? {_FORCES}(?!\w)", text):
        words = match["who"].split()
        for first in range(len(words)):
            said = re.sub(r"[’']s?$", "", " ".join(words[first:]))
            country = countries.by_demonym(said) or countries.by_name(said)
            if country:
                start = match.end("who") - len(" ".join(words[first:]))
                yield _make_state(match.string, start, match.end(), country, match["head"])
                break
    for match in _COUNTRY_DOES.finditer(text):
        country = countries.by_name(match["who"])
        if country:
            yield _make_state(text, match.start("who"), match.end("who"), country, "forces")
    for match in re.finditer(rf"(?i:{_FORCES}) of (?P<who>{_NAME})", text):
        country = countries.by_name(match["who"])
        if country:
            yield _make_state(text, match.start(), match.end(), country, match["head"])


def _make_state(text: str, start: int, end: int, country: Country, head: str) -> NamedActor:
    return NamedActor(start, end, text[start:end], frozenset(), None, (country, head.lower()))


def _find_registered(text: str) -> Iterable[NamedActor]:
    for start, end, entry in load_actors().scan(text):
        names = frozenset(fold_name(name) for name in entry.names)
        yield NamedActor(start, end, text[start:end], names, entry)


def _choose_doer(text: str, named: Sequence[NamedActor]) -> NamedActor | str | None:
    """The one actor that the sentence puts in the doer's place; a word on the doubt where there are several."""
    if not named:
        return None
    doers = [actor for actor in named if _does_it(text, actor)]
    doers += [other for other in named if other not in doers and any(_is_joined(text, other, doer) for doer in doers)]
    told = doers or [actor for actor in named if not _OF_WHAT.search(text[: actor.start])]
    if not told:
        return f'"{named[0].said}" seems to be those killed, and no other actor is named: give --actor'
    keys = {actor.entry.name if actor.entry else fold_name(actor.said) for actor in told}
    if len(keys) == 1:
        return told[0]
    said = ", ".join(dict.fromkeys(f'"{actor.said}"' for actor in told))
    return f"several actors may be meant, {said}: give --actor"


def _is_joined(text: str, one: NamedActor, other: NamedActor) -> bool:
    """ "the Reds and the Blues": two in one place of the sentence."""
    first, second = sorted((one, other), key=lambda actor: actor.start)
    return bool(_JOINED.fullmatch(text[first.end : second.start]))


def _does_it(text: str, actor: NamedActor) -> bool:
    before, after = text[: actor.start], text[actor.end :]
    passive = re.match(r"\s*(?:were|was|are) (?:killed|injured|wounded)", after)
    if _OF_WHAT.search(before) or passive:
        return False
    return bool(re.search(_BY, before, re.IGNORECASE) or _DID.match(after))


def map_actor(actor: NamedActor, known: Mapping[str, int]) -> tuple[tuple[str, ...], str | None]:
    """The dataset's name for an actor; with none or several, in words, which names come near."""
    fits = _fitting(actor, known)
    if len(fits) == 1:
        return (fits[0],), None
    if fits:
        return (), f'"{actor.said}" may be any of: {_list_names(fits, known)}; give --actor'
    near = _nearby(actor, known)
    told = f"; near: {_list_names(near, known)}" if near else ""
    return (), f'no actor of the dataset is called "{actor.said}"{told}; give --actor'


def _fitting(actor: NamedActor, known: Mapping[str, int]) -> list[str]:
    if actor.state:
        return [name for name in known if _is_state_name(name, *actor.state)]
    own = actor.names | (frozenset(fold_name(name) for name in actor.entry.names) if actor.entry else frozenset())
    return [name for name in known if fold_name(name) in own or fold_name(bare_name(name)) in own]


def _is_state_name(name: str, country: Country, head: str) -> bool:
    bare = fold_name(bare_name(name))
    home = {fold_name(form) for form in (country.name, *country.aliases)}
    kinds = {
        "police": ("police forces of ", "police of "),
        "government": ("government of ", "military forces of ", "police forces of "),
    }
    heads = kinds.get("government" if head.startswith(("government", "regime", "security", "forces")) else head)
    for opening in heads or ("government of ", "military forces of ", "army of "):
        if bare.startswith(opening) and bare.removeprefix(opening) in home:
            return True
    return False


def bare_name(name: str) -> str:
    """A name without what stands in brackets.

    >>> bare_name("Military Forces of Syria (2000-2024)"), bare_name("Islamic State (IS)")
    ('Military Forces of Syria', 'Islamic State')
    """
    return " ".join(re.sub(r"\([^()]*\)", " ", name).split()) or name


def _nearby(actor: NamedActor, known: Mapping[str, int]) -> list[str]:
    """Names that share a telling word with the actor."""
    said = {w for name in (actor.said, *(actor.names)) for w in re.findall(r"\w{4,}", fold_name(name))} - _COMMON
    if actor.state:
        said = {fold_name(actor.state[0].name)}
    return [name for name in known if said & set(re.findall(r"\w{3,}", fold_name(name)))]


_COMMON: Final = frozenset(
    {"forces", "group", "movement", "army", "front", "state", "militia", "with", "from", "military", "government"}
)


def _list_names(names: Sequence[str], known: Mapping[str, int]) -> str:
    """The commonest names, a semicolon apart: a name may hold commas."""
    ordered = sorted(names, key=lambda name: (-known[name], name))
    more = f" and {len(ordered) - _SHOWN:,} more" if len(ordered) > _SHOWN else ""
    shown = (f"{name} ({known[name]:,} event{'' if known[name] == 1 else 's'})" for name in ordered[:_SHOWN])
    return "; ".join(shown) + more


def find_known_names(said: str, known: Sequence[str]) -> list[str]:
    """The dataset's names that the codebook knows to mean the actor said: "Islamic State" is "IS".

    >>> find_known_names("the Syrian government", ["Government of Syria", "Syrian insurgents"])
    ['Government of Syria']
    """
    found: list[str] = []
    entry = load_actors().by_name(said)
    if entry:
        names = frozenset(fold_name(name) for name in entry.names)
        found += _fitting(NamedActor(0, len(said), said, names, entry), dict.fromkeys(known, 0))
    for actor in _find_states(said[:1].upper() + said[1:]):
        found += _fitting(actor, dict.fromkeys(known, 0))
    return list(dict.fromkeys(found))


def fold_offsets(text: str) -> str:
    """The text in lower case, offset by offset."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
