"""The rules by which a claim is judged: fixed, few, all in this file (docs/how-to/check-a-claim.md has them in words).

| claimed | fits exactly | fits within tolerance |
|---|---|---|
| 9,312 | the best figure is 9,312 | best within tolerance of it, or it lies between low and high |
| more than / at least N | never | best from N (less tolerance) to 2 N |
| fewer than / at most N | never | best from N / 2 to N (and tolerance) |
| about / nearly N | never | best within 10 % of N (or the tolerance if wider), or N lies between low and high |
| a change of c % | the change of the best figures rounds to c | after / before within tolerance of the claimed one |

A change takes "more than", "about" and the like as a figure does, on the ratio after / before; its low and high are low
after / high before and high after / low before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.analyse.intervals import percent_change_allowed
from conflictdesk.questions import ClaimFigure, ClaimReading, MeaningCheck, People, Verdict

Fit = Literal["exact", "near", "off"]
LOOSE: Final = 0.10
"""How far "about" and "nearly" may lie from the figure."""
STRETCH: Final = 2.0
"""How far beyond its bound "more than" may reach before the claim says something else."""
FIT_VERDICTS: Final[Mapping[Fit, Verdict]] = {
    "exact": "reproduced",
    "near": "within tolerance",
    "off": "not reproduced",
}
MEANING_NAMES: Final = {
    "involving": "events that involve the actor",
    "perpetrated": "violence against civilians by the actor",
    "attributed": "deaths that a source attributes to the actor",
}
ALL_EVENTS: Final = "all events"
"""What is judged where the claim names no actor."""
SIDE_NAMES: Final = {"before": "before", "after": "after", "whole": "in the window"}


@dataclass(frozen=True, slots=True)
class Judged:
    """How one figure or change fits, in words that name both numbers."""

    fit: Fit
    why: str


def fit_value(value: float, value_is: str, found: tuple[float, float, float], tolerance: float) -> Fit:
    """How a claimed value fits a found low, best and high.

    >>> [fit_value(1000, "exact", (900, best, 1100), 0.05) for best in (1000, 1040)]
    ['exact', 'near']
    >>> fit_value(500, "at least", (2, 2, 2), 0.05)
    'off'
    """
    low, best, high = found
    close = abs(best - value) <= tolerance * value
    if value_is == "exact":
        return "exact" if best == value else "near" if close or low <= value <= high else "off"
    if value_is == "at least":
        return "near" if value * (1 - tolerance) <= best <= value * STRETCH else "off"
    if value_is == "at most":
        return "near" if value / STRETCH <= best <= value * (1 + tolerance) else "off"
    return "near" if abs(best - value) <= max(tolerance, LOOSE) * value or low <= value <= high else "off"


def judge_figure(figure: ClaimFigure, found: People, tolerance: float) -> Judged:
    """Judge one claimed figure against what the data give."""
    span = (found.low, found.best, max(found.high, found.best))
    fit = fit_value(figure.value, figure.value_is, span, tolerance)
    bound = "" if figure.value_is == "exact" else f"{figure.value_is} "
    claimed = f"{bound}{figure.value:,.0f}"
    told = f"{SIDE_NAMES[figure.side]}: {claimed} claimed, {_tell_people(found)} found"
    return Judged(fit, told)


def _tell_people(found: People) -> str:
    if found.low == found.best == found.high:
        return f"{found.best:,}"
    return f"{found.best:,} ({found.low:,} to {found.high:,})"


def judge_change(reading: ClaimReading, before: People, after: People, tolerance: float) -> Judged | None:
    """Judge a stated change in percent; None where nothing is found before, so that no change can be told."""
    if reading.change is None or before.best == 0:
        return None
    percent = 100.0 * (after.best / before.best - 1)
    claimed = 1 + reading.change / 100
    low = after.low / before.high if before.high else 0.0
    high = after.high / before.low if before.low else float("inf")
    ratio = after.best / before.best
    bound = reading.change_is
    if reading.change < 0:
        # "more than 40 % below" bounds the fall: the ratio lies under it.
        bound = {"at least": "at most", "at most": "at least"}.get(bound, bound)  # type: ignore[assignment]
    fit = fit_value(claimed, bound, (low, ratio, high), tolerance)
    digits = 0 if float(reading.change).is_integer() else 1
    if bound == "exact" and round(percent, digits) == round(reading.change, digits):
        fit = "exact"
    if (reading.change > 0) != (percent > 0) and fit == "near" and not low <= claimed <= high:
        fit = "off"
    counts = f"{before.best:,} before, {after.best:,} after"
    told = f"{_tell_percent(percent)} ({counts})" if percent_change_allowed(before.best) else counts
    return Judged(fit, f"change: {_tell_claimed_change(reading)} claimed, {told} found")


def _tell_percent(percent: float) -> str:
    """ "+1,539 %", "-5.9 %": whole from ten on, where a decimal says nothing."""
    return f"{percent:+,.{0 if abs(percent) >= 10 else 1}f} %"


def _tell_claimed_change(reading: ClaimReading) -> str:
    bound = "" if reading.change_is == "exact" else f"{reading.change_is} "
    return f"{bound}{_tell_percent(reading.change or 0.0)}"


def judge_meaning(reading: ClaimReading, found: Mapping[str, People], tolerance: float) -> tuple[Verdict, str]:
    """The verdict under one meaning: the worst of its figures and its change."""
    judged: list[Judged | None] = [
        judge_figure(figure, found[figure.side], tolerance) for figure in reading.figures if figure.side in found
    ]
    if reading.change is not None and "before" in found and "after" in found:
        judged.append(judge_change(reading, found["before"], found["after"], tolerance))
    told = [each for each in judged if each is not None]
    if len(told) < len(judged) or not told:
        return "cannot tell", "nothing is found before, so that no change can be told"
    worst: Fit = max((each.fit for each in told), key=("exact", "near", "off").index)
    return FIT_VERDICTS[worst], "; ".join(each.why for each in told)


def judge_claim(meanings: Sequence[MeaningCheck], tolerance: float, *, any_actor: bool = False) -> tuple[Verdict, str]:
    """The verdict over all meanings that the data can bear; `any_actor` where the claim names none.

    One that fits and one that does not make "depends on the meaning", however exact the fit: who reads "reproduced"
    would take it for the sense that he has in mind. Else the best verdict that all share.
    """
    told = [check for check in meanings if check.verdict != "cannot tell"]
    if not told:
        why = meanings[0].why if meanings else "the data can bear none of the three meanings"
        return "cannot tell", _sentence(why)
    exact = [check for check in told if check.verdict == "reproduced"]
    near = [check for check in told if check.verdict == "within tolerance"]
    off = [check for check in told if check.verdict == "not reproduced"]
    if off and (exact or near):
        fits = "; ".join(
            f"{how} for {_name(checks)} ({checks[0].why})"
            for how, checks in (("reproduced exactly", exact), ("within tolerance", near))
            if checks
        )
        return "depends on the meaning", _sentence(f"{fits}; not for {_name(off)} ({off[0].why})")
    if off:
        found = "; ".join(f"for {_name([check], any_actor)} ({check.why})" for check in off)
        return "not reproduced", _sentence(f"it does not fit {found}")
    if not near:
        return "reproduced", _sentence(
            f"every figure equals the data's best figure for {_name(exact, any_actor)}: {exact[0].why}"
        )
    near = exact + near
    allowed = f"within {100 * tolerance:g} %, the reported range or the words of the claim"
    return "within tolerance", _sentence(f"every figure fits {allowed} for {_name(near, any_actor)}: {near[0].why}")


def _name(checks: Sequence[MeaningCheck], any_actor: bool = False) -> str:
    return ALL_EVENTS if any_actor else " and ".join(MEANING_NAMES[check.meaning] for check in checks)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
