"""The files of a check: the dossier, one file to keep or send on, and the answer as JSON."""

from __future__ import annotations

import json

from conflictdesk.analyse.counts import tally_events
from conflictdesk.analyse.evidence import add_evidence
from conflictdesk.analyse.listing import list_incidents
from conflictdesk.datasets.opening import Dataset
from conflictdesk.publish.answers import tell_check
from conflictdesk.publish.charts import Look, draw_svg, draw_weeks
from conflictdesk.publish.claim_wording import MEANING_TITLES, SIDE_TITLES
from conflictdesk.publish.dossier import (
    LISTED_AT_MOST,
    Chart,
    DossierParts,
    EventList,
    note_dataset,
    render_dossier,
    write_check_snippet,
    write_command,
)
from conflictdesk.questions import CheckAnswer


def write_check_file(dataset: Dataset, answer: CheckAnswer, name: str) -> tuple[str, str] | None:
    """A file of a check and its media type; None where there is none of that name."""
    if name == "answer.json":
        return json.dumps(tell_check(answer), ensure_ascii=False, indent=1, default=str) + "\n", "application/json"
    return (write_dossier(dataset, answer), "text/html; charset=utf-8") if name == "dossier.html" else None


def write_dossier(dataset: Dataset, answer: CheckAnswer) -> str:
    """Draw the dossier of a check: the reading, the verdict, what it rests on, and how to do it again."""
    folder = dataset.folder.resolve().name
    parts = DossierParts(
        note=note_dataset(folder, dataset.manifest),
        command=_tell_command(folder, answer),
        snippet=write_check_snippet(folder, answer),
        made_on=answer.asked_on,
        lists=_list_events(dataset, answer),
        charts=_draw_charts(answer),
    )
    return render_dossier(answer, parts)


def _tell_command(folder: str, answer: CheckAnswer) -> str:
    reading = answer.reading
    words = ["conflictdesk", "check", folder, reading.sentence]
    words += [word for name in reading.actor for word in ("--actor", name)]
    words += ["--split", reading.split.isoformat()] if reading.split else []
    words += ["--window", reading.window] if reading.window else []
    words += ["--measure", reading.measure] if reading.measure else []
    return write_command([*words, "--tolerance", f"{answer.tolerance:g}", "--on", answer.asked_on.isoformat(), "--yes"])


def _list_events(dataset: Dataset, answer: CheckAnswer) -> tuple[EventList, ...]:
    lists = []
    for check in answer.meanings:
        for side, wanted in check.filters.items():
            incidents = add_evidence(dataset, list_incidents(dataset, wanted, order="influence", limit=LISTED_AT_MOST))
            name = MEANING_TITLES[check.meaning] if answer.reading.actor else "All events"
            total = tally_events(dataset, wanted).events
            lists.append(EventList(title=f"{name}, {SIDE_TITLES[side]}", total=total, incidents=incidents))
    return tuple(lists)


def _draw_charts(answer: CheckAnswer) -> tuple[Chart, ...]:
    comparison = answer.comparison
    if comparison is None or not comparison.weeks:
        return ()
    light, dark = (
        draw_svg(draw_weeks(comparison, look))
        for look in (Look(theme="light", width=720), Look(theme="dark", width=720))
    )
    return (Chart("Deaths, events and the sources that told of them, week by week.", light, dark),)
