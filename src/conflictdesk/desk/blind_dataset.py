"""The dataset for those who code blind: the same files, read without the events of articles in second coding."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from conflictdesk.datasets.opening import Dataset, open_dataset
from conflictdesk.errors import StoreError

if TYPE_CHECKING:
    import duckdb

_BY_EVENT: Final = ("events", "superseded", "quotes", "changes")
_BY_ARTICLE: Final = ("claims", "quotes")
_TOLD: Final = """
SELECT event_id FROM told_events WHERE import_id = ? AND "row" IN (
    SELECT "row" FROM (
        SELECT "row", unnest(json_extract_string(line, '$.mentions[*].article_id')) AS article_id
        FROM read_parquet(?) WHERE json_valid(line)
    ) WHERE article_id IN (SELECT article_id FROM kept_articles)
)
"""


@dataclass(slots=True)
class BlindCopy:
    """The last dataset that was cut, from which and without which articles; a new one is cut when either changes."""

    whole: Dataset | None = None
    articles: frozenset[str] = frozenset()
    held: Dataset | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self, whole: Dataset, articles: frozenset[str]) -> Dataset:
        """The dataset without all events of which one of these articles tells, and without their claims.

        Raises:
            StoreError: the dataset cannot be read; then nothing of it is shown.
        """
        with self.lock:
            if self.held is None or self.whole is not whole or self.articles != articles:
                self.held = cut_dataset(whole, articles)
                self.whole, self.articles = whole, articles
            return self.held


def cut_dataset(whole: Dataset, articles: frozenset[str]) -> Dataset:
    """Open a dataset anew, without what some articles tell.

    Which events an article tells of is read from the rows as they came, for they name every article, also one on whose
    words no value rests.

    Raises:
        StoreError: a file is gone or broken.
    """
    import duckdb

    cut = open_dataset(whole.folder)
    try:
        _hide(cut, articles)
    except duckdb.Error as error:
        raise StoreError(f"the dataset {whole.folder} cannot be read: {error}") from error
    cut.version = hashlib.sha256("\n".join((cut.version, *sorted(articles))).encode()).hexdigest()[: len(cut.version)]
    return cut


def _hide(cut: Dataset, articles: frozenset[str]) -> None:
    cursor = cut.cursor()
    _fill(cursor, "kept_articles", "article_id", articles)
    for table in dict.fromkeys((*_BY_EVENT, *_BY_ARTICLE)):
        kind = "VIEW" if _is_view(cursor, table) else "TABLE"
        cursor.execute(f"ALTER {kind} {table} RENAME TO told_{table}")
    _fill(cursor, "kept_events", "event_id", _list_events(cut, cursor))
    for table in dict.fromkeys((*_BY_EVENT, *_BY_ARTICLE)):
        left_out = [
            f"{key} NOT IN (SELECT {key} FROM {kept})"
            for key, kept, tables in (
                ("event_id", "kept_events", _BY_EVENT),
                ("article_id", "kept_articles", _BY_ARTICLE),
            )
            if table in tables
        ]
        cursor.execute(f"CREATE VIEW {table} AS SELECT * FROM told_{table} WHERE {' AND '.join(left_out)}")


def _list_events(cut: Dataset, cursor: duckdb.DuckDBPyConnection) -> Iterator[str]:
    told = "SELECT event_id FROM told_quotes WHERE article_id IN (SELECT article_id FROM kept_articles)"
    yield from (str(row[0]) for row in cursor.execute(told).fetchall())
    for record in cut.manifest.imports:
        path = cut.original_path(record.import_id)
        if not path.is_file():
            raise StoreError(f"{path} is gone: bring the dataset up to date")
        yield from (str(row[0]) for row in cursor.execute(_TOLD, [record.import_id, str(path)]).fetchall())


def _fill(cursor: duckdb.DuckDBPyConnection, table: str, column: str, values: Iterable[str]) -> None:
    found = sorted(set(values))
    cursor.execute(f"CREATE TABLE {table} ({column} VARCHAR NOT NULL)")
    if found:
        cursor.execute(f"INSERT INTO {table} SELECT unnest(?::VARCHAR[])", [found])


def _is_view(cursor: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(cursor.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [table]).fetchall())
