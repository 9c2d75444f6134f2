"""Armed groups by names that no register has, told by how such names are made."""

from __future__ import annotations

from collections.abc import Sequence

from conflictdesk.codebook.countries import CountryTable
from conflictdesk.coding.actor_words import Word, country_at

_BANDS = frozenset(
    "Front Units Brigade Brigades Movement Army Militia Militias Resistance Cartel Battalion Battalions Fighters "
    "Mujahideen Legion Alliance Guerrillas Rebels Gang".split()
)
_PLAIN = frozenset(("gang", "militia", "crew"))  # "the Baz Kraze gang"
_COMMON = frozenset(
    "national federal royal armed special security border presidential republican coast air defence defense "
    "territorial mobile rapid civil joint task mechanised mechanized infantry armoured armored airborne marine "
    "naval artillery northern southern eastern western central regional state first second third fourth fifth "
    "general new red cross salvation people's free union african international multinational mountain tank "
    "motorised motorized guards guard elite engineering mixed intervention reserve".split()
)


def find_band(countries: CountryTable, words: Sequence[Word]) -> tuple[int, int] | None:
    """Start and end of a name such as "Sinjar Resistance Units" among the words; None when there is none.

    The name is a run of capitalised words that ends in a word for such groups and holds one that is neither a country
    nor a common word for forces: "Syrian Armed Forces", "4th Brigade" and "Border Guard" are a state's.
    """
    last = next((i for i in range(len(words) - 1, 0, -1) if words[i].text in _BANDS), None)
    if last is None and words[-1].text in _PLAIN and len(words) > 2 and all(w.text[0].isupper() for w in words[-3:-1]):
        last = len(words) - 1
    if last is None or any(w.text[0].isdigit() for w in words):
        return None
    first = last
    while first > 0 and words[first - 1].text[0].isupper() and words[first - 1].key != "the":
        first -= 1
    own = [w for i, w in enumerate(words[first:last], start=first) if _is_own(countries, words, i)]
    if not own or countries.by_metonym(words[first].text):
        return None
    return words[first].start, words[last].end


def _is_own(countries: CountryTable, words: Sequence[Word], i: int) -> bool:
    word = words[i]
    return word.key not in _COMMON and word.text not in _BANDS and country_at(countries, words, i, i) is None
