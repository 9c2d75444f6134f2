"""The words by which articles and events are found: the same on every database, whatever its language settings."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_WORD = re.compile(r"[^\W_]+")
LONGEST_WORD: Final = 60
MOST_ASKED: Final = 20
"""How many words of a question count: nobody types more, and a pasted page shall not keep the database busy."""


def list_words(text: str) -> list[str]:
    """The words of `text` in order, without case and accents; marks between them are gone.

    >>> list_words("Al-Ḥasakah: 3 killed!")
    ['al', 'hasakah', '3', 'killed']
    """
    bare = text.casefold()
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare)
        bare = apart.translate({ord(c): None for c in set(apart) if unicodedata.category(c) == "Mn"})
        bare = unicodedata.normalize("NFC", bare)
    return [word[:LONGEST_WORD] for word in _WORD.findall(bare)]


def find_word(text: str, asked: Sequence[str]) -> int:
    """Where the first word of `text` begins that is one of those asked for or begins as the last of them; 0 if none.

    >>> find_word("In Al-Ḥasakah, three", ["hasa"])
    6
    """
    for found in _WORD.finditer(text):
        for word in list_words(found[0]):
            if word in asked or word.startswith(asked[-1]):
                return found.start()
    return 0


def fold_name(name: str) -> str:
    """A name for looking up by its beginning: without case, accents and marks.

    >>> fold_name("Free  Coast-Front")
    'free coast front'
    """
    return " ".join(list_words(name))


def make_key(day: dt.date | None, record_id: str) -> int:
    """A number by which rows stand in the order of their day, undated ones first; ids of one day in a fixed order."""
    spread = int.from_bytes(hashlib.sha256(record_id.encode("utf-8", "surrogatepass")).digest()[:5])
    return ((day.toordinal() if day else 0) << 40) + spread
