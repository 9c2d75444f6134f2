"""Whether a store is whole: its file, the links between its rows, its journal, its search index."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, table, text

from conflictdesk.store.journal import JournalReader
from conflictdesk.store.tables import ARTICLES, CODINGS, EVENTS, MENTIONS


def find_damage(connection: Connection) -> list[str]:
    """What is wrong, in words; nothing when all is whole."""
    found = _examine_file(connection) if connection.dialect.name == "sqlite" else []
    if found:
        return found
    wrong = JournalReader(connection).verify_chain()
    found = [f"journal: {wrong}"] if wrong else []
    lost = select(func.count()).select_from(MENTIONS.outerjoin(CODINGS, CODINGS.c.coding_id == MENTIONS.c.coding_id))
    if n := connection.execute(lost.where(CODINGS.c.row.is_(None))).scalar_one():
        found.append(f"{n} mentions belong to no coding")
    for name, rows in (("article_words", ARTICLES), ("event_words", EVENTS)):
        indexed = connection.execute(select(func.count()).select_from(table(_list_name(connection, name)))).scalar_one()
        held = connection.execute(select(func.count()).select_from(rows)).scalar_one()
        if indexed != held:
            found.append(f"search: {indexed} of {held} {rows.name} can be found by their words")
    return found


def _list_name(connection: Connection, name: str) -> str:
    """The table that has one row for each one that is indexed."""
    return f"{name}_docsize" if connection.dialect.name == "sqlite" else name


def _examine_file(connection: Connection) -> list[str]:
    said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(20)"))]
    if said != ["ok"]:
        return [f"file: {line}" for line in said]
    astray = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [f"{row[0]}: row {row[1]} names a row of {row[2]} that is not there" for row in astray[:20]]
