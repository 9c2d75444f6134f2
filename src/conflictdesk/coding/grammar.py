"""A sentence as a tree: children, subtrees, noun phrases, distances."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from conflictdesk.records import Sentence, Span, Token

# What hangs on a noun but is a statement of its own, not part of its name.
_OUTSIDE_PHRASE = frozenset(
    {"relcl", "acl", "appos", "cc", "conj", "punct", "parataxis", "advcl", "ccomp", "dep", "prep"}
)
# "Militants loyal to the Islamic State" are named by what they are bound to.
_BOUND = frozenset(
    "loyal link ally affiliate belong aligned linked allied affiliated close suspect suspected believe believed think "
    "thought allege identify".split()
)
_SUBJECTS = frozenset({"nsubj", "csubj"})
_PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
_OBJECTS = frozenset({"dobj", "obj", "dative"})


class Tree:
    """Walks the dependency tree of one parsed sentence; token numbers are positions in `sentence.tokens`."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tokens: tuple[Token, ...] = sentence.tokens

    @cached_property
    def _children(self) -> list[list[int]]:
        table: list[list[int]] = [[] for _ in self.tokens]
        for n, token in enumerate(self.tokens):
            if token.head != n:
                table[token.head].append(n)
        return table

    def children(self, n: int, *deps: str) -> list[int]:
        """The tokens that hang on token `n`, or those of the named dependencies."""
        return [c for c in self._children[n] if not deps or self.tokens[c].dep in deps]

    def ancestors(self, n: int) -> Iterator[int]:
        """The tokens above `n`, nearest first."""
        seen = {n}
        while self.tokens[n].head not in seen:
            n = self.tokens[n].head
            seen.add(n)
            yield n

    def subtree(self, n: int) -> list[int]:
        """Token `n` and everything under it, in sentence order."""
        found, stack = {n}, [n]
        while stack:
            for child in self._children[stack.pop()]:
                if child not in found:
                    found.add(child)
                    stack.append(child)
        return sorted(found)

    def distance(self, a: int, b: int) -> int:
        """Steps along the tree from `a` to `b`; 99 when they hang on different roots."""
        up = {a: 0}
        for steps, n in enumerate(self.ancestors(a), start=1):
            up[n] = steps
        if b in up:
            return up[b]
        for steps, n in enumerate(self.ancestors(b), start=1):
            if n in up:
                return up[n] + steps
        return 99

    def verb_above(self, n: int) -> int | None:
        """The nearest verb at or above token `n`."""
        for m in (n, *self.ancestors(n)):
            if self.tokens[m].pos in ("VERB", "AUX"):
                return m
        return None

    def is_passive(self, verb: int) -> bool:
        """True for "were killed", and for the bare participle after a noun: "Two killed", "troops ambushed by"."""
        token = self.tokens[verb]
        if any(self.tokens[c].dep in ("auxpass", "nsubjpass", "agent") for c in self._children[verb]):
            return True
        # Headlines leave out the "is": "Peacekeeper hurt at border", "Five killed in Gao".
        harmed = token.lemma in ("hurt", "wound", "injure", "kill") and token.tag in ("VBD", "VBN")
        if harmed and self.children(verb, "nsubj") and not self.children(verb, "dobj", "aux", "ccomp", "dative"):
            return True
        if token.tag == "VBN" and token.dep in ("acl", "amod", "ROOT", "conj", "advcl"):
            return not self.children(verb, "dobj", "aux", "nsubj")
        return False

    def subjects(self, verb: int) -> list[int]:
        """Who does it: subjects of the verb, or of the verb that it is joined to."""
        return self._nearest(verb, _SUBJECTS)

    def passive_subjects(self, verb: int) -> list[int]:
        """Whom it is done to in "were killed": subjects of the passive verb, or the noun before a participle."""
        token = self.tokens[verb]
        found = self._nearest(verb, _PASSIVE_SUBJECTS)
        if not found and token.dep in ("acl", "relcl") and token.tag == "VBN":
            found = [token.head]
        if not found and token.tag == "VBN":
            found = self._nearest(verb, _SUBJECTS)
        return found

    def _nearest(self, verb: int, deps: frozenset[str]) -> list[int]:
        for n in (verb, *self.ancestors(verb)):
            found = [c for c in self._children[n] if self.tokens[c].dep in deps]
            if found:
                return self.with_conjuncts(found)
            if self.tokens[n].dep not in ("conj", "xcomp", "advcl") or (n != verb and self.tokens[n].pos != "VERB"):
                break
        return []

    def objects(self, verb: int) -> list[int]:
        """Whom it is done to in "killed two soldiers and a driver"."""
        return self.with_conjuncts([c for c in self._children[verb] if self.tokens[c].dep in _OBJECTS])

    def after_preposition(self, n: int, *words: str) -> list[int]:
        """The objects of the named prepositions that hang on `n`, with their conjuncts."""
        found: list[int] = []
        for prep in self.children(n, "prep", "agent"):
            if self.tokens[prep].text.lower() in words:
                found += self.children(prep, "pobj")
                for inner in self.children(prep, "prep"):
                    found += self.children(inner, "pobj")
        return self.with_conjuncts(found)

    def agents(self, verb: int) -> list[int]:
        """The doers after "by"."""
        return self.after_preposition(verb, "by")

    def with_conjuncts(self, heads: list[int]) -> list[int]:
        """The heads and the nouns joined to them by "and"."""
        found = list(heads)
        for head in found:
            for c in self._children[head]:
                if (
                    self.tokens[c].dep == "conj"
                    and self.tokens[c].pos in ("NOUN", "PROPN", "NUM", "PRON", "ADJ")
                    and c not in found
                ):
                    found.append(c)
        return found

    def phrase(self, head: int, *, with_of: bool = True) -> Span:
        """The noun phrase of `head` without relative clauses, appositions and conjuncts; "of" phrases stay."""
        kept, stack = {head}, [head]
        while stack:
            n = stack.pop()
            for c in self._children[n]:
                token = self.tokens[c]
                keep = token.dep not in _OUTSIDE_PHRASE
                if (
                    token.dep == "prep"
                    and with_of
                    and token.text.lower() in ("of", "from", "with", "loyal", "in")
                    and self.children(c, "pobj")
                ):
                    keep = True
                if token.lemma in _BOUND and token.dep in ("amod", "acl", "advcl"):
                    keep = True
                if token.dep in ("prep", "xcomp", "ccomp") and self.tokens[n].lemma in _BOUND:
                    keep = True
                if token.dep in ("punct", "cc", "conj") and token.text in ("-", "–", "/"):
                    keep = True
                if keep and c not in kept:
                    kept.add(c)
                    stack.append(c)
        low = high = head
        while low - 1 in kept or (low - 1 >= 0 and self.tokens[low - 1].text in ("-", "’s", "'s") and low - 2 in kept):
            low -= 1
        while high + 1 in kept or (high + 2 in kept and self.tokens[high + 1].text in ("-", "’s", "'s")):
            high += 1
        return Span(self.tokens[low].start, self.tokens[high].end)

    def number_at(self, offset: int) -> int | None:
        """The number of the token that holds the character at `offset` of the article."""
        for n, token in enumerate(self.tokens):
            if token.start <= offset < token.end:
                return n
        return None

    def head_of(self, span: Span) -> int | None:
        """The topmost token inside `span`."""
        inside = [n for n, t in enumerate(self.tokens) if span.start <= t.start and t.end <= span.end]
        for n in inside:
            if self.tokens[n].head not in inside or self.tokens[n].head == n:
                return n
        return inside[0] if inside else self.number_at(span.start)

    def span(self, first: int, last: int) -> Span:
        """The characters from token `first` to token `last`."""
        return Span(self.tokens[first].start, self.tokens[last].end)
