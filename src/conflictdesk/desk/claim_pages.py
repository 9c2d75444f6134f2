"""The pages of claims: check a sentence, the claims of the dataset, the chronicle of a site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup, escape

from conflictdesk.analyse.checks import ListedClaim, check_claim, list_claims, read_claim, read_sentence
from conflictdesk.analyse.chronicle import write_chronicle
from conflictdesk.analyse.claim_coverage import tells_civilian_deaths
from conflictdesk.analyse.claim_sentences import GivenParts
from conflictdesk.analyse.windows import read_length
from conflictdesk.datasets.filters import filter_pairs
from conflictdesk.datasets.opening import Dataset
from conflictdesk.desk.asking import answer_page, dataset_of
from conflictdesk.desk.check_files import write_check_file
from conflictdesk.desk.chronicle_view import view_chronicle
from conflictdesk.desk.question_forms import (
    CHRONICLE_KEYS,
    CLAIM_MEASURES,
    LONGEST_SENTENCE,
    Form,
    correct_reading,
    read_chronicle,
)
from conflictdesk.desk.question_views import view_compare
from conflictdesk.desk.question_words import COMPARE_WORDS, MEANING_WORDS, say_span, say_window
from conflictdesk.desk.rendering import Links
from conflictdesk.errors import ConfigError
from conflictdesk.publish.charts import Linker, say_day
from conflictdesk.questions import CheckAnswer, Chronicle, ChronicleQuestion, ClaimReading, Filter

router = APIRouter()
WORDS: Mapping[str, object] = {
    "say_day": say_day,
    "say_span": say_span,
    "say_window": say_window,
    "meaning_words": MEANING_WORDS,
    "nothing": Filter(),
}
FIELD_WORDS = {
    "actor": "the actor",
    "measure": "what is counted",
    "split": "the day that parts before from after",
    "window": "how long each side is",
    "figures": "the figures",
    "country": "the country",
}


@router.get("/check", response_class=HTMLResponse)
def show_check(request: Request) -> Response:
    """A claim: paste it, see how it is read, mend the reading, and have it checked."""
    pairs = request.query_params.multi_items()
    dataset = dataset_of(request)
    sentence = next((value.strip() for key, value in pairs if key == "sentence"), "")
    claim_id = next((value.strip() for key, value in pairs if key == "claim"), "")
    shown: dict[str, object] = {**WORDS, "sentence": sentence, "claim_id": claim_id, "live": True}
    shown |= {
        "words": lambda key: "",
        "fault": "",
        "form": None,
        "view": None,
        "listed": None,
        "pairs": pairs,
        "marked": "",
    }
    if not sentence and not claim_id:
        return answer_page(request, "check.html.jinja", status=200, **shown)
    if len(sentence) > LONGEST_SENTENCE:
        shown["fault"] = f"The sentence is too long: at most {LONGEST_SENTENCE:,} letters."
        return answer_page(request, "check.html.jinja", status=422, **shown)
    try:
        reading, listed = read_asked(dataset, pairs)
        form = correct_reading(reading, pairs)
        shown["words"] = lambda key: quote_words(reading, key)
        shown |= {"form": form, "reading": form.question or reading, "listed": listed}
        shown |= {"marked": mark_sentence(reading), "unread": reading.unread, "lacking": find_lacking(form)}
        if form.question and ("yes", "1") in pairs and not find_lacking(form):
            answer = answer_check(dataset, freeze(form.question), today_of(request))
            shown |= {"view": answer, **check_context(dataset, answer, pairs, Links().events)}
    except ConfigError as error:
        shown["fault"] = str(error)
    return answer_page(request, "check.html.jinja", status=422 if shown["fault"] else 200, **shown)


def today_of(request: Request) -> dt.date:
    """The day on which is asked: set by the one who serves the app, else the machine's."""
    told = getattr(request.app.state, "today", None)
    return told if isinstance(told, dt.date) else dt.date.today()


def read_asked(dataset: Dataset, pairs: Sequence[tuple[str, str]]) -> tuple[ClaimReading, ListedClaim | None]:
    """Read the sentence or the claim that an address names, with what the address says otherwise.

    Raises:
        ConfigError: an actor, a claim or a window that there is none of.
    """
    given = read_given(pairs)
    claim_id = next((value.strip() for key, value in pairs if key == "claim"), "")
    if claim_id:
        listed = read_claim(dataset, claim_id, given=given)
        return listed.reading, listed
    sentence = next((value.strip() for key, value in pairs if key == "sentence"), "")
    return read_sentence(dataset, sentence, given=given), None


def read_given(pairs: Sequence[tuple[str, str]]) -> GivenParts:
    """The parts of a reading that a person set otherwise; a value that is none is left to the form to complain of."""
    held: dict[str, list[str]] = {}
    for key, value in pairs:
        if value.strip():
            held.setdefault(key, []).append(value.strip())
    given = GivenParts(actor=tuple(held.get("actor", ())), country=tuple(held.get("country", ())))
    measure = next((name for name in CLAIM_MEASURES if name == held.get("measure", [""])[0]), None)
    if measure:
        given = replace(given, measure=measure)
    if "split" in held:
        try:
            given = replace(given, split=dt.date.fromisoformat(held["split"][0]))
        except ValueError:
            given = replace(given, split=None)
    if "window" in held:
        given = replace(given, window=read_length(held["window"][0]))
    return given


def find_lacking(form: Form[ClaimReading]) -> list[str]:
    """What a reading still needs before it can be checked, in words."""
    reading = form.question
    if reading is None:
        return ["a value above that can be read"]
    lacking = []
    if reading.measure is None:
        lacking.append(FIELD_WORDS["measure"])
    if not reading.figures and reading.change is None:
        lacking.append("a figure, or a change in percent")
    if not reading.windows and not (reading.split and reading.window):
        lacking.append("the days: a split day and the length of each side")
    return lacking


class _Frozen:
    """A reading as a key of the cache: two readings that tell the same are the same."""

    def __init__(self, reading: ClaimReading) -> None:
        self.reading = reading
        self._told = repr(reading)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other._told == self._told

    def __hash__(self) -> int:
        return hash(self._told)


def freeze(reading: ClaimReading) -> _Frozen:
    """Make a reading a key."""
    return _Frozen(reading)


@lru_cache(maxsize=32)
def answer_check(dataset: Dataset, frozen: _Frozen, asked_on: dt.date) -> CheckAnswer:
    """The check of a reading that a person has said yes to."""
    return check_claim(dataset, replace(frozen.reading, unread=()), asked_on=asked_on)


@router.get("/check/{name}")
def take_check(request: Request, name: str) -> Response:
    """The check as dossier.html (one file to send on) or answer.json."""
    dataset = dataset_of(request)
    reading, _ = read_asked(dataset, request.query_params.multi_items())
    form = correct_reading(reading, request.query_params.multi_items())
    if form.question is None or find_lacking(form):
        raise ConfigError("this claim cannot be checked yet: " + "; ".join(find_lacking(form)))
    answer = answer_check(dataset, freeze(form.question), today_of(request))
    file = write_check_file(dataset, answer, name)
    if file is None:
        raise HTTPException(404, f"There is no file {name[:40]!r} of a check.")
    headers = {"content-disposition": f'attachment; filename="check-{name}"'}
    return Response(file[0], media_type=file[1], headers=headers)


def check_context(
    dataset: Dataset, answer: CheckAnswer, pairs: Sequence[tuple[str, str]], link: Linker
) -> dict[str, object]:
    """What the template of a verdict needs besides the answer: the comparison that it rests on, and its address."""
    again = [(key, value) for key, value in pairs if key != "yes"]
    shown: dict[str, object] = {"again": again, "compared": None, "compare_pairs": []}
    reading = answer.reading
    shown["civil"] = reading.measure == "deaths" and reading.civilians and tells_civilian_deaths(dataset)
    if answer.comparison is None:
        return shown
    question = answer.comparison.question
    asked = [*(("actor", name) for name in question.actor), ("split", question.split.isoformat())]
    asked += [("window", question.window), *filter_pairs(question.filter)]
    compared = view_compare(dataset, question, link)
    return {**shown, **COMPARE_WORDS, "compared": compared, "compare_pairs": asked}


def quote_words(reading: ClaimReading, key: str) -> str:
    """The words that a part of the reading rests on, quoted."""
    names = {"split": ("split", "before", "after", "windows"), "window": ("window", "windows")}.get(key, (key,))
    return " … ".join(f"“{reading.quotes[name]}”" for name in names if reading.quotes.get(name))


def mark_sentence(reading: ClaimReading) -> Markup:
    """The sentence with the words that its reading rests on marked."""
    said = reading.sentence
    spans = [(start, end) for start, end in reading.spans.values()]
    spans += [(figure.start, figure.end) for figure in reading.figures if figure.end > figure.start]
    marked, at = Markup(""), 0
    for start, end in sorted(set(spans)):
        if start < at or not 0 <= start < end <= len(said):
            continue
        marked += escape(said[at:start]) + Markup("<mark>%s</mark>") % said[start:end]
        at = end
    return marked + escape(said[at:])


# ---------------------------------------------------------------- claims


@router.get("/claims", response_class=HTMLResponse)
def show_claims(request: Request) -> Response:
    """The claims that the dataset holds, each one click from its check."""
    claims = list_claims(dataset_of(request))
    shown: dict[str, object] = {**WORDS, "claims": claims, "link_check": link_check, "live": True}
    return answer_page(request, "claims.html.jinja", status=200, **shown)


def link_check(claim: ListedClaim) -> str:
    """The check page of a claim."""
    return Links().query("/check", Filter(), [("claim", claim.claim_ids[0])])


# ---------------------------------------------------------------- chronicle


@router.get("/chronicle", response_class=HTMLResponse)
def show_chronicle(request: Request) -> Response:
    """The dated list of incidents at one site."""
    form = read_chronicle(request.query_params.multi_items())
    fault, view = "", None
    if form.question:
        try:
            dataset = dataset_of(request)
            view = view_chronicle(dataset, answer_chronicle(dataset, form.question))
        except ConfigError as error:
            fault = str(error)
    status = 422 if form.faults or fault else 200
    shown: dict[str, object] = {**WORDS, "form": form, "view": view, "fault": fault, "live": True}
    shown |= {"hidden": form.hidden(CHRONICLE_KEYS), "query": urlencode(form.pairs), "pairs": list(form.pairs)}
    return answer_page(request, "chronicle.html.jinja", status=status, **shown)


@lru_cache(maxsize=16)
def answer_chronicle(dataset: Dataset, question: ChronicleQuestion) -> Chronicle:
    """The chronicle of a site."""
    return write_chronicle(dataset, question)
