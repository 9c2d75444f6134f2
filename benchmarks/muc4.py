"""Measures what the coder makes of the incident templates of MUC-4: the type and who did it to whom.

    python -m benchmarks muc4 FILE --predictions OUT

FILE holds one JSON object a line (`docid`, `text`, `templates`), plain or gzipped. OUT gets one object a line:
`{"docid", "templates": [{"type", "perpetrators", "victims"}]}`. Scored: the type and two roles, perpetrator (person or
group) and victim (a person, named or described), as the words that show them. The coder hands over no weapon and
no damaged thing as a field, so these roles are left out on both sides: the figure stands beside no published one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from benchmarks.bench_folder import Figures
from benchmarks.places import make_article
from benchmarks.tolls import read_lines
from conflictdesk.codebook.countries import CountryTable, load_countries
from conflictdesk.coding.mentions import may_tell_of_event
from conflictdesk.language.parses import SpacyParser
from conflictdesk.locate.gazetteer import FileGazetteer
from conflictdesk.pipeline import Tools, code_article, open_tools
from conflictdesk.records import Article, Mention

EXPLOSIONS = frozenset(("Remote explosive/landmine/IED", "Suicide bomb", "Grenade", "Air/drone strike"))
TYPES: Mapping[str, str] = {
    **dict.fromkeys(EXPLOSIONS, "BOMBING"),
    "Abduction/forced disappearance": "KIDNAPPING",
    "Looting/property destruction": "ARSON",
    "Attack": "ATTACK",
    "Armed clash": "ATTACK",
    "Mob violence": "ATTACK",
    "Sexual violence": "ATTACK",
    "Shelling/artillery/missile attack": "ATTACK",
}
ROLES: Mapping[str, tuple[str, ...]] = {
    "perpetrators": ("PERP: INDIVIDUAL ID", "PERP: ORGANIZATION ID"),
    "victims": ("HUM TGT: NAME", "HUM TGT: DESCRIPTION"),
}
QUOTED = re.compile(r'"([^"]+)"')
SENT_ON = re.compile(r"\b(\d{1,2}) (JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)\w* (\d\d)\b")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
LEAST_PEOPLE = 5_000
LONGEST_NAME = 4
CAPITALS = re.compile(r"(?:^|(?<=[.!?\]]\s)|(?<=\n))\s*[a-z]")


class Template(TypedDict):
    """One incident of a text."""

    type: str
    perpetrators: list[str]
    victims: list[str]


class Prediction(TypedDict):
    """The incidents of one text."""

    docid: str
    templates: list[Template]


class _Gold(TypedDict):
    docid: str
    templates: NotRequired[list[Mapping[str, object]]]


def predict(path: Path, tools: Tools | None = None) -> list[Prediction]:
    """Code every text of a benchmark file."""
    tools = tools or open_tools()
    tools.parser = SpacyParser(wanted=may_tell_of_event)
    return [
        {"docid": record["docid"], "templates": [*_list_templates(record["docid"], record["text"], tools)]}
        for record in read_lines(path)
    ]


def _list_templates(docid: str, text: str, tools: Tools) -> Iterator[Template]:
    """The mentions of an attack as templates; the texts are all in capitals, so they are written small first."""
    article = make_article(docid, "\n\n" + restore_case(text, tools.gazetteer))
    article = replace(article, published_on=_read_day(text))
    for mention in code_article(article, tools).mentions:
        if mention.sub_event_type in TYPES:
            yield {
                "type": TYPES[mention.sub_event_type],
                "perpetrators": _quote(article, mention, "actor1"),
                "victims": _quote(article, mention, "actor2"),
            }


def restore_case(text: str, gazetteer: FileGazetteer) -> str:
    """A text in capitals written small, with capitals for sentences, countries, peoples and towns of theirs."""
    joined = re.sub(r"(?<=\S)\n(?=\S)", " ", text)
    words = re.split(r"(\W+)", joined.lower())
    table = load_countries()
    named = {each.name for word in words if (each := table.by_name(word) or table.by_demonym(word.title()))}
    n = 0
    while n < len(words):
        for length in range(2 * LONGEST_NAME - 1, 0, -2):
            phrase = "".join(words[n : n + length])
            if phrase.strip() and len(phrase) > 3 and _is_name(phrase, named, gazetteer, table):
                words[n : n + length] = [word.title() for word in words[n : n + length]]
                n += length - 1
                break
        n += 2
    return CAPITALS.sub(lambda found: found.group().upper(), "".join(words))


def _is_name(phrase: str, named: set[str], gazetteer: FileGazetteer, table: CountryTable) -> bool:
    if table.by_name(phrase) or table.by_demonym(phrase.title()):
        return True
    if not gazetteer.knows(phrase):
        return False
    return any(p.country in named and p.population >= LEAST_PEOPLE for p in gazetteer.find(phrase))


def _read_day(text: str) -> dt.date | None:
    """The day in the line above the text: "SAN SALVADOR, 3 JAN 90"."""
    found = SENT_ON.search(text[:200])
    try:
        return dt.date(1900 + int(found[3]), MONTHS.index(found[2]) + 1, int(found[1])) if found else None
    except ValueError:
        return None


def _quote(article: Article, mention: Mention, field: str) -> list[str]:
    return [span.quote(article.text).upper() for span in mention.evidence.get(field, ())]


# ---------------------------------------------------------------- scoring


def score(path: Path, predictions: Path) -> Figures | None:
    """Micro-F1 over type and two roles; None where the file has no templates."""
    ours = {record["docid"]: record["templates"] for record in cast(list[Prediction], read_lines(predictions))}
    counts = {name: [0, 0, 0] for name in ("type", *ROLES)}
    records = [record for record in cast(list[_Gold], read_lines(path)) if "templates" in record]
    for record in records:
        _count(record["templates"], ours.get(record["docid"], []), counts)
    if not records:
        return None
    totals = [sum(each[n] for each in counts.values()) for n in range(3)]
    return {"n": len(records), "micro_f1": _f1(*totals), **{f"{name}_f1": _f1(*each) for name, each in counts.items()}}


def _count(gold: Sequence[Mapping[str, object]], own: Sequence[Template], counts: dict[str, list[int]]) -> None:
    """Add right, coded and wanted of one text; templates are paired by type, in their order."""
    wanted = [t for t in gold if not t.get("optional")]
    left = list(own)
    for template in wanted:
        kinds = _list_words(template, ("INCIDENT: TYPE",))
        match = next((t for t in left if any(t["type"] in kind for kind in kinds)), None)
        counts["type"][2] += 1
        for role, slots in ROLES.items():
            counts[role][2] += len(_list_words(template, slots))
        if match is not None:
            left.remove(match)
            counts["type"][0] += 1
            for role, slots in ROLES.items():
                fills = match["perpetrators"] if role == "perpetrators" else match["victims"]
                counts[role][0] += sum(_holds(fills, each) for each in _list_words(template, slots))
    for coded in own:
        counts["type"][1] += 1
        counts["perpetrators"][1] += len(coded["perpetrators"])
        counts["victims"][1] += len(coded["victims"])


def _list_words(template: Mapping[str, object], slots: Sequence[str]) -> list[str]:
    return [value for slot in slots for value in _texts(template.get(slot))]


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _holds(fills: Sequence[str], wanted: str) -> bool:
    """True when one of the coded wordings has a gold wording in it, or the other way round."""
    names = QUOTED.findall(wanted) or [wanted]
    return any(name in " ".join(fill.split()) or fill in name for fill in fills for name in names)


def _f1(right: int, coded: int, wanted: int) -> float:
    return round(2 * right / (coded + wanted), 4) if coded + wanted else 0.0
