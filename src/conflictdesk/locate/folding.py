"""How place names are folded, so that Sana'a, Sanaa and SANAA are one key.

Folding drops case, accents, apostrophes and hyphens; the Arabic article is dropped only in a second, wider key.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

_MARKS = re.compile(r"[\u0027\u0060\u00b4\u02b0-\u02ff\u2018\u2019\u201a\u201b\u2032\u0300-\u036f]")
_GAPS = re.compile(r"[\s\-\u2010-\u2015_/.,]+")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h"}
)
_ARTICLES = frozenset(
    ["al", "el", "ad", "ar", "as", "at", "an", "az", "ash", "ath", "adh", "ul", "ez", "ed", "es", "esh", "et", "il"]
)
_TURKIC = str.maketrans("ığşəİĞŞƏ", "igsaIGSA")
_LATIN = re.compile(r"^[\u0020-\u024f\u0259\u02b0-\u036f\u1e00-\u1eff\u2010-\u201b\u2032]+$")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}

UNIT_WORDS = frozenset(
    [
        "province",
        "governorate",
        "state",
        "region",
        "oblast",
        "district",
        "county",
        "parish",
        "department",
        "prefecture",
        "municipality",
        "emirate",
        "krai",
        "territory",
        "rayon",
        "raion",
        "borough",
        "canton",
        "division",
        "subdivision",
        "popularate",
        "voivodeship",
        "shire",
        "township",
        "wilayat",
        "commune",
        "subdistrict",
        "wilaya",
        "township",
        "locality",
        "lga",
        "regency",
    ]
)


@functools.lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The key of a name: lower case, no accents or apostrophes, single blanks.

    >>> fold("Ṣanʿā’"), fold("Port-au-Prince"), fold("St. Louis")
    ('sana', 'port au prince', 'saint louis')
    """
    if name.isascii():
        plain = _MARKS.sub("", name).lower()
    else:
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", name)).lower().translate(_LETTERS)
    words = _GAPS.sub(" ", plain).strip().split(" ")
    if words[0] in _ABBREVIATIONS and len(words) > 1:
        words[0] = _ABBREVIATIONS[words[0]]
    return " ".join(words)


def is_article(word: str) -> bool:
    """True for an Arabic article as it stands in names ("al", "ez")."""
    return word in _ARTICLES


def drop_articles(folded: str) -> str:
    """A folded name without Arabic articles; a name that is nothing else stays.

    >>> drop_articles("al hudaydah"), drop_articles("deir ez zor"), drop_articles("al")
    ('hudaydah', 'deir zor', 'al')
    """
    words = [word for word in folded.split(" ") if word not in _ARTICLES]
    return " ".join(words) if words else folded


def drop_unit(folded: str) -> str:
    """A folded name without the word for its kind of unit ("anbar province" -> "anbar"); else the name itself.

    >>> drop_unit("anbar province"), drop_unit("state of louisiana"), drop_unit("province")
    ('anbar', 'louisiana', 'province')
    """
    words = folded.split(" ")
    if len(words) > 1 and words[-1] in UNIT_WORDS:
        return " ".join(words[:-1])
    if len(words) > 2 and words[0] in UNIT_WORDS and words[1] in ("of", "de"):
        return " ".join(words[2:])
    return folded


def is_latin(name: str) -> bool:
    """True for a name in Latin letters that a newspaper could print (transliterations in small letters are not)."""
    return bool(_LATIN.match(name)) and (
        name[0].isupper() or name[0] in "'`‘’ʻʿ" or (" " in name and name[-1].islower())
    )


def plain_name(name: str) -> str:
    """A name as a newspaper prints it: scholarly marks go, accents that newspapers keep stay.

    >>> plain_name("Al Ḩasakah"), plain_name("Dar‘ā"), plain_name("São Paulo")
    ('Al Hasakah', 'Dara', 'São Paulo')
    """
    name = name.lstrip("'`‘’ʻʿ")
    if all(char < "\u0100" for char in name) and not _MARKS.search(name):
        return name
    name = name.translate(_TURKIC)
    if not any(char in "āēīōūḩḨţŢşŞḑḐẕẔĀĪŪ‘’ʻʿʼ`" or "\u1e00" <= char <= "\u1eff" for char in name):
        return name
    kept = unicodedata.normalize("NFKD", name)
    return "".join(char for char in kept if not _MARKS.match(char)).strip()


def key_variants(name: str, arabic: bool) -> Iterator[str]:
    """The keys under which a name is filed, the exact one first."""
    first = fold(name)
    if first:
        yield first
    if arabic and (bare := drop_articles(first)) != first:
        yield bare


_SOUNDS = str.maketrans("cqxgjyvwzdpo", "kkhkiiffstbu")


def sound_out(folded: str) -> str:
    """The first sound of a folded name and its consonants by kind, for telling spellings of one name from translations.

    >>> sound_out("kiev"), sound_out("kyiv"), sound_out("enguri")
    ('kf', 'kf', 'enkr')
    """
    letters = folded.replace(" ", "").translate(_SOUNDS)
    return letters[:1] + "".join(letter for letter in letters[1:] if letter not in "aeiouh")


def sounds_like(left: str, right: str) -> bool:
    """True when two sounded-out names begin alike and share more than half of their consonants."""
    if not left or not right or (left[0] != right[0] and not (left[0] in "aeiou" and right[0] in "aeiou")):
        return False
    shared = len(set(left[1:]) & set(right[1:]))
    return 2 * shared >= len(set(left[1:]) | set(right[1:]))
