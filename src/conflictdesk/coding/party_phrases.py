"""The noun phrases in a role, read as actors: with what stands in apposition, and whom "its soldiers" belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from conflictdesk.coding.actors import ActorReading, head_category, is_armament
from conflictdesk.coding.grammar import Tree
from conflictdesk.records import Actor, Sentence, Span

ResolveActor = Callable[[str, str | None], ActorReading | None]


@dataclass(frozen=True, slots=True)
class Party:
    """A noun phrase in a role, and the actor it names, if any."""

    span: Span
    text: str
    reading: ActorReading | None

    @property
    def shown(self) -> Span:
        """The smallest words that show the actor."""
        if self.reading is None:
            return self.span
        return Span(self.span.start + self.reading.start, self.span.start + self.reading.end)


def read_parties(
    tree: Tree, heads: tuple[int, ...], country: str | None, resolve: ResolveActor, bare: int = -1
) -> tuple[Party, ...]:
    """The noun phrase of each head, read as an actor; `country` is that of the place, unless "its" says whose.

    The token `bare` is the trigger itself ("an Israeli air strike"): what follows "of" in it is no doer.
    """
    found: list[Party] = []
    for head in heads:
        home = _owner(tree, head, resolve) or country
        joint = _split_joint(tree, head, home, resolve)
        if joint:
            found += joint
            continue
        party = _read_party(tree, _whole_phrase(tree, head, with_of=head != bare), home, resolve)
        if party.reading is None:
            party = _borrow_noun(tree, head, home, resolve) or party
        if party.reading is None or is_unnamed(party.reading.actor):
            party = next(_read_besides(tree, head, home, resolve), party)
        found.append(party)
    return tuple(found)


def _whole_phrase(tree: Tree, head: int, *, with_of: bool) -> Span:
    """The phrase of a head; "Ukrainian shelling" where the grammar takes the adjective alone for the subject."""
    tokens, after = tree.tokens, head + 1
    if tokens[head].pos == "ADJ" and after < len(tokens) and is_armament(tokens[after].text):
        return tree.span(head, after)
    if tokens[head].dep == "conj" and after < len(tokens) and tokens[after].text == "of" and with_of:
        named = tree.children(after, "pobj")  # "police and members of Los Lobos": the "of" hangs on the police
        return Span(tokens[head].start, max(tree.phrase(n).end for n in named)) if named else tree.phrase(head)
    return tree.phrase(head, with_of=with_of)


def _borrow_noun(tree: Tree, head: int, country: str | None, resolve: ResolveActor) -> Party | None:
    """The "Kyrgyz" of "Kyrgyz and Tajik border guards" where the grammar joins it to the guards themselves."""
    joined = [c for c in tree.children(head, "conj") if c > head + 2]
    if not joined or tree.tokens[head + 1].text.lower() != "and" or tree.tokens[joined[0]].pos != "NOUN":
        return None
    span = tree.phrase(head)
    text = " ".join([span_text(tree.sentence, span), *(t.text for t in tree.tokens[head + 3 : joined[0] + 1])])
    reading = resolve(text, country)
    return Party(span, text, replace(reading, start=0, end=span.end - span.start)) if reading else None


def _read_party(tree: Tree, span: Span, country: str | None, resolve: ResolveActor) -> Party:
    text = span_text(tree.sentence, span)
    return Party(span, text, resolve(text, country))


_SHARING = frozenset(("ADJ", "PROPN", "NOUN"))


def _split_joint(tree: Tree, head: int, country: str | None, resolve: ResolveActor) -> tuple[Party, ...]:
    """The two parties of "Thai and Cambodian soldiers", who share a noun; nothing where there are not two."""
    tokens, under = tree.tokens, set(tree.subtree(head))
    joint = next((n for n in range(head - 2, max(0, head - 5), -1) if tokens[n].text.lower() == "and"), 0)
    sharing = {*range(joint + 1, head), joint - 1}
    if not joint or not sharing <= under or any(tokens[n].pos not in _SHARING for n in sharing):
        return ()
    low = joint - 1
    while low - 1 in under and tokens[low - 1].pos in ("ADJ", "NUM"):
        low -= 1
    parties = []
    for first, last, rest in ((joint - 1, joint - 1, joint + 2), (joint + 1, head, head + 1)):
        words = [*tokens[low : joint - 1], *tokens[first : last + 1], *tokens[rest : head + 1]]
        text, span = " ".join(t.text for t in words), tree.span(first, last)
        reading = resolve(text, country)
        if reading is None:
            return ()
        parties.append(Party(span, text, replace(reading, start=0, end=span.end - span.start)))
    return tuple(parties) if len({(p.reading.actor.name, p.reading.group) for p in parties if p.reading}) == 2 else ()


def _read_besides(tree: Tree, head: int, country: str | None, resolve: ResolveActor) -> Iterator[Party]:
    """A name in apposition ("auxiliaries, the VDP"), or whom a vehicle carries ("a convoy carrying soldiers")."""
    inner = tree.after_preposition(head, "of")
    besides = [*tree.children(head, "appos"), *(n for thing in inner for n in tree.children(thing, "appos"))]
    for beside in [*besides, *(n for n in inner if tree.tokens[n].dep == "conj")]:
        party = _read_party(tree, tree.phrase(beside), country, resolve)
        if party.reading is not None and not is_unnamed(party.reading.actor):
            yield party
    for clause in tree.children(head, "acl", "relcl"):
        if tree.tokens[clause].lemma in _NAMING:
            called = [*tree.children(clause, "oprd", "attr", "dobj", "ccomp"), *tree.after_preposition(clause, "as")]
            parties = (_read_party(tree, tree.phrase(n), country, resolve) for n in called)
            yield from (p for p in parties if p.reading is not None and not is_unnamed(p.reading.actor))
    if tree.tokens[min(tree.subtree(head))].text.lower() in ("its", "their") and _is_force(tree.tokens[head].text):
        yield from (p for p in find_speakers(tree, head, resolve) if p.reading and p.reading.actor.kind != "Civilians")
    for clause in tree.children(head, "acl"):
        if tree.tokens[clause].lemma in ("carry", "transport", "escort"):
            parties = (_read_party(tree, tree.phrase(n), country, resolve) for n in tree.objects(clause))
            yield from (p for p in parties if p.reading is not None)


_NAMING = frozenset("call know name dub style".split())


def _is_force(word: str) -> bool:
    return head_category(word) in ("military", "police", "armed") or is_armament(word)


def is_unnamed(actor: Actor) -> bool:
    """True for the actors that stand in for a name: "Unidentified Armed Group (Mali)", "Civilians (Mali)"."""
    return actor.name.startswith(("Unidentified", "Civilians"))


def _owner(tree: Tree, head: int, resolve: ResolveActor) -> str | None:
    """The country behind "its warplanes" and "one of its soldiers": that of whoever the sentence speaks for."""
    under = tree.subtree(head)
    if not any(tree.tokens[n].text.lower() in ("its", "their") for n in under if n <= head + 4):
        return None
    for party in find_speakers(tree, head, resolve):
        if party.reading:
            return party.reading.actor.country
    return None


def find_speakers(tree: Tree, n: int, resolve: ResolveActor) -> tuple[Party, ...]:
    """The subjects of the verbs above, outermost last: "it" in "Russia confirmed it fired" is Russia."""
    found = []
    for up in tree.ancestors(n):
        for subject in tree.children(up, "nsubj"):
            if subject < n and n not in tree.subtree(subject):
                span = tree.phrase(subject)
                text = span_text(tree.sentence, span)
                reading = resolve(text, None)
                if reading:
                    found.append(Party(span, text, reading))
    return tuple(found[:1])


_UNARMED = re.compile(r"\b(?P<who>herder|herds(?:man|men)|pastoralist|settler)s?\b", re.IGNORECASE)


def read_sufferer(party: Party, act: str) -> Party:
    """A party as the one that an act is done to: no bare country, and herders are a militia only where they fight."""
    reading = party.reading
    if reading is None or act == "disrupt":
        return party
    if reading.shown_by == "country":
        return replace(party, reading=None)
    match = _UNARMED.search(party.text)
    if reading.actor.kind != "Identity militia" or act == "clash" or not match or "armed" in party.text.lower():
        return party
    people, _, where = reading.actor.name.partition(" (")
    trade = "Settlers" if match["who"].lower() == "settler" else "Herders"
    name = (
        trade if people in ("Settlers", "Herder Communal Militia") else f"{people.split(' Communal')[0]} Ethnic Group"
    )
    country = reading.actor.country
    group = Actor(name=f"{name} ({where}" if where else name, kind="Civilians", country=country)
    civilians = Actor(name=f"Civilians ({country})" if country else "Civilians", kind="Civilians", country=country)
    return replace(party, reading=replace(reading, actor=civilians, group=group))


def span_text(sentence: Sentence, span: Span) -> str:
    """The words of the sentence under a span of the article."""
    return sentence.text[span.start - sentence.span.start : span.end - sentence.span.start]
