"""What events rest on: the words of their articles, or the line of the source where no article is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conflictdesk.datasets.opening import Dataset
from conflictdesk.questions import Incident

_ASKED_AT_ONCE = 1000


def add_evidence(dataset: Dataset, incidents: Sequence[Incident]) -> tuple[Incident, ...]:
    """The same incidents, each with its quotes (field, quote, source), or with its source line as one quote."""
    held: dict[str, list[tuple[str, str, str]]] = {}
    ids = [incident.event_id for incident in incidents]
    for first in range(0, len(ids), _ASKED_AT_ONCE):
        part = ids[first : first + _ASKED_AT_ONCE]
        rows = dataset.ask(
            "SELECT event_id, field, quote, coalesce(source, article_title, '') FROM quotes"
            f' WHERE event_id IN ({", ".join("?" * len(part))}) ORDER BY event_id, article_id, "start", field',
            part,
        )
        for event_id, field, quote, source in rows:
            held.setdefault(str(event_id), []).append((str(field), str(quote), str(source)))
    return tuple(
        replace(incident, evidence=tuple(dict.fromkeys(held.get(incident.event_id, [])) or _source_line(incident)))
        for incident in incidents
    )


def _source_line(incident: Incident) -> tuple[tuple[str, str, str], ...]:
    source = "; ".join(incident.sources)
    return (("source", incident.notes, source),) if incident.notes or source else ()
