"""How the pages are written: one Jinja environment, its words for days and figures, and the addresses of pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from conflictdesk.datasets.filters import filter_pairs
from conflictdesk.publish.wording import say_day
from conflictdesk.questions import Filter

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
NAVIGATION = (
    ("/", "Explore"),
    ("/count", "Count"),
    ("/compare", "Compare"),
    ("/check", "Check"),
    ("/chronicle", "Chronicle"),
    ("/claims", "Claims"),
    ("/about", "About the data"),
)


class Links:
    """The addresses of pages as the server has them; a static site brings others of the same methods."""

    def query(self, path: str, wanted: Filter, more: Iterable[tuple[str, str]] = ()) -> str:
        """The address of a page that is asked with a filter.

        >>> Links().query("/events", Filter(country=("Côte d'Ivoire",)))
        '/events?country=C%C3%B4te+d%27Ivoire'
        """
        pairs = [*filter_pairs(wanted), *more]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def events(self, wanted: Filter, more: Iterable[tuple[str, str]] = ()) -> str:
        """The list of exactly the events that a filter finds."""
        return self.query("/events", wanted, more)

    def event(self, event_id: str) -> str:
        """The page of one event."""
        return "/event/" + quote(event_id, safe="")

    def page(self, path: str) -> str:
        """A page of the navigation, by its path."""
        return path

    def static(self, name: str) -> str:
        """A file of ours for the browser."""
        return "/static/" + name


def make_environment(links: Links | None = None) -> Environment:
    """The Jinja environment of all pages: everything is escaped, a name that is not given is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(link=links or Links(), navigation=NAVIGATION)
    # What a desk's frame brings and a dataset alone does not have.
    environment.globals.update(home="/", who=None, csrf="", desk_navigation=(), freshness=None, local=True)
    environment.filters.update(
        thousands=write_thousands,
        day=say_day,
        plural=write_plural,
        short=write_short,
        web=web_address,
        signed=write_signed,
    )
    return environment


@cache
def _environment() -> Environment:
    return make_environment()


def render(template: str, **context: object) -> str:
    """Fill a template of the desk, with the server's own addresses."""
    return _environment().get_template(template).render(**context)


def write_thousands(value: float | None) -> str:
    """A figure with thousands apart, whole where it is whole.

    >>> write_thousands(9312), write_thousands(0.25), write_thousands(None)
    ('9,312', '0.25', 'not known')
    """
    if value is None:
        return "not known"
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,}"


def write_signed(value: float) -> str:
    """A difference with its sign; a true minus.

    >>> write_signed(24), write_signed(-1300)
    ('+24', '−1,300')
    """
    return f"{value:+,}".replace("-", "−")


def write_short(value: int) -> str:
    """A count in three or four letters.

    >>> write_short(999), write_short(1234), write_short(45678), write_short(3_000_000)
    ('999', '1.2k', '46k', '3M')
    """
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            part = value / size
            return f"{part:.1f}".removesuffix(".0") + letter if part < 10 else f"{part:.0f}{letter}"
    return str(value)


def write_plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> write_plural(1, "event"), write_plural(1200, "event"), write_plural(2, "country", "countries")
    ('1 event', '1,200 events', '2 countries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def web_address(text: str | None) -> str | None:
    """An address that a browser may follow: http or https alone, else None.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    return text if text and re.match(r"https?://[^\s]+$", text, re.IGNORECASE) else None


def read_iso_day(text: str | None) -> dt.date | None:
    """A day of a link that we made ourselves."""
    return dt.date.fromisoformat(text) if text else None
