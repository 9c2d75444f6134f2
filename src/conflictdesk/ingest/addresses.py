"""Which address of the web may be asked: the shape of a URL, and every network address that its host name gives."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urljoin, urlsplit

IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""Host name and port to the addresses that it gives, as text; raises OSError when there are none."""

PORTS = {"http": 80, "https": 443}
USUAL_PORTS = frozenset({80, 443, 8080, 8443})
LONGEST_URL = 8_000
HOST_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._")
NAMED = re.compile(r"([/\\]{2})[^/?#]*@")
PLAIN_IN_PATH = "%/:=&?~+!$,;'@()*[]"
# What Python calls global and is not the open web: relays (RFC 7526), translators (RFC 6052, 8215, 4380), documents
# (RFC 9637), and the address at which one large cloud answers its own machines.
CLOSED_4 = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
CLOSED_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
OPEN_6 = ipaddress.IPv6Network("2000::/3")
# The lower half of an ISATAP address (RFC 5214) hides an IPv4 address behind these four bytes.
ISATAP = (0x00005EFE, 0x02005EFE)


class Refusal(Exception):
    """Why an address was not fetched: the kind and the sentence of the Problem that it becomes."""

    def __init__(self, kind: str, told: str) -> None:
        super().__init__(told)
        self.kind, self.told = kind, told


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in the parts that a request needs; `host` in lower-case ASCII, `path` with its query, percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port as a URL without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        return self.origin + self.path


def read_target(url: str, any_port: bool = False) -> Target:
    """The parts of a URL that may be asked; a fragment is dropped.

    >>> read_target("HTTP://News.example:8080/a b?q=1#top").url
    'http://news.example:8080/a%20b?q=1'

    Raises:
        Refusal: no http(s), a name or password in it, an unusual port, no readable host.
    """
    if len(url) > LONGEST_URL or any(ord(char) < 33 or char in "\\\x7f" for char in url.strip().replace(" ", "%20")):
        raise Refusal("bad-address", "The address holds signs that none may hold, or is too long; copy it again.")
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise Refusal("bad-address", "The address cannot be read; copy it again from the browser.") from None
    if parts.scheme not in PORTS:
        raise Refusal("not-the-web", "Only addresses that begin with http:// or https:// are fetched.")
    if "@" in parts.netloc:
        raise Refusal("password-in-address", "The address holds a name or password; take it out of the address.")
    port = PORTS[parts.scheme] if port is None else port
    if not any_port and port not in USUAL_PORTS:
        raise Refusal("odd-port", f"Port {port} is not one that news sites use; the settings can allow other ports.")
    path = quote(parts.path or "/", safe=PLAIN_IN_PATH) + (
        f"?{quote(parts.query, safe=PLAIN_IN_PATH)}" if parts.query else ""
    )
    return Target(parts.scheme, _read_host(host), port, path if path.startswith("/") else "/" + path)


def read_redirect(target: Target, location: str, *, any_port: bool = False, allow_downgrade: bool = False) -> Target:
    """Where a redirect leads.

    Raises:
        Refusal: as `read_target`, or it leaves https for http.
    """
    try:
        following = read_target(urljoin(target.url, location), any_port)
    except ValueError:
        raise Refusal("bad-redirect", "The site sends on to an address that cannot be read.") from None
    if target.scheme == "https" and following.scheme == "http" and not allow_downgrade:
        raise Refusal(
            "bad-redirect", "The site sends on from https to plain http, which anybody could change on its way."
        )
    return following


def hide_password(url: str) -> str:
    """The address as it may be shown and stored: without the name and password that some addresses hold.

    >>> hide_password("https://me:secret@news.example/a")
    'https://news.example/a'
    """
    return NAMED.sub(r"\1", url)[:LONGEST_URL]


def _read_host(host: str) -> str:
    if ":" in host:
        if "%" in host:
            raise Refusal("closed-address", "The address belongs to one machine's own network; it is not the open web.")
        return host
    try:
        plain = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if not plain or not HOST_LETTERS.issuperset(plain):
        raise Refusal("bad-address", "The address names no site; copy it again from the browser.")
    return plain


# ---------------------------------------------------------------- network addresses


def is_open(address: IP, allow_loopback: bool = False) -> bool:
    """True for an address of the open web; every private, special or disguised one is closed.

    Closed are loopback, private, link-local (where clouds keep their keys), carrier-grade, multicast, reserved and
    documentation ranges, and every IPv6 form that carries an IPv4 address. `allow_loopback` opens 127/8 and ::1 only.

    >>> [is_open(ipaddress.ip_address(a)) for a in ("9.9.9.9", "10.0.0.1", "169.254.169.254", "::ffff:9.9.9.9")]
    [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv4Address):
        if address.is_loopback:
            return allow_loopback
        special = address.is_multicast or address.is_reserved or any(address in net for net in CLOSED_4)
        return address.is_global and not special
    if address.scope_id is not None:
        return False
    if address.is_loopback:
        return allow_loopback
    disguised = (int(address) >> 32) & 0xFFFFFFFF in ISATAP
    return address in OPEN_6 and address.is_global and not disguised and not any(address in net for net in CLOSED_6)


def resolve_name(host: str, port: int) -> Sequence[str]:
    """The addresses of a host by the machine's own resolver.

    Raises:
        OSError: it has none.
    """
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def find_addresses(host: str, port: int, resolve: Resolver, seconds: float, allow_loopback: bool) -> tuple[IP, ...]:
    """Every address of a host, all of them open; `resolve` is given up after `seconds`.

    Raises:
        Refusal: there is none, or one of them is closed (a name that gives one open and one closed address is a trap).
    """
    try:
        given: Sequence[str] = (str(ipaddress.ip_address(host)),)
    except ValueError:
        given = _resolve_in_time(host, port, resolve, seconds)
    found: dict[IP, None] = {}
    for text in given:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            raise Refusal("closed-address", f"The site {host} has an address that cannot be read.") from None
        if not is_open(address, allow_loopback):
            told = f"The site {host} stands at {address}, in a private or reserved network; only the open web is asked."
            raise Refusal("closed-address", told)
        found[address] = None
    if not found:
        raise Refusal("no-such-site", f"No site is called {host}; check the spelling of the address.")
    return tuple(found)


def _resolve_in_time(host: str, port: int, resolve: Resolver, seconds: float) -> Sequence[str]:
    """The system's resolver knows no time limit of its own, so it is asked in a thread that may be left behind."""
    answers: list[Sequence[str]] = []

    def ask() -> None:
        try:
            answers.append(resolve(host, port))
        except (OSError, UnicodeError):
            answers.append(())

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(seconds, 0))
    if not answers:
        raise Refusal("too-slow", f"The name {host} was not looked up in time; try again later.")
    return answers[0]
