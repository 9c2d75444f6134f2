"""Charts: answers to Vega-Lite 6 specs, and specs to pictures without a browser.

A spec holds its data and asks for nothing. The same answer is drawn once for a desk (WIDE) and once for a phone
(NARROW); a page shows the one that fits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Final

from conflictdesk.publish.chart_parts import NARROW, WIDE, Linker, Look, Measure, say_day
from conflictdesk.publish.chart_themes import THEMES, Json, Spec, ThemeName, write_recolouring
from conflictdesk.publish.count_charts import MEASURE_TITLES, draw_counts, say_dimension
from conflictdesk.publish.ratio_charts import draw_placebos, draw_sensitivity, is_placebo
from conflictdesk.publish.week_charts import draw_weeks

__all__ = [
    "MEASURE_TITLES",
    "NARROW",
    "THEMES",
    "WIDE",
    "Json",
    "Linker",
    "Look",
    "Measure",
    "Spec",
    "ThemeName",
    "draw_counts",
    "draw_placebos",
    "draw_png",
    "draw_sensitivity",
    "draw_svg",
    "draw_weeks",
    "is_placebo",
    "say_day",
    "say_dimension",
    "write_recolouring",
]

VEGA_LITE: Final = "6.4"
_STYLE = re.compile(r' style="[^"]*"')
_PLACEHOLDER: Final = "https://address.invalid/"
_ADDRESS = re.compile(r'xlink:href="https://address\.invalid/([0-9]+)"')


def draw_svg(spec: Spec) -> str:
    """Draw a spec as SVG, without a browser or a network; it has no style attribute, so that a strict page shows it.

    The bars that lead somewhere are links, outside the order of the tab key: a table beside the chart has the same.

    Raises:
        ValueError: Vega-Lite does not understand the spec.
    """
    addresses: list[str] = []
    svg = _draw_text(json.dumps(_number_addresses(spec, addresses)))

    def restore(found: re.Match[str]) -> str:
        return f'tabindex="-1" href="{escape(addresses[int(found[1])])}"'

    return _STYLE.sub("", _ADDRESS.sub(restore, svg))


@lru_cache(maxsize=64)
def _draw_text(text: str) -> str:
    """The picture of a spec as JSON; kept, for a page is asked for again and again."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE, allowed_base_urls=[])
    return svg


def _number_addresses(part: Json, addresses: list[str]) -> Json:
    """The spec with a number in place of each address: the drawing engine would make relative ones absolute."""
    if isinstance(part, Mapping):
        numbered: dict[str, Json] = {}
        for key, value in part.items():
            if key == "href" and isinstance(value, str):
                addresses.append(value)
                numbered[key] = f"{_PLACEHOLDER}{len(addresses) - 1}"
            else:
                numbered[key] = _number_addresses(value, addresses)
        return numbered
    if isinstance(part, Sequence) and not isinstance(part, str):
        return [_number_addresses(each, addresses) for each in part]
    return part


def draw_png(spec: Spec, scale: float = 2.0) -> bytes:
    """Draw a spec as PNG, `scale` dots for each pixel.

    Raises:
        ValueError: Vega-Lite does not understand the spec.
    """
    import vl_convert

    png: bytes = vl_convert.vegalite_to_png(json.dumps(spec), vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[])
    return png
