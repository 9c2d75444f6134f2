"""Adding the rows of a file to a dataset: whole or not at all, nothing lost, the newer version of an id on top.

An importer leaves its rows as the view `staged` in the `Workshop`'s connection: `row`, the columns of EVENT_COLUMNS
save those that name the import, and `fault_kind`, `fault_detail`, empty for a row that is an event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from conflictdesk.datasets.manifest import TABLES, ImportRecord
from conflictdesk.datasets.revisions import Differences, list_changes, pair_ids
from conflictdesk.datasets.schema import CLAIM_COLUMNS, EVENT_COLUMNS, QUOTE_COLUMNS
from conflictdesk.datasets.table_files import (
    Workshop,
    WrittenTable,
    append_rows,
    count_one,
    keep_table,
    list_names,
    publish_tables,
    quote_column,
    quote_path,
    read_file,
    view_standing,
    write_table,
)
from conflictdesk.errors import CheckError

_ORDER: Final = "ORDER BY date_start NULLS LAST, event_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A file whose rows are staged. `original` is Parquet of its rows as they came; `bad` a CSV of the rows that have
    no place in it (row, kind, detail, line). `has_texts`: `staged_quotes`, `staged_claims` and `staged_problems`
    stand ready in the columns of the schema."""

    import_id: str
    kind: str
    origin: str
    file: str
    sha256: str
    version: str | None
    columns: tuple[str, ...]
    rows_in: int
    original: Path
    bad: Path | None = None
    has_texts: bool = False
    imported_on: str | None = None


def store_shipment(shop: Workshop, shipment: Shipment, *, withdraw: bool = False) -> ImportRecord:
    """Add the staged rows to the dataset; with `withdraw`, ids of earlier imports that are not in it go.

    Raises:
        CheckError: a row would be lost.
        StoreError: the disk refuses, or somebody else wrote to the dataset meanwhile.
    """
    view_standing(shop)
    refused = _refuse_rows(shop, shipment)
    _view_arrivals(shop, shipment, refused)
    differences = _find_replaced(shop, shipment, withdraw=withdraw)
    written = _write_tables(shop, shipment)
    record = _tell_import(shop, shipment, written["events"], differences)
    _check_sum(record)
    publish_tables(shop, record, written, shipment.original)
    return record


def withdraw_older(shop: Workshop, record: ImportRecord) -> ImportRecord:
    """Take out the ids that imports older than `record`, of its origin, hold and it does not; they go to superseded."""
    view_standing(shop)
    shop.cursor.execute(
        f"CREATE VIEW arrivals AS SELECT {list_names(EVENT_COLUMNS)} FROM standing"
        f" WHERE import_id = '{record.import_id}'"
    )
    pair_ids(shop.cursor, [r for r in shop.manifest.imports if r != record], record.version, record.origin)
    shop.cursor.execute("DELETE FROM pairs")
    _mark_leaving(shop, record.import_id, record.version, withdraw=True)
    taken = count_one(shop.cursor, "SELECT count(*) FROM leaving")
    events = f"SELECT {list_names(EVENT_COLUMNS)} FROM standing ANTI JOIN leaving USING (event_id) {_ORDER}"
    written = {"events": write_table(shop, "events", events), "superseded": _write_superseded(shop)}
    written |= {name: keep_table(shop, name) for name in TABLES if name not in written}
    if "quotes" in shop.manifest.files:
        quotes = f"SELECT {list_names(QUOTE_COLUMNS)} FROM standing_quotes ANTI JOIN leaving USING (event_id)"
        written["quotes"] = write_table(shop, "quotes", quotes)
    mended = replace(record, withdrawn=record.withdrawn + taken, kept=0)
    publish_tables(shop, mended, written, None)
    return mended


def _refuse_rows(shop: Workshop, shipment: Shipment) -> bool:
    """Make the table `refused` of rows that are no events; of an id that stands twice the first row counts."""
    shop.cursor.execute(
        'CREATE TABLE seen AS SELECT "row", source_id, fault_kind AS kind, fault_detail AS detail FROM staged'
    )
    shop.cursor.execute('CREATE TABLE refused AS SELECT "row", kind, detail FROM seen WHERE kind IS NOT NULL')
    shop.cursor.execute(
        'CREATE TABLE twins AS SELECT source_id, min("row") AS first FROM seen WHERE kind IS NULL'
        " GROUP BY source_id HAVING count(*) > 1"
    )
    shop.cursor.execute(
        "INSERT INTO refused SELECT \"row\", 'id-twice', 'the id ' || source_id || ' stands in row '"
        " || first || ' already'"
        ' FROM seen JOIN twins USING (source_id) WHERE "row" <> first AND kind IS NULL'
    )
    shop.cursor.execute("DROP TABLE seen")
    return count_one(shop.cursor, "SELECT count(*) FROM refused") > 0


def _view_arrivals(shop: Workshop, shipment: Shipment, refused: bool) -> None:
    """The view `arrivals`: the staged rows that are events, in the columns of a dataset."""
    shop.cursor.execute("CREATE TABLE shipment (origin VARCHAR, version VARCHAR, import_id VARCHAR)")
    shop.cursor.execute(
        "INSERT INTO shipment VALUES (?, ?, ?)", [shipment.origin, shipment.version, shipment.import_id]
    )
    own = {"event_id": "origin || ':' || source_id", "origin": "origin", "version": "version", "import_id": "import_id"}
    cells = ", ".join(f'{own.get(name, f"s.{quote_column(name)}")} AS "{name}"' for name in EVENT_COLUMNS)
    anti = 'ANTI JOIN refused USING ("row")' if refused else ""
    shop.cursor.execute(f"CREATE VIEW arrivals AS SELECT {cells} FROM (SELECT * FROM staged {anti}) s, shipment")


def _find_replaced(shop: Workshop, shipment: Shipment, *, withdraw: bool) -> Differences:
    """Make `leaving` (standing ids that go, with the reason) and `late` (arriving ids that a newer version beat)."""
    pair_ids(shop.cursor, shop.manifest.imports, shipment.version, shipment.origin)
    _mark_leaving(shop, shipment.import_id, shipment.version, withdraw=withdraw)
    shop.cursor.execute(
        "CREATE TABLE late AS SELECT event_id, import_id AS superseded_by, version AS superseded_version,"
        " 'a newer version was there' AS reason FROM pairs JOIN verdicts USING (import_id, verdict)"
        " WHERE verdict = 'newer'"
    )
    return list_changes(shop.cursor, shipment.import_id)


def _mark_leaving(shop: Workshop, import_id: str, version: str | None, *, withdraw: bool) -> None:
    shop.cursor.execute(
        "CREATE TABLE leaving AS SELECT event_id, ?::VARCHAR AS superseded_by, ?::VARCHAR AS superseded_version,"
        " CASE verdict WHEN 'older' THEN 'a newer version came' ELSE 'the same version came again, later' END AS reason"
        " FROM pairs WHERE verdict <> 'newer'",
        [import_id, version],
    )
    if withdraw:
        shop.cursor.execute(
            "INSERT INTO leaving SELECT event_id, ?, ?, 'withdrawn: not in the newer file' FROM standing"
            " JOIN verdicts USING (import_id) ANTI JOIN pairs USING (event_id) WHERE verdict <> 'newer'",
            [import_id, version],
        )


def _write_tables(shop: Workshop, shipment: Shipment) -> dict[str, WrittenTable]:
    events = list_names(EVENT_COLUMNS)
    sides = [f"SELECT {events} FROM arrivals ANTI JOIN late USING (event_id)"]
    if "events" in shop.manifest.files:
        sides.append(f"SELECT {events} FROM standing ANTI JOIN leaving USING (event_id)")
    written = {
        "events": write_table(shop, "events", f"{' UNION ALL '.join(sides)} {_ORDER}"),
        "superseded": _write_superseded(shop),
        "changes": append_rows(shop, "changes", "SELECT * FROM fresh_changes ORDER BY event_id, field"),
        "problems": append_rows(shop, "problems", _gather_problems(shop, shipment)),
        "quotes": keep_table(shop, "quotes"),
        "claims": keep_table(shop, "claims"),
    }
    if shipment.has_texts or "quotes" in shop.manifest.files:
        written |= _write_texts(shop, shipment.has_texts)
    return written


def _write_texts(shop: Workshop, fresh: bool) -> dict[str, WrittenTable]:
    quotes = f"SELECT {list_names(QUOTE_COLUMNS)} FROM standing_quotes ANTI JOIN leaving USING (event_id)"
    claims = f"SELECT {list_names(CLAIM_COLUMNS)} FROM standing_claims"
    if fresh:
        claims += " WHERE claim_id NOT IN (SELECT claim_id FROM staged_claims)"
        claims += f" UNION ALL SELECT {list_names(CLAIM_COLUMNS)} FROM staged_claims"
        quotes += (
            f" UNION ALL SELECT {list_names(QUOTE_COLUMNS)} FROM staged_quotes"
            " SEMI JOIN arrivals USING (event_id) ANTI JOIN late USING (event_id)"
        )
    return {
        "quotes": write_table(
            shop, "quotes", f'SELECT * FROM ({quotes}) ORDER BY event_id, field, article_id, "start"'
        ),
        "claims": write_table(shop, "claims", f"SELECT * FROM ({claims}) ORDER BY claim_id"),
    }


def _write_superseded(shop: Workshop) -> WrittenTable:
    events = ", ".join(f's."{name}"' for name in EVENT_COLUMNS)
    fresh = [
        f"SELECT {events}, superseded_by, superseded_version, reason FROM standing s JOIN leaving USING (event_id)"
    ]
    has_late = count_one(shop.cursor, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'late'")
    if has_late:
        late = "FROM arrivals s JOIN late USING (event_id)"
        fresh.append(f"SELECT {events}, superseded_by, superseded_version, reason {late}")
    return append_rows(shop, "superseded", f"SELECT * FROM ({' UNION ALL '.join(fresh)}) ORDER BY event_id")


def _gather_problems(shop: Workshop, shipment: Shipment) -> str:
    """SQL of this import's problems, each with its row as it came, as a line of CSV."""
    cells = ", ".join(f"o.{quote_column(name)}" for name in shipment.columns)
    mark = r"""lambda c: CASE WHEN regexp_matches(c, '[",\n\r]') THEN '"' || replace(c, '"', '""') || '"' ELSE c END"""
    line = cells if len(shipment.columns) == 1 else f"array_to_string(list_transform([{cells}], {mark}), ',')"
    # In the order of PROBLEM_COLUMNS; the import's id has our own letters only.
    told = f"SELECT '{shipment.import_id}' AS import_id"
    sides = [
        f'{told}, r."row", r.kind, r.detail, {line} AS line'
        f' FROM refused r JOIN {read_file(shipment.original)} o USING ("row")'
    ]
    if shipment.bad:
        kinds = "{'row': 'BIGINT', 'kind': 'VARCHAR', 'detail': 'VARCHAR', 'line': 'VARCHAR'}"
        size = shipment.bad.stat().st_size + 1024
        reading = (
            f"header = false, auto_detect = false, quote = '\"', escape = '\"', new_line = '\\n', columns = {kinds}"
        )
        reading += f", max_line_size = {max(2 << 20, min(size, 1 << 30))}"
        sides.append(f'{told}, "row", kind, detail, line FROM read_csv({quote_path(shipment.bad)}, {reading})')
    if shipment.has_texts:
        sides.append(f'{told}, "row", kind, detail, line FROM staged_problems')
    return f'SELECT * FROM ({" UNION ALL ".join(sides)}) ORDER BY "row" NULLS LAST, kind, line'


def _tell_import(shop: Workshop, shipment: Shipment, events: WrittenTable, differences: Differences) -> ImportRecord:
    ask = shop.cursor
    assert events.name
    here = f"FROM {read_file(shop.scratch / events.name)} WHERE import_id = '{shipment.import_id}'"
    flags = ask.execute(f"SELECT flag, count(*) FROM (SELECT unnest(flags) AS flag {here}) GROUP BY 1").fetchall()
    own = f"import_id = '{shipment.import_id}'"
    kinds = ask.execute(
        f'SELECT kind, count(*) FROM appended_problems WHERE {own} AND "row" IS NOT NULL GROUP BY 1'
    ).fetchall()
    return ImportRecord(
        import_id=shipment.import_id,
        kind=shipment.kind,
        origin=shipment.origin,
        file=shipment.file,
        sha256=shipment.sha256,
        version=shipment.version,
        rows_in=shipment.rows_in,
        events=count_one(ask, f"SELECT count(*) {here}"),
        problems=sum(int(number) for _, number in kinds),
        older=count_one(ask, "SELECT count(*) FROM late"),
        superseded=count_one(ask, "SELECT count(*) FROM leaving WHERE reason NOT LIKE 'withdrawn%'"),
        withdrawn=count_one(ask, "SELECT count(*) FROM leaving WHERE reason LIKE 'withdrawn%'"),
        kept=count_one(
            ask,
            "SELECT count(*) FROM standing JOIN verdicts USING (import_id) ANTI JOIN leaving USING (event_id)"
            " WHERE verdict = 'older'",
        ),
        changed=differences.changed,
        reworded=differences.reworded,
        changes=MappingProxyType(differences.fields),
        faults=MappingProxyType({str(flag): int(number) for flag, number in sorted(flags)}),
        problem_kinds=MappingProxyType({str(kind): int(number) for kind, number in sorted(kinds)}),
        columns=shipment.columns,
        imported_on=shipment.imported_on,
    )


def _check_sum(record: ImportRecord) -> None:
    if record.rows_in != record.events + record.problems + record.older:
        said = f"{record.events} events, {record.problems} problems, {record.older} of an older version"
        raise CheckError(f"{record.file}: {record.rows_in} rows went in and {said} came out; nothing was stored")
