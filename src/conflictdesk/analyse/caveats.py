"""What a careful statistician would add to a comparison, computed from the data: each caveat with its figures.

`KINDS` lists every fixed word. A caveat appears only where its figure says something; the floors stand below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.analyse.area import Area
from conflictdesk.analyse.case_rows import PICKED, CaseRows, join_filters
from conflictdesk.analyse.caveat_sheet import Sheet, read_sheet
from conflictdesk.analyse.dispersion import measure_dispersion
from conflictdesk.analyse.intervals import SMALLEST_BASE, percent_change_allowed
from conflictdesk.analyse.meanings import MEANING_WORDS, Bearing
from conflictdesk.analyse.placebos import placebo_rank
from conflictdesk.datasets.filters import Parameter, where
from conflictdesk.questions import MEANINGS, Caveat, Filter, Meaning, MeaningAnswer, SensitivityRow

KINDS: Final = (
    # What is meant, and what the data cover.
    *("meaning not in the data", "meaning in part of the data", "no events", "no day", "data begin late"),
    *("data end early", "immature", "small base"),
    # Faults and gaps of the rows that are counted.
    *("deaths unknown", "deaths imputed", "zero may be unknown", "aggregate rows", "faults flagged", "crossing"),
    *("coarse days", "changed since"),
    # How far the figures carry.
    *("largest event", "largest ten", "over-dispersion", "placebo", "single source", "sources changed", "own dead"),
    *("similar names", "unequal days", "coarse places", "no point", "monitoring volume", "share of all"),
)
LARGEST_SHARE: Final = 0.10
TEN_SHARE: Final = 0.25
SINGLE_SHARE: Final = 0.25
CLUSTERED: Final = 1.5
GAP_DAYS: Final = 7
MOST_NAMED: Final = 3
LONGEST_NAME: Final = 60
MOST_IDS: Final = 200


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the caveats are computed from; `answer` is the comparison under the first meaning that the data can bear."""

    rows: CaseRows
    area: Area
    bearings: Mapping[Meaning, Bearing]
    answer: MeaningAnswer | None
    placebos: Sequence[SensitivityRow]
    crossing: int
    crossing_filter: Filter
    names: Sequence[str]
    """The names of all actors in the windows."""


def list_caveats(facts: Facts) -> tuple[Caveat, ...]:
    """Every caveat that the data call for, the gravest first (the order of KINDS)."""
    found = [*_tell_meanings(facts)]
    if facts.answer is not None:
        sheet = read_sheet(facts.rows, facts.answer.meaning)
        for tell in _TELLERS:
            found += tell(facts, facts.answer, sheet)
    return tuple(sorted(found, key=lambda caveat: KINDS.index(caveat.kind)))


# ---------------------------------------------------------------- the caveats

_Found = Iterator[Caveat]


def _tell_meanings(facts: Facts) -> _Found:
    for meaning in MEANINGS:
        bearing, words = facts.bearings[meaning], MEANING_WORDS[meaning]
        lacking = ", ".join(origin or "no name" for origin in bearing.lacking)
        if not bearing.can:
            rows = f"the rows from {lacking} do" if lacking else "the dataset does"
            told = f"Not shown: {words}; {rows} not record this."
            yield Caveat(kind="meaning not in the data", text=told, value=None)
        elif bearing.share is not None and bearing.share < 1:
            told = (
                f"{words[0].upper()}{words[1:]}: only {_percent(bearing.share)} of the rows in the windows record this;"
                f" those from {lacking} do not."
            )
            held = _inside(facts, replace(facts.rows.base, origin=bearing.lacking))
            yield Caveat(kind="meaning in part of the data", text=told, value=bearing.share, events_filter=held)


def _tell_coverage(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    start, split, end = facts.rows.windows.edges
    area, asked = facts.area, _fitting(facts, answer)
    if not sheet.counts["events"]:
        told = "The data hold no such event in either window. That is no proof that nothing happened."
        yield Caveat(kind="no events", text=told, value=0.0, events_filter=asked)
    if sheet.undated:
        verb = "has no day and stands" if sheet.undated == 1 else "have no day and stand"
        told = f"{_events(sheet.undated)} of this actor {verb} in no window."
        lost = join_filters(facts.rows.filter_of(answer.meaning), Filter(missing=("day",)))
        yield Caveat(kind="no day", text=told, value=float(sheet.undated), events_filter=lost)
    if area.first is not None and (area.first - start).days > GAP_DAYS:
        gap = (area.first - start).days
        told = f"The data here begin on {area.first}, {gap:,} days after the earlier window begins ({start})"
        text = f"{told}: {_tell_gap('earlier', 'later', area.first >= split, area.first >= end)}."
        yield Caveat(kind="data begin late", text=text, value=float(gap))
    if area.last is not None and (end - area.last).days - 1 > GAP_DAYS:
        gap = (end - area.last).days - 1
        told = f"The data here end on {area.last}, {gap:,} days before the later window does"
        text = f"{told}: {_tell_gap('later', 'earlier', area.last < split, area.last < start)}."
        yield Caveat(kind="data end early", text=text, value=float(gap))


def _tell_gap(cut: str, other: str, whole: bool, both: bool) -> str:
    """How much of the windows the data miss; an uncovered window says nothing, and not 0."""
    if both:
        return "neither window is covered, and 0 means only that nothing was looked at"
    if whole:
        return f"the {cut} window is not covered at all, and its 0 says nothing"
    return f"the {cut} window may be cut short, and the comparison with the {other} one is uneven"


def _tell_maturity(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    end, last = facts.rows.windows.edges[2], facts.area.last_report
    if sheet.lag is None or sheet.late_lag is None or last is None:
        return
    if (last - end).days < sheet.late_lag:
        told = (
            f"Half of the events were first reported within {sheet.lag:.0f} days and nine in ten within"
            f" {sheet.late_lag:.0f}, but the data's last report is of {last}: the last weeks may still grow."
        )
        yield Caveat(kind="immature", text=told, value=sheet.lag)


def _tell_windows(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    before, after = facts.rows.windows.days
    if before != after:
        told = f"The windows have {before} and {after} days; ratios are per day."
        yield Caveat(kind="unequal days", text=told, value=float(after - before))
    if facts.crossing:
        one = facts.crossing == 1
        told = (
            f"{_events(facts.crossing)} may belong to either side of an edge of the windows:"
            f" {'its' if one else 'their'} range of days crosses it. {'It counts' if one else 'Each counts'} by its"
            " first day."
        )
        value = float(facts.crossing)
        yield Caveat(kind="crossing", text=told, value=value, events_filter=facts.crossing_filter)
    base = min(answer.before.tally.events, answer.before.tally.deaths.best)
    if sheet.counts["events"] and not percent_change_allowed(base):
        what = "event" if base == answer.before.tally.events else "death"
        told = (
            f"Only {base} {what}{'' if base == 1 else 's'} before: under {SMALLEST_BASE}, percent says next to nothing."
        )
        if not base:
            told = f"No {what} before: there is nothing to divide by, and so no ratio."
        yield Caveat(kind="small base", text=told, value=float(base), events_filter=answer.before.events_filter)


def _tell_spread(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    sums, windows = facts.rows.daily(answer.meaning), facts.rows.windows
    phi, _ = measure_dispersion(sums.events(windows.before), sums.events(windows.after))
    if phi is not None and phi >= CLUSTERED and sheet.counts["events"] >= SMALLEST_BASE:
        told = f"Events come in bursts: weekly counts vary {phi:.1f} times as much as unconnected events would."
        yield Caveat(kind="over-dispersion", text=f"{told} The interval is widened for it.", value=phi)
    ranks = []
    for what in ("events", "deaths"):
        ratio = answer.events_ratio.value if what == "events" else answer.deaths_ratio.value
        others = [(r.events_ratio if what == "events" else r.deaths_ratio).value for r in facts.placebos]
        if ratio is not None and any(other is not None for other in others):
            ranks.append((what, placebo_rank(ratio, others)))
    if ranks:
        told = " and ".join(f"in {what} at {rank.at_least} of {rank.told} other dates" for what, rank in ranks)
        text = f"A change at least as large shows {told}, one to six months earlier or later."
        yield Caveat(kind="placebo", text=text, value=ranks[-1][1].at_least / ranks[-1][1].told)


def _tell_largest(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    total, wanted = sheet.counts["deaths"], _fitting(facts, answer)
    if not total:
        return
    condition, parameters = where(replace(_own(facts, answer), deaths_at_least=1))
    order = "ORDER BY deaths_best DESC, date_start, event_id LIMIT 10"
    rows = facts.rows.ask(f"SELECT event_id, deaths_best FROM {PICKED} WHERE {condition} {order}", parameters)
    ids, deaths = [str(row[0]) for row in rows], [int(str(row[1])) for row in rows]
    if deaths[0] / total >= LARGEST_SHARE:
        told = f"One event holds {_percent(deaths[0] / total)} of the deaths ({deaths[0]:,} of {total:,})."
        one = join_filters(wanted, Filter(event_id=(ids[0],)))
        yield Caveat(kind="largest event", text=told, value=deaths[0] / total, events_filter=one)
    if len(ids) == 10 and sheet.counts["events"] > 20 and sum(deaths) / total >= TEN_SHARE:
        told = f"The ten deadliest events hold {_percent(sum(deaths) / total)} of the deaths."
        ten = join_filters(wanted, Filter(event_id=tuple(ids)))
        yield Caveat(kind="largest ten", text=told, value=sum(deaths) / total, events_filter=ten)


def _tell_figures(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    n, wanted = sheet.counts, _fitting(facts, answer)
    unknown = answer.before.tally.deaths.unknown + answer.after.tally.deaths.unknown
    if unknown:
        sides = f"{answer.before.tally.deaths.unknown:,} before, {answer.after.tally.deaths.unknown:,} after"
        verb = "gives" if unknown == 1 else "give"
        told = f"{_events(unknown)} of {n['events']:,} {verb} no figure of deaths and add{'s' if unknown == 1 else ''}"
        told += f" nothing to the sums ({sides})."
        lost = join_filters(wanted, Filter(missing=("deaths",)))
        yield Caveat(kind="deaths unknown", text=told, value=unknown / n["events"], events_filter=lost)
    if n["imputed"]:
        share = n["imputed_deaths"] / n["deaths"] if n["deaths"] else 0.0
        told = f"{_percent(share)} of the deaths ({_events(n['imputed'])}) are numbers put to words such as “dozens”."
        yield Caveat(
            kind="deaths imputed", text=told, value=share, events_filter=join_filters(wanted, Filter(imputed=True))
        )
    for origin, zeros in sheet.one_figure:
        told = (
            f"{_events(zeros)} from {origin} {'gives' if zeros == 1 else 'give'} 0 deaths. Its rows here never say"
            " “not known”, so 0 may also mean that nothing is known."
        )
        kept = join_filters(replace(wanted, origin=(origin,)), Filter(deaths_at_most=0))
        yield Caveat(kind="zero may be unknown", text=told, value=zeros / n["events"], events_filter=kept)
    if n["aggregates"]:
        share = n["aggregate_deaths"] / n["deaths"] if n["deaths"] else 0.0
        told = f"{_percent(share)} of the deaths stand in {_rows(n['aggregates'])} of several incidents."
        yield Caveat(
            kind="aggregate rows", text=told, value=share, events_filter=join_filters(wanted, Filter(aggregate=True))
        )


def _tell_sources(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    n, wanted, sources = sheet.counts, _fitting(facts, answer), facts.area.sources
    if n["sources_known"] and n["single"] / n["sources_known"] >= SINGLE_SHARE:
        share = n["single"] / n["sources_known"]
        told = f"{_percent(share)} of the events rest on a single source."
        kept = join_filters(wanted, Filter(sources_at_most=1))
        yield Caveat(kind="single source", text=told, value=share, events_filter=kept)
    changed = (*sources.ended, *sources.began)
    if changed:
        some = ". ".join(
            f"{word}: {_some(names)}" for word, names in (("began", sources.began), ("ended", sources.ended)) if names
        )
        known = len(sources.both) + len(sources.one)
        verb = "reports" if len(changed) == 1 else "report"
        told = f"Of {known:,} sources on all actors, {len(changed):,} {verb} in one window alone ({some})."
        seen = (
            None if len(changed) > MOST_IDS else join_filters(_inside(facts, facts.rows.base), Filter(source=changed))
        )
        yield Caveat(kind="sources changed", text=told, value=float(len(changed)), events_filter=seen)


def _tell_precision(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    n, wanted = sheet.counts, _fitting(facts, answer)
    faults = f"have a fault in the file as it came ({', '.join(flag.replace('_', ' ') for flag in sheet.flags)})"
    shown: tuple[tuple[str, str, str, Filter], ...] = (
        ("coarse days", "coarse_days", "are not known to the day", Filter(date_precision=(2, 3, 4))),
        ("coarse places", "coarse_places", "are not placed exactly", Filter(place_precision=(2, 3, 4))),
        ("no point", "no_point", "have no point on a map", Filter(missing=("point",))),
        ("faults flagged", "flagged", faults, Filter(flag=sheet.flags)),
    )
    for kind, name, words, choice in shown:
        if n[name]:
            share, kept = n[name] / n["events"], join_filters(wanted, choice)
            told = f"{_percent(share)} of the events ({n[name]:,} of {n['events']:,}) {words}."
            yield Caveat(kind=kind, text=told, value=share, events_filter=kept)
    if sheet.changed:
        verb = "was" if len(sheet.changed) == 1 else "were"
        told = f"{_events(len(sheet.changed))} in the windows {verb} changed by a newer version of the data."
        few = len(sheet.changed) <= MOST_IDS
        ids = join_filters(wanted, Filter(event_id=sheet.changed)) if few else None
        yield Caveat(kind="changed since", text=told, value=float(len(sheet.changed)), events_filter=ids)


def _tell_surroundings(facts: Facts, answer: MeaningAnswer, sheet: Sheet) -> _Found:
    old, new, (d0, d1) = facts.area.before, facts.area.after, facts.rows.windows.days
    all_events, own = old.events + new.events, sheet.counts["events"]
    if all_events > own:
        ratio = (new.events / d1) / (old.events / d0) if old.events else None
        told = f"Events of all actors here: {old.events:,} before, {new.events:,} after"
        text = f"{told} ({ratio:.2f} times as many a day)." if ratio is not None else f"{told}."
        every = _inside(facts, facts.rows.base)
        yield Caveat(kind="monitoring volume", text=text, value=ratio, events_filter=every)
    if all_events > own > 0:
        parts = (
            f"{_percent(mine.events / all_.events)} {side}"
            for side, mine, all_ in (("before", answer.before.tally, old), ("after", answer.after.tally, new))
            if all_.events
        )
        told = f"The actor's share of the events of all actors: {', '.join(parts)}."
        yield Caveat(kind="share of all", text=told, value=own / all_events, events_filter=_fitting(facts, answer))
    yield from _tell_own_dead(facts, answer)
    asked = [re.compile(rf"(?<!\w){re.escape(name.casefold())}(?!\w)") for name in facts.rows.actor]
    alike = [n for n in facts.names if n not in facts.rows.actor and any(a.search(n.casefold()) for a in asked)]
    if alike:
        names = f"{len(alike):,} name{'' if len(alike) == 1 else 's'} that contain{'s' if len(alike) == 1 else ''}"
        told = f"Not included: {names} the one asked for ({_some(alike)})."
        few = len(alike) <= MOST_IDS
        others = replace(_inside(facts, facts.rows.base), actor=tuple(alike)) if few else None
        yield Caveat(kind="similar names", text=told, value=float(len(alike)), events_filter=others)


def _tell_own_dead(facts: Facts, answer: MeaningAnswer) -> _Found:
    if answer.meaning != "involving":
        return
    condition, parameters = where(_own(facts, answer))
    marks = ", ".join("?" * len(facts.rows.actor))
    sides = [f"sum(deaths_{side}) FILTER ({side} IN ({marks}))" for side in ("actor1", "actor2")]
    asked: list[Parameter] = [*facts.rows.actor * 2, *parameters]
    found = facts.rows.ask(f"SELECT {', '.join(sides)} FROM {PICKED} WHERE {condition}", asked)[0]
    known = [int(str(value)) for value in found if value is not None]
    if sum(known):
        total = answer.before.tally.deaths.best + answer.after.tally.deaths.best
        told = f"{sum(known):,} of the {total:,} deaths are the actor's own dead, where the rows tell the sides."
        value, kept = sum(known) / total if total else None, _fitting(facts, answer)
        yield Caveat(kind="own dead", text=told, value=value, events_filter=kept)


_TELLERS: Final[tuple[Callable[[Facts, MeaningAnswer, Sheet], _Found], ...]] = (
    _tell_coverage,
    _tell_maturity,
    _tell_windows,
    _tell_spread,
    _tell_largest,
    _tell_figures,
    _tell_sources,
    _tell_precision,
    _tell_surroundings,
)


def _fitting(facts: Facts, answer: MeaningAnswer) -> Filter:
    """The filter of the actor's events in both windows."""
    start, _, end = facts.rows.windows.edges
    return facts.rows.filter_of(answer.meaning, (start, end))


def _own(facts: Facts, answer: MeaningAnswer) -> Filter:
    """The same, to be asked of the rows that are held: what the question filters by is done there."""
    start, _, end = facts.rows.windows.edges
    return Filter(actor=facts.rows.actor, meaning=answer.meaning, from_day=start, to_day=end)


def _inside(facts: Facts, wanted: Filter) -> Filter:
    start, _, end = facts.rows.windows.edges
    return replace(wanted, from_day=start, to_day=end)


def _some(names: Sequence[str]) -> str:
    """The first few names, a semicolon apart, for a name may hold commas; the longest are cut."""
    more = len(names) - MOST_NAMED
    shown = (name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip(' ,')}…" for name in names)
    return "; ".join(list(shown)[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _rows(count: int) -> str:
    return f"{count:,} row{' that is a sum' if count == 1 else 's that are sums'}"


def _events(count: int) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"


def _percent(share: float) -> str:
    """A share in percent: small ones with a decimal, so that no share that is there reads 0 %."""
    return f"{100 * share:.0f} %" if share >= 0.1 or share == 0 else f"{100 * share:.2g} %"
