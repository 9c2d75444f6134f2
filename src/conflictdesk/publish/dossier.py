"""The dossier of a check and the report of a chronicle: one HTML file each, nothing loaded, no script."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import importlib.resources
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from conflictdesk.datasets.manifest import ImportRecord, Manifest
from conflictdesk.publish.claim_wording import (
    MEANING_TITLES,
    SIDE_TITLES,
    say_chronicle,
    say_deaths,
    say_period,
    say_reading,
    say_span,
    say_when,
)
from conflictdesk.publish.wording import say_day
from conflictdesk.questions import (
    CheckAnswer,
    Chronicle,
    ChronicleQuestion,
    ClaimReading,
    Comparison,
    Incident,
    Interval,
    Ratio,
)

LISTED_AT_MOST = 50
"""How many events a dossier lists behind each number."""
_QUOTES_AT_MOST = 6
_LONGEST_QUOTE = 400
_LONGEST_SENSITIVITY = 60
# Characters that HTML forbids or turns into something else.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

_CITATIONS = {
    "ucdp": (
        "UCDP data: Uppsala Conflict Data Program, Department of Peace and Conflict Research, Uppsala University; "
        "licence"
        " CC BY 4.0. Cite: Sundberg, R. and E. Melander (2013), Introducing the UCDP Georeferenced Event Dataset, "
        "Journal of"
        " Peace Research 50(4); and the version named above."
    ),
    "acled": (
        "ACLED data: Armed Conflict Location & Event Data, under the terms of the user's own licence. The notes of "
        "its rows"
        " are left out here; cite ACLED as its terms ask."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetNote:
    """Which dataset was asked: name, version, number of events, its imports, and how to cite them."""

    name: str
    version: str
    events: int
    imports: tuple[ImportRecord, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventList:
    """The events behind one number: its title, how many there are, and the first of them by influence."""

    title: str
    total: int
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing as SVG, for light and for dark pages."""

    title: str
    light: str
    dark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierParts:
    """What stands in a dossier beside the answer itself. `claim` says in words where the claim was published."""

    note: DatasetNote
    command: str
    snippet: str
    made_on: dt.date
    lists: tuple[EventList, ...] = ()
    charts: tuple[Chart, ...] = ()
    claim: str | None = None


def note_dataset(name: str, manifest: Manifest) -> DatasetNote:
    """Describe a dataset from its manifest, with the citations that its sources ask for."""
    kinds = {word for record in manifest.imports for word in (record.kind, record.origin)}
    return DatasetNote(
        name=name,
        version=manifest.version,
        events=manifest.counts.get("events", 0),
        imports=manifest.imports,
        citations=tuple(text for kind, text in _CITATIONS.items() if kind in kinds),
    )


def render_dossier(answer: CheckAnswer, parts: DossierParts) -> str:
    """Draw the dossier of a check as one HTML document; the same answer and parts give the same text."""
    comparison = answer.comparison
    return _render(
        "check",
        title=f"Check of a claim: {answer.verdict}",
        answer=answer,
        pieces=_mark_figures(answer.reading),
        reading=say_reading(answer.reading),
        meanings=_say_meanings(answer),
        unknown=_say_unknown(answer),
        ratios=_say_ratios(comparison) if comparison else [],
        sensitivity=_say_sensitivity(comparison) if comparison else [],
        charts=[(chart.title, Markup(chart.light), Markup(chart.dark)) for chart in parts.charts],
        lists=parts.lists,
        claim=parts.claim,
        **_shared(parts),
    )


def render_chronicle(chronicle: Chronicle, parts: DossierParts) -> str:
    """Draw a chronicle as one HTML document."""
    return _render(
        "chronicle",
        title=f"Chronicle of {chronicle.name}",
        chronicle=chronicle,
        period=say_period(chronicle.question),
        summary=say_chronicle(chronicle),
        **_shared(parts),
    )


def _shared(parts: DossierParts) -> dict[str, object]:
    return {"note": parts.note, "command": parts.command, "snippet": parts.snippet, "made_on": parts.made_on}


def _render(name: str, **values: object) -> str:
    html = _environment().get_template(name).render(**values)
    return _UNPRINTABLE.sub("\ufffd", html)


@cache
def _environment() -> Environment:
    style = _read("dossier.css")
    names = {
        "dossier": "dossier.html.jinja",
        "check": "dossier_check.html.jinja",
        "chronicle": "dossier_chronicle.html.jinja",
    }
    environment = Environment(
        loader=DictLoader({name: _read(file) for name, file in names.items()}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    environment.globals.update(
        style=Markup(style),
        policy=policy,
        say_day=say_day,
        say_when=say_when,
        say_deaths=say_deaths,
        say_evidence=_say_evidence,
    )
    return environment


def _read(name: str) -> str:
    return importlib.resources.files("conflictdesk.publish").joinpath(name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- in words


def _say_evidence(incident: Incident) -> list[tuple[str, str, str]]:
    """The quotes of an event, cut to a readable length; notes that a licence keeps back are left out."""
    if incident.event_id.startswith("acled:"):
        return [("source", "", "; ".join(incident.sources))] if incident.sources else []
    kept: dict[tuple[str, str], list[str]] = {}
    for field, quote, source in incident.evidence:
        kept.setdefault((quote, source), []).append(field.replace("_", " "))
    shown = list(kept.items())[:_QUOTES_AT_MOST]
    return [(", ".join(dict.fromkeys(fields)), _cut(quote), source) for (quote, source), fields in shown]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 2].rsplit(" ", 1)[0] + " …"


def _mark_figures(reading: ClaimReading) -> list[tuple[str, bool]]:
    places = [(figure.start, figure.end) for figure in reading.figures]
    if "change" in reading.spans:
        places.append(reading.spans["change"])
    pieces, at = [], 0
    for start, end in sorted(places):
        if start < at:
            continue
        pieces += [(reading.sentence[at:start], False), (reading.sentence[start:end], True)]
        at = end
    return [piece for piece in (*pieces, (reading.sentence[at:], False)) if piece[0]]


@dataclass(frozen=True, slots=True)
class _MeaningLines:
    name: str
    verdict: str
    rows: list[tuple[str, str, str, object]]


def _say_meanings(answer: CheckAnswer) -> list[_MeaningLines]:
    claimed = {str(figure.side): figure.quote for figure in answer.reading.figures}
    lines = []
    for check in answer.meanings:
        sides = sorted(check.found, key=list(SIDE_TITLES).index)
        rows: list[tuple[str, str, str, object]] = [
            (SIDE_TITLES[side], say_span(answer.reading.windows[side]), claimed.get(side, "—"), check.found[side])
            for side in sides
        ]
        name = MEANING_TITLES[check.meaning] if answer.reading.actor else "All events"
        lines.append(_MeaningLines(name, check.verdict, rows))
    return lines


def _say_unknown(answer: CheckAnswer) -> str:
    unknown = sum(people.unknown for check in answer.meanings[:1] for people in check.found.values())
    return (
        f"{unknown:,} event{'' if unknown == 1 else 's'} of the first meaning give no figure and add nothing."
        if unknown
        else ""
    )


def _say_ratios(comparison: Comparison) -> list[tuple[str, str, str, str, str]]:
    lines = []
    for meaning, told in comparison.meanings.items():
        if told is None:
            continue
        for what, ratio in (("events", told.events_ratio), ("deaths", told.deaths_ratio)):
            lines.append(
                (
                    MEANING_TITLES[meaning],
                    what,
                    _say_ratio(ratio),
                    _say_interval(ratio.measured),
                    _say_interval(ratio.interval),
                )
            )
    return lines


def _say_ratio(ratio: Ratio) -> str:
    return f"{ratio.value:.2f}" if ratio.value is not None else "—"


def _say_interval(interval: Interval | None) -> str:
    if interval is None:
        return "—"
    low = f"{interval.low:.2f}" if interval.low is not None else "no lower end"
    high = f"{interval.high:.2f}" if interval.high is not None else "no upper end"
    return f"{low} to {high}"


def _say_sensitivity(comparison: Comparison) -> list[tuple[str, str, str, str, str]]:
    rows = []
    for row in comparison.sensitivity[:_LONGEST_SENSITIVITY]:
        # The row of the lowest or highest figures speaks of those, all others of the best.
        figure = {"lowest figures": "low", "highest figures": "high"}.get(row.choice, "best")
        before, after = (getattr(window.tally.deaths, figure) for window in (row.before, row.after))
        rows.append(
            (row.choice, MEANING_TITLES[row.meaning], f"{before:,}", f"{after:,}", _say_ratio(row.deaths_ratio))
        )
    return rows


# ---------------------------------------------------------------- to recompute


def write_command(words: Sequence[str]) -> str:
    """A command line that a shell reads back as these words.

    >>> write_command(["conflictdesk", "check", "my data", "It's said"])
    'conflictdesk check \\'my data\\' \\'It\\'"\\'"\\'s said\\''
    """
    return shlex.join(words)


def write_check_snippet(folder: str, answer: CheckAnswer, given: str = "") -> str:
    """The Python lines that make this answer again; `given` are the arguments that a person set, as Python."""
    return "\n".join(
        (
            "import datetime as dt",
            "from pathlib import Path",
            "from conflictdesk.analyse.checks import check_claim, read_sentence",
            "from conflictdesk.datasets.opening import open_dataset",
            f"dataset = open_dataset(Path({folder!r}))  # version {answer.dataset_version}",
            f"reading = read_sentence(dataset, {answer.reading.sentence!r}{given})",
            f"answer = check_claim(dataset, reading, asked_on=dt.date.fromisoformat({answer.asked_on.isoformat()!r}),"
            f" tolerance={answer.tolerance!r})",
            "print(answer.verdict, answer.why)",
        )
    )


def write_chronicle_snippet(folder: str, question: ChronicleQuestion) -> str:
    """The Python lines that make this chronicle again."""
    return "\n".join(
        (
            "from pathlib import Path",
            "from conflictdesk.analyse.chronicle import write_chronicle",
            "from conflictdesk.datasets.opening import open_dataset",
            "from conflictdesk.questions import ChronicleQuestion",
            f"dataset = open_dataset(Path({folder!r}))",
            f"question = ChronicleQuestion(place={question.place!r}, km={question.km!r})",
            "print(write_chronicle(dataset, question))",
        )
    )
