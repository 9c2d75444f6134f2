"""The characters of an article, cleaned once, and its paragraphs, put together again from wrapped lines."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence

LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
GONE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
HALVES = re.compile("[\ud800-\udfff]")
SPACES = re.compile("[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def clean_text(text: str) -> str:
    """`text` in NFC with line ends as "\\n" and single spaces; control, zero-width and direction marks are gone.

    Applying it twice changes nothing more.

    >>> clean_text("e\\u0301t\\u00ad\\u00e9\\u200b\\r\\nA\\u00a0 b ")
    'été\\nA b'
    """
    text = HALVES.sub("\ufffd", LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", GONE.sub("", text))
    return "\n".join(SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))


def fold(line: str) -> str:
    """A line for comparing: case, spaces, quotes and a final stop do not count."""
    line = line.casefold().translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    return " ".join(line.split()).rstrip(" .")


def join_wrapped(run: Sequence[str]) -> list[str]:
    """The paragraphs in a run of plain lines without an empty line between: hard-wrapped lines are joined.

    A run is taken as wrapped when no line passes 100 characters, most lines but the last come near to the longest
    one (45 characters or more), and most do not end a sentence or the next goes on in lower case.

    >>> len(join_wrapped(["The two sides met for the third time this month on the", "bridge, said the mayor."]))
    1
    """
    return _unwrap(run) if _is_wrapped(run) else list(run)


def _is_wrapped(run: Sequence[str]) -> bool:
    body = run[:-1]
    if not body or max(map(len, run)) > 100:
        return False
    longest = max(map(len, body))
    near = sum(len(line) >= longest - 22 for line in body)
    lower = sum(line[0].islower() for line in run[1:])
    open_ends = sum(line[-1] not in '.!?”"' for line in body)
    enough = lower >= 0.3 * len(body) and (lower >= 1)
    return longest >= 45 and near >= 0.6 * len(body) and open_ends >= 0.5 * len(body) and enough


def _unwrap(run: Sequence[str]) -> list[str]:
    longest = max(map(len, run))
    paragraphs = [run[0]]
    for before, line in itertools.pairwise(run):
        ended = before[-1] in '.!?”"' and len(before) < longest - 22
        if ended:
            paragraphs.append(line)
        elif before.endswith("-") and before[-2:-1].isalpha() and line[0].islower():
            paragraphs[-1] = paragraphs[-1] + line
        else:
            paragraphs[-1] += " " + line
    return paragraphs
