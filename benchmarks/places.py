"""Measures the reader of places: which place on the map a place name of an article means.

    python -m benchmarks.places FILE --spans given --predictions OUT

FILE holds one JSON object a line (`docid`, `text`, `toponyms` with `start` and `end`, perhaps `url`), plain or gzipped.
With `--spans given` the names' spans are taken from the file, with `found` the reader finds them itself.
Papers' homes are learnt as in a run: from the texts of the file, by the host of `url`.
OUT gets one object a line: `{"docid", "places": [{"start", "end", "lat", "lon", "geonameid"}]}`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from conflictdesk.language.parses import SpacyParser
from conflictdesk.locate.places import (
    FileGazetteer,
    Home,
    find_homes,
    name_paper,
    open_gazetteer,
    read_places,
    resolve_spans,
)
from conflictdesk.records import Article, Place, Span
from conflictdesk.seams import Parser

_Found = tuple[Span, Place]


class _Toponym(TypedDict):
    start: int
    end: int


class _Document(TypedDict):
    docid: str
    text: str
    toponyms: list[_Toponym]
    url: NotRequired[str]


class PlaceFound(TypedDict):
    """One place name; `start` and `end` are code points of the text."""

    start: int
    end: int
    lat: float | None
    lon: float | None
    geonameid: str | None


class Prediction(TypedDict):
    """The places of one document."""

    docid: str
    places: list[PlaceFound]


def predict(
    path: Path,
    spans: Literal["given", "found"],
    gazetteer: FileGazetteer | None = None,
    parser: Parser | None = None,
) -> list[Prediction]:
    """Read the places of every document of a benchmark file."""
    gazetteer = gazetteer or open_gazetteer()
    documents = list(_read_documents(path))
    parser = parser or SpacyParser()
    read = _resolve_given if spans == "given" else _find_own
    articles = [make_article(d["docid"], d["text"], d.get("url")) for d in documents]
    homes = find_homes(articles, gazetteer)
    found = (
        read(document, gazetteer, parser, homes.get(name_paper(article) or "", ()))
        for document, article in zip(documents, articles, strict=True)
    )
    return [
        {"docid": document["docid"], "places": [_write_place(*each) for each in places]}
        for document, places in zip(documents, found, strict=True)
    ]


def _read_documents(path: Path) -> Iterator[_Document]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _resolve_given(document: _Document, gazetteer: FileGazetteer, _parser: Parser, home: Home) -> list[_Found]:
    spans = [Span(each["start"], each["end"]) for each in document["toponyms"]]
    places = resolve_spans(document["text"], spans, gazetteer, home)
    return [(span, place) for span, place in zip(spans, places, strict=True) if place is not None]


def _find_own(document: _Document, gazetteer: FileGazetteer, parser: Parser, home: Home) -> list[_Found]:
    article = make_article(document["docid"], document["text"], document.get("url"))
    toponyms = read_places(article, parser.parse(article), gazetteer, home)
    return [(each.span, _take_whole(each.place, gazetteer)) for each in toponyms]


def _take_whole(place: Place, gazetteer: FileGazetteer) -> Place:
    """The benchmarks mark "Mali" in "northern Mali" and mean Mali, where the reader means its north."""
    if place.kind == "area" and place.country and place.name.endswith(f" {place.country}"):
        return gazetteer.find(place.country)[0] if place.gazetteer_id is None else place
    return place


def make_article(docid: str, text: str, url: str | None = None) -> Article:
    """An article record around a benchmark's bare text."""
    return Article(
        article_id=docid,
        page_id=docid,
        page="benchmark",
        external_id=docid,
        title="",
        text=text,
        published_on=None,
        published_basis="unknown",
        language="en",
        url=url,
    )


def _write_place(span: Span, place: Place) -> PlaceFound:
    number = place.gazetteer_id.removeprefix("geonames:") if place.gazetteer_id else None
    return {
        "start": span.start,
        "end": span.end,
        "lat": place.latitude,
        "lon": place.longitude,
        "geonameid": number,
    }


def _run() -> None:
    parser = argparse.ArgumentParser(description="Measure the reader of places.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--spans", choices=("given", "found"), default="given")
    parser.add_argument("--predictions", type=Path, required=True)
    args = parser.parse_args()
    rows = predict(args.file, args.spans)
    args.predictions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    _run()
