"""What one article tells, in a form that can be compared: names, figures, ages, towns and the day of its main incident.

A Profile lives only as long as a run: the names in it may be those of private people, so it is never written out.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conflictdesk.records import Article, Dates, Estimate, Place, Toponym

MOST_TOWNS = 3
LEAD = 400  # characters: what an article names first it is about
OPENING = 700  # characters, headline included
CLOSE_KINDS = ("town", "site", "admin2")
# Words of grammar and of telling: they say nothing of what an article is about, and a small run cannot show that.
_PLAIN = frozenset(
    """a about above according across after again against ago all almost along already also although always am among an
    and another any are around as asked at away back be became because been before began behind being below between both
    but by came can come could day did do does doing done don't down during each early either even ever every few first
    five for found four from gave get give go going gone got had has have having he held her here him himself his how
    however if in including into is it its itself just know known last late later least left less like made make many
    may me men might monday month more morning most much must my near never new next night no none nor not now of off on
    once one only onto or other others our out over own part people per place put reported said same saturday say second
    see seen seven several she should since six so some still such sunday take taken tell ten than that the their them
    then there these they third this those though three through thursday time to today together told too took toward
    tuesday two under until up upon us used very was way we wednesday week well went were what when where whether which
    while who whom whose why will with within without woman women word would year yesterday yet you young your friday
    afternoon evening hour man""".split()
)
_WORD = re.compile(r"[^\W\d_][\w'’]*(?:-[\w'’]+)*|\d[\d:,.]*\d|\d")
_AGE = re.compile(r"\b(\d{1,2})[- ]years?[- ]olds?\b|\b[A-Z][\w'’]+, (\d{1,2})(?=[,.;])|\baged? (\d{1,2})\b")
_AFTERMATH = re.compile(
    r"\b(?:arraign|arrest|autops|bond\b|charged|convict|coroner|court|funeral|guilty|identified|indict|judge|jury"
    r"|lawsuit|mourn|ple(?:a|ads?|aded|d)\b|prosecut|remember|sentenc|sued\b|trial|tribunal|verdict|vigil)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """The day and the tolls of an article's main incident, as read from it, and all dates that the article tells of."""

    dates: Dates | None = None
    told: tuple[Dates, ...] = ()
    deaths: Estimate | None = None
    injured: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One article as far as it can be compared with others.

    `dates` is the day or window of its main incident, `told` all dates that it tells of, `towns` the towns it speaks
    of most, `ages` those of people it tells of; `follows` when its opening has words of what comes after an incident:
    arrests, trials, funerals. `paragraphs` holds the terms of each paragraph: words, numbers ("#4500"), and names of
    two words or more in neighbouring pairs ("amina bello").
    """

    article_id: str
    published_on: dt.date | None
    dates: Dates | None
    told: tuple[Dates, ...]
    towns: tuple[Place, ...]
    deaths: Estimate | None
    injured: Estimate | None
    ages: frozenset[int]
    follows: bool
    paragraphs: tuple[tuple[str, ...], ...]


def make_profile(article: Article, toponyms: Iterable[Toponym], gist: Gist) -> Profile:
    """Put together what readers found in an article."""
    return Profile(
        article_id=article.article_id,
        published_on=article.published_on,
        dates=gist.dates,
        told=tuple(dict.fromkeys(gist.told)),
        towns=_choose_towns(toponyms),
        deaths=gist.deaths,
        injured=gist.injured,
        ages=frozenset(int(age) for found in _AGE.findall(article.text) for age in found if age),
        follows=_AFTERMATH.search(article.text, 0, OPENING) is not None,
        paragraphs=tuple(terms for line in article.text.split("\n") if (terms := tuple(list_terms(line)))),
    )


def list_terms(line: str) -> Iterator[str]:
    """The words of a line by their stems, its numbers, and each two neighbouring capitalised words as one name.

    >>> list(list_terms("Amina Bello, 34, fled to Kidal's markets"))
    ['amina', 'bello', 'amina bello', '#34', 'fled', 'kidal', 'market']
    """
    before, end = "", -1
    for match in _WORD.finditer(line):
        word = match[0]
        stem = f"#{word}" if word[0].isdigit() else _cut_ending(word)
        if stem[0] == "#" or (len(stem) > 2 and stem not in _PLAIN):
            yield sys.intern(stem)
        if word[0].isupper() and before and stem not in _PLAIN and line[end : match.start()] == " ":
            yield sys.intern(f"{before} {stem}")
        before, end = (stem, match.end()) if word[0].isupper() and stem not in _PLAIN else ("", -1)


def _cut_ending(word: str) -> str:
    stem = _POSSESSIVE.sub("", word.casefold())
    return stem[:-1] if len(stem) > 4 and stem.endswith("s") and not stem.endswith("ss") else stem


def _choose_towns(toponyms: Iterable[Toponym]) -> tuple[Place, ...]:
    """The towns most spoken of; the first lines count twice, and of equals the first named goes first."""
    counts: Counter[Place] = Counter()
    for each in toponyms:
        if each.place.kind in CLOSE_KINDS and each.place.latitude is not None:
            counts[each.place] += 2 if each.span.start < LEAD else 1
    return tuple(place for place, _ in counts.most_common(MOST_TOWNS))
