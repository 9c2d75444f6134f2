"""Millions of made-up events in the columns of UCDP's event file: seeded, with the skew of real conflict data.

Few actors and places bear most events, deaths are heavy-tailed, sources overlap. No row tells of anything real.
"""

from __future__ import annotations

from pathlib import Path

UCDP_SQL = """
WITH drawn AS (
  SELECT i,
    hash(i * 8 + 1) / 18446744073709551616.0 AS u1, hash(i * 8 + 2) / 18446744073709551616.0 AS u2,
    hash(i * 8 + 3) / 18446744073709551616.0 AS u3, hash(i * 8 + 4) / 18446744073709551616.0 AS u4,
    hash(i * 8 + 5) / 18446744073709551616.0 AS u5, hash(i * 8 + 6) / 18446744073709551616.0 AS u6
  FROM range({rows}) AS t(i)
), shaped AS (
  SELECT *, CAST(800 * u1 * u1 * u1 AS INTEGER) AS dyad, CAST(120 * u1 * u1 AS INTEGER) AS land,
    CAST(1500 * u2 * u2 AS INTEGER) AS province, DATE '1989-01-01' + CAST(13500 * sqrt(u3) AS INTEGER) AS day,
    CASE WHEN u4 < 0.72 THEN 1 WHEN u4 < 0.85 THEN 2 ELSE 3 END AS kind,
    CAST(floor(exp(2.2 * sqrt(-2 * ln(u5 + 1e-12)) * cos(6.283185307 * u6) - 0.4)) AS INTEGER) AS dead
  FROM drawn
)
SELECT i + 1 AS id, 'MADE-' || i AS relid, year(day) AS year, 1 AS active_year, 'Clear' AS code_status,
  kind AS type_of_violence, dyad AS conflict_dset_id, dyad AS conflict_new_id, 'Conflict ' || dyad AS conflict_name,
  dyad AS dyad_dset_id, dyad AS dyad_new_id, 'Side ' || dyad || ' - Band ' || dyad AS dyad_name,
  dyad AS side_a_dset_id, dyad AS side_a_new_id,
  CASE WHEN kind = 1 THEN 'Government of Land ' || land ELSE 'Side ' || dyad END AS side_a,
  dyad AS side_b_dset_id, dyad AS side_b_new_id,
  CASE WHEN kind = 3 THEN 'Civilians' ELSE 'Band ' || dyad END AS side_b, 1 + i % 3 AS number_of_sources,
  'Gazette ' || i % 900 || ',' || day || ',Made-up line' AS source_article,
  'Gazette ' || i % 900 || CASE WHEN i % 3 = 0 THEN ';Courier ' || i % 70 ELSE '' END AS source_office,
  CAST(day + CAST(9 * u2 AS INTEGER) AS VARCHAR) AS source_date, 'Made-up headline ' || i AS source_headline,
  'witness' AS source_original, 1 + CAST(4 * u6 * u6 AS INTEGER) AS where_prec,
  'Town ' || province || '-' || i % 40 AS where_coordinates, 'near Town ' || province AS where_description,
  'Province ' || province AS adm_1, 'District ' || province || '-' || i % 5 AS adm_2,
  round(-30 + 70 * u2, 6) AS latitude, round(-20 + 120 * u1, 6) AS longitude, '' AS geom_wkt, 100000 + province AS
  priogrid_gid, 'Land ' || land AS country, land AS country_id, 'Region ' || land % 5 AS region,
  CASE WHEN u4 < 0.94 THEN 1 ELSE 2 END AS event_clarity, 1 + CAST(3 * u5 * u5 * u5 AS INTEGER) AS date_prec,
  day AS date_start,
  least(day + CASE WHEN u5 > 0.7 THEN CAST(6 * u6 AS INTEGER) ELSE 0 END, make_date(year(day), 12, 31)) AS date_end,
  dead // 2 AS deaths_a, dead - dead // 2 AS deaths_b, 0 AS deaths_civilians, 0 AS deaths_unknown, dead AS best,
  dead + CAST(dead * u6 AS INTEGER) AS high, dead - CAST(dead * u4 / 2 AS INTEGER) AS low, land AS gwnoa, '' AS gwnob
FROM shaped
"""


def write_ucdp(path: Path, rows: int) -> None:
    """Write `rows` made-up events as a CSV file in UCDP's 49 columns; the same number gives the same bytes."""
    import duckdb

    goal = str(path).replace("'", "''")
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET memory_limit = '3GB'")
        connection.execute(f"COPY ({UCDP_SQL.format(rows=int(rows))}) TO '{goal}' (FORMAT csv, HEADER)")
