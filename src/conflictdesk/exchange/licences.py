"""What may be done with rows that came from others: their licences, citations and terms, as facts beside the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.datasets.manifest import ImportRecord

_CC_BY: Final = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
_UCDP: Final = (
    "Uppsala Conflict Data Program, Georeferenced Event Dataset{version}. Cite the version, and: Sundberg, Ralph and"
    " Erik Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research 50(4), 523-532."
)
ACLED_WARNING: Final = (
    "Rows from ACLED are in this package. ACLED's terms forbid passing its rows on: keep the package to yourself,"
    " or make it again without them (--where origin=...)."
)
UNSTATED: Final = "no licence is stated; ask whoever gave you this package, or name yours with --licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One import that the exported rows came from, and what its owner asks for."""

    record: ImportRecord
    title: str
    licence: dict[str, str] | None
    """As a Data Package states it; None where nobody said."""
    terms: str
    """One sentence for people."""
    citation: str


def describe_sources(imports: Sequence[ImportRecord], own_licence: str | None) -> tuple[Source, ...]:
    """Say of each import whose rows it holds and on which terms; `own_licence` is that of your own rows."""
    return tuple(_describe(record, own_licence) for record in imports)


def warn_of_terms(imports: Sequence[ImportRecord]) -> tuple[str, ...]:
    """What must be said plainly before the rows are handed on."""
    return (ACLED_WARNING,) if any(record.kind == "acled" for record in imports) else ()


def _describe(record: ImportRecord, own_licence: str | None) -> Source:
    version = f", version {record.version}" if record.version else ", version not known"
    if record.kind == "ucdp":
        terms = "CC BY 4.0: may be passed on with the citation and the version."
        citation = _UCDP.format(version=version)
        return Source(record=record, title=f"UCDP GED{version}", licence=_CC_BY, terms=terms, citation=citation)
    if record.kind == "acled":
        licence = {"name": "other-closed", "title": "ACLED's terms: rows may not be passed on"}
        citation = f"Armed Conflict Location & Event Data (ACLED), file {record.file}{version}."
        return Source(record=record, title="ACLED", licence=licence, terms=ACLED_WARNING, citation=citation)
    title = f"{record.origin}: {record.file}{version if record.version else ''}"
    own = {"name": own_licence} if own_licence else None
    terms = f"{own_licence}." if own_licence else f"{UNSTATED[0].upper()}{UNSTATED[1:]}."
    citation = f"{record.file}{version if record.version else ''}, events of origin {record.origin!r}."
    return Source(record=record, title=title, licence=own, terms=terms, citation=citation)
