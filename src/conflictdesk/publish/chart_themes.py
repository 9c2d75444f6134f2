"""The looks of the charts: colours for light and dark, letters, and the rules that recolour a drawn SVG.

Every colour has one part to play, and each light colour is used for one part only: so the SVG that was drawn in light
colours can be shown in dark by a style sheet alone (`write_recolouring`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal, TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Spec: TypeAlias = "dict[str, Json]"
ThemeName = Literal["light", "dark"]

FONTS: Final = "Arial, 'Liberation Sans', 'DejaVu Sans', Helvetica, sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a chart by the part that they play; on `paper`, text reaches 4.5:1 and marks 3:1."""

    paper: str
    ink: str
    quiet: str
    grid: str
    axis: str
    before: str
    after: str
    plain: str
    band: str
    rule: str
    source: str


THEMES: Final[Mapping[ThemeName, Theme]] = {
    "light": Theme(
        paper="#ffffff",
        ink="#1b1f24",
        quiet="#575f69",
        grid="#e4e7eb",
        axis="#8a929c",
        before="#4776a8",
        after="#b8500c",
        plain="#33658a",
        band="#22282f",
        rule="#14181d",
        source="#6b7280",
    ),
    "dark": Theme(
        paper="#1a1e23",
        ink="#eceff3",
        quiet="#aab2bd",
        grid="#2d333b",
        axis="#6c7682",
        before="#7fb0e4",
        after="#f39a55",
        plain="#77b3da",
        band="#e6eaee",
        rule="#f7f9fb",
        source="#98a2ad",
    ),
}


def choose_config(theme: Theme) -> Spec:
    """Give the Vega-Lite `config` of a theme: letters, axes, no frame."""
    return {
        "background": theme.paper,
        "font": FONTS,
        "padding": 6,
        "view": {"stroke": None},
        "title": {"color": theme.ink, "fontSize": 14, "anchor": "start", "fontWeight": "bold", "offset": 8},
        "axis": {
            "labelColor": theme.quiet,
            "titleColor": theme.quiet,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": theme.grid,
            "domainColor": theme.axis,
            "tickColor": theme.axis,
            "labelOverlap": "greedy",
        },
        "text": {"color": theme.ink, "fontSize": 12},
        "locale": {
            "number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
        },
    }


def write_recolouring(scope: str) -> str:
    """Write CSS that turns a chart drawn in light colours into its dark look, below the selector `scope`.

    >>> write_recolouring(".dark").splitlines()[0]
    '.dark svg [fill="#ffffff"] { fill: #1a1e23; }'
    """
    light, dark = THEMES["light"], THEMES["dark"]
    lines = []
    for part in fields(Theme):
        old, new = getattr(light, part.name), getattr(dark, part.name)
        lines += [f'{scope} svg [{kind}="{old}"] {{ {kind}: {new}; }}' for kind in ("fill", "stroke")]
    return "\n".join(lines) + "\n"
