"""A data package: events as CSV with what a stranger needs to read, check and cite them (Frictionless, version 2)."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from conflictdesk.datasets.opening import Dataset
from conflictdesk.datasets.schema import COLUMN_NOTES, QUOTE_COLUMNS
from conflictdesk.errors import StoreError
from conflictdesk.exchange.csv_shape import write_csv, write_dictionary, write_quotes
from conflictdesk.exchange.licences import Source, describe_sources, warn_of_terms
from conflictdesk.exchange.readers import write_python_reader, write_r_reader, write_stata_reader
from conflictdesk.exchange.selection import Chosen, ExportOptions
from conflictdesk.exchange.stata import label_column
from conflictdesk.exchange.whole import MADE_BY

FILES: Final = (
    *("README.md", "datapackage.json", "events.csv", "columns.csv", "CITATION.txt"),
    *("read_events.py", "read_events.R", "read_events.do"),
)
QUOTES: Final = "quotes.csv"
_PROFILE: Final = "https://datapackage.org/profiles/2.0/{}.json"
_TYPES: Final = {
    **dict.fromkeys(("VARCHAR", "VARCHAR[]"), "string"),
    **dict.fromkeys(("TINYINT", "INTEGER", "BIGINT"), "integer"),
    "DATE": "date",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
}
_CONSTRAINTS: Final[Mapping[str, Mapping[str, object]]] = {
    "event_id": {"required": True, "unique": True},
    "date_precision": {"minimum": 1, "maximum": 4},
    "place_precision": {"minimum": 1, "maximum": 4},
    "latitude": {"minimum": -90, "maximum": 90},
    "longitude": {"minimum": -180, "maximum": 180},
}
_QUOTE_NOTES: Final = {
    "event_id": "The event that rests on these words.",
    "field": "The value that they bear out.",
    "quote": "The words of the article.",
}


def write_package(dataset: Dataset, chosen: Chosen, folder: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write the package into `folder`, all files or none; the answer is their names.

    Files of an older package of ours are replaced, other files in the folder stay.

    Raises:
        StoreError: the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part") as made:
            names = _make_files(dataset, chosen, Path(made), options)
            folder.mkdir(exist_ok=True)
            # The description goes last: it tells the sums of the files that must then be there.
            for name in sorted(names, key=lambda name: name == "datapackage.json"):
                (Path(made) / name).replace(folder / name)
            for old in {*FILES, QUOTES} - set(names):
                (folder / old).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"cannot write {folder}: {reason}; free some space or choose another --out") from error
    return names


def _make_files(dataset: Dataset, chosen: Chosen, made: Path, options: ExportOptions) -> tuple[str, ...]:
    sources = describe_sources(chosen.imports, options.licence)
    write_csv(dataset, chosen, made / "events.csv")
    write_dictionary(chosen.kinds, made / "columns.csv")
    resources = [_describe_events(made / "events.csv", chosen.kinds)]
    names: tuple[str, ...] = FILES
    if options.with_quotes:
        write_quotes(dataset, chosen, made / QUOTES)
        resources.append(_describe_quotes(made / QUOTES))
        names = (*FILES, QUOTES)
    labels = {name: label_column(name) for name in chosen.kinds}
    texts = {
        "datapackage.json": _dump(_describe_package(dataset, resources, sources, options)),
        "README.md": _write_readme(dataset, chosen, sources, names),
        "CITATION.txt": _write_citation(dataset, sources),
        "read_events.py": write_python_reader(chosen.kinds),
        "read_events.R": write_r_reader(chosen.kinds),
        "read_events.do": write_stata_reader(chosen.kinds, labels),
    }
    for name, text in texts.items():
        (made / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return names


def _describe_package(
    dataset: Dataset, resources: list[dict[str, object]], sources: Sequence[Source], options: ExportOptions
) -> dict[str, object]:
    licences = [dict(pair) for pair in dict.fromkeys(tuple(s.licence.items()) for s in sources if s.licence)]
    told: dict[str, object] = {
        "$schema": _PROFILE.format("datapackage"),
        "name": f"{_slug(dataset.folder.resolve().name)}-{dataset.version}",
        "title": "Conflict events",
        "description": " ".join(("Coded conflict events, as reported.", *warn_of_terms([s.record for s in sources]))),
        # A Data Package wants a version of numbers and dots; the hash names the data exactly.
        "version": f"0.0.0+{dataset.version}",
        "created_by": MADE_BY,
        "dataset_hash": dataset.version,
        "with_quotes": options.with_quotes,
        "sources": [_describe_source(source) for source in sources],
        "resources": resources,
    }
    if licences:
        told["licenses"] = licences
    return told


def _describe_source(source: Source) -> dict[str, object]:
    record = source.record
    told = {
        "title": source.title,
        "version": record.version,
        "origin": record.origin,
        "kind": record.kind,
        "file": record.file,
        "sha256": record.sha256,
        "import_id": record.import_id,
        "terms": source.terms,
        "citation": source.citation,
    }
    return {key: value for key, value in told.items() if value is not None}


def _describe_events(path: Path, kinds: Mapping[str, str]) -> dict[str, object]:
    fields = [_describe_field(name, kind, COLUMN_NOTES[name]) for name, kind in kinds.items()]
    for field in fields:
        # Of events alone: in the quotes an event stands as often as words bear it out.
        if constraints := _CONSTRAINTS.get(str(field["name"])):
            field["constraints"] = dict(constraints)
    return _describe_table("events", path, fields, ["event_id"])


def _describe_quotes(path: Path) -> dict[str, object]:
    fields = [_describe_field(name, kind, _QUOTE_NOTES.get(name, "")) for name, kind in QUOTE_COLUMNS.items()]
    told = _describe_table("quotes", path, fields, None)
    keys = {"fields": ["event_id"], "reference": {"resource": "events", "fields": ["event_id"]}}
    schema = told["schema"]
    if isinstance(schema, dict):
        schema["foreignKeys"] = [keys]
    return told


def _describe_table(name: str, path: Path, fields: list[dict[str, object]], key: list[str] | None) -> dict[str, object]:
    schema: dict[str, object] = {"$schema": _PROFILE.format("tableschema"), "fields": fields, "missingValues": [""]}
    if key:
        schema["primaryKey"] = key
    return {
        "$schema": _PROFILE.format("dataresource"),
        "name": name,
        "type": "table",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{_hash_file(path)}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _describe_field(name: str, kind: str, meaning: str) -> dict[str, object]:
    told: dict[str, object] = {"name": name, "type": _TYPES[kind]}
    if kind == "VARCHAR[]":
        meaning += ' Several values, ";" between them; in a value ";" is written "\\;" and "\\" is written "\\\\".'
    if kind == "BOOLEAN":
        told |= {"trueValues": ["true"], "falseValues": ["false"]}
    if meaning:
        told["description"] = meaning
    return told


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._") or "dataset"


def _dump(told: Mapping[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _write_readme(dataset: Dataset, chosen: Chosen, sources: Sequence[Source], names: Sequence[str]) -> str:
    warnings = "".join(f"**{warning}**\n\n" for warning in warn_of_terms(chosen.imports))
    listed = "".join(f"- `{name}`\n" for name in names)
    terms = "".join(f"- {_one_line(s.title)}: {_one_line(s.terms)}\n" for s in sources)
    quotes = "" if QUOTES in names or not chosen.hidden else _NO_QUOTES
    return _README.format(
        rows=chosen.rows,
        version=dataset.version,
        without=chosen.without_point,
        warnings=warnings,
        files=listed,
        terms=terms or "- there are no rows\n",
        quotes=quotes,
    )


def _write_citation(dataset: Dataset, sources: Sequence[Source]) -> str:
    lines = [f"Conflict Desk dataset {dataset.version}. The rows come from:"]
    for source in sources:
        lines += ["", _one_line(source.citation), f"SHA-256 of the file: {source.record.sha256}"]
        lines += [f"Terms: {_one_line(source.terms)}"]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


_NO_QUOTES: Final = """
Headlines and notes of events coded from articles are left out: they may name private people.
"""
_README: Final = """\
# Conflict events

{rows} events of dataset {version}; {without} of them have no point on a map.

{warnings}An event is what a source reported; it is not a finding of ours. An empty cell means that nothing is known.
It never means 0.

## Files

{files}
`columns.csv` says what each column of `events.csv` means. `datapackage.json` says the same to programs, with types,
sizes and check sums. `CITATION.txt` says what to cite.

## Read it

- Python: `python -i read_events.py` (needs pandas)
- R: `source("read_events.R")`
- Stata: `do read_events.do`

The file is UTF-8 with commas. A text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line
end, perhaps after apostrophes) has one apostrophe before it. The readers take it off again.
{quotes}
## Sources and terms

{terms}"""
