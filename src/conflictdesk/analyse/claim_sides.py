"""Which figure of a sentence belongs to which of its windows, and what stays unread about that."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from conflictdesk.analyse.claim_figures import FoundFigure
from conflictdesk.analyse.claim_windows import PlacedWindow, find_split
from conflictdesk.analyse.windows import Length, Span, move_day

FigureSide = Literal["before", "after", "whole"]
_BREAKS: Final = re.compile(r"[,;:–—]|\b(?:compared|against|versus|up|down|from|while|and)\b|\.\s")
_BREAK_COST, _SENTENCE_COST = 25, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The windows by side and the figures by side; `event` and `length` where the split has no day yet.

    `split` and `window` where two equal windows meet. `spans` are the places of the windows' words.
    """

    windows: dict[FigureSide, Span]
    figures: tuple[tuple[FigureSide, FoundFigure], ...]
    spans: dict[str, tuple[int, int]]
    split: dt.date | None = None
    length: Length | None = None
    event: str | None = None
    unread: tuple[str, ...] = ()


def take_sides(text: str, windows: Sequence[PlacedWindow], figures: Sequence[FoundFigure], *, changes: bool) -> Sides:
    """Give every figure its window: "before" is the earlier of two windows, "whole" the only one."""
    unread = tuple(window.problem for window in windows if window.problem)
    told = _drop_doubles([window for window in windows if not window.problem])
    if len(told) > 2:
        told = _nearest_windows(text, told, figures)
    if not told or len(told) > 2:
        lack = "no window of time is stated: give --split and --window" if not told else "more than two windows of time"
        return Sides(windows={}, figures=_unplaced(figures), spans={}, unread=(*unread, *(() if unread else (lack,))))
    if len(told) == 1:
        return _take_one(text, told[0], figures, changes=changes, unread=unread)
    return _take_two(text, told, figures, changes=changes, unread=unread)


def _unplaced(figures: Sequence[FoundFigure]) -> tuple[tuple[FigureSide, FoundFigure], ...]:
    return tuple(("whole", figure) for figure in figures)


def _drop_doubles(windows: Sequence[PlacedWindow]) -> list[PlacedWindow]:
    kept: dict[object, PlacedWindow] = {}
    for window in windows:
        kept.setdefault(window.span or (window.event is not None, window.side), window)
    return list(kept.values())


def _nearest_windows(text: str, windows: Sequence[PlacedWindow], figures: Sequence[FoundFigure]) -> list[PlacedWindow]:
    """Of more windows than two, those next to a figure."""
    near = [min(windows, key=lambda window: _distance(text, window, figure)) for figure in figures]
    kept = [window for window in windows if window in near]
    return kept if kept else list(windows)


def _distance(text: str, window: PlacedWindow, figure: FoundFigure) -> int:
    first, last = (window.end, figure.start) if window.end <= figure.start else (figure.end, window.start)
    between = text[first:last]
    breaks = _BREAKS.findall(between)
    far = sum(_SENTENCE_COST if part.startswith(".") else _BREAK_COST for part in breaks)
    return max(0, last - first) + far


def _take_one(
    text: str, window: PlacedWindow, figures: Sequence[FoundFigure], *, changes: bool, unread: tuple[str, ...]
) -> Sides:
    place = (window.start, window.end)
    if window.span is None:
        side: FigureSide = window.side or "whole"
        placed = _from_to(text, figures) or tuple((side, figure) for figure in figures)
        more = ("more figures than windows of time",) if len(figures) > 1 and not _from_to(text, figures) else ()
        return Sides(
            windows={},
            figures=placed,
            spans={side: place},
            length=window.length,
            event=window.event,
            unread=(*unread, *more),
        )
    pair = _from_to(text, figures)
    if len(figures) <= 1 and not changes:
        spans = {"whole": place}
        return Sides(windows={"whole": window.span}, figures=_unplaced(figures), spans=spans, unread=unread)
    if window.side is None or window.length is None or (len(figures) > 1 and pair is None):
        lack = (
            "compared with what is not said: give --split and --window"
            if changes or pair
            else "more figures than windows of time"
        )
        return Sides(windows={}, figures=_unplaced(figures), spans={"whole": place}, unread=(*unread, lack))
    both = _mirror(window)
    own: FigureSide = window.side
    figures_placed = pair or tuple((own, figure) for figure in figures)
    return _join(Sides(windows=both, figures=figures_placed, spans={own: place}, unread=unread))


def _mirror(window: PlacedWindow) -> dict[FigureSide, Span]:
    assert window.span is not None and window.length is not None
    first, last = window.span
    if window.side == "before":
        return {"before": window.span, "after": (last, move_day(last, window.length, 1))}
    return {"before": (move_day(first, window.length, -1), first), "after": window.span}


def _from_to(text: str, figures: Sequence[FoundFigure]) -> tuple[tuple[FigureSide, FoundFigure], ...] | None:
    """ "rose from 400 to 560": the first figure is of the time before."""
    if len(figures) != 2:
        return None
    first, second = sorted(figures, key=lambda figure: figure.start)
    between = text[first.end : second.start]
    if re.search(r"\bfrom\s+$", text[: first.start]) and re.search(r"\bto\s+$", between) and len(between) < 40:
        return (("before", first), ("after", second))
    return None


def _take_two(
    text: str, told: Sequence[PlacedWindow], figures: Sequence[FoundFigure], *, changes: bool, unread: tuple[str, ...]
) -> Sides:
    ordered = _order(told)
    if isinstance(ordered, str):
        return Sides(windows={}, figures=_unplaced(figures), spans={}, unread=(*unread, ordered))
    if len(figures) > 2:
        return Sides(
            windows={}, figures=_unplaced(figures), spans={}, unread=(*unread, "more figures than windows of time")
        )
    before, after = ordered
    placed = _pair(text, before, after, figures)
    if len(placed) == 1 and not changes and before.span and after.span:
        side, figure = placed[0]
        window = before if side == "before" else after
        whole: dict[FigureSide, Span] = {"whole": window.span} if window.span else {}
        return Sides(
            windows=whole, figures=(("whole", figure),), spans={"whole": (window.start, window.end)}, unread=unread
        )
    spans = {"before": (before.start, before.end), "after": (after.start, after.end)}
    sides = Sides(windows={}, figures=placed, spans=spans, unread=unread)
    if before.span is None or after.span is None:
        same = before.length == after.length
        more = () if same else ("the two windows differ in length and have no day: give --split and --window",)
        return replace(
            sides, length=after.length if same else None, event=after.event or before.event, unread=(*unread, *more)
        )
    return _join(replace(sides, windows={"before": before.span, "after": after.span}))


def _order(told: Sequence[PlacedWindow]) -> tuple[PlacedWindow, PlacedWindow] | str:
    one, other = told
    if one.span and other.span:
        first, second = sorted((one, other), key=lambda window: window.span or (dt.date.min, dt.date.min))
        if first.span and second.span and first.span[1] > second.span[0]:
            return f'the windows "{one.quote}" and "{other.quote}" overlap'
        return first, second
    sides = {window.side: window for window in told}
    if set(sides) != {"before", "after"} or one.span or other.span:
        return f'how "{one.quote}" and "{other.quote}" stand to each other is not clear: give --split and --window'
    return sides["before"], sides["after"]


def _pair(
    text: str, before: PlacedWindow, after: PlacedWindow, figures: Sequence[FoundFigure]
) -> tuple[tuple[FigureSide, FoundFigure], ...]:
    sides: tuple[tuple[FigureSide, PlacedWindow], ...] = (("before", before), ("after", after))
    best: tuple[tuple[FigureSide, FoundFigure], ...] = ()
    least = None
    for order in itertools.permutations(sides, len(figures)):
        cost = sum(_distance(text, window, figure) for (_, window), figure in zip(order, figures))
        if least is None or cost < least:
            best, least = tuple((side, figure) for (side, _), figure in zip(order, figures)), cost
    return best


def _join(sides: Sides) -> Sides:
    """Add the split and the length where the two windows are equal and meet."""
    met = find_split(sides.windows["before"], sides.windows["after"])
    return replace(sides, split=met[0], length=met[1]) if met else sides


def set_split(sides: Sides, split: dt.date, length: Length) -> Sides:
    """The same figures on windows around a split day that was found or given elsewhere."""
    lone = {side for side, _ in sides.figures}
    windows: dict[FigureSide, Span] = {
        "before": (move_day(split, length, -1), split),
        "after": (split, move_day(split, length, 1)),
    }
    if lone == {"whole"}:
        return replace(
            sides, windows={}, unread=(*sides.unread, "which side of the split the figure belongs to is not said")
        )
    return replace(sides, windows=windows, split=split, length=length, event=None)
