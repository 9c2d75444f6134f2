"""The addresses of a static site: each that a template asks for is a page to write."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from conflictdesk.datasets.filters import filter_pairs
from conflictdesk.questions import Filter


@dataclass(slots=True)
class SitePlan:
    """The pages asked for so far: lists by their filter, events by their id; at most `most_events` of these."""

    lists: dict[Filter, str] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    most_events: int | None = None

    def name_list(self, wanted: Filter) -> str:
        """The file of a list of events."""
        if wanted not in self.lists:
            told = repr(filter_pairs(wanted)).encode()
            self.lists[wanted] = f"events/{hashlib.sha256(told).hexdigest()[:16]}.html"
        return self.lists[wanted]

    def name_event(self, event_id: str) -> str:
        """The file of an event; the page that says what is left out where it gets none."""
        if event_id not in self.events:
            if self.most_events is not None and len(self.events) >= self.most_events:
                return "left-out.html"
            stem = re.sub(r"[^A-Za-z0-9_-]", "-", event_id)[:60]
            self.events[event_id] = f"event/{stem}-{hashlib.sha256(event_id.encode()).hexdigest()[:8]}.html"
        return self.events[event_id]


class SiteLinks:
    """The addresses of a site as its templates ask for them: relative to the page that is being written."""

    def __init__(self, plan: SitePlan) -> None:
        self._plan, self._up, self._stem = plan, "", "index"

    def move(self, here: str) -> None:
        """Say which page is being written."""
        self._up, self._stem = "../" * here.count("/"), here.removesuffix(".html")

    def query(self, path: str, wanted: Filter, more: Iterable[tuple[str, str]] = ()) -> str:
        """A page that is asked with a filter; the files of a page stand beside it under its own name."""
        if path == "/events":
            return self.events(wanted)
        if path == "/events.csv":
            return self._up + "events.csv"
        kind, _, name = path.strip("/").partition("/")
        return self._up + (f"{self._stem}.{name}" if name else f"{kind or 'index'}.html")

    def events(self, wanted: Filter, more: Iterable[tuple[str, str]] = ()) -> str:
        """The list of exactly the events that a filter finds."""
        return self._up + self._plan.name_list(wanted)

    def event(self, event_id: str) -> str:
        """The page of one event."""
        return self._up + quote(self._plan.name_event(event_id))

    def page(self, path: str) -> str:
        """A page of the navigation."""
        return self._up + ("index.html" if path == "/" else path.strip("/") + ".html")

    def static(self, name: str) -> str:
        """A style sheet or a picture of ours."""
        return self._up + "static/" + name
