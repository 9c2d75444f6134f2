"""Full text: articles and events by their words, with FTS5 on SQLite and text vectors on PostgreSQL.

Both get the same words (`words.list_words`), so that both find the same; a question is words alone, whatever signs
stand between them, and all of them must occur, the last one as a beginning.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    TableClause,
    Text,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from conflictdesk.casework import Hit
from conflictdesk.records import Article
from conflictdesk.store.columns import Words
from conflictdesk.store.sessions import Session, cut
from conflictdesk.store.tables import ARTICLES, EVENTS
from conflictdesk.store.words import MOST_ASKED, find_word, list_words

HitKind: TypeAlias = Literal["article", "event"]
MOST_BYTES: Final = 900_000
"""A text vector of PostgreSQL holds less than a million bytes of different words: no news article comes near."""
AROUND: Final = 90


class Searcher(Session):
    """Finds articles and events by their words."""

    def search(self, text: str, limit: int, offset: int = 0, *, kind: HitKind | None = None) -> list[Hit]:
        """Events, then articles that hold all the words of `text`, the newest days first; one `kind` alone if named."""
        asked = list_words(text)[:MOST_ASKED]
        if not asked or limit < 1:
            return []
        hits: list[Hit] = []
        if kind != "article":
            hits = self._find_events(asked, limit, offset)
            if kind == "event" or len(hits) == limit:
                return hits
        passed = 0 if kind or hits or not offset else self._count_hits("event_words", asked)
        return hits + self._find_articles(asked, limit - len(hits), max(0, offset - passed))

    def _find_events(self, asked: Sequence[str], limit: int, offset: int) -> list[Hit]:
        keys = self._find_row_keys("event_words", asked, limit, offset)
        rows = self._rows(
            select(EVENTS.c.key, EVENTS.c.event_id, EVENTS.c.title, EVENTS.c.start_day, EVENTS.c.words)
            .where(EVENTS.c.key.in_(keys))
            .order_by(EVENTS.c.key.desc())
        )
        return [
            Hit(
                kind="event", id=row.event_id, title=row.title, day=row.start_day, passage=cut_passage(row.words, asked)
            )
            for row in rows
        ]

    def _find_articles(self, asked: Sequence[str], limit: int, offset: int) -> list[Hit]:
        keys = self._find_row_keys("article_words", asked, limit, offset)
        shown = (ARTICLES.c.article_id, ARTICLES.c.title, ARTICLES.c.published_on, ARTICLES.c.text)
        rows = self._rows(select(*shown).where(ARTICLES.c.key.in_(keys)).order_by(ARTICLES.c.key.desc()))
        return [
            Hit(kind="article", id=i, title=title, day=day, passage=cut_passage(text, asked))
            for i, title, day, text in rows
        ]

    def _find_row_keys(self, name: str, asked: Sequence[str], limit: int, offset: int) -> list[int]:
        question = self._select_keys(name, asked)
        (key,) = question.selected_columns
        return [row[0] for row in self._rows(question.order_by(key.desc()).limit(limit).offset(offset))]

    def _count_hits(self, name: str, asked: Sequence[str]) -> int:
        row = self._row(select(func.count()).select_from(self._select_keys(name, asked).subquery()))
        return int(row[0]) if row else 0

    def _select_keys(self, name: str, asked: Sequence[str], *, title: bool = False) -> Select[int]:
        """The keys of the rows of a word table that hold all of the words, in their title alone where `title`."""
        if self._dialect == "sqlite":
            told = " ".join(f'"{word}"' for word in asked) + "*"
            told = f"title : ({told})" if title else told
            words = table(name, column("rowid"))
            return select(words.c.rowid).where(literal_column(name).op("MATCH")(literal(told, Words())))
        told = " & ".join(f"'{word}'" for word in asked) + ":*"
        words = table(name, column("key"), column("title"), column("words"))
        vector = words.c.title if title else words.c.words
        return select(words.c.key).where(vector.op("@@")(cast(literal(told, Text()), TSQUERY)))


class ArticleWordWriter(Searcher):
    """Keeps the words of articles."""

    def _find_keys(self, key: ColumnElement[int], wanted: Sequence[int]) -> list[int]:
        """The wanted keys, or the next free ones where another row has them already."""
        taken: set[int] = set()
        for piece in cut(wanted):
            taken.update(row[0] for row in self._rows(select(key).where(key.in_(piece))))
        found: list[int] = []
        for number in wanted:
            while number in taken:
                number += 1
                if self._row(select(key).where(key == number)):
                    taken.add(number)
            taken.add(number)
            found.append(number)
        return found

    def _add_article_words(self, rows: Iterable[tuple[int, Article]]) -> None:
        self._add_words("article_words", ((key, article.title, article.text) for key, article in rows))

    def _add_words(self, name: str, rows: Iterable[tuple[int, str, str]]) -> None:
        """Keep the words of rows, each its key, its title and its text."""
        if self._dialect == "sqlite":
            words = table(name, column("rowid"), column("title"), column("body"))
            for piece in cut(rows):
                cells = [
                    {"rowid": key, "title": " ".join(list_words(title)), "body": " ".join(list_words(text))}
                    for key, title, text in piece
                ]
                self._connection.execute(insert(words), cells)
            return
        vectors = table(name, column("key"), column("title"), column("words"))
        for piece in cut(rows):
            for key, title, told in piece:
                row = {"key": key, "title": _make_vector(title), "words": _make_vector(f"{title} {told}")}
                self._connection.execute(insert(vectors).values(row))

    def _clear_words(self, name: str) -> None:
        """Forget all words of a word table; FTS5 has a word of its own for that."""
        if self._dialect == "sqlite" and name == "article_words":
            self._connection.execute(text(f"INSERT INTO {name} ({name}) VALUES ('delete-all')"))
        else:
            self._connection.execute(delete(table(name)))

    def _drop_words(self, name: str, keys: Iterable[int]) -> None:
        words: TableClause = table(name, column("rowid" if self._dialect == "sqlite" else "key"))
        (key,) = words.columns
        for piece in cut(keys):
            self._connection.execute(delete(words).where(key.in_(piece)))


def _make_vector(text: str) -> ColumnElement[str]:
    different = dict.fromkeys(list_words(text))
    sizes = itertools.accumulate(len(word.encode()) for word in different)
    lexemes = [word for word, size in zip(different, sizes, strict=True) if size < MOST_BYTES]
    return func.array_to_tsvector(literal(lexemes, ARRAY(Text())))


def cut_passage(text: str, asked: Sequence[str]) -> str:
    """The stretch of `text` around the first of the words that occurs in it, or its beginning.

    >>> cut_passage("Two men were killed near the bridge.", ["bridge"])
    'Two men were killed near the bridge.'
    """
    flat = " ".join(text.split())
    start = find_word(flat, asked)
    first, last = max(0, start - AROUND), min(len(flat), start + AROUND)
    if first:
        first = flat.find(" ", first, start) + 1 or first
    if last < len(flat):
        last = flat.rfind(" ", start + 1, last) if " " in flat[start + 1 : last] else last
    return ("… " if first else "") + flat[first:last] + (" …" if last < len(flat) else "")
