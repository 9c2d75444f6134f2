"""Which of the 25 sub-event types a short text tells of, also where no day, place or doer of it can be coded.

Three readings are added up: the rules that name an incident's kind, on what the text tells as fact; the same rules on
all that it names, planned or feared things too; and the words of `event_kinds.toml`. The small model may be a fourth.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from conflictdesk.codebook.actors import load_actors
from conflictdesk.codebook.countries import load_countries
from conflictdesk.codebook.types import load_event_types
from conflictdesk.coding.actors import ActorReading, resolve_actor
from conflictdesk.coding.carrying import carry_agents
from conflictdesk.coding.dates import DateExpression, read_dates
from conflictdesk.coding.kinds import decide_kind
from conflictdesk.coding.model import Judgement
from conflictdesk.coding.scenes import Scene, build_scenes, read_frames
from conflictdesk.coding.tolls import read_tolls
from conflictdesk.records import Article, Parse, Sentence, Toponym

_SURE, _MORE, _HINT, _AGAINST = 2.0, 0.6, 0.4, -0.7
_TOLD, _NAMED, _LATER = 1.8, 0.7, 0.4
# The rules name a peaceful protest where nothing more is told; any word that tells of more weighs against that.
_MILD = {"Peaceful protest": 0.4}
_MODEL = 3.0  # what the model's whole certainty weighs: chosen on our own sentences
_LEAD = 1.5  # the first sentence weighs more than what follows it


@dataclass(frozen=True, slots=True)
class _Cues:
    """The words of one sub-event type."""

    sub_event_type: str
    weight: float
    sure: tuple[re.Pattern[str], ...]
    hint: tuple[re.Pattern[str], ...]
    against: tuple[re.Pattern[str], ...]


def read_event_kinds(
    article: Article, parse: Parse, toponyms: Iterable[Toponym], judged: Judgement | None = None
) -> list[tuple[str, float]]:
    """The sub-event types that a text of one to three sentences may tell of, the likeliest first, with their scores.

    It asks neither for a day nor for a place nor for a doer, and knows no text that tells of nothing: use it where a
    text is known to tell of an event. `judged` is what the small model makes of the text, if it is asked too; without
    it rules and words decide alone. Scores have no unit; they say which type is likelier. The list is empty where
    neither a rule nor a word speaks.
    """
    scores: dict[str, float] = {}
    places = tuple(toponyms)
    for weight, scenes in (
        (_TOLD, _list_scenes(article, parse, places, facts=True)),
        (_NAMED, _list_scenes(article, parse, places, facts=False)),
    ):
        for kind, share in _name_kinds(scenes):
            scores[kind] = scores.get(kind, 0.0) + weight * share * _MILD.get(kind, 1.0)
    for entry in _load_cues():
        scores[entry.sub_event_type] = scores.get(entry.sub_event_type, 0.0) + _weigh_words(entry, parse)
    for kind in judged.types if judged else ():
        scores[kind] = scores.get(kind, 0.0) + _MODEL * (judged.share(kind) if judged else 0.0)
    book = load_event_types()
    found = [(name, score) for name, score in scores.items() if score > 0]
    return sorted(found, key=lambda each: (-each[1], book.by_name(each[0]).rank))


def _name_kinds(scenes: Sequence[Scene]) -> list[tuple[str, float]]:
    """The kind of each scene by the rules, and of all together: the first weighs most."""
    found: list[tuple[str, float]] = []
    for scene in scenes:
        decided = decide_kind([scene])
        if decided:
            found.append((decided[0], _LATER if found else 1.0))
    together = decide_kind(scenes) if len(scenes) > 1 else None
    if together:
        found.append((together[0], _LATER if found else 1.0))
    return found


def _list_scenes(article: Article, parse: Parse, toponyms: Sequence[Toponym], *, facts: bool) -> list[Scene]:
    """What the sentences show: what is told as fact, or all that is named."""
    dates = read_dates(article.text, article.published_on)
    country = next((t.place.country for t in toponyms if t.place.country), None)
    found: list[Scene] = []
    for sentence in parse.sentences:
        if sentence.tokens:
            found += _read_scenes(article, sentence, dates, toponyms, country, facts)
    return carry_agents(found)


def _read_scenes(
    article: Article,
    sentence: Sentence,
    dates: Sequence[DateExpression],
    toponyms: Sequence[Toponym],
    home: str | None,
    facts: bool,
) -> list[Scene]:
    def resolve(phrase: str, country: str | None) -> ActorReading | None:
        return resolve_actor(
            phrase,
            register=load_actors(),
            countries=load_countries(),
            country=country or home,
            on=article.published_on,
        )

    own = [d for d in dates if sentence.span.holds(d.span) and d.kind != "dateline"]
    near = [t for t in toponyms if sentence.span.holds(t.span)]
    frames = read_frames(sentence, own, near, resolve)
    chosen = [replace(f, standing="fact") for f in frames if f.standing == "fact" or not facts]
    return build_scenes(sentence, chosen, [t for t in read_tolls(sentence) if not t.unreal])


# ---------------------------------------------------------------- words


def _weigh_words(entry: _Cues, parse: Parse) -> float:
    """How much the words speak for a sub-event type: the first sure cue in full, more of them less and less."""
    texts = [s.text for s in parse.sentences]
    sure = sorted((weight for cue in entry.sure if (weight := _find(cue, texts))), reverse=True)
    said = sum(_SURE * weight if n == 0 else _MORE * weight / n for n, weight in enumerate(sure))
    helped = sum(_HINT * _find(cue, texts) for cue in entry.hint)
    opposed = sum(_AGAINST * _find(cue, texts) for cue in entry.against)
    return entry.weight * said + helped + (opposed if said + helped > 0 else 0.0)


def _find(cue: re.Pattern[str], texts: Sequence[str]) -> float:
    """What a cue weighs by the first sentence in which it stands; 0 where it stands in none."""
    at = next((n for n, text in enumerate(texts) if cue.search(text)), None)
    return 0.0 if at is None else _LEAD if at == 0 else 1.0


@cache
def _load_cues() -> tuple[_Cues, ...]:
    data = tomllib.loads(resources.files(__package__).joinpath("event_kinds.toml").read_text("utf-8"))
    return tuple(
        _Cues(
            load_event_types().by_name(name).sub_event_type,
            lists.get("weight", 1.0),
            *(tuple(_compile(cue) for cue in lists.get(key, ())) for key in ("sure", "hint", "against")),
        )
        for name, lists in data.items()
    )


def _compile(cue: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{cue})(?!\w)", re.IGNORECASE)
