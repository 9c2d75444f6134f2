"""The project's own hand-coded texts hold together: quotes stand in their texts, types and dates are valid."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import TypedDict

import pytest

HERE = Path(__file__).parent
Toll = list[int | None] | None


class Coded(TypedDict):
    event_type: str
    sub_event_type: str
    date: list[str]
    time_precision: int
    location: str
    country: str
    deaths: Toll
    injured: Toll
    quote: str


class Figure(TypedDict):
    value: int
    measure: str


class Item(TypedDict):
    id: str
    text: str
    published: str
    events: list[Coded]
    claims: list[Figure]
    why: str
    style: str
    region: str


class GoldEvent(TypedDict):
    article_id: str
    quote: str
    event_type: list[str]
    sub_event_type: list[str]
    date: list[str]
    time_precision: int
    location: list[str]
    lat: float
    lon: float
    fatalities: Toll
    injuries: int | None


SENTENCES = [json.loads(line) for line in (HERE / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
GOLD = json.loads((HERE / "articles.gold.json").read_text(encoding="utf-8"))

TYPES = {
    "Battles": ("Government regains territory", "Non-state actor overtakes territory", "Armed clash"),
    "Protests": ("Excessive force against protesters", "Protest with intervention", "Peaceful protest"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Explosions/Remote violence": (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ),
    "Violence against civilians": ("Sexual violence", "Attack", "Abduction/forced disappearance"),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
}
PAIRS = {(kind, sub) for kind, subs in TYPES.items() for sub in subs}
MEASURES = {"deaths", "injured", "displaced", "detained", "events", "other"}


def check_toll(toll: Toll) -> None:
    if toll is not None:
        low, best, high = toll
        assert low is not None and best is not None and 0 <= low <= best
        assert high is None or best <= high


def check_days(days: list[str], precision: int) -> None:
    start, end = (dt.date.fromisoformat(day) for day in days)
    length = (end - start).days
    assert length >= 0
    assert precision == (1 if length == 0 else 2 if length <= 6 else 3 if length <= 31 else 4)


def article_text(article_id: str) -> str:
    return (HERE / "articles" / f"{article_id.split('#')[0]}.txt").read_text(encoding="utf-8")


def test_counts_are_as_the_readme_says() -> None:
    subs = Counter(event["sub_event_type"] for item in SENTENCES for event in item["events"])
    quiet = [item for item in SENTENCES if not item["events"]]
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    assert len(SENTENCES) >= 180 and len(quiet) >= 60
    assert set(subs) == {sub for _, sub in PAIRS}
    for number, what in ((len(SENTENCES), "items"), (subs.total(), "events"), (len(quiet), "items without an event")):
        assert f"{number} {what}" in readme
    assert f"{len(GOLD['events'])} events" in readme and f"{len(GOLD['claims'])} claims" in readme


def test_every_third_item_is_held_and_ids_are_in_order() -> None:
    for number, item in enumerate(SENTENCES, start=1):
        assert item["id"] == f"s{number:03d}"
        assert item["split"] == ("hold" if number % 3 == 0 else "tune")


@pytest.mark.parametrize("item", SENTENCES, ids=lambda item: item["id"])
def test_a_sentence_is_coded_soundly(item: Item) -> None:
    published = dt.date.fromisoformat(item["published"])
    assert item["why"] and item["style"] and item["region"]
    for event in item["events"]:
        assert (event["event_type"], event["sub_event_type"]) in PAIRS
        assert event["quote"] and event["quote"] in item["text"]
        assert event["country"] and event["location"]
        check_days(event["date"], event["time_precision"])
        assert dt.date.fromisoformat(event["date"][1]) <= published
        check_toll(event["deaths"])
        check_toll(event["injured"])
    for claim in item["claims"]:
        assert claim["measure"] in MEASURES and f"{claim['value']:,}" in item["text"]
        days = [day for key, day in claim.items() if key in ("from", "to") and day]
        assert all(dt.date.fromisoformat(str(day)) <= published for day in days)


@pytest.mark.parametrize("event", GOLD["events"], ids=lambda event: event["id"])
def test_an_article_event_is_coded_soundly(event: GoldEvent) -> None:
    assert event["quote"] in article_text(event["article_id"])
    allowed = {sub for kind in event["event_type"] for sub in TYPES[kind]}
    assert event["sub_event_type"] and set(event["sub_event_type"]) <= allowed
    check_days(event["date"], event["time_precision"])
    assert event["location"] and -90 <= event["lat"] <= 90 and -180 <= event["lon"] <= 180
    check_toll(event["fatalities"])
    assert event["injuries"] is None or event["injuries"] >= 0


def test_claims_and_traps_stand_in_their_articles() -> None:
    for row in GOLD["claims"] + GOLD["not_events"]:
        assert row["quote"] in article_text(row["article_id"])
    for claim in GOLD["claims"]:
        assert claim["measure"] in MEASURES


def test_articles_are_listed_with_titles_that_stand_on_their_pages() -> None:
    pages = sorted((HERE / "articles").glob("*.txt"))
    words = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert len(pages) == 10 and len(GOLD["articles"]) == 12
    for article in GOLD["articles"]:
        assert article["title"] in words
        dt.date.fromisoformat(article["published"])
    stems = {page.stem for page in pages}
    assert set(GOLD["quiet_articles"]) <= stems
    assert {event["article_id"].split("#")[0] for event in GOLD["events"]} == stems - set(GOLD["quiet_articles"])


WIRE = HERE / "wire"
WIRE_GOLD = json.loads((WIRE / "gold.json").read_text(encoding="utf-8"))
WIRE_PAGES = {
    page["id"]: page
    for page in (json.loads(line) for line in (WIRE / "articles.jsonl").read_text(encoding="utf-8").splitlines())
}


@pytest.mark.parametrize("event", WIRE_GOLD["events"], ids=lambda event: event["id"])
def test_a_wire_event_is_coded_soundly(event: GoldEvent) -> None:
    page = WIRE_PAGES[event["article_id"]]
    assert page["text"].count(event["quote"]) == 1 and "\n" not in event["quote"] and len(event["quote"]) <= 400
    assert event["event_type"] == list(dict.fromkeys(event["event_type"]))
    for kind in event["event_type"]:
        assert set(event["sub_event_type"]) & set(TYPES[kind])
    assert set(event["sub_event_type"]) <= {sub for kind in event["event_type"] for sub in TYPES[kind]}
    check_days(event["date"], event["time_precision"])
    assert event["date"][1] <= page["published"]
    assert event["location"] and -90 <= event["lat"] <= 90 and -180 <= event["lon"] <= 180
    check_toll(event["fatalities"])
    assert event["injuries"] is None or event["injuries"] >= 0


def test_wire_claims_and_traps_stand_in_their_articles() -> None:
    for row in WIRE_GOLD["claims"] + WIRE_GOLD["not_events"]:
        assert row["quote"] in WIRE_PAGES[row["article_id"]]["text"]
    assert {claim["measure"] for claim in WIRE_GOLD["claims"]} <= MEASURES
    coded = {(event["article_id"], event["quote"]) for event in WIRE_GOLD["events"]}
    assert not coded & {(row["article_id"], row["quote"]) for row in WIRE_GOLD["not_events"]}


def test_wire_articles_are_as_the_readme_says() -> None:
    readme = (WIRE / "README.md").read_text(encoding="utf-8")
    assert [name[:3] for name in WIRE_PAGES] == [f"w{number:02d}" for number in range(1, 25)]
    assert [(row["title"], row["published"]) for row in WIRE_GOLD["articles"]] == [
        (page["title"], page["published"]) for page in WIRE_PAGES.values()
    ]
    quiet = set(WIRE_GOLD["quiet_articles"])
    assert {event["article_id"] for event in WIRE_GOLD["events"]} == set(WIRE_PAGES) - quiet
    for page in WIRE_PAGES.values():
        assert 250 <= len(page["text"].split()) <= 900 and page["title"] not in page["text"]
    for number, what in (
        (len(WIRE_PAGES), "articles"),
        (len(quiet), "quiet"),
        (len(WIRE_GOLD["events"]), "events"),
        (sum(event["required"] for event in WIRE_GOLD["events"]), "required events"),
        (len(WIRE_GOLD["claims"]), "claims"),
        (len(WIRE_GOLD["not_events"]), "sentences that must not be coded"),
    ):
        assert f"{number} {what}" in readme
