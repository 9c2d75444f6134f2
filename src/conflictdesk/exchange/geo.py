"""Events for maps: Parquet and GeoParquet, GeoPackage, GeoJSON. Coordinates are longitude first, WGS 84."""

from __future__ import annotations

import contextlib
import importlib.util
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError, StoreError
from conflictdesk.exchange.cells import NO_CHARACTER, join_sql
from conflictdesk.exchange.csv_shape import copy_lines_to, stream_lines
from conflictdesk.exchange.selection import POINT, Chosen, quote_sql
from conflictdesk.exchange.whole import write_whole

_GEOMETRY: Final = f"CASE WHEN {POINT} THEN ST_Point(longitude, latitude) END AS geometry"
_LAST_CHANGE: Final = "2000-01-01T00:00:00.000Z"
_FEATURES_START: Final = '{"type": "FeatureCollection", "features": [\n'
_FEATURES_END: Final = b"\n]}\n"


def write_parquet(dataset: Dataset, chosen: Chosen, path: Path) -> None:
    """Write the rows as Parquet with the columns' own types: days are days, several values a list.

    Raises:
        StoreError: the file cannot be written.
    """
    _copy_parquet(dataset, chosen.sorted_sql, chosen, path)


def write_geoparquet(dataset: Dataset, chosen: Chosen, path: Path) -> None:
    """Write the rows as GeoParquet 1.0: Parquet with a column `geometry` more, WKB points, null where there is none.

    Raises:
        StoreError: the file cannot be written.
    """
    load_spatial(dataset)
    _copy_parquet(dataset, f"SELECT *, {_GEOMETRY} FROM ({chosen.sorted_sql})", chosen, path)


def write_geopackage(dataset: Dataset, chosen: Chosen, path: Path) -> None:
    """Write the rows as the layer `events` of a GeoPackage; several values stand in one text, ";" between them.

    Raises:
        StoreError: the file cannot be written.
    """
    load_spatial(dataset)
    cells = ", ".join(f'{_flat_sql(name, kind)} AS "{name}"' for name, kind in chosen.kinds.items())
    rows = f"SELECT {cells}, {_GEOMETRY} FROM ({chosen.sorted_sql})"
    made = "FORMAT gdal, DRIVER 'GPKG', LAYER_NAME 'events', SRS 'EPSG:4326', GEOMETRY_TYPE 'POINT'"
    with write_whole(path) as part:
        part.unlink(missing_ok=True)
        dataset.cursor().execute(f"COPY ({rows}) TO {quote_sql(str(part))} ({made})", list(chosen.parameters))
        days = [name for name, kind in chosen.kinds.items() if kind == "DATE"]
        _finish_layer(part, f"Conflict events of dataset {dataset.version}", days)


def write_geojson(dataset: Dataset, chosen: Chosen, path: Path) -> None:
    """Write the rows as a GeoJSON FeatureCollection (RFC 7946), one feature a line, null geometry without a point.

    Raises:
        StoreError: the file cannot be written.
    """
    lines = f"SELECT {feature_sql(chosen.kinds)} || ',' || chr(10) AS line FROM ({chosen.sorted_sql})"
    start = f"SELECT {quote_sql(_FEATURES_START)} AS line"
    with write_whole(path) as part:
        copy_lines_to(dataset, f"{start} UNION ALL {lines}", chosen.parameters, part)
        with part.open("rb+") as file:
            if chosen.rows:
                # Every feature ended in a comma; the last one must not.
                file.seek(-2, 2)
                file.truncate()
            file.seek(0, 2)
            file.write(_FEATURES_END)


def stream_json_array(dataset: Dataset, chosen: Chosen) -> Iterator[bytes]:
    """Give the rows as one JSON array of objects, one a line, some thousand at a time."""
    lines = f"SELECT ',' || chr(10) || {object_sql(chosen.kinds)} AS line FROM ({chosen.sorted_sql})"
    first = True
    yield b"["
    for lot in stream_lines(dataset, lines, chosen.parameters):
        yield lot[2:] if first else lot
        first = False
    yield b"]\n"


def object_sql(kinds: Mapping[str, str]) -> str:
    """A row as a JSON object, in SQL: every column by its name, null for what is not known."""
    cells = ", ', ', ".join(f"'\"{name}\": ', {_json_sql(name, kind)}" for name, kind in kinds.items())
    return f"concat('{{', {cells}, '}}')"


def feature_sql(kinds: Mapping[str, str]) -> str:
    """A row as a GeoJSON feature, in SQL."""
    point = "'{\"type\": \"Point\", \"coordinates\": [' || longitude || ', ' || latitude || ']}'"
    geometry = f"CASE WHEN {POINT} THEN {point} ELSE 'null' END"
    start = '\'{"type": "Feature", "id": \' || to_json(event_id)::VARCHAR || \', "geometry": \''
    return f"{start} || {geometry} || ', \"properties\": ' || {object_sql(kinds)} || '}}'"


def load_spatial(dataset: Dataset) -> None:
    """Load DuckDB's spatial extension from the installed package; nothing is fetched.

    Raises:
        ConfigError: the package is not installed, or not for this version of DuckDB.
    """
    import duckdb

    mend = f"install it: pip install duckdb-extension-spatial=={duckdb.__version__}"
    found = importlib.util.find_spec("duckdb_extension_spatial")
    if found is None or found.origin is None:
        raise ConfigError(f"GeoParquet and GeoPackage need the package duckdb-extension-spatial; {mend}")
    name = "spatial.duckdb_extension"
    path = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}" / name
    if not path.is_file():
        raise ConfigError(f"duckdb-extension-spatial is not that of DuckDB {duckdb.__version__}; {mend}")
    dataset.cursor().execute(f"LOAD {quote_sql(str(path))}")


def _copy_parquet(dataset: Dataset, rows: str, chosen: Chosen, path: Path) -> None:
    made = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{conflictdesk_dataset: {quote_sql(dataset.version)}}}"
    with write_whole(path) as part:
        dataset.cursor().execute(f"COPY ({rows}) TO {quote_sql(str(part))} ({made})", list(chosen.parameters))


def _finish_layer(path: Path, told: str, days: Sequence[str]) -> None:
    """Say what the layer is, put a fixed moment where the writer put the clock's, and declare days as days."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as package:
            package.execute("UPDATE gpkg_contents SET last_change = ?, description = ?", (_LAST_CHANGE, told))
            package.execute("PRAGMA writable_schema = ON")
            for name in days:
                declared = (f'"{name}" TEXT', f'"{name}" DATE')
                package.execute("UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'events'", declared)
            package.execute("PRAGMA writable_schema = OFF")
            package.commit()
    except sqlite3.Error as error:
        raise StoreError(f"cannot write {path}: {error}") from error


def _flat_sql(name: str, kind: str) -> str:
    if kind == "DATE":
        # The writer of DuckDB 1.5.5 turns every day before 1970 into 1900-01-00; GeoPackage keeps days as text anyway.
        return f'"{name}"::VARCHAR'
    if kind not in ("VARCHAR", "VARCHAR[]"):
        return f'"{name}"'
    text = join_sql(f'"{name}"') if kind == "VARCHAR[]" else f'"{name}"'
    # SQLite ends a text at the first NUL.
    return f"replace({text}, chr(0), '{NO_CHARACTER}')"


def _json_sql(name: str, kind: str) -> str:
    if kind == "DOUBLE":
        return f'CASE WHEN isfinite("{name}") THEN "{name}"::VARCHAR ELSE \'null\' END'
    return f"coalesce(to_json(\"{name}\")::VARCHAR, 'null')"
