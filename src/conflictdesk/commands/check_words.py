"""Readings, checks and chronicles as lines for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conflictdesk.publish.claim_wording import (
    MEANING_TITLES,
    SIDE_TITLES,
    say_chronicle,
    say_deaths,
    say_figure,
    say_period,
    say_reading,
    say_span,
    say_when,
)
from conflictdesk.terminal import plain

if TYPE_CHECKING:
    from conflictdesk.analyse.checks import ListedClaim
    from conflictdesk.questions import CheckAnswer, Chronicle, ClaimReading, Incident

WIDTH = 78
_LABEL = 15


def tell_reading(reading: ClaimReading) -> list[str]:
    """A reading, a line for each part, with the words that it rests on."""
    lines = [*_wrap(f"“{plain(reading.sentence)}”", ""), "", "is read as"]
    for name, value, quote in say_reading(reading):
        words = f"{value}   “{plain(quote)}”" if quote else value
        lines += _wrap(plain(words) if not quote else f"{plain(value)}  ← “{plain(quote)}”", f"  {name}")
    lines += [line for told in reading.unread for line in _wrap(plain(told), "  NOT READ")]
    return lines


def tell_answer(answer: CheckAnswer) -> list[str]:
    """A verdict, why, and the figures under each meaning."""
    lines = [f"VERDICT: {answer.verdict}", *_wrap(plain(answer.why), "", "")]
    if answer.meanings:
        lines.append("")
    for check in answer.meanings:
        name = MEANING_TITLES[check.meaning] if answer.reading.actor else "All events"
        lines.append(f"{name}: {check.verdict}")
        for side in sorted(check.found, key=list(SIDE_TITLES).index):
            people = check.found[side]
            claimed = next((say_figure(f) for f in answer.reading.figures if f.side == side), None)
            told = (
                f"{people.best:,}"
                if people.low == people.high
                else f"{people.best:,} ({people.low:,} to {people.high:,})"
            )
            said = f", claimed {plain(claimed)}" if claimed else ""
            days = say_span(answer.reading.windows[side])
            lines += _wrap(f"{told}{said} ({days})", f"  {SIDE_TITLES[side]}")
    lines += _tell_caveats(answer)
    return [*lines, "", f"dataset version {answer.dataset_version}, asked on {answer.asked_on}"]


def _tell_caveats(answer: CheckAnswer) -> list[str]:
    if answer.comparison is None or not answer.meanings or not answer.comparison.caveats:
        return []
    lines = ["", "Caveats from the data:"]
    for caveat in answer.comparison.caveats:
        lines += textwrap.wrap(plain(caveat.text), WIDTH, initial_indent="- ", subsequent_indent="  ")
    return lines


def tell_claims(claims: Sequence[ListedClaim], folder: str) -> list[str]:
    """The claims of a dataset, each with the command that checks it."""
    if not claims:
        return ["The dataset holds no claims: only what `code` wrote has some."]
    lines = []
    for claim in claims:
        reading = claim.reading
        where = ", ".join(filter(None, (claim.source, claim.article_title, str(claim.published_on or ""))))
        lines += _wrap(f"“{plain(reading.sentence)}”", "")
        lines += textwrap.wrap(plain(where), WIDTH, initial_indent="  ", subsequent_indent="  ")
        state = "is read whole" if not reading.unread else f"not read: {'; '.join(reading.unread)}"
        lines += textwrap.wrap(plain(state), WIDTH, initial_indent="  ", subsequent_indent="  ")
        lines += [f"  check it: conflictdesk check {folder} --claim {claim.claim_ids[0]}", ""]
    several = len(claims) != 1
    return [*lines, f"{len(claims)} claim{'s' if several else ''}"]


def tell_chronicle_lines(chronicle: Chronicle) -> list[str]:
    """A chronicle as a list: at the site, perhaps at the site, and what is not listed."""
    question = chronicle.question
    at = f"{chronicle.latitude:.4f}, {chronicle.longitude:.4f}"
    lines = [plain(f"{chronicle.name} ({at}), {question.km:g} km around, {say_period(question)}")]
    lines += _wrap(say_chronicle(chronicle), "", "")
    for title, incidents in (
        ("AT THE SITE", chronicle.exact),
        ("PERHAPS AT THE SITE (place less precise)", chronicle.near),
    ):
        lines += ["", f"{title}: {len(incidents)}"]
        for incident in incidents:
            lines += _tell_incident(incident)
    lines += [
        "",
        f"Not listed: {chronicle.undated} without a day, {chronicle.elsewhere} placed no better than province or "
        f"country.",
    ]
    return lines


def _tell_incident(incident: Incident) -> list[str]:
    who = " → ".join(filter(None, (incident.actor1, incident.actor2))) or "actor not said"
    km = f", {incident.distance_km:.1f} km" if incident.distance_km is not None else ""
    told = f"{incident.what or 'kind not said'}; {who}; deaths: {say_deaths(incident.deaths)}; {incident.where}{km}"
    return _wrap(plain(told), f"  {say_when(incident)}", 16)


def _wrap(text: str, label: str, indent: int | str | None = None) -> list[str]:
    """Text after a label, the following lines under its first word."""
    if not label:
        return textwrap.wrap(text, WIDTH) or [""]
    width = max(indent if isinstance(indent, int) else _LABEL + 3, len(label) + 2)
    return textwrap.wrap(text, WIDTH, initial_indent=label.ljust(width), subsequent_indent=" " * width) or [label]
