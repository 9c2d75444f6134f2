"""The door of `language`: an article's sentences, with grammar where it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from conflictdesk.language.sentences import split_sentences
from conflictdesk.language.syntax import load_model, read_grammar
from conflictdesk.records import Article, Parse, Sentence

if TYPE_CHECKING:
    from spacy.language import Language


class SpacyParser:
    """A Parser on spaCy's small English pipeline.

    `wanted` says of a sentence's text whether its grammar is worth reading (parsing is most of the cost of
    coding an article); without it every sentence is parsed.
    """

    def __init__(self, wanted: Callable[[str], bool] | None = None) -> None:
        self._wanted = wanted

    @cached_property
    def _model(self) -> Language:
        return load_model()

    def warm(self) -> None:
        """Load the model now rather than at the first article."""
        self._model  # noqa: B018

    def parse(self, article: Article) -> Parse:
        """Cut the article into sentences and read the grammar of the wanted ones."""
        plain = [
            Sentence(index=n, paragraph=paragraph, span=span, text=span.quote(article.text))
            for n, (paragraph, span) in enumerate(split_sentences(article.text))
        ]
        wanted = [s for s in plain if self._wanted is None or self._wanted(s.text)]
        grammar = read_grammar(self._model, ((s.span.start, s.text) for s in wanted)) if wanted else iter(())
        parsed = {s.index: replace(s, tokens=tokens) for s, tokens in zip(wanted, grammar, strict=True)}
        return Parse(article_id=article.article_id, sentences=tuple(parsed.get(s.index, s) for s in plain))
