"""The noun phrases in a role, read as actors: with what stands in apposition, and whom "its soldiers" belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from conflictdesk.coding.actors import ActorReading, head_category
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
    found = []
    for head in heads:
        home = _owner(tree, head, resolve) or country
        party = _read_party(tree, tree.phrase(head, with_of=head != bare), home, resolve)
        if party.reading is None or is_unnamed(party.reading.actor):
            party = next(_read_besides(tree, head, home, resolve), party)
        found.append(party)
    return tuple(found)


def _read_party(tree: Tree, span: Span, country: str | None, resolve: ResolveActor) -> Party:
    text = span_text(tree.sentence, span)
    return Party(span, text, resolve(text, country))


def _read_besides(tree: Tree, head: int, country: str | None, resolve: ResolveActor) -> Iterator[Party]:
    """A name in apposition ("auxiliaries, the VDP"), or whom a vehicle carries ("a convoy carrying soldiers")."""
    inner = tree.after_preposition(head, "of")
    besides = [*tree.children(head, "appos"), *(n for thing in inner for n in tree.children(thing, "appos"))]
    for beside in [*besides, *(n for n in inner if tree.tokens[n].dep == "conj")]:
        party = _read_party(tree, tree.phrase(beside), country, resolve)
        if party.reading is not None and not is_unnamed(party.reading.actor):
            yield party
    if tree.tokens[min(tree.subtree(head))].text.lower() in ("its", "their") and _is_force(tree.tokens[head].text):
        yield from (p for p in find_speakers(tree, head, resolve) if p.reading and p.reading.actor.kind != "Civilians")
    for clause in tree.children(head, "acl"):
        if tree.tokens[clause].lemma in ("carry", "transport", "escort"):
            parties = (_read_party(tree, tree.phrase(n), country, resolve) for n in tree.objects(clause))
            yield from (p for p in parties if p.reading is not None)


def _is_force(word: str) -> bool:
    return head_category(word) in ("military", "police", "armed")


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


def leave_country(party: Party) -> Party:
    """A bare country as the one it is done to is a place, not its army."""
    if party.reading is not None and party.reading.shown_by == "country":
        return replace(party, reading=None)
    return party


def span_text(sentence: Sentence, span: Span) -> str:
    """The words of the sentence under a span of the article."""
    return sentence.text[span.start - sentence.span.start : span.end - sentence.span.start]
