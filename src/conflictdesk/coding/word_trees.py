"""A sentence's words with their grammar, ready to be walked: children, edges, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from conflictdesk.coding.numbers import FoundQuantity, find_quantities
from conflictdesk.records import Sentence, Span

_OWN_PHRASE = frozenset({"relcl", "acl", "appos", "cc", "conj", "punct", "prep", "advcl", "parataxis", "dep"})


class WordTree:
    """The dependency tree of one sentence over its token numbers."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.lower = tuple(token.text.lower() for token in self.tokens)
        children: list[list[int]] = [[] for _ in self.tokens]
        for n, token in enumerate(self.tokens):
            if token.head != n and 0 <= token.head < len(self.tokens):
                children[token.head].append(n)
        self.children = tuple(tuple(c) for c in children)

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def quantities(self) -> tuple[FoundQuantity, ...]:
        """Every number in the sentence, left to right."""
        return find_quantities(self.lower)

    def quantity_at(self, n: int) -> FoundQuantity | None:
        """The number that token `n` belongs to."""
        return next((q for q in self.quantities if q.first <= n <= q.last), None)

    def child(self, n: int, *deps: str) -> int | None:
        """The first child of token `n` by one of the relations."""
        return next((c for c in self.children[n] if self.tokens[c].dep in deps), None)

    def has_child(self, n: int, words: frozenset[str] | set[str]) -> bool:
        """True when a child of token `n` is one of the (lower-case) words."""
        return any(self.lower[c] in words for c in self.children[n])

    def lemma(self, n: int) -> str:
        """The token's lemma, lower-case."""
        return self.tokens[n].lemma

    def is_verb(self, n: int) -> bool:
        """True for a verb form, auxiliaries included."""
        return self.tokens[n].tag.startswith("V") or self.tokens[n].pos == "AUX"

    def is_noun(self, n: int) -> bool:
        """True for a common or proper noun."""
        return self.tokens[n].pos in ("NOUN", "PROPN")

    def subtree(self, n: int) -> set[int]:
        """Token `n` and all below it."""
        seen, todo = {n}, [n]
        while todo:
            for c in self.children[todo.pop()]:
                if c not in seen:
                    seen.add(c)
                    todo.append(c)
        return seen

    def left_edge(self, n: int) -> int:
        """The first token of the words to the left that belong to token `n`."""
        first, todo = n, [n]
        seen = {n}
        while todo:
            for c in self.children[todo.pop()]:
                if c < n and c not in seen:
                    seen.add(c)
                    todo.append(c)
                    first = min(first, c)
        return first

    def phrase(self, n: int) -> tuple[int, int]:
        """The first and last token of the noun phrase of `n`: its determiners, adjectives and "of ..."."""
        first, last = n, n
        for c in self.children[n]:
            if c < n and self.tokens[c].dep not in _OWN_PHRASE:
                first = min(first, self.left_edge(c))
            elif c == n + 1 and self.lower[c] == "of":
                pobj = self.child(c, "pobj")
                if pobj is not None and pobj > c:
                    last = max(last, self.phrase(pobj)[1])
        return first, last

    def heads(self, n: int) -> Iterator[int]:
        """The heads above token `n`, nearest first."""
        seen = {n}
        while (head := self.tokens[n].head) not in seen and 0 <= head < len(self.tokens):
            seen.add(head)
            yield head
            n = head

    def span(self, first: int, last: int) -> Span:
        """The stretch of the article from token `first` to token `last`, both included."""
        return Span(self.tokens[first].start, self.tokens[last].end)

    def text(self, span: Span) -> str:
        """The words under a span of this sentence, as the sentence has them."""
        at = self.sentence.span.start
        return self.sentence.text[span.start - at : span.end - at]
