"""Everything that one stage hands to the next: frozen records, no input or output.

Offsets are Unicode code points into `Article.text`. Unknown is `None`, never "" or 0.
A record's id is a hash of its content, so that a second run finds the same record.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


def hash_id(prefix: str, *parts: str | int | float | None) -> str:
    """Name a record by its content: `prefix-` and 12 hex digits.

    >>> hash_id("a", "same") == hash_id("a", "same") != hash_id("a", "other")
    True
    """
    text = "\x1f".join("\x00" if part is None else str(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


# ---------------------------------------------------------------- pages and articles

MediaType = Literal["text/plain", "text/html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes of one saved page (or one line of a .jsonl file) and what was said of it beside the text.

    `file` and `line` tell a person where it came from (`line` is None for a whole file, else from 1).
    `external_id`, `title`, `published`, `url`, `source`, `language` are as given with the document, unchecked.
    """

    page_id: str
    file: str
    line: int | None
    media_type: MediaType
    body: bytes
    external_id: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None


PublishedBasis = Literal["stated", "relative", "metadata", "given", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article: its `text` is headline, empty line, body, in NFC, and never changes afterwards."""

    article_id: str
    page_id: str
    page: str
    external_id: str
    title: str
    text: str
    published_on: dt.date | None
    published_basis: PublishedBasis
    language: str
    source: str | None = None
    url: str | None = None
    duplicate_of: str | None = None


# ---------------------------------------------------------------- text


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch `start`..`end` of an article's text, in code points, end excluded."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span must hold at least one character: {self.start}..{self.end}")

    def quote(self, text: str) -> str:
        """The words of `text` under this span.

        >>> Span(4, 8).quote("Two died here")
        'died'
        """
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """True when `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        """True when the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its grammar: universal `pos`, Penn `tag`, dependency `dep` on token number `head` of the sentence.

    The root of a sentence has itself as `head`. `entity` is the label of a named entity ("" when none).
    `start` and `end` are offsets into the article's text.
    """

    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    start: int
    end: int
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article: `index` counts from 0 (the headline), `paragraph` likewise.

    `tokens` is empty when nobody asked for the sentence's grammar.
    """

    index: int
    paragraph: int
    span: Span
    text: str
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """An article's sentences in order, the headline first."""

    article_id: str
    sentences: tuple[Sentence, ...]


# ---------------------------------------------------------------- values


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The whole interval that the text allows, both days included, and its precision.

    `precision`: 1 the day is stated, 2 within a week, 3 within a month, 4 anything coarser.
    """

    start: dt.date
    end: dt.date
    precision: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"an interval cannot end before it starts: {self.start}..{self.end}")
        if self.precision not in (1, 2, 3, 4):
            raise ValueError(f"date precision is 1, 2, 3 or 4, not {self.precision}")


PlaceKind = Literal["country", "admin1", "admin2", "town", "area", "site", "water"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where: `name` as newspapers write it; `country` None for the high seas.

    `precision`: 1 a named town or a site in it, 2 near a place or a small area, 3 a province or large region,
    4 the country alone. `latitude`/`longitude` are WGS 84 degrees of a representative point.
    `admin1` is the province's usual English name. `gazetteer_id` like "geonames:95446", None outside the gazetteer.
    `radius_km` is how far from that point the place may reach, None where nothing bounds it better than `precision`.
    """

    name: str
    kind: PlaceKind
    country: str | None
    iso3: str | None
    admin1: str | None = None
    admin2: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: int = 1
    gazetteer_id: str | None = None
    population: int = 0
    radius_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name found in an article, and the place it most likely means there.

    `span` covers the name alone ("Erbil"), `phrase` the words that bound it ("on the outskirts of Erbil").
    `relation`: "in", "near", "outskirts", "distance" (so many km from it), "between".
    `place` already carries the precision that the relation allows. `score` in 0..1 is the ranker's own certainty.
    """

    span: Span
    phrase: Span
    place: Place
    relation: str = "in"
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number of people as reported: `high` None means "at least".

    `imputed` names the rule by which a word without a figure ("dozens") was given numbers; None where figures are said.

    >>> Estimate.exactly(3)
    Estimate(low=3, best=3, high=3)
    """

    low: int
    best: int
    high: int | None
    imputed: str | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.best or (self.high is not None and self.high < self.best):
            raise ValueError(f"an estimate needs 0 <= low <= best <= high, not {self.low}, {self.best}, {self.high}")

    @classmethod
    def exactly(cls, number: int) -> Estimate:
        """The estimate of a figure that is stated without any doubt."""
        return cls(low=number, best=number, high=number)


ActorKind = Literal[
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other forces",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A party to an event by its register name; `country` where it belongs, if it belongs to one."""

    name: str
    kind: ActorKind
    country: str | None = None


AttributionBasis = Literal["claimed", "accused", "reported", "unclaimed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says that `actor` did it: always "as reported by", never our own finding."""

    actor: str | None
    by: str | None
    basis: AttributionBasis
    evidence: tuple[Span, ...]


FigureOf = Literal[
    "everyone", "civilians", "children", "women", "attackers", "actor1", "actor2", "security forces", "other"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of an event's toll as one sentence gives it: a part of it, or the whole as one source tells it.

    `of` says whose deaths or injuries: "everyone" is the whole event, "civilians", "children", "women" are parts
    of it, "actor1"/"actor2" what a side suffered, "attackers" those who died of their own attack.
    `said_by` are the words that name the teller ("the governor"), None where the article itself says it.
    """

    measure: Literal["deaths", "injured"]
    of: FigureOf
    estimate: Estimate
    said_by: str | None
    evidence: tuple[Span, ...]


EVIDENCE_FIELDS = ("event_type", "date", "actor1", "actor2", "place", "deaths", "injured")


def _no_spans() -> Mapping[str, tuple[Span, ...]]:
    return MappingProxyType({})


def _no_figures() -> Mapping[str, float]:
    return MappingProxyType({})


def _no_reasons() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What ONE article says of ONE event.

    Every coded value rests on spans of the article (`evidence`: field -> spans) or on a stated reason
    (`inferred`: field -> reason); a value with neither cannot be built. `cannot_tell` says of a field without a value
    what stood in the way ("no list of places knows Tel Hamra"). `confidence` holds the probability, 0 to 1, that a
    field's value is right, and under "event" that this is an event of the codebook at all.

    Raises:
        ValueError: a field of EVIDENCE_FIELDS has a value but neither a span nor a reason.
    """

    mention_id: str
    article_id: str
    event_type: str
    sub_event_type: str
    dates: Dates | None = None
    place: Place | None = None
    actor1: Actor | None = None
    actor2: Actor | None = None
    associated_actors: tuple[Actor, ...] = ()
    civilian_targeting: bool | None = None
    deaths: Estimate | None = None
    injured: Estimate | None = None
    attribution: tuple[Attribution, ...] = ()
    figures: tuple[Figure, ...] = ()
    evidence: Mapping[str, tuple[Span, ...]] = field(default_factory=_no_spans)
    inferred: Mapping[str, str] = field(default_factory=_no_reasons)
    cannot_tell: Mapping[str, str] = field(default_factory=_no_reasons)
    confidence: Mapping[str, float] = field(default_factory=_no_figures)
    rule: str = ""
    coder: str = ""

    def __post_init__(self) -> None:
        values: dict[str, object | None] = {
            "event_type": self.event_type,
            "date": self.dates,
            "actor1": self.actor1,
            "actor2": self.actor2,
            "place": self.place,
            "deaths": self.deaths,
            "injured": self.injured,
        }
        bare = [k for k, v in values.items() if v is not None and not self.evidence.get(k) and not self.inferred.get(k)]
        if bare:
            raise ValueError(f"values without a span or a reason: {', '.join(bare)}")


Measure = Literal["deaths", "injured", "displaced", "detained", "events", "other"]
ValueIs = Literal["exact", "at least", "at most", "about"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure said of many events or of a period, never of one event.

    `by` did it, `of` suffered it, `said_by` says so; `from_day`..`to_day` is the window, None where not said.
    """

    claim_id: str
    article_id: str
    by: str | None
    of: str | None
    measure: Measure
    value: float
    value_is: ValueIs
    from_day: dt.date | None
    to_day: dt.date | None
    said_by: str | None
    evidence: Mapping[str, tuple[Span, ...]]


Verdict = Literal["event", "claim", "background", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the coder made of one sentence, and the rule that said so: the answer to `conflictdesk why`."""

    article_id: str
    sentence: int
    verdict: Verdict
    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """All that a coder says of one article."""

    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whether two mentions tell of one event: by a rule, a model or a person; reversible."""

    left: str
    right: str
    verdict: Literal["same", "different", "unsure"]
    score: float
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One incident as all its mentions tell it; `disputed` lists the fields on which they differ."""

    event_id: str
    event_type: str
    sub_event_type: str
    disorder_type: tuple[str, ...]
    dates: Dates | None
    place: Place | None
    actor1: Actor | None
    actor2: Actor | None
    associated_actors: tuple[Actor, ...]
    civilian_targeting: bool | None
    deaths: Estimate | None
    injured: Estimate | None
    attribution: tuple[tuple[str, Attribution], ...]
    inferred: Mapping[str, str]
    disputed: tuple[str, ...]
    mentions: tuple[Mention, ...]
    figures: tuple[tuple[str, Figure], ...] = ()
    cannot_tell: Mapping[str, str] = field(default_factory=_no_reasons)
    confidence: Mapping[str, float] = field(default_factory=_no_figures)
    status: str = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A record that a stage could not take further: data, counted and shipped, never a log line.

    `subject` names the record (a file, a page or an article id); `file` and `line` say where a person finds it.
    """

    stage: str
    subject: str
    kind: str
    detail: str
    file: str | None = None
    line: int | None = None
