"""Place names that only the grammar shows: "in Tongomayel", known to no list, yet where something happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conflictdesk.records import Article, Parse, Place, Sentence, Span, Toponym

_WHERE = frozenset("in at near outside around".split())
_UNITS = frozenset(
    "town city village hamlet oasis hinterlands edge outskirts waters direction community municipality commune "
    "township district settlement suburb neighbourhood neighborhood locality enclave camp island port east west "
    "regency arrondissement cercle woreda kebele upazila tehsil canton parish barangay prefecture wilayat raion "
    "north south control capture recapture siege fall shelling bombardment liberation".split()
)
_STRUCK = frozenset(
    "hit strike shell bomb pound bombard capture recapture seize retake enter storm overrun besiege liberate shake "
    "rock leave raid attack".split()
)
_NO_PLACE = frozenset(("PERSON", "DATE", "TIME", "MONEY", "PERCENT", "LANGUAGE", "EVENT", "LAW", "WORK_OF_ART"))
_NO_NAME = re.compile(
    r"[A-Z.&-]{1,6}$|(?:Mr|Mrs|Dr|Gen|Lt|Col|Capt|President|Prime|Minister|King|Queen|Pope|Police|Army|Parliament|"
    r"Congress|Senate|God|Twitter|Telegram|Facebook|Ramadan|Christmas|Easter|University|Ministry|Court|Church|Team|"
    r"English|French|Arabic|Spanish|Hebrew|Russian|Turkish|Persian|Farsi|Urdu|Hindi|Chinese|German|Portuguese|"
    r"Swahili|Hausa|Street|Road|Avenue|War|Operation)\b"
)
_TAIL = re.compile(r"\b(?:Street|Road|Avenue|Drive|University|Court|Hospital|Church|Hotel|Museum|Stadium|Association)$")
_UNIT = re.compile(r"\s(?:Village|Town|Township|District|Municipality|LGA)$")
_FAR = 400  # characters


def add_unlisted(
    article: Article, parse: Parse, known: Sequence[Toponym], taken: Iterable[Span] = ()
) -> tuple[Toponym, ...]:
    """The known place names and those that only stand where a place stands: "in", "at", "near" a name.

    A name in no list gets the country that the text speaks of there, no point and precision 3; `taken` are names
    that are something else (groups of the register). Headlines give none: their capitals say nothing.
    """
    found: list[Toponym] = []
    barred = [*(t.span for t in known), *(t.phrase for t in known), *taken]
    for sentence in parse.sentences:
        if sentence.paragraph == 0 or not sentence.tokens:
            continue
        for span in _list_names(sentence, known):
            if not any(span.meets(other) for other in barred) and (country := _find_country(article, span, known)):
                name = _UNIT.sub("", span.quote(article.text))
                place = Place(name=name, kind="town", country=country.country, iso3=country.iso3, precision=3)
                found.append(Toponym(span=span, phrase=span, place=place, score=0.4))
    return tuple(sorted((*known, *found), key=lambda t: t.span))


def is_unlisted(place: Place) -> bool:
    """True for a place that the text names and no list knows: it has no point.

    >>> is_unlisted(Place(name="Tel Hamra", kind="town", country="Syria", iso3="SYR", precision=3))
    True
    """
    return place.kind in ("town", "site") and place.latitude is None and place.gazetteer_id is None


def _list_names(sentence: Sentence, known: Sequence[Toponym]) -> list[Span]:
    tokens, names = sentence.tokens, []
    # Only what stands in this sentence: an article of thousands of sentences names thousands of places.
    own = [k.span for k in known if k.span.meets(sentence.span)]
    placed = {n for n, t in enumerate(tokens) if any(span.start <= t.start < span.end for span in own)}
    n = 1
    while n < len(tokens):
        first, last = n, n
        n += 1
        if tokens[first].tag != "NNP" or tokens[first - 1].tag == "NNP":
            continue
        while last + 1 < len(tokens) and tokens[last + 1].tag == "NNP":
            last += 1
        n = last + 1
        if _stands_for_place(sentence, first, last, placed):
            names.append(Span(tokens[first].start, tokens[last].end))
            placed.update(range(first, last + 1))
    return names


def _stands_for_place(sentence: Sentence, first: int, last: int, placed: set[int]) -> bool:
    tokens = sentence.tokens
    text = sentence.text[tokens[first].start - sentence.span.start : tokens[last].end - sentence.span.start]
    if _NO_NAME.match(text) or _TAIL.search(text):
        return False
    if any(tokens[m].entity in _NO_PLACE for m in range(first, last + 1)) and not _is_scene(sentence, first, last):
        return False
    if last + 1 < len(tokens) and tokens[last + 1].text in ("'s", "’s", "’", "'", "-", "/"):
        return False
    head = tokens[tokens[last].head]
    if (
        tokens[last].dep in ("compound", "nmod", "amod", "poss")
        and tokens[last].head > last
        and head.lemma not in _UNITS
    ):
        return False
    before = tokens[first - 1].text.lower()
    if before in _WHERE:
        return True
    sure = tokens[last].entity in ("GPE", "LOC", "FAC")
    if sure and head.lemma in _STRUCK and tokens[last].dep in ("dobj", "nsubjpass"):
        return True
    if before == "of" and first >= 3:
        air_base = tokens[first - 2].lemma == "base" and tokens[first - 3].lemma in ("air", "military", "army", "naval")
        return air_base or tokens[first - 2].lemma in _UNITS
    # "Pattani, Yala and Narathiwat": joined to a place.
    bare = first == last and (last + 1 == len(tokens) or tokens[last + 1].pos not in ("VERB", "AUX", "NOUN"))
    return tokens[last].dep == "conj" and tokens[last].head in placed and (sure or bare)


def _is_owner(text: str, toponym: Toponym) -> bool:
    """True for a country that only says whose something is: "France's defence ministry", "the United States said"."""
    if toponym.place.kind != "country":
        return False
    return text.startswith(("'s", "’s", " said", " has", " is"), toponym.span.end) or not _IN.search(
        text, max(0, toponym.span.start - 30), toponym.span.start
    )


_IN = re.compile(r"\b(?:in|of|across|into|inside|from|throughout|near|to) (?:\w+ )?(?:the )?$|, $")


_DEEDS = frozenset(
    "fighting fight clash battle attack ambush kill shoot strike raid explode bomb bombing protest rally march abduct "
    "kidnap shell shelling die wound injure operation offensive ambush burn torch".split()
)
_SITES = frozenset(
    "post outpost checkpoint base barracks house home school market mosque church hospital camp prison jail station "
    "office road bridge mine farm field convoy patrol village town".split()
)


def _is_scene(sentence: Sentence, first: int, last: int) -> bool:
    """True for "fighting around Tinzaouatene", "his post in Rmeish", taken by the parser for a person or a language."""
    tokens = sentence.tokens
    if (
        first != last
        or tokens[first].entity not in ("PERSON", "LANGUAGE")
        or tokens[first - 1].text.lower() not in _WHERE
    ):
        return False
    return tokens[tokens[first - 1].head].lemma in _DEEDS | _SITES


def _find_country(article: Article, span: Span, known: Sequence[Toponym]) -> Place | None:
    """A place in the country that the text speaks of at a name: in its paragraph, else the last told before it."""
    inside = [t for t in known if t.place.country]
    where = [t for t in inside if not _is_owner(article.text, t)]
    near = [t for t in where if "\n\n" not in article.text[min(t.span.end, span.end) : max(t.span.start, span.start)]]
    if near:
        return min(near, key=lambda t: (abs(t.span.start - span.start), t.span.start)).place
    before = [t for t in where if t.span.end <= span.start and span.start - t.span.end <= _FAR]
    if before:
        return before[-1].place
    counts: dict[str, int] = {}
    for t in inside:
        counts[t.place.country or ""] = counts.get(t.place.country or "", 0) + 1
    most = max(inside, key=lambda t: (counts[t.place.country or ""], -t.span.start), default=None)
    return most.place if most else None
