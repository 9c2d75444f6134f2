"""What all pages of a working desk share: its store and clock, who is signed in, what a second coder must not see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from fastapi import Request

from conflictdesk.decisions import ROLES, Role
from conflictdesk.desk.blinding import keeps_back
from conflictdesk.desk.coding_apart import CodingApart
from conflictdesk.desk.security import LOOPBACK
from conflictdesk.desk.sessions import Cookies, Entry, Session, Sessions, name_cookies
from conflictdesk.desk.throttling import Throttle
from conflictdesk.errors import RightsError

if TYPE_CHECKING:
    from conflictdesk.casework import User
    from conflictdesk.desk.fresh_dataset import FreshDataset
    from conflictdesk.workflow.desks import OpenDesk

NAME_TRIES, ADDRESS_TRIES = 5, 20
"""Wrong passwords for one name, and from one address, before the waits begin."""
DESK_PAGES: Final = (
    ("/queue", "Queue"),
    ("/search", "Search"),
    ("/adjudicate", "Adjudicate"),
    ("/agreement", "Agreement"),
    ("/sources", "Sources"),
    ("/history", "History"),
    ("/feedback", "Feedback"),
)
DATA_PAGES: Final = (
    ("/", "Explore"),
    ("/count", "Count"),
    ("/compare", "Compare"),
    ("/check", "Check"),
    ("/chronicle", "Chronicle"),
    ("/claims", "Claims"),
    ("/about", "About"),
)
_LEAST: Final[dict[str, Role]] = {"/adjudicate": "lead", "/feedback": "coder"}


def tell_time() -> dt.datetime:
    """Now, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppOptions:
    """How the desk is served: to one person on this machine by a one-time address, or to a team by passwords.

    `hosts` are the names under which it answers; `secure`: people reach it by https, though a proxy may speak plainly
    to it. `local_user` enters by the address of `entry`. `refresh` says who
    renews the dataset of the explore pages: a process "apart", this one ("here"), or nobody ("never").
    """

    team: bool = False
    hosts: frozenset[str] = LOOPBACK
    secure: bool = False
    local_user: str | None = None
    entry: Entry | None = None
    clock: Callable[[], dt.datetime] = tell_time
    refresh: Literal["apart", "here", "never"] = "apart"


@dataclass(slots=True)
class Office:
    """One open desk with all that its pages need; it hangs on the app."""

    desk: OpenDesk
    options: AppOptions
    cookies: Cookies
    sessions: Sessions
    dataset: FreshDataset
    coding: CodingApart
    names: Throttle = field(default_factory=lambda: Throttle(NAME_TRIES))
    addresses: Throttle = field(default_factory=lambda: Throttle(ADDRESS_TRIES))

    @property
    def now(self) -> dt.datetime:
        """The time that counts."""
        return self.options.clock()


def open_office(desk: OpenDesk, options: AppOptions) -> Office:
    """Put together what the pages of a desk share."""
    from conflictdesk.desk.fresh_dataset import FreshDataset

    fresh = FreshDataset(desk, options.refresh)
    cookies = name_cookies(str(desk.folder.resolve()), always_secure=options.secure)
    idle = dt.timedelta(hours=desk.settings.server.session_hours)
    return Office(desk, options, cookies, Sessions(desk.store, idle), fresh, CodingApart(desk.folder))


def office_of(request: Request) -> Office:
    """The office that this app works in."""
    office: Office = request.app.state.office
    return office


def desk_of(request: Request) -> OpenDesk:
    """The open desk: its folder, settings, sources and store."""
    return office_of(request).desk


def now_of(request: Request) -> dt.datetime:
    """The time of the desk's clock, in UTC."""
    return office_of(request).now


def session_of(request: Request) -> Session | None:
    """The session that the gate read from the request's cookie; None for nobody."""
    found = getattr(request.state, "session", None)
    return found if isinstance(found, Session) else None


def user_of(request: Request) -> User:
    """Who asks.

    Raises:
        RightsError: nobody is signed in.
    """
    session = session_of(request)
    if session is None:
        raise RightsError("sign in first")
    return session.user


def is_at_least(role: Role, least: Role) -> bool:
    """True when a role may do what another may.

    >>> is_at_least("lead", "coder"), is_at_least("viewer", "coder")
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(least)


def hides_work(request: Request, article_id: str) -> bool:
    """True when the first coder's work on an article is kept from whoever asks: he codes it second, or is about to.

    The rule is `blinding.keeps_back`; pages that show many articles ask `blind_spots.hidden_articles`.
    """
    user = user_of(request)
    if user.role == "viewer":
        return False
    with desk_of(request).store.asking() as reader:
        case = reader.case(article_id)
    return case is not None and keeps_back(case, user)


def frame_desk(request: Request) -> dict[str, object]:
    """What the base template needs on the pages of a desk: where we are, who asks, where he may go."""
    office, session = office_of(request), session_of(request)
    here = request.url.path
    shown: dict[str, object] = {
        "here": here,
        "home": "/queue",
        "dataset_name": office.desk.settings.name,
        "local": not office.options.team,
        "navigation": (),
    }
    held = getattr(request.state, "dataset", None) or getattr(request.app.state, "dataset", None)
    if held is not None:
        shown |= {"dataset_version": held.version, "dataset_events": held.manifest.counts.get("events", 0)}
    if session is None:
        return shown
    role = session.user.role
    return {
        **shown,
        "who": session.user,
        "csrf": session.csrf,
        "freshness": office.dataset.tell() if is_data_page(here) else None,
        "left_out": getattr(request.state, "left_out", 0),
        "desk_navigation": [page for page in DESK_PAGES if is_at_least(role, _LEAST.get(page[0], "viewer"))],
        "navigation": DATA_PAGES,
    }


def is_data_page(path: str) -> bool:
    """True for the pages over the dataset, which may be older than the journal.

    >>> is_data_page("/count"), is_data_page("/count/table.csv"), is_data_page("/queue")
    (True, True, False)
    """
    return path in ("/", "/events") or any(path == p or path.startswith(p + "/") for p, _ in DATA_PAGES if p != "/")
