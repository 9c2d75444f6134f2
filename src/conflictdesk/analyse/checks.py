"""The check of a published claim: its reading, what the data give under each meaning, and a verdict by fixed rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from conflictdesk.analyse.claim_coverage import Case, count_names, find_reason, tells_civilian_deaths
from conflictdesk.analyse.claim_sentences import NOTHING_GIVEN, GivenParts, read_claim_sentence
from conflictdesk.analyse.compare import compare_windows
from conflictdesk.analyse.counts import tally_events
from conflictdesk.analyse.known_values import settle_filter
from conflictdesk.analyse.meanings import HAS_MEANING
from conflictdesk.analyse.verdicts import judge_claim, judge_meaning
from conflictdesk.codebook.countries import load_countries
from conflictdesk.datasets.filters import where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.questions import (
    MEANINGS,
    CheckAnswer,
    ClaimReading,
    CompareQuestion,
    Comparison,
    Filter,
    Meaning,
    MeaningCheck,
    People,
)

TOLERANCE: Final = 0.05
WIDEST_TOLERANCE: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClaim:
    """A claim that stands in the dataset, with its article and how it is read."""

    claim_ids: tuple[str, ...]
    source: str | None
    article_title: str | None
    published_on: dt.date | None
    url: str | None
    reading: ClaimReading


def read_sentence(
    dataset: Dataset,
    sentence: str,
    *,
    published: dt.date | None = None,
    context: str | None = None,
    given: GivenParts = NOTHING_GIVEN,
) -> ClaimReading:
    """Read a claim with the actors of a dataset.

    Raises:
        ConfigError: an actor or a province is given that the dataset does not have.
    """
    settle_filter(dataset, Filter(admin1=given.admin1))
    names = count_names(dataset)
    unknown = [name for name in given.actor if name not in names]
    if unknown:
        from conflictdesk.analyse.meanings import resolve_actors

        given = replace(given, actor=resolve_actors(dataset, given.actor))
    return read_claim_sentence(sentence, names, published, context, given)


def read_claim(
    dataset: Dataset, claim_id: str, *, given: GivenParts = NOTHING_GIVEN, published: dt.date | None = None
) -> ListedClaim:
    """Read a claim that `code` found, with its article around it.

    Raises:
        ConfigError: the dataset has no such claim, or not the province that is given.
    """
    settle_filter(dataset, Filter(admin1=given.admin1))
    rows = _claim_rows(dataset, "WHERE claim_id = ?", [claim_id])
    if not rows:
        raise ConfigError(f"the dataset has no claim {claim_id[:60]!r}: --list shows those it has")
    return _read_row(dataset, rows[0], count_names(dataset), given, published)


def list_claims(dataset: Dataset) -> tuple[ListedClaim, ...]:
    """The claims that stand in the dataset, each read; the two halves of a comparison are one."""
    names = count_names(dataset)
    found: dict[tuple[str, str | None], ListedClaim] = {}
    for row in _claim_rows(dataset, "", []):
        claim = _read_row(dataset, row, names, NOTHING_GIVEN, None)
        key = claim.reading.sentence, claim.article_title
        if key in found:
            claim = replace(found[key], claim_ids=(*found[key].claim_ids, *claim.claim_ids))
        found[key] = claim
    return tuple(found.values())


def _claim_rows(dataset: Dataset, condition: str, parameters: list[str]) -> list[tuple[object, ...]]:
    return dataset.ask(
        'SELECT claim_id, source, article_title, published_on, url, sentence, context, quote, "by", said_by FROM claims'
        f" {condition} ORDER BY published_on NULLS LAST, article_id, claim_id",
        parameters,
    )


def _read_row(
    dataset: Dataset, row: tuple[object, ...], names: Mapping[str, int], given: GivenParts, published: dt.date | None
) -> ListedClaim:
    claim_id, source, title, day, url, sentence, context, quote, by, said_by = row
    said = _word(sentence) or _word(quote) or ""
    published = published or (day if isinstance(day, dt.date) else None)
    reading = read_claim_sentence(said, names, published, _word(context), given)
    coded = _word(by)
    if coded and not reading.actor and reading.actor_said is None and coded in names:
        # The sentence itself says "they": whom the article means stands in what `code` found.
        kept = tuple(told for told in reading.unread if "actor" not in told)
        reading = replace(reading, actor=(coded,), actor_said=coded, unread=kept)
    if reading.said_by is None and _word(said_by):
        reading = replace(reading, said_by=_word(said_by))
    return ListedClaim(
        claim_ids=(str(claim_id),),
        source=_word(source),
        article_title=_word(title),
        published_on=day if isinstance(day, dt.date) else None,
        url=_word(url),
        reading=reading,
    )


def _word(value: object) -> str | None:
    return str(value) if value is not None and str(value).strip() else None


def check_claim(
    dataset: Dataset,
    reading: ClaimReading,
    *,
    asked_on: dt.date,
    tolerance: float = TOLERANCE,
    resamples: int = 2000,
) -> CheckAnswer:
    """Check a claim as it was read: the verdict, why, and the comparison that it rests on.

    Raises:
        CheckError: the tolerance is not between 0 and 0.5.
    """
    if not 0 <= tolerance <= WIDEST_TOLERANCE:
        raise CheckError(f"the tolerance is {tolerance:g}: choose one from 0 to {WIDEST_TOLERANCE}, as 0.05 for 5 %")
    base = make_filter(dataset, reading)
    area = (
        Filter(country=base.country, admin1=base.admin1)
        if base.country or base.admin1
        else _actor_area(dataset, reading)
    )
    reason = find_reason(Case(dataset, reading, base, area, asked_on))
    answer = CheckAnswer(
        reading=reading,
        verdict="cannot tell",
        why=reason[1] if reason else "",
        meanings=(),
        comparison=None,
        tolerance=tolerance,
        asked_on=asked_on,
        dataset_version=dataset.version,
    )
    comparison = _compare(dataset, reading, base, resamples)
    if reason:
        return replace(answer, comparison=comparison)
    meanings = tuple(
        _check_meaning(dataset, reading, base, meaning, tolerance) for meaning in _bearable(dataset, reading)
    )
    verdict, why = judge_claim(meanings, tolerance, any_actor=not reading.actor)
    return replace(answer, verdict=verdict, why=why, meanings=meanings, comparison=comparison)


def make_filter(dataset: Dataset, reading: ClaimReading) -> Filter:
    """The events that a claim is about, without actor and days."""
    told = bool(dataset.ask("SELECT 1 FROM events WHERE len(disorder_type) > 0 LIMIT 1"))
    targeted = reading.civilians and (reading.measure != "deaths" or not tells_civilian_deaths(dataset))
    return Filter(
        country=tuple(name for country in reading.country for name in _names_of_country(dataset, country)),
        admin1=reading.admin1,
        event_type=reading.event_type,
        sub_event_type=reading.sub_event_type,
        disorder_type=reading.disorder_type if told else (),
        civilian_targeting=True if targeted else None,
    )


def _names_of_country(dataset: Dataset, name: str) -> tuple[str, ...]:
    """The dataset's own names for a country; the name itself where it has none, which then finds nothing."""
    country = load_countries().by_name(name)
    rows = dataset.ask(
        "SELECT DISTINCT country FROM events WHERE country = ? OR (iso3 = ? AND country IS NOT NULL) ORDER BY 1",
        [name, country.iso3 if country else ""],
    )
    return tuple(str(row[0]) for row in rows) or (name,)


def _actor_area(dataset: Dataset, reading: ClaimReading) -> Filter:
    """The countries in which the actor has events; everywhere where no actor is named."""
    if not reading.actor:
        return Filter()
    condition, parameters = where(Filter(actor=reading.actor))
    rows = dataset.ask(
        f"SELECT DISTINCT country FROM events WHERE country IS NOT NULL AND {condition} ORDER BY 1", parameters
    )
    return Filter(country=tuple(str(row[0]) for row in rows))


def _compare(dataset: Dataset, reading: ClaimReading, base: Filter, resamples: int) -> Comparison | None:
    if not (reading.actor and reading.split and reading.window):
        return None
    return compare_windows(
        dataset,
        CompareQuestion(
            actor=reading.actor, split=reading.split, window=reading.window, filter=base, resamples=resamples
        ),
    )


def _bearable(dataset: Dataset, reading: ClaimReading) -> tuple[Meaning, ...]:
    """The meanings that the data can bear; with no actor named all violence is meant, and there is one meaning."""
    if not reading.actor:
        return ("involving",)
    return tuple(m for m in MEANINGS if dataset.ask(f"SELECT 1 FROM events WHERE {HAS_MEANING[m]} LIMIT 1"))


def _check_meaning(
    dataset: Dataset, reading: ClaimReading, base: Filter, meaning: Meaning, tolerance: float
) -> MeaningCheck:
    filters = {
        side: replace(base, actor=reading.actor, meaning=meaning, from_day=start, to_day=end)
        for side, (start, end) in reading.windows.items()
    }
    found = {side: _find_people(dataset, reading, wanted) for side, wanted in filters.items()}
    verdict, why = judge_meaning(reading, found, tolerance)
    return MeaningCheck(
        meaning=meaning,
        found=MappingProxyType(found),
        verdict=verdict,
        why=why,
        filters=MappingProxyType(filters),
    )


def _find_people(dataset: Dataset, reading: ClaimReading, wanted: Filter) -> People:
    if reading.measure == "deaths" and reading.civilians and tells_civilian_deaths(dataset):
        condition, parameters = where(wanted)
        row = dataset.ask(
            f"SELECT coalesce(sum(deaths_civilians), 0), count(*) FILTER (deaths_civilians IS NULL) FROM events "
            f"WHERE {condition}",
            parameters,
        )[0]
        best = int(str(row[0]))
        return People(low=best, best=best, high=best, unknown=int(str(row[1])))
    tally = tally_events(dataset, wanted)
    if reading.measure == "events":
        return People(low=tally.events, best=tally.events, high=tally.events)
    return tally.deaths if reading.measure == "deaths" else tally.injured
