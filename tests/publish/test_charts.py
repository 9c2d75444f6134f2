"""Charts: what they show, in words that a reader sees; drawn without a network; no null address, no style attribute."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from made_comparison import SPLIT, make_comparison, make_count

from conflictdesk.publish.charts import (
    NARROW,
    THEMES,
    WIDE,
    Json,
    Look,
    Spec,
    draw_counts,
    draw_placebos,
    draw_png,
    draw_sensitivity,
    draw_svg,
    draw_weeks,
    is_placebo,
    write_recolouring,
)
from conflictdesk.questions import Comparison, Filter

COMPARISON = make_comparison()
LINKED = Look(link=lambda wanted: f"/events?from={wanted.from_day}&x=<")


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def labels(svg: str) -> list[str]:
    return re.findall(r'aria-label="([^"]*)"', svg)


def walk(part: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield key, value
            yield from walk(value)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for each in part:
            yield from walk(each)


def all_specs(look: Look) -> dict[str, Spec]:
    placebos = draw_placebos(COMPARISON, "involving", "deaths", look)
    years = draw_counts(make_count("year", ("2029", "2030", "2031")), "deaths", look)
    names = draw_counts(make_count("actor", tuple(f"Band {n}" for n in range(40))), "events", look)
    assert placebos and years and names
    dots = draw_sensitivity(COMPARISON, "involving", "events", look)
    return {"weeks": draw_weeks(COMPARISON, look), "dots": dots, "placebos": placebos, "years": years, "names": names}


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_chart_is_drawn_inside_its_width_without_style_or_foreign_address(width: int) -> None:
    for name, spec in all_specs(Look(width=width, link=LINKED.link)).items():
        svg = draw_svg(spec)
        root = ElementTree.fromstring(svg)
        assert float(root.attrib["width"]) <= width + 24, name
        assert "style=" not in svg and "vega.github.io" not in svg and "null" not in svg, name
        assert not {"url", "data.url"} & {key for key, _ in walk(spec)}, name


def test_bars_lead_to_their_events_and_nowhere_without_a_link() -> None:
    svg = draw_svg(draw_weeks(COMPARISON, LINKED))
    assert svg.count('href="/events?from=2030-09-01&amp;x=&lt;"') == 2  # deaths and events
    assert "<a " not in draw_svg(draw_weeks(COMPARISON, Look()))


def test_the_weeks_tell_sides_means_split_and_each_week() -> None:
    svg = draw_svg(draw_weeks(COMPARISON, Look()))
    shown = texts(svg)
    assert "1 March 2031" in shown and shown.count("BEFORE") >= 2 and shown.count("AFTER") >= 2
    assert any(re.fullmatch(r"mean [\d,.]+ a week", text) for text in shown)
    week = COMPARISON.weeks[0]
    said = f"1 September 2030 to 7 September 2030: {week.tally.events:,} events, {week.tally.deaths.best:,} deaths"
    assert any(label.startswith(said) for label in labels(svg))


def test_the_sides_differ_without_colour() -> None:
    svg = draw_svg(draw_weeks(COMPARISON, Look()))
    light = THEMES["light"]
    assert re.search(rf'fill="{light.before}" fill-opacity="0.4" stroke="{light.before}"', svg)
    assert re.search(rf'fill="{light.after}" fill-opacity="0.95"', svg)


def test_a_part_of_a_week_tells_its_days() -> None:
    assert any(
        "(1 days)" in label or re.search(r"\(\d days\)", label)
        for label in labels(draw_svg(draw_weeks(COMPARISON, Look())))
    )


def test_the_choices_tell_ratio_and_interval_beside_their_words() -> None:
    shown = texts(draw_svg(draw_sensitivity(COMPARISON, "involving", "events", Look())))
    for row in COMPARISON.sensitivity:
        assert (row.choice in shown) is not is_placebo(row.kind)
    assert "1.34 (1.02–1.71)" in shown and "no ratio" in shown and "no change" in shown


@pytest.mark.parametrize("value", [0.0, 1e-9, 1e9, 1.0])
def test_extreme_ratios_are_drawn(value: float) -> None:
    first = COMPARISON.sensitivity[0]
    rows = (replace(first, events_ratio=replace(first.events_ratio, value=value, interval=None)),)
    odd: Comparison = replace(COMPARISON, sensitivity=rows)
    for width in (WIDE, NARROW):
        svg = draw_svg(draw_sensitivity(odd, "involving", "events", Look(width=width)))
        assert "NaN" not in svg and "Infinity" not in svg


def test_other_dates_are_drawn_with_the_real_one_marked() -> None:
    spec = draw_placebos(COMPARISON, "involving", "events", Look())
    assert spec is not None
    svg = draw_svg(spec)
    assert "1 March 2031: ratio 1.34" in texts(svg)
    assert sum(": ratio " in label for label in labels(svg)) == 61  # 60 other dates and the real one
    bare = replace(COMPARISON, sensitivity=())
    assert draw_placebos(bare, "involving", "events", Look()) is None


def test_a_comparison_without_weeks_or_a_meaning_is_drawn() -> None:
    assert "<svg" in draw_svg(draw_weeks(replace(COMPARISON, weeks=()), Look()))
    assert "<svg" in draw_svg(draw_sensitivity(COMPARISON, "attributed", "events", Look()))


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("quarter", ("2030-Q4", "2031-Q1")),
        ("month", ("2030-12", "2031-01")),
        ("week", ("2030-12-30", "2031-01-06")),
        ("day", ("2031-01-01", "2031-01-02")),
        ("country", ("Ruritania", "Borduria", "")),
    ],
)
def test_counts_of_every_kind_tell_each_row(by: str, keys: tuple[str, ...]) -> None:
    answer = make_count(by, keys)  # type: ignore[arg-type]  # the table above names dimensions
    spec = draw_counts(answer, "deaths", Look())
    assert spec is not None
    told = labels(draw_svg(spec))
    for row in answer.rows:
        assert any(label.startswith(f"{row.keys[0]}: {row.tally.deaths.best:,}") for label in told)


def test_a_long_count_says_how_much_it_shows_and_keeps_the_largest() -> None:
    answer = make_count("actor", tuple(f"Liberation Front of the Province of Number {n}" for n in range(40)))
    spec = draw_counts(answer, "deaths", Look())
    assert spec is not None
    svg = draw_svg(spec)
    assert "The 30 largest of 40; the table has all." in texts(svg)
    assert len({label for label in labels(svg) if label.startswith("Liberation")}) == 30
    assert any(label.startswith("Liberation Front of the Province of Number 39:") for label in labels(svg))


def test_a_count_by_two_things_has_no_chart() -> None:
    answer = make_count("year", ("2031",))
    two = replace(answer, question=replace(answer.question, by=("year", "country")))
    assert draw_counts(two, "events", Look()) is None
    assert draw_counts(replace(answer, rows=()), "events", Look()) is None


def test_hostile_names_are_text() -> None:
    spec = draw_counts(make_count("actor", ("<script>alert(1)</script>", "datum.x' + alert(1) + '")), "events", Look())
    assert spec is not None
    svg = draw_svg(spec)
    assert "<script" not in svg and "&lt;script" in svg


def test_dark_is_light_with_other_colours() -> None:
    light, dark = (draw_svg(draw_weeks(COMPARISON, Look(theme=theme))) for theme in ("light", "dark"))
    rules = dict(re.findall(r'svg \[(?:fill|stroke)="(#\w+)"\] \{ \w+: (#\w+); \}', write_recolouring(".x")))
    assert re.sub(r"#[0-9a-f]{6}", lambda found: rules.get(found[0], found[0]), light) == dark


def test_the_themes_reach_their_contrast() -> None:
    def shine(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        high, low = sorted((shine(one), shine(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for theme in THEMES.values():
        assert min(contrast(theme.ink, theme.paper), contrast(theme.quiet, theme.paper)) >= 4.5
        marks = (theme.before, theme.after, theme.plain, theme.rule, theme.source, theme.axis)
        assert min(contrast(mark, theme.paper) for mark in marks) >= 3


def test_the_spec_is_plain_json_and_the_picture_a_png() -> None:
    spec = draw_weeks(COMPARISON, Look())
    assert json.loads(json.dumps(spec)) == json.loads(json.dumps(spec, default=list))
    assert draw_png(spec, 1.0).startswith(b"\x89PNG")
    assert SPLIT.isoformat() in json.dumps(spec) and Filter() == Filter()
