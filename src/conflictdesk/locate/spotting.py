"""Finds the words of an article that may be place names, and says how much they look like one."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from conflictdesk.codebook.countries import load_countries
from conflictdesk.locate.folding import UNIT_WORDS, fold, is_article
from conflictdesk.locate.gazetteer import Entry, FileGazetteer
from conflictdesk.locate.regions import load_abbreviations, read_own
from conflictdesk.records import Parse, Span

_WORD = re.compile(r"(?:[A-Z]\.){2,}|(?:St|Ste|Ft|Mt)\.(?=\s[A-Z])|[^\W\d_](?:[\w'’ʻʿ‘]|-(?=\w))*")
_SUFFIX = re.compile(r"(?:['’]s?|-(?:based|born|area|bound|held|led|controlled|backed|trained|run|style|wide|made))$")
_JOINTS = frozenset(
    [
        "of",
        "de",
        "del",
        "la",
        "las",
        "los",
        "le",
        "les",
        "du",
        "da",
        "do",
        "dos",
        "al",
        "el",
        "ez",
        "az",
        "ar",
        "as",
        "ash",
        "an",
        "at",
        "ad",
        "ud",
        "ul",
        "bin",
        "ben",
        "and",
        "the",
        "e",
        "y",
    ]
)
_TWO_ENDS = re.compile(r"(?<=[a-z]{3})-(?=[A-Z])")
_ROAD = re.compile(r"\s(?:[a-z]+\s){0,2}(?:(?:high|motor|free|rail)way|road|route|axis)s?\b")
_LONGEST = 6


@functools.cache
def load_words(group: str) -> frozenset[str]:
    """One group of `words.toml`, as a set."""
    return frozenset(cast(dict[str, str], tomllib.loads(read_own("words.toml").decode("utf-8")))[group].split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text with its place in it; `gap` is what stands between the word before and this one."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def capital(self) -> bool:
        """True for a word that could open a name; an Arabic article with a small letter counts ("al-Hol")."""
        first = self.text[0]
        if first.isupper() or (first in "'’‘ʻ" and self.text[1:2].isupper()):
            return True
        article, hyphen, rest = self.text.partition("-")
        return bool(hyphen and rest[:1].isupper() and is_article(article))


@dataclass(slots=True)
class Candidate:
    """Words that the gazetteer knows: where, as what, and how much they look like a place name (0 is even).

    `doubt` is the part of it that an entity label took away: words such as "the city of" give that back.
    """

    span: Span
    key: str
    entries: tuple[Entry, ...]
    likeness: float
    locative: bool = False
    doubt: float = 0.0


def cut_words(text: str) -> list[Word]:
    """The words of a text; a possessive ending is no part of a word.

    >>> [word.text for word in cut_words("St. Louis and Aleppo’s Kyiv-based U.S. aides")]
    ['St.', 'Louis', 'and', 'Aleppo', 'Kyiv', 'U.S.', 'aides']
    """
    words, end = [], 0
    for match in _WORD.finditer(text):
        for start, found in _cut_road(match, text):
            cut = _SUFFIX.search(found)
            short = found[: cut.start()] if cut and cut.start() else found
            words.append(Word(short, start, start + len(short), text[end:start]))
            end = start + len(short)
    return words


def _cut_road(match: re.Match[str], text: str) -> list[tuple[int, str]]:
    """The parts of a word; more than one only before a road: "Baghdad-Kirkuk highway", not "ez-Zor"."""
    found, start = match.group(), match.start()
    if not _TWO_ENDS.search(found) or not _ROAD.match(text, match.end()):
        return [(start, found)]
    at = [0, *(joint.end() for joint in _TWO_ENDS.finditer(found)), len(found) + 1]
    return [(start + a, found[a : b - 1]) for a, b in itertools.pairwise(at)]


class Spotter:
    """Reads one article's words against the gazetteer."""

    def __init__(self, text: str, parse: Parse, gazetteer: FileGazetteer) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self.words = cut_words(text)
        self.labels = _read_labels(parse)
        self.starts = _read_starts(parse)
        self.small = Counter(word.text for word in self.words if not word.capital)
        self.people = self._find_people()

    def find(self) -> list[Candidate]:
        """Every stretch of capitalised words that the gazetteer knows, the longest first where two begin together."""
        found, at = [], 0
        while at < len(self.words):
            step = 1
            if self.words[at].capital:
                for count in range(self._reach(at), 0, -1):
                    candidate = self._match(at, count)
                    if candidate is not None:
                        found.append(candidate)
                        step = count
                        break
            at += step
        return found

    def _reach(self, at: int) -> int:
        """How many words from `at` on could be one name."""
        best = 1
        for n in range(at + 1, min(at + _LONGEST, len(self.words))):
            word = self.words[n]
            if not (
                word.gap in (" ", "-", "'s ", "’s ") or (word.gap == ". " and self.words[n - 1].text in ("St", "Ft"))
            ):
                break
            if word.capital or word.text in load_words("sites"):
                best = n - at + 1
            elif word.text not in _JOINTS and word.text not in load_words("before_sites"):
                break
        return best

    def _match(self, at: int, count: int) -> Candidate | None:
        first, last = self.words[at], self.words[at + count - 1]
        if not last.capital and (count == 1 or last.text not in load_words("sites")):
            return None
        surface = self.text[first.start : last.end]
        key = fold(surface)
        if len(key) < 2 or key.replace(" ", "_") in load_words("phrases"):
            return None
        entries = self.gazetteer.look_up(key)
        short = surface.isupper() and _is_known_short(entries)
        if count == 1 and key in load_words("never") and not short and not self._is_owned_unit(at):
            return None
        if count == 1 and _is_people(surface, entries) and not self._names_unit(at):
            return None
        if at and (wider := self._widen(at, key)):
            key, entries = wider
            first = self.words[at - 1]
        if not last.capital and (
            not entries or entries[0].rank or entries[0].place.kind not in ("site", "area", "water")
        ):
            return None
        if not entries or (len(key) <= 4 and entries[0].place.kind == "country" and not _fits_short(surface, entries)):
            return None
        likeness, locative = self._weigh(at, count, entries)
        doubt = self._weigh_label(at, count)
        if locative and doubt < -1.0 and self.labels[first.start][1] <= last.end:
            doubt *= 0.5  # "around Hadrut": the words say more than the label of a lone name
        if count == 1 and self.words[at].text in self.people:
            doubt -= 4.0
        return Candidate(Span(first.start, last.end), key, entries, likeness + doubt, locative, max(0.0, -doubt))

    def _names_unit(self, at: int) -> bool:
        """True when the word for a unit or a town stands behind a word: "Somali Region"."""
        after = self.words[at + 1] if at + 1 < len(self.words) else None
        return after is not None and after.gap == " " and (after.text.lower() in UNIT_WORDS or after.text == "town")

    def _is_owned_unit(self, at: int) -> bool:
        """True for "Pakhtunkhwa's Tank district": a word that is no name, but for what stands around it."""
        owned = at and self.words[at - 1].capital and self.words[at].gap in ("'s ", "’s ")
        return bool(owned) and self._names_unit(at)

    def _widen(self, at: int, key: str) -> tuple[str, tuple[Entry, ...]] | None:
        """A region that newspapers name with a small letter first ("northern Gaza"), if the gazetteer knows it."""
        before = self.words[at - 1]
        if before.capital or self.words[at].gap != " " or before.text not in load_words("directions"):
            return None
        wide = f"{fold(before.text)} {key}"
        entries = tuple(e for e in self.gazetteer.look_up(wide) if e.place.kind in ("area", "admin1", "admin2"))
        return (wide, entries) if entries else None

    def _weigh(self, at: int, count: int, entries: Sequence[Entry]) -> tuple[float, bool]:
        first = self.words[at]
        before = self.words[at - 1] if at else None
        after = self.words[at + count] if at + count < len(self.words) else None
        score = 0.8 * (max(entry.prior for entry in entries) - 4.2) + 1.2 * (count - 1)
        locative = False
        firm = self.words[at + count - 1].text.lower() in UNIT_WORDS or entries[0].place.kind in ("country", "admin1")
        score += 2.0 if firm and count > 1 else 0.0
        opens = first.start in self.starts
        if before is not None and before.gap is not None and first.gap in (" ", " “", ' "', "-"):
            low = before.text.lower()
            if low in load_words("locative") or (low == "of" and self._names_part(at)):
                locative = True
                score += 2.5
            elif low in load_words("before_verbs") and not before.capital:
                score += 1.5
            elif (low in load_words("titles") and before.capital and not opens) or (
                low in load_words("given") and before.capital
            ):
                score -= 7.0
            elif before.capital and first.gap == " " and low not in load_words("linking") and not opens:
                score -= 2.0 if low in load_words("never") else 2.6
        given = count == 1 and fold(first.text) in load_words("given")
        if given and not firm:
            score -= 2.0
        if after is not None and after.gap == " " and after.capital and after.start not in self.starts:
            low = after.text.lower()
            if low in load_words("after") or low in UNIT_WORDS:
                score += 1.0
            elif low in load_words("organisations") or low in load_words("streets"):
                score -= 3.5
            else:
                score -= 7.0 if given else 0.6 if firm else 2.6
        elif after is not None and after.gap == " " and after.text in load_words("after"):
            score += 2.5 if after.text in load_words("sites") and entries[0].place.kind == "site" else 1.0
        elif after is not None and after.gap == " " and after.text in load_words("after_verbs"):
            score += 0.5
        if opens and count == 1 and not locative and self.small[first.text.lower()]:
            score -= 4.0
        elif count == 1 and self.small[first.text.lower()]:
            score -= 1.5
        return score, locative

    def _names_part(self, at: int) -> bool:
        """True for "the main square of Perm": a part of a town stands before the name."""
        return at > 1 and self.words[at - 2].text in load_words("parts") and self.words[at - 1].gap == " "

    def _weigh_label(self, at: int, count: int) -> float:
        label, whole = self.labels.get(self.words[at].start, (None, 0))
        if not label:
            return 0.0 if label is None or self.words[at].start in self.starts else -1.0
        inside = whole > self.words[at + count - 1].end
        if label in ("GPE", "LOC"):
            return 2.5
        if label == "FAC":
            return 0.5
        if label == "PERSON":
            return -4.0 if inside else -1.6
        if label == "ORG":
            return -1.0 if inside else 0.0
        return -3.0

    def _find_people(self) -> frozenset[str]:
        """Surnames of the article: the last word of a full name, or the word after a title."""
        names: set[str] = set()
        for n, word in enumerate(self.words[1:], 1):
            before = self.words[n - 1]
            if not (word.capital and before.capital and word.gap in (" ", ". ")):
                continue
            low = before.text.lower().rstrip(".")
            if (
                low in load_words("given")
                or low in ("mr", "mrs", "ms", "dr", "sgt", "lt", "capt")
                or (len(low) == 1 and n > 1 and self.words[n - 2].text.lower() in load_words("given"))
            ):
                names.add(word.text)
        for n, word in enumerate(self.words):
            label, end = self.labels.get(word.start, ("", 0))
            if label == "PERSON" and n + 1 < len(self.words) and self.words[n + 1].end <= end:
                last = max((m for m in range(n, min(n + 5, len(self.words))) if self.words[m].end <= end), default=n)
                names.add(self.words[last].text)
        return frozenset(names)


def _is_people(surface: str, entries: Sequence[Entry]) -> bool:
    """True for "Somali": people of a country, though a province is called so too."""
    other = bool(entries) and entries[0].place.kind != "country"
    return other and load_countries().by_demonym(surface) is not None


def _is_known_short(entries: Sequence[Entry]) -> bool:
    """True for "US" or "EU": abbreviations of a country or of a great region."""
    return bool(entries) and entries[0].place.kind in ("country", "area") and entries[0].place.precision == 4


def _fits_short(surface: str, entries: Sequence[Entry]) -> bool:
    """A short country name must be written as one: "US", "U.S.", "UAE" or a word such as "Iraq", never "Us"."""
    name = entries[0].place.name
    return surface.isupper() or fold(name) == fold(surface) or (len(fold(surface)) > 3)


def _read_labels(parse: Parse) -> dict[int, tuple[str, int]]:
    """For each word that has grammar: the label of its named entity ("" for none) and where the entity ends."""
    labels: dict[int, tuple[str, int]] = {}
    for sentence in parse.sentences:
        runs = groupby(sentence.tokens, key=lambda token: (token.entity, token.text in ",;"))
        for (label, _), run in runs:
            tokens = list(run)
            labels.update((token.start, (label, tokens[-1].end)) for token in tokens)
    return labels


def _read_starts(parse: Parse) -> frozenset[int]:
    """Where sentences begin, opening quotes and bullets aside."""
    starts: set[int] = set()
    for sentence in parse.sentences:
        skip = len(sentence.text) - len(sentence.text.lstrip("\"“‘'•*-–— \t\n("))
        starts.add(sentence.span.start + skip)
    return frozenset(starts)


@functools.cache
def _abbreviation_pattern() -> re.Pattern[str]:
    """Short names of provinces: any after a comma or a party's hyphen, the unmistakable ones anywhere."""
    known = sorted(load_abbreviations(), key=lambda short: (-len(short), short))
    plain = "|".join(re.escape(short).replace("W\\.Va", r"W\.\s?Va") for short in known)
    clear = [short for short in known if short.count(".") > 1 or (len(short) > 3 and short not in ("Miss.", "Mass."))]
    sure = "|".join(re.escape(short).replace("W\\.Va", r"W\.\s?Va") for short in clear)
    return re.compile(rf"(?:(?<=\w, )|(?<=[DRI]-))(?:{plain})(?![\w])|(?<![\w.])(?:{sure})(?![\w])")


def find_abbreviations(text: str, gazetteer: FileGazetteer) -> list[Candidate]:
    """The short names of provinces in a text ("Va.", "NSW")."""
    found = []
    for match in _abbreviation_pattern().finditer(text):
        key, entries = look_up_name(match.group(), gazetteer)
        if entries:
            found.append(Candidate(Span(*match.span()), key, entries, 4.0))
    return found


_DIRECTED = re.compile(
    r"^(?:the|The|(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?|central|upper|lower|greater|downtown|mid)\s+",
    re.IGNORECASE,
)


def look_up_name(surface: str, gazetteer: FileGazetteer) -> tuple[str, tuple[Entry, ...]]:
    """The key and the entries of a name given from outside, tried whole, then without what newspapers add to it."""
    known = load_abbreviations().get(surface.replace(" ", ""))
    if known is not None:
        iso3, name = known
        entries = tuple(e for e in gazetteer.look_up(fold(name)) if e.place.iso3 == iso3 and e.place.kind == "admin1")
        if entries:
            return fold(name), entries
    plain = re.sub(r"['’]s?$", "", surface.strip())
    tries = [plain, _DIRECTED.sub("", plain), plain.split(",")[0]]
    words = plain.split()
    tries += [" ".join(words[:n]) for n in range(len(words) - 1, 0, -1)]
    tries += [" ".join(words[n:]) for n in range(1, len(words))]
    for name in tries:
        if entries := gazetteer.look_up(fold(name)):
            return fold(name), entries
        if country := load_countries().by_demonym(name):
            return fold(country.name), gazetteer.look_up(fold(country.name))[:1]
    return fold(plain), ()
