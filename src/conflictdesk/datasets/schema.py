"""The columns of a dataset: one table of events, and beside it quotes, claims, changes and problems.

Every source ends in these columns; after import nothing about a source is special.
"""

from __future__ import annotations

from typing import Final

EVENT_COLUMNS: Final[dict[str, str]] = {
    "event_id": "VARCHAR",
    "origin": "VARCHAR",
    "source_id": "VARCHAR",
    "version": "VARCHAR",
    "import_id": "VARCHAR",
    "row": "BIGINT",
    "date_start": "DATE",
    "date_end": "DATE",
    "date_precision": "TINYINT",
    "event_type": "VARCHAR",
    "sub_event_type": "VARCHAR",
    "original_type": "VARCHAR",
    "disorder_type": "VARCHAR[]",
    "actor1": "VARCHAR",
    "actor1_kind": "VARCHAR",
    "actor2": "VARCHAR",
    "actor2_kind": "VARCHAR",
    "associated": "VARCHAR[]",
    "perpetrator": "VARCHAR",
    "attributed_to": "VARCHAR[]",
    "civilian_targeting": "BOOLEAN",
    "country": "VARCHAR",
    "iso3": "VARCHAR",
    "admin1": "VARCHAR",
    "admin2": "VARCHAR",
    "location": "VARCHAR",
    "latitude": "DOUBLE",
    "longitude": "DOUBLE",
    "place_precision": "TINYINT",
    "place_radius_km": "DOUBLE",
    "deaths_low": "BIGINT",
    "deaths_best": "BIGINT",
    "deaths_high": "BIGINT",
    "deaths_imputed": "VARCHAR",
    "deaths_actor1": "BIGINT",
    "deaths_actor2": "BIGINT",
    "deaths_civilians": "BIGINT",
    "deaths_unknown": "BIGINT",
    "injured_low": "BIGINT",
    "injured_best": "BIGINT",
    "injured_high": "BIGINT",
    "aggregate": "BOOLEAN",
    "sources": "VARCHAR[]",
    "n_sources": "INTEGER",
    "first_reported": "DATE",
    "last_reported": "DATE",
    "headline": "VARCHAR",
    "notes": "VARCHAR",
    "status": "VARCHAR",
    "flags": "VARCHAR[]",
}
"""events.parquet and superseded.parquet, in this order; the meaning of each is in COLUMN_NOTES.

superseded.parquet has three more: `superseded_by` (import id), `superseded_version`, `reason`.
"""

COLUMN_NOTES: Final[dict[str, str]] = {
    "event_id": 'The event in this dataset: origin, ":" and the source\'s own id; never reused.',
    "origin": 'Where it came from: "ucdp", "acled", "table" or "coded" (or the name given with --origin).',
    "source_id": "The id as the source writes it.",
    "version": 'The version of the source ("19.1"), as given or read from the file\'s name; empty when unknown.',
    "import_id": "The import that brought it; names originals/IMPORT_ID.parquet.",
    "row": "The data row of that file, from 1.",
    "date_start": "First day of the interval that the source allows.",
    "date_end": "Last day of that interval, included.",
    "date_precision": "1 the day is stated, 2 within a week, 3 within a month, 4 anything coarser.",
    "event_type": "Type in the codebook's six types; of UCDP rows by the crosswalk, which loses detail.",
    "sub_event_type": "Sub-type in the codebook's 25; empty where the source has nothing as fine.",
    "original_type": 'Type as the source has it ("1 state-based conflict").',
    "disorder_type": "Roll-up of the type; several where it belongs to several.",
    "actor1": "A party by the source's name for it.",
    "actor1_kind": "Kind of that party (State forces, Rebel group, Civilians ...); empty when not known.",
    "actor2": "The other party; the order says nothing of who began, save in violence against civilians.",
    "actor2_kind": "Kind of that party.",
    "associated": "Other parties named.",
    "perpetrator": "The one armed side named in violence against civilians; empty elsewhere.",
    "attributed_to": "Those whom a source blames or who claim it; empty where the source keeps no such field.",
    "civilian_targeting": "Whether civilians were the main target; empty when not told.",
    "country": "Country, by its usual English name in the source.",
    "iso3": "ISO 3166-1 alpha-3 of the country; empty when not known.",
    "admin1": "Province.",
    "admin2": "District.",
    "location": "The place by name.",
    "latitude": "Degrees north, WGS 84, of a representative point.",
    "longitude": "Degrees east, WGS 84.",
    "place_precision": "1 a named town or site, 2 near it or a small area, 3 a province or region, 4 the country.",
    "place_radius_km": "How far from the point the place may reach; empty when nothing bounds it better.",
    "deaths_low": "Deaths, lowest figure reported.",
    "deaths_best": "Deaths, most likely figure.",
    "deaths_high": 'Deaths, highest figure; empty beside a best figure means "at least".',
    "deaths_imputed": 'The rule that put a number to words ("dozens"); empty where figures are said.',
    "deaths_actor1": "Deaths that actor 1 suffered (best).",
    "deaths_actor2": "Deaths that actor 2 suffered (best).",
    "deaths_civilians": "Civilian deaths (best).",
    "deaths_unknown": "Deaths of people whose side is not known (best).",
    "injured_low": "Injured, lowest figure reported.",
    "injured_best": "Injured, most likely figure.",
    "injured_high": 'Injured, highest figure; empty beside a best figure means "at least".',
    "aggregate": "True where the source itself sums several incidents in this row.",
    "sources": "Outlets or reports that tell of it, by name, sorted.",
    "n_sources": "How many sources, as the dataset states it or as named; empty when unknown.",
    "first_reported": "Day of the earliest report.",
    "last_reported": "Day of the latest report.",
    "headline": "Headline or title of its reports.",
    "notes": "The source's own note or the line that tells of it.",
    "status": '"published" for imported rows, else where review stands ("proposed", "reviewed" ...).',
    "flags": "Faults of the row as it came, kept and named: low_above_best, best_above_high, parts_differ ...",
}

QUOTE_COLUMNS: Final[dict[str, str]] = {
    "event_id": "VARCHAR",
    "field": "VARCHAR",
    "quote": "VARCHAR",
    "start": "BIGINT",
    "end": "BIGINT",
    "article_id": "VARCHAR",
    "article_title": "VARCHAR",
    "source": "VARCHAR",
    "published_on": "DATE",
    "url": "VARCHAR",
    "context": "VARCHAR",
    "context_start": "BIGINT",
}
"""quotes.parquet: the words of an article that a value rests on; `context` are the sentences around them, beginning at
code point `context_start` of the article. Empty for datasets whose sources keep no text."""

CLAIM_COLUMNS: Final[dict[str, str]] = {
    "claim_id": "VARCHAR",
    "article_id": "VARCHAR",
    "article_title": "VARCHAR",
    "source": "VARCHAR",
    "published_on": "DATE",
    "url": "VARCHAR",
    "by": "VARCHAR",
    "of": "VARCHAR",
    "measure": "VARCHAR",
    "value": "DOUBLE",
    "value_is": "VARCHAR",
    "from_day": "DATE",
    "to_day": "DATE",
    "said_by": "VARCHAR",
    "quote": "VARCHAR",
    "sentence": "VARCHAR",
    "context": "VARCHAR",
}
"""claims.parquet: figures said of many events or a period; `sentence` is the sentence around the quote, `context` the
paragraphs before and after it."""

CHANGE_COLUMNS: Final[dict[str, str]] = {
    "event_id": "VARCHAR",
    "field": "VARCHAR",
    "old": "VARCHAR",
    "new": "VARCHAR",
    "old_version": "VARCHAR",
    "new_version": "VARCHAR",
    "import_id": "VARCHAR",
}
"""changes.parquet: what a newer version of a row says otherwise, one line a field."""

PROBLEM_COLUMNS: Final[dict[str, str]] = {
    "import_id": "VARCHAR",
    "row": "BIGINT",
    "kind": "VARCHAR",
    "detail": "VARCHAR",
    "line": "VARCHAR",
}
"""problems.parquet: rows that could not become events, with the row as it came."""

KEYED: Final[dict[str, str]] = {
    **{name: name for name in ("country", "admin1", "admin2", "location")},
    **{name: name for name in ("event_type", "sub_event_type", "original_type", "origin", "status")},
    **dict.fromkeys(("actor1", "actor2", "perpetrator"), "actor"),
    **dict.fromkeys(("source1", "source2"), "source"),
}
"""Columns that are grouped and compared, and the name of the vocabulary that they share: `key_country` and so on."""

DERIVED: Final[dict[str, str]] = {
    "source1": "sources[1]",
    "source2": "CASE WHEN sources[2] IS DISTINCT FROM sources[1] THEN sources[2] END",
    "more_sources": "coalesce(len(sources) > 2, FALSE)",
    "disorder1": "disorder_type[1]",
    "more_disorders": "coalesce(len(disorder_type) > 1, FALSE)",
    "more_actors": "coalesce(len(associated) > 0, FALSE)",
    "folded": (
        "strip_accents(lower(concat_ws(' ', notes, headline, actor1, actor2, location, admin1, country,"
        " array_to_string(associated, ' '))))"
    ),
}
"""What an opened dataset has beside the columns, for speed: the first values of lists as columns of their own, since
lists are slow to read; `folded`, which a search for words looks into; `ordinal`, the row in the file, which is sorted
by date_start and event_id; and for each column of KEYED a `key_` column: the same words, which a faster copy keeps as
numbers."""


def list_derived() -> str:
    """The derived columns as a SELECT list over a file of events."""
    keys = (f"{DERIVED.get(name, name)} AS key_{name}" for name in KEYED)
    return ", ".join((*(f"{sql} AS {name}" for name, sql in DERIVED.items()), *keys, "file_row_number AS ordinal"))
