"""One event of the working desk as its page shows it: values, what each report says, which reports it joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.casework import EventRecord, SentenceNote, name_origin
from conflictdesk.decisions import Value
from conflictdesk.desk.article_view import Evidence, find_sentence
from conflictdesk.desk.decided_words import say_decided, title_field
from conflictdesk.publish.wording import NOT_SAID, say_attribution
from conflictdesk.records import Article, Event, Mention
from conflictdesk.workflow.casefiles import Verdicts

EVENT_FIELDS: Final = ("event_type", "date", "place", "actor1", "actor2", "deaths", "injured", "civilian_targeting")
"""The fields of an event that the lead may change."""
VERDICTS: Final = {
    "same": "tell of the same event",
    "different": "tell of different events",
    "unsure": "may tell of the same event",
}
_RANK: Final = {"unsure": 0, "same": 1, "different": 2}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value of the event: `known` is False where no report tells it; `why` where it was concluded, not read."""

    name: str
    title: str
    words: str
    known: bool
    disputed: bool
    reopened: bool
    why: str | None
    least_best_most: tuple[int | None, int, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One article's word on this event: the article, its words for each field, the quotes they rest on."""

    number: int
    mention_id: str
    article_id: str
    title: str
    source: str
    published: str
    values: Mapping[str, str]
    evidence: Mapping[str, tuple[Evidence, ...]]
    quotes: tuple[tuple[str, tuple[Evidence, ...]], ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A field on which the reports differ: each report's words, side by side."""

    name: str
    title: str
    now: str
    told: tuple[tuple[Report, str, tuple[Evidence, ...]], ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two reports and whether they tell of one event: the report of this event, the other, who says so."""

    left: str
    right: str
    ours: str
    other: str
    other_article: str
    other_event: str | None
    verdict: str
    words: str
    by: str
    score: str
    by_person: bool = False


def value_of(record: Event | Mention, name: str) -> Value | None:
    """What an event or a mention holds under a field's name."""
    if name == "event_type":
        return record.sub_event_type or record.event_type
    if name == "date":
        return record.dates
    if name == "attribution":
        return None
    held: Value | None = getattr(record, name)
    return held


def view_values(record: EventRecord) -> tuple[ValueRow, ...]:
    """The event's values in the order of the card."""
    event = record.event
    return tuple(_view_value(record, name, value_of(event, name)) for name in EVENT_FIELDS)


def _view_value(record: EventRecord, name: str, value: Value | None) -> ValueRow:
    event = record.event
    why = event.inferred.get(name) if value is not None else event.cannot_tell.get(name)
    toll = event.deaths if name == "deaths" else event.injured if name == "injured" else None
    return ValueRow(
        name=name,
        title=title_field(name),
        words=say_decided(value),
        known=value is not None,
        disputed=name in event.disputed,
        reopened=name in record.open_fields,
        why=why,
        least_best_most=(toll.low, toll.best, toll.high) if toll else None,
    )


def view_reports(
    mentions: Sequence[Mention], articles: Mapping[str, Article], notes: Mapping[str, Sequence[SentenceNote]]
) -> tuple[Report, ...]:
    """The event's reports by day of publication, each with its own words."""
    ordered = sorted(mentions, key=lambda m: (_day(articles.get(m.article_id)), m.mention_id))
    return tuple(
        _view_report(number, mention, articles[mention.article_id], notes.get(mention.article_id, ()))
        for number, mention in enumerate(ordered, 1)
        if mention.article_id in articles
    )


def _day(article: Article | None) -> str:
    return article.published_on.isoformat() if article and article.published_on else "9999"


def _view_report(number: int, mention: Mention, article: Article, notes: Sequence[SentenceNote]) -> Report:
    evidence = {
        name: tuple(Evidence(find_sentence(notes, span.start), span.quote(article.text)) for span in spans)
        for name, spans in mention.evidence.items()
    }
    by_quote: dict[Evidence, list[str]] = {}
    for name in (*EVENT_FIELDS, "attribution"):
        for quote in evidence.get(name, ()):
            by_quote.setdefault(quote, []).append(title_field(name).lower())
    return Report(
        number=number,
        mention_id=mention.mention_id,
        article_id=article.article_id,
        title=article.title or "an article without a headline",
        source=article.source or f"a source not named ({name_origin(article)})",
        published=article.published_on.isoformat() if article.published_on else "",
        values={name: say_decided(value_of(mention, name)) for name in EVENT_FIELDS},
        evidence=evidence,
        quotes=tuple(
            (", ".join(names), (quote,)) for quote, names in sorted(by_quote.items(), key=lambda row: row[0].sentence)
        ),
    )


def view_disputes(record: EventRecord, reports: Sequence[Report]) -> tuple[Dispute, ...]:
    """The fields on which the reports differ, or which a new report reopened, side by side."""
    names = [name for name in EVENT_FIELDS if name in {*record.event.disputed, *record.open_fields}]
    return tuple(
        Dispute(
            name,
            title_field(name),
            say_decided(value_of(record.event, name)),
            tuple((report, report.values[name], report.evidence.get(name, ())) for report in reports),
        )
        for name in names
    )


def list_attributions(event: Event, reports: Sequence[Report]) -> tuple[tuple[Report, str, tuple[Evidence, ...]], ...]:
    """Each report's word on who did it; the event's attributions name their article."""
    held = {key: report for report in reversed(reports) for key in (report.mention_id, report.article_id)}
    told = []
    for name, attribution in event.attribution:
        report = held.get(name)
        if report is not None:
            told.append((report, say_attribution(attribution, report.source), report.evidence.get("attribution", ())))
    return tuple(told)


def view_pairings(
    verdicts: Verdicts,
    reports: Sequence[Report],
    others: Mapping[str, tuple[str, str]],
    event_of: Mapping[str, str],
) -> tuple[Pairing, ...]:
    """The pairs of reports that were compared, the unsure first: `others` names each mention's article and headline.

    A person's verdict stands in place of the machine's.
    """
    people = frozenset(verdicts.people)
    matches = sorted((*people, *verdicts.machine), key=lambda m: (_RANK[m.verdict], -m.score, m.left, m.right))
    own = {report.mention_id: f"report {report.number}" for report in reports}
    pairs = []
    for match in matches:
        left, right = (match.left, match.right) if match.left in own else (match.right, match.left)
        if left not in own or right not in others:
            continue
        article, title = others[right]
        pairs.append(
            Pairing(
                left=left,
                right=right,
                ours=own[left],
                other=own.get(right, title),
                other_article=article,
                other_event=None if right in own else event_of.get(right),
                verdict=match.verdict,
                words=VERDICTS[match.verdict],
                by=match.by,
                score=f"{match.score:.2f}",
                by_person=match in people,
            )
        )
    return tuple(pairs)


def title_event(event: Event) -> str:
    """The event in a line, its type and place."""
    what = event.sub_event_type or event.event_type or "An event of a type not told"
    return f"{what} in {event.place.name}" if event.place else what


def say_toll(row: ValueRow) -> str:
    """Low, best and high apart, in words; "open above" where the figure is "at least"."""
    if row.least_best_most is None:
        return NOT_SAID
    low, best, high = row.least_best_most
    return f"low {low:,}, best {best:,}, high {'open: the figure is “at least”' if high is None else f'{high:,}'}"
