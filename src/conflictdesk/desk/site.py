"""The static site: the same pages as files that work from disk, without a server and without JavaScript.

The pages themselves say which further pages are needed: each address that a template asks for is a page to write, until
none is left. What is too large is left out in the open: a page that is not written is no link, and the first page says
what is missing.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.analyse.checks import TOLERANCE, check_claim, list_claims
from conflictdesk.analyse.listing import EventSheet, list_incidents, read_events
from conflictdesk.datasets.opening import Dataset, open_dataset
from conflictdesk.desk.about_page import MOST_LISTED, view_about
from conflictdesk.desk.check_files import write_check_file
from conflictdesk.desk.chips import say_filter
from conflictdesk.desk.claim_pages import check_context, mark_sentence
from conflictdesk.desk.drawing import draw_map
from conflictdesk.desk.event_view import find_differences, group_passages, group_values
from conflictdesk.desk.exporting import write_csv
from conflictdesk.desk.facets import FACETS, count_facets
from conflictdesk.desk.question_forms import Form
from conflictdesk.desk.question_pages import write_compare_file, write_count_file
from conflictdesk.desk.question_views import view_compare, view_count
from conflictdesk.desk.question_words import COMPARE_WORDS, say_window
from conflictdesk.desk.rendering import HERE, make_environment
from conflictdesk.desk.site_links import SiteLinks, SitePlan
from conflictdesk.desk.views import view_list
from conflictdesk.errors import StoreError
from conflictdesk.publish.charts import say_day
from conflictdesk.questions import ClaimReading, CompareQuestion, CountQuestion, Dimension, Filter

if TYPE_CHECKING:
    from jinja2 import Environment

LARGE: Final = 20_000
"""Events beyond which not every event and every list gets a page."""
LIST_AT_MOST: Final = 1_000
"""Rows of one list page; the sums above it are of all."""
_MARK: Final = "site.conflictdesk"
_COUNTS: Final[tuple[Dimension, ...]] = ("year", "month", "country", "admin1", "event_type", "actor", "source")
_ROW_LIMIT: Final = 200
_BATCH: Final = 1_000
"""Events that are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheck:
    """A claim to be checked: its reading, the day of the check, and how near a figure must come to count as met."""

    reading: ClaimReading
    asked_on: dt.date
    tolerance: float = TOLERANCE
    resamples: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteParts:
    """What a site holds besides its standing pages: kept questions."""

    counts: tuple[CountQuestion, ...] = ()
    comparisons: tuple[CompareQuestion, ...] = ()
    checks: tuple[KeptCheck, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What was written: pages by kind, and in words what was left out."""

    folder: Path
    pages: Mapping[str, int]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Site:
    """A site that is being written."""

    dataset: Dataset
    out: Path
    plan: SitePlan
    links: SiteLinks
    environment: Environment
    navigation: list[tuple[str, str]]
    pages: dict[str, int] = field(default_factory=dict)

    def write(self, here: str, template: str, kind: str, **context: object) -> None:
        """Fill a template and write it as a file of the site."""
        self.links.move(here)
        frame: dict[str, object] = {
            "here": "/" if here == "index.html" else "/" + here.removesuffix(".html"),
            "dataset_name": self.dataset.folder.resolve().name,
            "dataset_version": self.dataset.version,
            "dataset_events": self.dataset.manifest.counts.get("events", 0),
            "live": False,
        }
        self.save(here, self.environment.get_template(template).render(**frame, **context))
        self.pages[kind] = self.pages.get(kind, 0) + 1

    def save(self, name: str, content: str | bytes) -> None:
        """Write one file."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)


def write_site(folder: Path, out: Path, parts: SiteParts = SiteParts()) -> SiteReport:
    """Write a dataset as a static site into the folder `out`, which is new, empty, or an earlier site.

    Of more than LARGE events, only those with the most weight get pages of their own, and the site says so.

    Raises:
        StoreError: there is no dataset, or `out` holds something else or cannot be written.
        ConfigError: a kept question cannot be asked of this dataset.
    """
    # Each event is looked up on its own: from memory that is many times faster than from the file.
    dataset = open_dataset(folder, in_memory=True)
    _prepare(out)
    events = dataset.manifest.counts.get("events", 0)
    plan = SitePlan(most_events=None if events <= LARGE else LARGE // 2)
    site = _open_site(dataset, out, plan)
    try:
        return _write_pages(site, parts, events)
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error.strerror or error}; name another folder") from error
    finally:
        dataset.close()


def _open_site(dataset: Dataset, out: Path, plan: SitePlan) -> _Site:
    environment, links = make_environment(), SiteLinks(plan)
    navigation: list[tuple[str, str]] = []
    environment.globals.update(link=links, navigation=navigation)
    return _Site(dataset, out, plan, links, environment, navigation)


def _prepare(out: Path) -> None:
    """Make the folder ready; what an earlier site left there is taken away, anything else is refused."""
    if out.exists() and any(out.iterdir()):
        if not (out / _MARK).is_file():
            raise StoreError(f"{out} holds other files: name a new or empty folder for the site")
        shutil.rmtree(out)
    (out / "static").mkdir(parents=True, exist_ok=True)
    (out / _MARK).write_text("This folder was written by `conflictdesk explore --site` and is overwritten by it.\n")
    for name in ("desk.css", "questions.css", "icon.svg"):
        if (HERE / "static" / name).is_file():
            shutil.copyfile(HERE / "static" / name, out / "static" / name)


def _write_pages(site: _Site, parts: SiteParts, events: int) -> SiteReport:
    questions = [*_standing_counts(site.dataset), *parts.counts]
    saved = [(f"count-{_slug(q, n)}.html", q) for n, q in enumerate(questions, start=1)]
    compared = [(f"compare-{number}.html", question) for number, question in enumerate(parts.comparisons, start=1)]
    checked = [(f"check-{number}.html", check) for number, check in enumerate(parts.checks, start=1)]
    claims = list_claims(site.dataset)
    site.navigation += [("/", "Explore"), ("/counts", "Counts")]
    site.navigation += [("/questions", "Comparisons and checks")] if compared or checked else []
    site.navigation += [("/claims", "Claims")] if claims else []
    site.navigation += [("/about", "About the data")]
    lines: list[tuple[str, str]] = []
    for name, count in saved:
        _write_count(site, name, count)
    for name, question in compared:
        lines.append((name, _write_comparison(site, name, question)))
    for name, check in checked:
        lines.append((name, _write_check(site, name, check)))
    titles = [(name, _title_of_count(count)) for name, count in saved]
    site.write("counts.html", "site_index.html.jinja", "lists", title="Counts", lines=titles)
    if lines:
        site.write("questions.html", "site_index.html.jinja", "lists", title="Comparisons and checks", lines=lines)
    if claims:
        site.write("claims.html", "claims.html.jinja", "claims", claims=claims, link_check=None)
    site.write(
        "about.html", "about.html.jinja", "about", view=view_about(site.dataset), most=MOST_LISTED, nothing=Filter()
    )
    site.save("events.csv", b"".join(_as_bytes(part) for part in write_csv(site.dataset, Filter())))
    left_out = _tell_left_out(site, events)
    _write_front(site, titles + lines, left_out)
    _write_rest(site)
    site.write(
        "left-out.html", "fault.html.jinja", "lists", title="Not in this site", told=" ".join(left_out) or "Nothing."
    )
    return SiteReport(folder=site.out, pages=dict(site.pages), left_out=left_out)


def _as_bytes(part: str | bytes) -> bytes:
    return part.encode("utf-8") if isinstance(part, str) else part


def _standing_counts(dataset: Dataset) -> list[CountQuestion]:
    """The counts that every site has: those dimensions that hold anything."""
    held = []
    for name in _COUNTS:
        question = CountQuestion(by=(name,), limit=_ROW_LIMIT)
        if view_rows(dataset, question):
            held.append(question)
    return held


def view_rows(dataset: Dataset, question: CountQuestion) -> int:
    """How many rows a count has."""
    from conflictdesk.desk.question_views import answer_count

    return len(answer_count(dataset, question).rows)


def _slug(question: CountQuestion, number: int) -> str:
    return "-".join(question.by) + ("" if question.filter == Filter() else f"-{number}")


def _title_of_count(question: CountQuestion) -> str:
    from conflictdesk.publish.charts import say_dimension

    chips = ", ".join(chip.text for chip in say_filter(question.filter))
    return f"Count by {' and '.join(say_dimension(name) for name in question.by)}" + (f": {chips}" if chips else "")


def _write_count(site: _Site, name: str, question: CountQuestion) -> None:
    site.links.move(name)
    view = view_count(site.dataset, question, "events", site.links.events)
    form: Form[CountQuestion] = Form(question=question, told={}, faults={}, sent=True)
    shown: dict[str, object] = {**COMPARE_WORDS, "form": form, "view": view, "fault": "", "pairs": []}
    site.write(name, "count.html.jinja", "counts", chips=say_filter(question.filter), **shown)
    stem = name.removesuffix(".html")
    for file in ("table.csv", "answer.json", "chart.svg", "chart.png", "chart.json"):
        made = write_count_file(site.dataset, (question, form), file)
        if made:
            site.save(f"{stem}.{file}", made[0])


def _write_comparison(site: _Site, name: str, question: CompareQuestion) -> str:
    site.links.move(name)
    view = view_compare(site.dataset, question, site.links.events)
    form: Form[CompareQuestion] = Form(question=question, told={}, faults={}, sent=True)
    shown: dict[str, object] = {**COMPARE_WORDS, "form": form, "view": view, "fault": "", "pairs": []}
    site.write(name, "compare.html.jinja", "comparisons", chips=say_filter(question.filter), **shown)
    _save_comparison_files(site, name, question, [figure.name for figure in view.figures])
    return f"{view.actor}: before and after {say_day(question.split)}, {say_window(question.window)} each"


def _save_comparison_files(site: _Site, name: str, question: CompareQuestion, figures: Sequence[str]) -> None:
    stem = name.removesuffix(".html")
    site.links.move(name)
    for file in ("answer.json", *(f"{figure}.{kind}" for figure in figures for kind in ("svg", "png", "json"))):
        made = write_compare_file(site.dataset, question, file, site.links.events)
        if made:
            site.save(f"{stem}.{file}", made[0])


def _write_check(site: _Site, name: str, check: KeptCheck) -> str:
    reading = check.reading
    answer = check_claim(
        site.dataset, reading, asked_on=check.asked_on, tolerance=check.tolerance, resamples=check.resamples
    )
    shown: dict[str, object] = {**COMPARE_WORDS, "view": answer, "marked": mark_sentence(reading), "pairs": []}
    shown |= {"sentence": reading.sentence, "claim_id": "", "fault": "", "form": None, "listed": None}
    site.links.move(name)
    shown |= {**check_context(site.dataset, answer, [], site.links.events), "compare_pairs": []}
    site.write(name, "check.html.jinja", "checks", **shown)
    made = write_check_file(site.dataset, answer, "dossier.html")
    if made:
        site.save(name.removesuffix(".html") + ".dossier.html", made[0])
    if answer.comparison is not None:
        compared = shown["compared"]
        figures = [figure.name for figure in getattr(compared, "figures", ())]
        _save_comparison_files(site, name, answer.comparison.question, figures)
    return f"{answer.verdict}: “{reading.sentence[:120]}”"


def _tell_left_out(site: _Site, events: int) -> tuple[str, ...]:
    told = ["A site from disk has no search and no free choice of filters: `conflictdesk explore` has."]
    if site.plan.most_events is not None:
        told.append(
            f"Of {events:,} events only {site.plan.most_events:,} have a page of their own: those that the lists of "
            "this site name first. All stand in events.csv."
        )
    told.append(f"A list shows {LIST_AT_MOST:,} events at most; the sums above it are of all. All stand in events.csv.")
    return tuple(told)


def _write_front(site: _Site, lines: Sequence[tuple[str, str]], left_out: Sequence[str]) -> None:
    everything = Filter()
    site.save("map.svg", draw_map(site.dataset, everything))
    site.save("map-dark.svg", draw_map(site.dataset, everything, dark=True))
    site.links.move("index.html")
    span = "year" if view_rows(site.dataset, CountQuestion(by=("year",))) > 3 else "month"
    by: Dimension = "year" if span == "year" else "month"
    count = view_count(site.dataset, CountQuestion(by=(by,)), "events", site.links.events)
    view = view_list(site.dataset, everything, order="newest")
    site.write(
        "index.html",
        "site_front.html.jinja",
        "front",
        view=view,
        facets=count_facets(site.dataset, everything, [facet.name for facet in FACETS]),
        figure=count.figure,
        lines=lines,
        left_out=left_out,
    )


def _write_rest(site: _Site) -> None:
    """Write the lists and events that pages asked for, until nothing more is asked."""
    written: set[Filter] = set()
    while waiting := [wanted for wanted in site.plan.lists if wanted not in written]:
        for wanted in waiting:
            _write_list(site, wanted)
            written.add(wanted)
    asked = list(site.plan.events.items())
    for first in range(0, len(asked), _BATCH):
        batch = asked[first : first + _BATCH]
        sheets = read_events(site.dataset, [event_id for event_id, _ in batch])
        for event_id, name in batch:
            _write_event(site, name, event_id, sheets.get(event_id))


def _write_list(site: _Site, wanted: Filter) -> None:
    view = view_list(site.dataset, wanted, order="influence")
    incidents = list_incidents(site.dataset, wanted, order="influence", limit=LIST_AT_MOST)
    name = site.plan.lists[wanted]
    site.write(name, "site_events.html.jinja", "lists of events", view=view, incidents=incidents, most=LIST_AT_MOST)


def _write_event(site: _Site, name: str, event_id: str, sheet: EventSheet | None) -> None:
    if sheet is None:
        # A list of changes may name an event that was withdrawn.
        told = f"The dataset no longer holds the event {event_id}."
        site.write(name, "fault.html.jinja", "events", title="Withdrawn", told=told)
        return
    site.write(
        name,
        "event.html.jinja",
        "events",
        sheet=sheet,
        groups=group_values(sheet),
        passages=group_passages(sheet.quotes),
        earlier=[(version, find_differences(version, sheet)) for version in sheet.earlier],
        source_import=site.dataset.manifest.find_import(str(dict(sheet.values)["import_id"])),
    )
