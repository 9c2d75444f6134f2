"""`conflictdesk check` and `conflictdesk chronicle`: a published claim, and the list of incidents at one site."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from conflictdesk.analyse.chronicle import Site
    from conflictdesk.analyse.claim_sentences import GivenParts
    from conflictdesk.datasets.opening import Dataset
    from conflictdesk.publish.dossier import Chart, EventList
    from conflictdesk.questions import CheckAnswer, Chronicle, ClaimReading


def add_check(parser: argparse.ArgumentParser) -> None:
    """Put the arguments of `check` on its parser."""
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="the folder that `import` made")
    parser.add_argument("sentence", nargs="?", metavar="SENTENCE", help="the claim as it was published, in quotes")
    parser.add_argument("--claim", metavar="CLAIM_ID", help="a claim that `code` found, as --list shows it")
    parser.add_argument("--list", action="store_true", help="list the claims that stand in the dataset")
    parser.add_argument("--published", type=_day, metavar="DATE", help='day of publication, for "last year"')
    read = parser.add_argument_group("set instead of what is read from the sentence")
    read.add_argument(
        "--actor", action="append", default=[], metavar="NAME", help="as the dataset has it; may be repeated"
    )
    read.add_argument("--split", type=_day, metavar="DATE", help="first day of the later window")
    read.add_argument("--window", metavar="LENGTH", help="length of each window: 6months, 1year, 182days")
    read.add_argument("--measure", choices=("deaths", "events", "injured"), help="what the figures count")
    read.add_argument("--country", action="append", default=[], metavar="NAME", help="may be repeated")
    read.add_argument("--admin1", action="append", default=[], metavar="NAME", help="province; may be repeated")
    parser.add_argument(
        "--tolerance", type=_tolerance, default=0.05, metavar="PART", help="default 0.05, which is 5 %%"
    )
    parser.add_argument(
        "--resamples", type=int, default=2000, metavar="N", help="draws for the intervals, default 2000"
    )
    parser.add_argument("--on", type=_day, metavar="DATE", help="day of the check, default today")
    parser.add_argument("--yes", action="store_true", help="the reading is right: do not ask")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--spec", type=Path, metavar="FILE", help="save the question and its answer as JSON")
    parser.add_argument("--dossier", type=Path, metavar="FILE", help="write a one-file report to send on (.html)")
    parser.set_defaults(run=run_check)


def add_chronicle(parser: argparse.ArgumentParser) -> None:
    """Put the arguments of `chronicle` on its parser."""
    point = "a place as the dataset names it, or a point: 36.24,43.96"
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="the folder that `import` made")
    parser.add_argument("--near", required=True, metavar="PLACE", help=point)
    parser.add_argument("--km", type=float, default=10.0, metavar="KM", help="how far around it, default 10")
    parser.add_argument("--from", dest="from_day", type=_day, metavar="DATE", help="first day")
    parser.add_argument("--to", dest="to_day", type=_day, metavar="DATE", help="the day after the last day")
    parser.add_argument("--where", action="append", default=[], metavar="KEY=VALUE", help="keep events with this value")
    parser.add_argument("--on", type=_day, metavar="DATE", help="day of the report, default today")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it as a one-file report (.html)")
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.add_argument("--spec", type=Path, metavar="FILE", help="save the question and its answer as JSON")
    parser.set_defaults(run=run_chronicle)


def _day(text: str) -> dt.date:
    from conflictdesk.datasets.filters import read_day

    try:
        return read_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 0.5:
        raise argparse.ArgumentTypeError(f"{text!r} is not a part from 0 to 0.5, such as 0.05 for 5 %")
    return value


# ---------------------------------------------------------------- check


def run_check(options: argparse.Namespace) -> int:
    """List the claims, or read one, have its reading confirmed, and check it."""
    from conflictdesk.datasets.opening import open_dataset

    dataset = open_dataset(options.dataset)
    try:
        if options.list:
            return _list_claims(dataset, options)
        return _check(dataset, options)
    finally:
        dataset.close()


def _list_claims(dataset: Dataset, options: argparse.Namespace) -> int:
    from conflictdesk.analyse.checks import list_claims
    from conflictdesk.commands.check_words import tell_claims
    from conflictdesk.publish.answers import tell_reading as reading_json

    claims = list_claims(dataset)
    if options.json:
        rows = [
            {
                "claims": list(claim.claim_ids),
                "source": claim.source,
                "article_title": claim.article_title,
                "published_on": claim.published_on.isoformat() if claim.published_on else None,
                "url": claim.url,
                "reading": reading_json(claim.reading),
            }
            for claim in claims
        ]
        print(json.dumps({"claims": rows}, ensure_ascii=False, indent=1))
        return 0
    print("\n".join(tell_claims(claims, str(options.dataset))))
    return 0


def _check(dataset: Dataset, options: argparse.Namespace) -> int:
    from conflictdesk.analyse.checks import check_claim
    from conflictdesk.publish.answers import tell_check

    reading, published_as = _read(dataset, options)
    if not options.yes and not _confirm(reading, options):
        return 2
    day = options.on or dt.date.today()
    answer = check_claim(dataset, reading, asked_on=day, tolerance=options.tolerance, resamples=options.resamples)
    told = tell_check(answer)
    if options.spec:
        kept = {"check": _spec(options, day), "answer": told}
        _save(options.spec, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    if options.dossier:
        _write_dossier(dataset, answer, options, published_as)
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print_answer(answer, options)
    return 0


def _read(dataset: Dataset, options: argparse.Namespace) -> tuple[ClaimReading, str | None]:
    """The reading, and in words where the claim was published."""
    from conflictdesk.analyse.checks import read_claim, read_sentence

    if bool((options.sentence or "").strip()) == bool(options.claim):
        raise ConfigError("give the sentence in quotes, or --claim CLAIM_ID; --list shows the claims of the dataset")
    given = _given(options)
    if options.sentence:
        return read_sentence(dataset, options.sentence, published=options.published, given=given), None
    claim = read_claim(dataset, options.claim, given=given, published=options.published)
    day = claim.published_on.isoformat() if claim.published_on else None
    return claim.reading, ", ".join(filter(None, (claim.source, claim.article_title, day, claim.url))) or None


def _given(options: argparse.Namespace) -> GivenParts:
    from conflictdesk.analyse.claim_sentences import GivenParts
    from conflictdesk.analyse.windows import read_length

    return GivenParts(
        actor=tuple(options.actor),
        split=options.split,
        window=read_length(options.window) if options.window else None,
        measure=options.measure,
        country=tuple(options.country),
        admin1=tuple(options.admin1),
    )


def _confirm(reading: ClaimReading, options: argparse.Namespace) -> bool:
    from conflictdesk.commands.check_words import tell_reading
    from conflictdesk.publish.answers import tell_reading as reading_json

    if options.json:
        print(json.dumps({"reading": reading_json(reading)}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(tell_reading(reading)))
    if not options.json and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        print()
        if _hear_yes():
            print()
            return True
        print("Nothing was checked. Set parts with --actor, --split, --window, --measure.", file=sys.stderr)
        return False
    print("conflictdesk: nothing was checked yet: add --yes if it is read rightly,", file=sys.stderr)
    print("or set parts with --actor, --split, --window, --measure, --country", file=sys.stderr)
    return False


def _hear_yes() -> bool:
    try:
        return input("Is it read rightly? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _spec(options: argparse.Namespace, day: dt.date) -> dict[str, object]:
    names = ("sentence", "claim", "actor", "window", "measure", "country", "admin1", "tolerance", "resamples")
    told: dict[str, object] = {"dataset": str(options.dataset), **{name: getattr(options, name) for name in names}}
    days = {"published": options.published, "split": options.split, "asked_on": day}
    return told | {name: value.isoformat() if value else None for name, value in days.items()}


def _print_answer(answer: CheckAnswer, options: argparse.Namespace) -> None:
    from conflictdesk.commands.check_words import tell_answer, tell_reading

    if options.yes:
        print("\n".join([*tell_reading(answer.reading), ""]))
    print("\n".join(tell_answer(answer)))
    for path, what in ((options.dossier, "dossier"), (options.spec, "question and answer")):
        if path:
            print(f"{what}: {path}")


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}; name another file") from None


def _write_dossier(
    dataset: Dataset, answer: CheckAnswer, options: argparse.Namespace, published_as: str | None
) -> None:
    from conflictdesk.publish.dossier import DossierParts, note_dataset, render_dossier, write_check_snippet

    parts = DossierParts(
        note=note_dataset(options.dataset.name or str(options.dataset), dataset.manifest),
        command=_command(options, answer.asked_on),
        snippet=write_check_snippet(str(options.dataset), answer, _tell_given(options)),
        made_on=answer.asked_on,
        lists=_list_events(dataset, answer),
        charts=_draw_charts(answer),
        claim=published_as,
    )
    _save(options.dossier, render_dossier(answer, parts))


def _command(options: argparse.Namespace, day: dt.date) -> str:
    from conflictdesk.publish.dossier import write_command

    said = ["--claim", options.claim] if options.claim else [options.sentence]
    words = ["conflictdesk", "check", str(options.dataset), *said]
    for name in ("published", "split", "window", "measure"):
        value = getattr(options, name)
        words += [f"--{name}", str(value)] if value else []
    for name in ("actor", "country", "admin1"):
        words += [word for value in getattr(options, name) for word in (f"--{name}", value)]
    return write_command([*words, "--tolerance", f"{options.tolerance:g}", "--on", day.isoformat(), "--yes"])


def _tell_given(options: argparse.Namespace) -> str:
    """What a person set, as arguments of `read_sentence` in Python."""
    told = f", published=dt.date.fromisoformat({options.published.isoformat()!r})" if options.published else ""
    given = [
        f"{name}={tuple(getattr(options, name))!r}" for name in ("actor", "country", "admin1") if getattr(options, name)
    ]
    given += [f"measure={options.measure!r}"] if options.measure else []
    given += [f"split=dt.date.fromisoformat({options.split.isoformat()!r})"] if options.split else []
    given += [f"window=read_length({options.window!r})"] if options.window else []
    return f"{told}, given=GivenParts({', '.join(given)})" if given else told


def _list_events(dataset: Dataset, answer: CheckAnswer) -> tuple[EventList, ...]:
    from conflictdesk.analyse.counts import tally_events
    from conflictdesk.analyse.evidence import add_evidence
    from conflictdesk.analyse.listing import list_incidents
    from conflictdesk.publish.claim_wording import MEANING_TITLES, SIDE_TITLES
    from conflictdesk.publish.dossier import LISTED_AT_MOST, EventList

    lists = []
    for check in answer.meanings:
        for side, wanted in check.filters.items():
            incidents = add_evidence(dataset, list_incidents(dataset, wanted, order="influence", limit=LISTED_AT_MOST))
            name = MEANING_TITLES[check.meaning] if answer.reading.actor else "All events"
            title = f"{name}, {SIDE_TITLES[side]}"
            lists.append(EventList(title=title, total=tally_events(dataset, wanted).events, incidents=incidents))
    return tuple(lists)


def _draw_charts(answer: CheckAnswer) -> tuple[Chart, ...]:
    from conflictdesk.publish.charts import Look, draw_svg, draw_weeks
    from conflictdesk.publish.dossier import Chart

    if answer.comparison is None or not answer.comparison.weeks:
        return ()
    light, dark = (draw_svg(draw_weeks(answer.comparison, Look(theme=theme))) for theme in ("light", "dark"))
    return (Chart("Deaths, events and the sources that told of them, week by week.", light, dark),)


# ---------------------------------------------------------------- chronicle


def run_chronicle(options: argparse.Namespace) -> int:
    """List what happened at a site, on the terminal, as JSON or as a report."""
    from conflictdesk.analyse.chronicle import write_chronicle
    from conflictdesk.analyse.known_values import settle_filter
    from conflictdesk.commands.check_words import tell_chronicle_lines
    from conflictdesk.commands.exports import read_pairs
    from conflictdesk.datasets.filters import read_filter
    from conflictdesk.datasets.opening import open_dataset
    from conflictdesk.publish.answers import tell_chronicle
    from conflictdesk.questions import ChronicleQuestion

    question = ChronicleQuestion(
        place=options.near,
        km=options.km,
        from_day=options.from_day,
        to_day=options.to_day,
        filter=read_filter(read_pairs(options.where)),
    )
    if question.from_day and question.to_day and question.to_day <= question.from_day:
        raise ConfigError(
            f"--to {question.to_day} is not after --from {question.from_day}: it is the day after the last"
        )
    dataset = open_dataset(options.dataset)
    try:
        question = replace(question, filter=settle_filter(dataset, question.filter))
        chronicle = write_chronicle(dataset, question, _find_elsewhere(dataset, options.near))
        if options.out:
            _write_report(dataset, chronicle, options)
    finally:
        dataset.close()
    told = tell_chronicle(chronicle)
    if options.spec:
        asked = {"chronicle": {"dataset": str(options.dataset), **_mapping(told["question"])}, "answer": told}
        _save(options.spec, json.dumps(asked, ensure_ascii=False, indent=1) + "\n")
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n".join(tell_chronicle_lines(chronicle)))
        for path, what in ((options.out, "report"), (options.spec, "question and answer")):
            if path:
                print(f"{what}: {path}")
    return 0


def _mapping(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _find_elsewhere(dataset: Dataset, place: str) -> Site | None:
    """The point of a place that the dataset does not name, from the gazetteer where one is compiled."""
    from conflictdesk.analyse.chronicle import Site, find_site

    site = find_site(dataset, place)
    if site:
        return site
    from conflictdesk.locate.gazetteer import FileGazetteer, find_gazetteer

    path = find_gazetteer()
    if not path.exists():
        return None
    held = {str(row[0]) for row in dataset.ask("SELECT DISTINCT iso3 FROM events WHERE iso3 IS NOT NULL")}
    found = [
        p
        for p in FileGazetteer(path).find(place)
        if p.latitude is not None and p.kind in ("town", "site") and p.iso3 in held
    ]
    if len(found) > 1:
        told = "; ".join(f"{p.name}, {p.admin1 or p.country} ({p.latitude:.2f},{p.longitude:.2f})" for p in found[:5])
        raise ConfigError(f"{place[:60]!r} may be any of: {told}; write one of these points with --near")
    if not found or found[0].latitude is None or found[0].longitude is None:
        return None
    name = ", ".join(filter(None, (found[0].name, found[0].admin1, found[0].country)))
    latitude, longitude = float(found[0].latitude), float(found[0].longitude)
    return Site(name=name, latitude=latitude, longitude=longitude, basis="the gazetteer")


def _write_report(dataset: Dataset, chronicle: Chronicle, options: argparse.Namespace) -> None:
    from conflictdesk.publish.dossier import (
        DossierParts,
        note_dataset,
        render_chronicle,
        write_chronicle_snippet,
        write_command,
    )

    day = options.on or dt.date.today()
    words = ["conflictdesk", "chronicle", str(options.dataset), "--near", options.near, "--km", f"{options.km:g}"]
    for name, value in (("--from", options.from_day), ("--to", options.to_day)):
        words += [name, value.isoformat()] if value else []
    words += [word for pair in options.where for word in ("--where", pair)]
    parts = DossierParts(
        note=note_dataset(options.dataset.name or str(options.dataset), dataset.manifest),
        command=write_command(words),
        snippet=write_chronicle_snippet(str(options.dataset), chronicle.question),
        made_on=day,
    )
    _save(options.out, render_chronicle(chronicle, parts))
