"""What a sentence leaves to those before it: who "it" is, and the day and place that head a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.party_phrases import Party
from conflictdesk.coding.patterns import find_pattern
from conflictdesk.coding.scenes import Scene
from conflictdesk.coding.settings import When
from conflictdesk.records import Parse, Sentence, Toponym

_ARMED = frozenset(("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"))
_DAY_FIRST = find_pattern("day_first")
_OPEN_END = re.compile(r"[:—–|-]$")
_NEAR = 2  # paragraphs


def carry_agents(scenes: Sequence[Scene]) -> list[Scene]:
    """Give a doer that is only "it" or "the group" the last armed party told of, two paragraphs back at most."""
    carried: list[Scene] = []
    last: tuple[int, Party] | None = None
    for scene in scenes:
        frames = []
        for frame in scene.frames:
            if frame.pronoun and not _armed(frame.agents) and last and scene.paragraph - last[0] <= _NEAR:
                frame = replace(frame, agents=(*frame.agents, last[1]))
            armed = _armed(frame.agents)
            if armed:
                last = (scene.paragraph, armed)
            frames.append(frame)
        carried.append(replace(scene, frames=tuple(frames)))
    return carried


def _armed(parties: Sequence[Party]) -> Party | None:
    return next((p for p in parties if p.reading and p.reading.actor.kind in _ARMED), None)


def carry_lead_ins(
    scenes: Sequence[Scene], parse: Parse, dates: Sequence[DateExpression], toponyms: Sequence[Toponym]
) -> list[Scene]:
    """Give the scenes of a paragraph that begins "12 Oct, Idlib province:" that day and place where they have none."""
    heads = _head_by_place(parse, toponyms) | {s.paragraph: s for s in parse.sentences if is_lead_in(s)}
    return [
        _head(scene, heads[scene.paragraph], dates, toponyms) if scene.paragraph in heads else scene for scene in scenes
    ]


def _head_by_place(parse: Parse, toponyms: Sequence[Toponym]) -> dict[int, Sentence]:
    """The place that heads a paragraph of a report ("Grimari. Two peacekeepers ..."), or stands alone above it."""
    heads: dict[int, Sentence] = {}
    for n, sentence in enumerate(parse.sentences):
        first = n > 0 and parse.sentences[n - 1].paragraph < sentence.paragraph
        name = sentence.text.strip().rstrip(".:")
        if not first or name.isupper() or len(name.split()) > _HEAD_WORDS or sentence.text.rstrip()[-1:] in "!?,;":
            continue
        if any(sentence.span.holds(t.span) and t.span.end - t.span.start >= _HEAD_SHARE * len(name) for t in toponyms):
            alone = n + 1 < len(parse.sentences) and parse.sentences[n + 1].paragraph > sentence.paragraph
            heads[sentence.paragraph + alone] = sentence
    return heads


_HEAD_WORDS = 5
_HEAD_SHARE = 0.5


def is_lead_in(sentence: Sentence) -> bool:
    """True for the day, and perhaps the place, that heads a paragraph: "12 Oct, Idlib province:"."""
    return _DAY_FIRST.match(sentence.text) is not None and _OPEN_END.search(sentence.text) is not None


def _head(scene: Scene, head: Sentence, dates: Sequence[DateExpression], toponyms: Sequence[Toponym]) -> Scene:
    if scene.when is None or scene.when.by_report:
        day = next((d for d in dates if head.span.holds(d.span) and d.dates is not None), None)
        scene = replace(scene, when=When(day, False, 0.0)) if day else scene
    if not scene.toponyms:
        here = [t for t in toponyms if head.span.holds(t.span)]
        finest = min(here, key=lambda t: t.place.precision, default=None)
        scene = replace(scene, toponyms=(finest,)) if finest else scene
    return scene
