"""Measures the coder on our own hand-coded sentences (tests/gold/sentences.jsonl), tune and hold apart.

A coded event is paired with at most one gold event of the same text, and must agree with it on two of date, place and
event type. Figures: recall and precision by pairs; strict: date, place, event type and deaths are all right; the share
right of each field among the pairs; texts without an event in which one was coded all the same.

What counts as right:
  date           a one-day gold event: the coded days hold it, and are that day alone when its precision is 1, else six
                 days longer at most; an interval: the two meet, the coded one at most twice as long, or a week
  place          the country is the same and the coded location holds every word of the gold one or of a `location_also`
  actor1/actor2  holds every word of the gold name or of an `_also`; null is right for null alone; the sides of a battle
                 have no order
  deaths         the best figure is the same; null (nothing said) and 0 differ. `injured` likewise
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

from benchmarks.texts import CodedText, Text, code_texts
from conflictdesk.pipeline import Tools
from conflictdesk.records import Actor, Claim, Estimate, Event

GOLD = Path(__file__).parent.parent / "tests" / "gold" / "sentences.jsonl"
DROPPED = frozenset(("the", "of", "al", "el", "and", "in", "state", "province", "governorate", "region", "oblast"))
Toll = Sequence[int | None] | None


class GoldEvent(TypedDict):
    """One event of a hand-coded sentence."""

    event_type: str
    sub_event_type: str
    date: list[str]
    time_precision: int
    location: str
    location_also: NotRequired[list[str]]
    country: str
    actor1: str | None
    actor1_also: NotRequired[list[str]]
    actor2: str | None
    actor2_also: NotRequired[list[str]]
    deaths: list[int | None] | None
    injured: list[int | None] | None


class GoldClaim(TypedDict):
    """One figure over a period or many events."""

    value: float
    measure: str


class GoldItem(TypedDict):
    """A hand-coded text of one to three sentences."""

    id: str
    split: str
    text: str
    published: str
    events: list[GoldEvent]
    claims: list[GoldClaim]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One text: its pairs of gold and coded event, and what was missed or too much."""

    item: GoldItem
    coded: CodedText
    pairs: tuple[tuple[GoldEvent, Event], ...]
    claims_found: int


def load_items(path: Path = GOLD) -> list[GoldItem]:
    """The hand-coded texts in the order of the file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(tools: Tools, path: Path = GOLD) -> dict[str, dict[str, float]]:
    """The figures of the `tune` and of the `hold` part."""
    items = load_items(path)
    scored = score_items(items, tools)
    parts = sorted({item["split"] for item in items}, reverse=True)
    return {part: sum_up([each for each in scored if each.item["split"] == part]) for part in parts}


def score_items(items: Sequence[GoldItem], tools: Tools) -> list[Scored]:
    """Code every text by itself and pair what came out with its gold."""
    texts = [Text(name=item["id"], text=item["text"], published=item["published"]) for item in items]
    coded = code_texts(texts, tools)
    return [_score(item, coded[item["id"]]) for item in items]


def sum_up(scored: Iterable[Scored]) -> dict[str, float]:
    """Counts, precision, recall, strict figures, share right per field, negatives coded, claims found."""
    done = list(scored)
    pairs = [pair for each in done for pair in each.pairs]
    gold = sum(len(each.item["events"]) for each in done)
    coded = sum(len(each.coded.events) for each in done)
    strict = sum(all(RIGHT[name](g, e) for name in ("date", "place", "event_type", "deaths")) for g, e in pairs)
    negatives = [each for each in done if not each.item["events"]]
    return {
        "texts": len(done),
        "gold": gold,
        "coded": coded,
        "recall": share(len(pairs), gold),
        "precision": share(len(pairs), coded),
        "f1": share(2 * len(pairs), gold + coded),
        "strict_f1": share(2 * strict, gold + coded),
        **{name: share(sum(right(g, e) for g, e in pairs), len(pairs)) for name, right in RIGHT.items()},
        "negatives": len(negatives),
        "negatives_coded": sum(bool(each.coded.events) for each in negatives),
        "claims": sum(len(each.item["claims"]) for each in done),
        "claims_found": sum(each.claims_found for each in done),
        "claims_coded": sum(len(each.coded.claims) for each in done),
    }


def share(part: float, whole: float) -> float:
    """A share rounded to four places, 0 of nothing.

    >>> share(1, 3), share(0, 0)
    (0.3333, 0.0)
    """
    return round(part / whole, 4) if whole else 0.0


# ---------------------------------------------------------------- pairing


def _score(item: GoldItem, coded: CodedText) -> Scored:
    candidates = sorted(
        (-_agreement(gold, event), i, j)
        for i, gold in enumerate(item["events"])
        for j, event in enumerate(coded.events)
        if sum(RIGHT[name](gold, event) for name in ("date", "place", "event_type")) >= 2
    )
    paired: dict[int, int] = {}
    for _, i, j in candidates:
        if i not in paired and j not in paired.values():
            paired[i] = j
    found = sum(any(_claim_right(gold, claim) for claim in coded.claims) for gold in item["claims"])
    pairs = tuple((item["events"][i], coded.events[j]) for i, j in sorted(paired.items()))
    return Scored(item=item, coded=coded, pairs=pairs, claims_found=found)


def _agreement(gold: GoldEvent, event: Event) -> int:
    return sum(right(gold, event) for right in RIGHT.values())


def _claim_right(gold: GoldClaim, claim: Claim) -> bool:
    return claim.value == gold["value"] and claim.measure == gold["measure"]


# ---------------------------------------------------------------- what is right


def name_words(name: str | None) -> frozenset[str]:
    """The words of a name without accents, plural endings and little words.

    >>> sorted(name_words("Military Forces of Côte d'Ivoire"))
    ['cote', 'd', 'force', 'ivoire', 'military']
    """
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    return frozenset(word.rstrip("s") or word for word in re.findall(r"[a-z0-9]+", plain) if word not in DROPPED)


def same_name(coded: str | None, gold: str | None) -> bool:
    """The coded name holds every word of the gold one; nothing is right for nothing alone.

    >>> same_name("Civilians (Mali)", "civilian"), same_name(None, "Mali"), same_name(None, None)
    (True, False, True)
    """
    got, wanted = name_words(coded), name_words(gold)
    return not got if not wanted else wanted <= got


def _date_right(gold: GoldEvent, event: Event) -> bool:
    if event.dates is None:
        return False
    start, end = (dt.date.fromisoformat(day) for day in gold["date"])
    length = (event.dates.end - event.dates.start).days
    if start == end:
        return event.dates.start <= start <= event.dates.end and length <= (0 if gold["time_precision"] == 1 else 6)
    meets = event.dates.start <= end and start <= event.dates.end
    return meets and length <= max(7, 2 * (end - start).days)


def _country_right(gold: GoldEvent, event: Event) -> bool:
    return event.place is not None and same_name(event.place.country, gold["country"])


def _place_right(gold: GoldEvent, event: Event) -> bool:
    if event.place is None or (event.place.country is not None and not _country_right(gold, event)):
        return False
    return any(same_name(event.place.name, name) for name in (gold["location"], *gold.get("location_also", ())))


def _name(actor: Actor | None) -> str | None:
    return actor.name if actor else None


def _actor_right(names: Sequence[str | None], own: Actor | None, other: Actor | None, battle: bool) -> bool:
    return any(same_name(_name(own), name) or (battle and same_name(_name(other), name)) for name in names)


def _actor1_right(gold: GoldEvent, event: Event) -> bool:
    names = (gold["actor1"], *gold.get("actor1_also", ()))
    return _actor_right(names, event.actor1, event.actor2, gold["event_type"] == "Battles")


def _actor2_right(gold: GoldEvent, event: Event) -> bool:
    names = (gold["actor2"], *gold.get("actor2_also", ()))
    return _actor_right(names, event.actor2, event.actor1, gold["event_type"] == "Battles")


def _toll_right(gold: Toll, coded: Estimate | None) -> bool:
    return (None if gold is None else gold[1]) == (None if coded is None else coded.best)


RIGHT: Mapping[str, Callable[[GoldEvent, Event], bool]] = {
    "date": _date_right,
    "event_type": lambda gold, event: event.event_type == gold["event_type"],
    "sub_event_type": lambda gold, event: event.sub_event_type == gold["sub_event_type"],
    "actor1": _actor1_right,
    "actor2": _actor2_right,
    "country": _country_right,
    "place": _place_right,
    "deaths": lambda gold, event: _toll_right(gold["deaths"], event.deaths),
    "injured": lambda gold, event: _toll_right(gold["injured"], event.injured),
}
