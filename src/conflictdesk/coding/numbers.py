"""Numbers of people as newspapers write them: "at least a dozen", "30 to 40", "2.3 million", "several".

Two conventions run through: a round word without a figure ("dozens") is *imputed*, by a named rule, and its upper
end stays open; an upper bound alone ("up to 40") says nothing of the lower end, so that end is 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conflictdesk.records import Estimate, ValueIs

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_FIGURES = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d+)?")
_JOINED = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,6})[-–](\d{1,3}(?:,\d{3})+|\d{1,6})")
_DASHES = frozenset(["-", "–", "—", "‑"])

# What a round word stands for. The low end of the practice of event coders: tens 10, dozens 12, hundreds 100,
# "several" and its like 3.
_ROUND = {
    "tens": 10, "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1_000, "millions": 1_000_000,
    "several": 3, "many": 3, "numerous": 3, "multiple": 3, "various": 3, "countless": 3,
}  # fmt: skip
_ROUND_PHRASES = {("a", "few"): 3, ("a", "handful"): 3, ("a", "number"): 3, ("a", "lot"): 3, ("a", "score"): 20}
_SMALL_PHRASES = {("a", "couple"): 2, ("a", "pair"): 2, ("a", "single"): 1, ("a", "lone"): 1}
_NONE = frozenset({"no", "none", "nobody", "neither", "zero"})

_AT_LEAST = (
    "at least", "no fewer than", "no less than", "not less than", "not fewer than", "more than", "over", "well over",
    "upwards of", "upward of", "in excess of", "a minimum of", "at the very least", "at minimum", "as few as",
)  # fmt: skip
_AT_MOST = (
    "up to", "as many as", "at most", "no more than", "not more than", "fewer than", "less than", "under",
    "a maximum of", "at the most",
)  # fmt: skip
_ABOUT = (
    "about", "some", "around", "approximately", "roughly", "nearly", "almost", "close to", "an estimated", "estimated",
    "circa", "just under", "just over", "as much as", "perhaps", "maybe", "a reported", "an alleged", "almost all",
)  # fmt: skip
_BOUNDS: tuple[tuple[tuple[str, ...], ValueIs], ...] = tuple(
    sorted(
        [
            *((tuple(p.split()), "at least") for p in _AT_LEAST),
            *((tuple(p.split()), "at most") for p in _AT_MOST),
            *((tuple(p.split()), "about") for p in _ABOUT),
        ],
        key=lambda pair: -len(pair[0]),
    )
)
_HEDGES = frozenset(["and", "but", "or", ",", "possibly", "perhaps", "maybe", "potentially", "as", "likely"])
_AFTER_AT_LEAST = (("or", "more"), ("at", "least"), ("and", "counting"), ("or", "so"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number of people as worded; `imputed` names the rule when the words hold no figure.

    `high` None means that the words set no upper end ("at least 12", "dozens").
    """

    low: int
    best: int
    high: int | None
    value_is: ValueIs = "exact"
    imputed: str | None = None

    @classmethod
    def exactly(cls, number: int) -> Quantity:
        """The quantity of a plain figure."""
        return cls(low=number, best=number, high=number)

    def estimate(self) -> Estimate:
        """The same as the record that mentions carry."""
        return Estimate(low=self.low, best=self.best, high=self.high, imputed=self.imputed)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundQuantity:
    """A quantity and the words it stands on: tokens `first`..`last`, both included; `core` is the figure's first."""

    quantity: Quantity
    first: int
    core: int
    last: int


def read_quantity(text: str) -> Quantity | None:
    """Read the first number in a few words, or None when there is none.

    >>> read_quantity("at least twenty-five")
    Quantity(low=25, best=25, high=None, value_is='at least', imputed=None)
    >>> read_quantity("between 30 and 40").estimate()
    Estimate(low=30, best=30, high=40)
    >>> read_quantity("up to 40").estimate()
    Estimate(low=0, best=40, high=40)
    >>> read_quantity("dozens")
    Quantity(low=12, best=12, high=None, value_is='at least', imputed='dozens=12')
    """
    found = find_quantities(re.findall(r"\d[\d,.]*\d(?!\w)|\w+|[^\w\s]", text))
    return found[0].quantity if found else None


def find_quantities(words: Sequence[str]) -> tuple[FoundQuantity, ...]:
    """Every number among the words, left to right, with its "at least" and the like; ordinals are not numbers."""
    lower = [word.lower() for word in words]
    found: list[FoundQuantity] = []
    at = 0
    while at < len(lower):
        here = _read_at(lower, at)
        if here is None:
            at += 1
            continue
        floor = found[-1].last + 1 if found else 0
        found.append(_bound(lower, here, floor))
        at = here.last + 1
        if len(found) > 1:
            found[-2:] = _span_bounds(lower, found[-2], found[-1])
    return tuple(found)


def _span_bounds(words: list[str], left: FoundQuantity, right: FoundQuantity) -> list[FoundQuantity]:
    """Join "at least 10 and (possibly) up to 12" into one quantity of 10 to 12."""
    between = words[left.last + 1 : right.first]
    low, high = left.quantity, right.quantity
    joined = between and between[0] in ("and", "but", ",", "or") and all(word in _HEDGES for word in between)
    if (
        not joined
        or high.value_is != "at most"
        or low.value_is not in ("at least", "exact")
        or high.imputed
        or low.best > high.best
    ):
        return [left, right]
    quantity = Quantity(low=low.best, best=low.best, high=high.best, value_is="about", imputed=low.imputed)
    return [FoundQuantity(quantity=quantity, first=left.first, core=right.core, last=right.last)]


def _read_at(words: list[str], at: int) -> FoundQuantity | None:
    """The figure, round word or range that starts at word `at`, without what bounds it."""
    if words[at] in ("as", "no") and any(tuple(words[at : at + len(phrase)]) == phrase for phrase, _ in _BOUNDS):
        return None
    round_word = _read_round(words, at)
    if round_word is not None:
        return round_word
    joined = _JOINED.fullmatch(words[at])
    if joined:
        pair = _figure(joined.group(1)), _figure(joined.group(2))
        return _range(at, at, at, *pair) if pair[0] < pair[1] else None
    left = _read_figure(words, at)
    if left is None:
        return None
    value, end = left
    right = _read_figure(words, end + 2) if _is_range_word(words, at, end + 1) else None
    if right is not None and value < right[0] <= max(20, value * 10):
        return _range(at, at, right[1], value, right[0])
    return FoundQuantity(quantity=Quantity.exactly(value), first=at, core=at, last=end)


def _is_range_word(words: list[str], start: int, at: int) -> bool:
    if at >= len(words) - 1:
        return False
    if words[at] == "and":
        return start > 0 and words[start - 1] == "between"
    # "five to seven", "two or three", "30 - 40"; "rose from 5 to 7" is no range but a change.
    if words[at] == "to":
        return not any(word in ("from", "rose", "risen") for word in words[max(0, start - 2) : start])
    # "two killed, or three with the driver" keeps its comma, so it never gets here.
    return words[at] == "or" or words[at] in _DASHES


def _range(first: int, core: int, last: int, low: int, high: int) -> FoundQuantity:
    return FoundQuantity(
        quantity=Quantity(low=low, best=low, high=high, value_is="about"), first=first, core=core, last=last
    )


def _figure(text: str) -> int:
    return int(text.replace(",", ""))


def _read_figure(words: list[str], at: int) -> tuple[int, int] | None:
    """The value of the figure or number word that starts at `at`, and its last word."""
    if at >= len(words):
        return None
    if words[at] in ("a", "an", "half"):
        return _read_article_figure(words, at)
    if _FIGURES.fullmatch(words[at]):
        return _scale(words, float(words[at].replace(",", "")), at)
    return _read_words(words, at)


def _read_article_figure(words: list[str], at: int) -> tuple[int, int] | None:
    """ "a dozen", "half a dozen", "half-dozen", "a hundred", "a couple"."""
    if words[at] == "half":
        ahead = [word for word in words[at + 1 : at + 3] if word not in _DASHES and word != "a"]
        if ahead[:1] == ["dozen"]:
            return 6, words.index("dozen", at)
        return None
    following = words[at + 1] if at + 1 < len(words) else ""
    small = _SMALL_PHRASES.get((words[at], following))
    if small is not None:
        return small, at + 1
    if following in _SCALES:
        return _scale(words, 1.0, at)
    if following == "half":
        return _read_article_figure(words, at + 1)
    return None


def _scale(words: list[str], value: float, end: int) -> tuple[int, int] | None:
    """Multiply by the "hundred", "million" ... that follow; None where the figure is no whole number."""
    while end + 1 < len(words) and words[end + 1] in _SCALES:
        value *= _SCALES[words[end + 1]]
        end += 1
    return (round(value), end) if abs(value - round(value)) < 1e-6 else None


def _read_words(words: list[str], at: int) -> tuple[int, int] | None:
    """ "twenty-five", "one hundred and five", "twelve thousand"."""
    total, group, end, position = 0, 0, -1, at
    while position < len(words):
        parts = [p for p in re.split(r"[-–‑]", words[position]) if p]
        if len(parts) == 2 and parts[0] in _TENS and parts[1] in _UNITS:
            group += _TENS[parts[0]] + _UNITS[parts[1]]
        elif words[position] in _TENS and (end < 0 or group % 100 == 0):
            group += _TENS[words[position]]
        elif words[position] in _UNITS and (
            end < 0 or (group % 10 == 0 and _UNITS[words[position]] < 10) or group % 100 == 0
        ):
            group += _UNITS[words[position]]
        elif words[position] in _SCALES and end >= 0:
            if words[position] == "hundred":
                group *= 100
            else:
                total, group = total + group * _SCALES[words[position]], 0
        elif not _joins_words(words, position, end):
            break
        else:
            position += 1
            continue
        end = position
        position += 1
    return (total + group, end) if end >= 0 else None


def _joins_words(words: list[str], at: int, end: int) -> bool:
    """True for the dash of "twenty - five" and the "and" of "one hundred and five"."""
    if end != at - 1 or at + 1 >= len(words):
        return False
    following = words[at + 1] in _UNITS or words[at + 1] in _TENS
    if words[at] in _DASHES:
        return words[end] in _TENS and _UNITS.get(words[at + 1], 10) < 10
    return words[at] == "and" and words[end] in ("hundred", "thousand") and following


def _read_round(words: list[str], at: int) -> FoundQuantity | None:
    word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    if at > 0 and words[at - 1] in ("as", "how"):
        return None  # the "many" of "as many as 40" and "how many"
    if word in _NONE:
        end = at + 1 if (word, following) == ("no", "one") else at
        return FoundQuantity(quantity=Quantity.exactly(0), first=at, core=at, last=end)
    if word == "both":
        return FoundQuantity(quantity=Quantity.exactly(2), first=at, core=at, last=at)
    value, end = _ROUND.get(word), at
    if value is None:
        value, end = _ROUND_PHRASES.get((word, following)), at + 1
    if value is None and word == "few":
        value, end = 3, at
    if value is None:
        return None
    # "several dozen", "several hundred"; "tens of thousands"
    ahead = [*words[end + 1 : end + 3], "", ""]
    if ahead[0] in _SCALES:
        value, end = value * _SCALES[ahead[0]], end + 1
    elif ahead[0] == "of" and _ROUND.get(ahead[1], 0) >= 12:
        value, end = value * _ROUND[ahead[1]], end + 2
    name = f"{' '.join(words[at : end + 1])}={value}"
    quantity = Quantity(low=value, best=value, high=None, value_is="at least", imputed=name)
    return FoundQuantity(quantity=quantity, first=at, core=at, last=end)


def _bound(words: list[str], found: FoundQuantity, floor: int) -> FoundQuantity:
    """Take in the words that bound the figure, before it ("at least") or after it ("or more")."""
    after = tuple(words[found.last + 1 : found.last + 3])
    if after in _AFTER_AT_LEAST and found.quantity.high is not None:
        value: ValueIs = "about" if after == ("or", "so") else "at least"
        return replace(found, quantity=_apply(found.quantity, value), last=found.last + 2)
    first = found.first
    if first > floor and words[first - 1] in ("between", "from") and found.quantity.value_is == "about":
        return replace(found, first=first - 1)
    bounds: list[ValueIs] = []
    while first > floor:
        for phrase, value_is in _BOUNDS:
            if first - len(phrase) >= floor and tuple(words[first - len(phrase) : first]) == phrase:
                first -= len(phrase)
                bounds.append(value_is)
                break
        else:
            break
    quantity = found.quantity
    for value_is in sorted(set(bounds), key=("about", "at most", "at least").index):
        quantity = _apply(quantity, value_is)
    return replace(found, quantity=quantity, first=first)


def _apply(quantity: Quantity, value_is: ValueIs) -> Quantity:
    if quantity.best == 0:
        return quantity
    if value_is == "at least":
        return replace(quantity, high=None, value_is="at least")
    if quantity.imputed is not None:
        return quantity
    if value_is == "at most":
        top = quantity.best if quantity.high is None else quantity.high
        return replace(quantity, low=0, best=top, high=top, value_is="at most")
    return replace(quantity, value_is="about")
