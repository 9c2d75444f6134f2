"""The report: everything is shown, nothing is loaded, nothing in an article can act."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import itertools
import random
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import sample_articles, sample_claims, sample_events, sample_problems, text_of

from conflictdesk.errors import ConfigError
from conflictdesk.publish.maps import HEIGHT, WIDTH, Point, draw_map
from conflictdesk.publish.outlines import Outline, load_outline
from conflictdesk.publish.passages import mark_passages
from conflictdesk.publish.report import render_report
from conflictdesk.publish.timelines import draw_timeline
from conflictdesk.publish.wording import say_dates, say_people
from conflictdesk.records import Actor, Article, Event, Mention, Place, Span

SQUARE = Outline((np.array([[30.0, 28.0], [30.0, 40.0], [50.0, 40.0], [50.0, 28.0], [30.0, 28.0]]),))
VOID = {"meta", "input", "link", "br", "img", "hr"}


class Page(HTMLParser):
    """What a browser would make of the page: text, tags, attributes, links and the marked words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.marked: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1][0] == tag, f"</{tag}> closes <{self.open[-1][0]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        names = [tag for tag, _ in self.open]
        if "script" in names or "style" in names:
            return
        self.text.append(data)
        if "mark" in names and names[-1] != "b":
            mark = next(attrs for tag, attrs in reversed(self.open) if tag == "mark")
            self.marked.append((mark.get("data-f") or str(mark["class"])[2:], data))

    def links(self) -> list[str]:
        return [str(a["href"]) for _, a in self.tags if "href" in a]

    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.tags if "id" in a]


def render(events: Sequence[Event], articles: Sequence[Article] | None = None, title: str = "Sample") -> str:
    held = sample_articles() if articles is None else articles
    return render_report(events, sample_claims(), held, sample_problems(), title=title, outline=SQUARE)


def marked_words(passages: Sequence[object], field: str) -> str:
    pieces = [piece for passage in passages for piece in passage.pieces]  # type: ignore[attr-defined]
    return "".join(piece.text for piece in pieces if field in piece.fields)


def test_every_quote_is_marked_and_named() -> None:
    page = Page(render(sample_events()))
    words: dict[str, str] = {}
    for fields, text in page.marked:
        for name in fields.split():
            words[name] = words.get(name, "") + "|" + text
    for event in sample_events():
        for mention in event.mentions:
            for name, spans in mention.evidence.items():
                for span in spans:
                    quote = span.quote(text_of(mention.article_id))
                    assert quote in words[name].replace("|", ""), (event.event_id, name)


def test_only_sentences_with_evidence_are_shown() -> None:
    text = " ".join(Page(render(sample_events())).text)
    assert "a rescue worker said" in text
    assert "Traders swept glass" not in text
    assert "By noon half the stalls" not in text


def test_shows_reasons_disputes_sources_and_what_is_not_said() -> None:
    text = " ".join(" ".join(Page(render(sample_events())).text).split())
    assert "the day of the march that the article tells first" in text
    assert "Deaths 4–5–5 low–best–high disputed" in text
    assert "As reported by Levant Courier" in text
    assert "As reported by a source not named" in text
    assert "Accused: Military Forces of Syria, by rescue worker, as reported by Levant Courier" in text
    assert "Not claimed by anyone, as reported by Two Rivers News" in text
    assert "Deaths not said" in text
    assert "61 killed by Islamic State" in text
    assert "language not coded in stage read 2" in text
    assert "1 event without a date" in text


def test_a_doubtful_value_is_marked_in_words_and_a_sure_one_is_not() -> None:
    first, *others = sample_events()
    fields = ("event", "event_type", "date", "actor1", "actor2", "place", "deaths", "injured")
    sure = replace(first, confidence=dict.fromkeys(fields, 0.9))
    doubtful = replace(first, confidence={**sure.confidence, "place": 0.5, "date": 0.2, "event": 0.4})
    plain, marked = (" ".join(Page(render([e, *others])).text) for e in (sure, doubtful))
    for words in ("about as likely wrong as right", "more likely wrong than right", "perhaps no event"):
        assert words not in plain and words in marked


def test_why_a_value_is_missing_is_said() -> None:
    first, *others = sample_events()
    missing = replace(first, injured=None, cannot_tell={"injured": "the figure is <shared> by two towns"})
    assert "cannot tell: the figure is <shared> by two towns" in " ".join(
        "".join(Page(render([missing, *others])).text).split()
    )


def test_the_order_of_review_is_offered_where_there_is_one() -> None:
    events = sample_events()
    ids = sorted((e.event_id for e in events), reverse=True)
    ranked = render_report(
        events, sample_claims(), sample_articles(), sample_problems(), title="t", outline=None, review=ids
    )
    ranks = [a["data-r"] for tag, a in Page(ranked).tags if tag == "tr" and "data-n" in a]
    assert sorted(map(int, filter(None, ranks))) == list(range(len(events)))
    assert any(a.get("id") == "doubtful" for _, a in Page(ranked).tags)
    assert not any(a.get("id") == "doubtful" for _, a in Page(render(events)).tags)


def test_nothing_is_loaded_and_only_what_is_ours_may_run() -> None:
    html = render(sample_events())
    page = Page(html)
    assert not {tag for tag, _ in page.tags} & {"img", "link", "iframe", "object", "embed", "video", "audio", "base"}
    assert not [a for _, a in page.tags if {"src", "srcset", "style", "background", "action", "xlink:href"} & a.keys()]
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    for tag, attributes in page.tags:
        link = attributes.get("href")
        if link and not link.startswith("#"):
            assert tag == "a"
            assert link.startswith("https://news.example/")
            assert "noopener" in str(attributes["rel"])
    assert not re.search(r"url\(|@import", html)
    policy = next(str(a["content"]) for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    for tag in ("script", "style"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert len(bodies) == 1
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_link_inside_the_page_leads_somewhere() -> None:
    page = Page(render(sample_events()))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    inside = [link[1:] for link in page.links() if link.startswith("#")]
    assert inside
    assert set(inside) <= set(ids)


def test_counts_at_the_top_lead_to_their_lists() -> None:
    html = render_report(
        sample_events(), sample_claims(), sample_articles(), sample_problems(), title="T", outline=SQUARE, pages=11
    )
    found = re.findall(r'<li><a href="#(\w+)"><strong>(\d+)</strong> (\w+)</a></li>', html)
    assert found == [
        ("articles", "11", "pages"),
        ("articles", "8", "articles"),
        ("details", "9", "mentions"),
        ("events", "8", "events"),
        ("claims", "1", "claim"),
        ("problems", "3", "problems"),
    ]


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "</script><script>alert(1)//",
        "</style><img src=x onerror=alert(1)>",
        "\" onmouseover='alert(1)",
        "{{ 7 * 7 }}{% raw %}",
        "<!-- ]]> -->",
        "&lt;b&gt;",
        "\u202egnp.exe\u2066",
    ],
)
def test_hostile_text_is_shown_as_text(evil: str) -> None:
    first = sample_events()[0]
    article = replace(sample_articles()[0], text=f"{evil} fell on us.", title=evil, source=evil, page=evil, url=evil)
    mention = Mention(
        mention_id=evil,
        article_id=article.article_id,
        event_type=evil,
        sub_event_type=evil,
        evidence=MappingProxyType({"event_type": (Span(0, len(evil)),)}),
    )
    event = replace(
        first,
        event_id=evil,
        actor1=Actor(name=evil, kind="Rebel group"),
        place=Place(name=evil, kind="town", country=evil, iso3=None, latitude=33.0, longitude=40.0),
        mentions=(mention,),
        attribution=(),
        inferred=MappingProxyType({evil: evil}),
        disputed=(evil,),
    )
    page = Page(render([event], [article, *sample_articles()[1:]], title=evil))
    calm = Page(render(sample_events()))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in calm.tags}
    assert {name for _, a in page.tags for name in a} <= {name for _, a in calm.tags for name in a}
    assert page.open == []
    assert (("event_type", evil)) in page.marked
    assert not [link for link in page.links() if not link.startswith(("#", "https://news.example/"))]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd"])
def test_only_web_addresses_become_links(url: str) -> None:
    articles = [replace(article, url=url) for article in sample_articles()]
    assert all(link.startswith("#") for link in Page(render(sample_events(), articles)).links())


def test_control_characters_do_not_reach_the_page() -> None:
    articles = [replace(article, source="A\x00B\x1b\ud800C") for article in sample_articles()]
    html = render(sample_events(), articles)
    assert "A\ufffdB\ufffd\ufffdC" in html
    html.encode("utf-8")


def test_no_events_at_all() -> None:
    html = render_report([], [], [], [], title="Nothing", outline=SQUARE)
    page = Page(html)
    assert page.open == []
    assert "No event was found in these pages" in html
    assert 'id="map"' not in html


def test_order_of_the_records_does_not_matter() -> None:
    events, articles, problems = sample_events(), sample_articles(), sample_problems()
    once = render_report(events, sample_claims(), articles, problems, title="T", outline=SQUARE)
    for records in (events, articles, problems):
        random.Random(3).shuffle(records)
    assert render_report(events, sample_claims(), articles, problems, title="T", outline=SQUARE) == once


def test_missing_article_is_refused() -> None:
    with pytest.raises(ValueError, match="e-0001 rests on article a-market"):
        render(sample_events(), sample_articles()[1:])


def test_a_thousand_events_stay_light() -> None:
    samples = sample_events()
    town = samples[0].place
    assert town
    events = [
        replace(
            samples[n % 8],
            event_id=f"e-{n}",
            place=replace(town, latitude=30 + n % 97 / 9, longitude=30 + n % 89 / 5),
        )
        for n in range(1000)
    ]
    render(samples)
    start = time.process_time()
    html = render(events)
    assert time.process_time() - start < 2
    assert len(html.encode()) < 3_000_000


def test_events_without_a_point_are_counted_beside_the_map() -> None:
    html = render(sample_events())
    beside = html[html.index("Not on the map") : html.index('id="events"')]
    assert re.search(r"<bdi>Yemen</bdi> <strong>1</strong>", beside)
    drawn = [n for group in re.findall(r'class="s mk[^>]*data-e="([\d ]+)"', html) for n in group.split()]
    assert sorted(map(int, drawn)) == [0, 1, 2, 3, 4, 5, 6]


def test_map_joins_events_of_one_place_and_keeps_precisions_apart() -> None:
    def at(number: int, precision: int) -> Point:
        return Point(number, 33.0, 44.0, precision, "Here", "ba")

    view = draw_map([at(0, 1), at(1, 1), at(2, 3)], SQUARE.rings, [("Iraq", 33.1, 43.7), ("Far", -40.0, -70.0)])
    assert sorted((m.precision, m.events) for m in view.markers) == [(1, (0, 1)), (3, (2,))]
    assert all(0 < m.x < WIDTH and 0 < m.y < HEIGHT for m in view.markers)
    assert [label.text for label in view.countries] in ([], ["Iraq"])
    assert view.land.startswith("M")


@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 4)), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_every_point_lies_on_the_sheet(spots: list[tuple[float, float, int]]) -> None:
    points = [Point(n, lat, lon, precision, "x", "ba") for n, (lat, lon, precision) in enumerate(spots)]
    view = draw_map(points, SQUARE.rings, [])
    assert sorted(n for marker in view.markers for n in marker.events) == list(range(len(spots)))
    assert all(-60 <= m.x <= WIDTH + 60 and -60 <= m.y <= HEIGHT + 60 for m in view.markers)


def test_west_is_left_and_north_is_up() -> None:
    view = draw_map([Point(0, 36.0, 37.0, 1, "a", "ba"), Point(1, 30.0, 47.0, 1, "b", "ba")], (), [])
    first, second = sorted(view.markers, key=lambda marker: marker.events)
    assert first.x < second.x
    assert first.y < second.y


@given(st.lists(st.none() | st.dates(), max_size=12))
@settings(max_examples=60, deadline=None)
def test_time_line_holds_every_event_once(days: list[dt.date | None]) -> None:
    line = draw_timeline(days)
    held = sorted([n for bar in line.bins for n in bar.events] + list(line.undated))
    assert held == list(range(len(days)))
    for bar in line.bins:
        assert all((day := days[n]) is not None and bar.first <= day <= bar.last for n in bar.events)
    assert all((b.first - a.last).days == 1 for a, b in itertools.pairwise(line.bins))


@given(st.text(min_size=1, max_size=900), st.data())
@settings(max_examples=150, deadline=None)
def test_spans_are_marked_exactly_in_any_text(text: str, data: st.DataObject) -> None:
    spans = {}
    for name in ("event_type", "deaths", "place"):
        start = data.draw(st.integers(0, len(text) - 1))
        spans[name] = (Span(start, data.draw(st.integers(start + 1, len(text)))),)
    mention = Mention(
        mention_id="m", article_id="a", event_type="x", sub_event_type="y", evidence=MappingProxyType(spans)
    )
    passages = mark_passages(text, mention)
    for name, (span,) in spans.items():
        assert marked_words(passages, name) == span.quote(text)
    assert all("".join(piece.text for piece in passage.pieces) in text for passage in passages)


def test_a_very_long_sentence_is_cut_and_says_so() -> None:
    text = "word " * 4000 + "two died " + "more " * 4000
    start = text.index("two died")
    mention = Mention(
        mention_id="m",
        article_id="a",
        event_type="x",
        sub_event_type="y",
        evidence=MappingProxyType({"event_type": (Span(start, start + 8),)}),
    )
    (passage,) = mark_passages(text, mention)
    assert passage.cut_before
    assert passage.cut_after
    assert sum(len(piece.text) for piece in passage.pieces) < 800


def test_unknown_is_never_zero() -> None:
    assert say_people(None) == say_dates(None) == "not said"


def test_the_real_outline_shows_land_where_land_is() -> None:
    try:
        outline = load_outline()
    except ConfigError as error:
        pytest.skip(str(error))
    assert len(outline.rings) > 1000
    bounds = [(ring.min(axis=0), ring.max(axis=0)) for ring in outline.rings]
    assert min(low[0] for low, _ in bounds) >= -180.0001
    assert max(high[1] for _, high in bounds) < 90
    view = draw_map([Point(0, 36.19, 44.01, 1, "Erbil", "ba")], outline.rings, [])
    assert 2_000 < len(view.land) < 200_000
    assert view.inset_box is not None
