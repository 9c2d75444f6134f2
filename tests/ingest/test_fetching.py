"""Fetching: what may be asked, what it may cost, and how a site is treated; against a real site on loopback."""

from __future__ import annotations

import gzip
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback_site import Site, Visit, drip, open_site

from conflictdesk.ingest.addresses import Refusal, find_addresses, hide_password, is_open, read_redirect, read_target
from conflictdesk.ingest.fetching import Ask, FetchSettings, WebFetcher, fetch_all
from conflictdesk.ingest.pages import read_fetched
from conflictdesk.ingest.politeness import allows, read_robots, read_wait
from conflictdesk.records import Page, Problem
from conflictdesk.seams import Fetched

PAGE = b"<html><body><h1>Bridge reopened</h1><p>The bridge at Karvan was reopened on Monday.</p></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as opened:
        opened.page("/a", PAGE)
        yield opened


def open_fetcher(**changed: object) -> WebFetcher:
    held: dict[str, object] = {"delay": 0.0, "first_byte": 5.0, "total": 5.0, "any_port": True, "allow_loopback": True}
    clock = changed.pop("clock", time.monotonic)
    sleep = changed.pop("sleep", time.sleep)
    resolve = changed.pop("resolve", lambda host, port: ["127.0.0.1"])
    tls = changed.pop("tls", None)
    settings = FetchSettings(contact="desk@news.example", **(held | changed))  # type: ignore[arg-type]
    return WebFetcher(settings, resolve=resolve, clock=clock, sleep=sleep, tls=tls)  # type: ignore[arg-type]


def get(answer: Fetched | Problem) -> Fetched:
    assert isinstance(answer, Fetched), answer
    return answer


def kind(answer: Fetched | Problem) -> str:
    assert isinstance(answer, Problem), answer
    assert answer.stage == "ingest" and answer.detail.endswith((".", "?"))
    return answer.kind


# ---------------------------------------------------------------- a page


def test_a_page_comes_with_its_type_and_validators_and_is_asked_for_plainly(site: Site) -> None:
    site.page("/a", PAGE, "Text/HTML; charset=ISO-8859-2", ETag='"v1"', Last_Modified="Tue, 12 Mar 2024 08:00:00 GMT")
    got = get(open_fetcher().fetch(f"{site.url}/a#top"))
    assert got == Fetched(
        url=f"{site.url}/a#top",
        final_url=f"{site.url}/a",
        status=200,
        etag='"v1"',
        modified="Tue, 12 Mar 2024 08:00:00 GMT",
        media_type="text/html",
        charset="iso-8859-2",
        body=PAGE,
    )
    assert site.paths == ["/robots.txt", "/a"]
    asked = site.visits[1][1]
    assert asked["user-agent"] == "conflictdesk/0.1 (+desk@news.example)"
    assert asked["host"] == site.url.removeprefix("http://")
    assert "cookie" not in asked and "referer" not in asked


@pytest.mark.parametrize("way", ["gzip", "x-gzip", "deflate", "bare", "identity"])
def test_packed_pages_are_unpacked(site: Site, way: str) -> None:
    bare = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]),
        "x-gzip": gzip.compress(PAGE),
        "deflate": zlib.compress(PAGE),
        "bare": bare.compress(PAGE) + bare.flush(),
        "identity": PAGE,
    }[way]
    site.page("/a", packed, Content_Encoding="deflate" if way == "bare" else way)
    assert get(open_fetcher().fetch(f"{site.url}/a")).body == PAGE


def test_an_unchanged_page_is_not_sent_again(site: Site) -> None:
    def reply(visit: Visit) -> None:
        same = visit.headers.get("If-None-Match") == '"v1"' or visit.headers.get("If-Modified-Since") == "yesterday"
        visit.say(304, kind=None, ETag='"v1"') if same else visit.say(200, PAGE, ETag='"v1"')

    site.replies["/a"] = reply
    fetcher = open_fetcher()
    first = get(fetcher.fetch(f"{site.url}/a"))
    second = get(fetcher.fetch(f"{site.url}/a", first.etag, first.modified))
    assert (second.status, second.body, second.etag) == (304, b"", '"v1"')
    assert get(fetcher.fetch(f"{site.url}/a", None, "yesterday")).modified == "yesterday"
    site.replies["/a"] = lambda visit: visit.say(304, kind=None)
    assert kind(fetcher.fetch(f"{site.url}/a")) == "bad-answer"
    assert kind(fetcher.fetch(f"{site.url}/a", 'v"\r\nX-Evil: 1')) == "bad-answer"
    assert "x-evil" not in site.visits[-1][1]


def test_redirects_are_followed_up_to_a_bound(site: Site) -> None:
    for number in range(5):
        site.send_on(f"/{number}", f"/{number + 1}" if number < 4 else "a?x=é", (301, 302, 303, 307, 308)[number])
    got = get(open_fetcher().fetch(f"{site.url}/0"))
    assert got.final_url == f"{site.url}/a?x=%C3%A9" and got.url == f"{site.url}/0"
    site.send_on("/more", "/0")
    assert kind(open_fetcher().fetch(f"{site.url}/more")) == "sent-in-circles"
    site.send_on("/loop", "/loop")
    before = len(site.visits)
    assert kind(open_fetcher().fetch(f"{site.url}/loop")) == "sent-in-circles"
    assert len(site.visits) - before == 1 + 6
    site.replies["/nowhere"] = lambda visit: visit.say(302)
    assert kind(open_fetcher().fetch(f"{site.url}/nowhere")) == "bad-redirect"


# ---------------------------------------------------------------- closed addresses

TRAPS = (
    ("http://169.254.169.254/latest/meta-data/", "closed-address"),
    ("http://10.1.2.3/", "closed-address"),
    ("http://[::ffff:10.0.0.1]/", "closed-address"),
    ("http://[::ffff:127.0.0.1]/", "closed-address"),
    ("http://[64:ff9b::7f00:1]/", "closed-address"),
    ("http://[2002:7f00:1::]/", "closed-address"),
    ("http://[fe80::1%25eth0]/", "closed-address"),
    ("http://[fd00:ec2::254]/", "closed-address"),
    ("http://168.63.129.16/", "closed-address"),
    ("http://inside.example/", "closed-address"),
    ("http://both.example/", "closed-address"),
    ("http://0x0a000001/", "closed-address"),
    ("file:///etc/passwd", "not-the-web"),
    ("ftp://127.0.0.1/a", "not-the-web"),
    ("gopher://127.0.0.1/", "not-the-web"),
    ("http://me:secret@127.0.0.1/a", "password-in-address"),
    ("http://127.0.0.1:99999/", "bad-address"),
    ("http://exa mple/", "bad-address"),
    ("http://a\\b/", "bad-address"),
)


def resolve_trap(host: str, port: int) -> list[str]:
    return {
        "inside.example": ["192.168.7.7"],
        "both.example": ["127.0.0.1", "10.0.0.1"],
        "0x0a000001": ["10.0.0.1"],
    }.get(host, [])


@pytest.mark.parametrize(("url", "expected"), TRAPS)
def test_closed_addresses_are_refused_first_and_after_a_redirect(site: Site, url: str, expected: str) -> None:
    fetcher = open_fetcher(resolve=resolve_trap)
    told = fetcher.fetch(url)
    assert kind(told) == expected
    assert isinstance(told, Problem) and "secret" not in repr(told)
    site.send_on("/go", url)
    after = fetcher.fetch(f"{site.url}/go")
    assert kind(after) == expected
    assert isinstance(after, Problem) and after.subject == f"{site.url}/go" and "secret" not in repr(after)
    assert set(site.paths) == {"/robots.txt", "/go"}


def test_loopback_is_closed_unless_a_test_opens_it(site: Site) -> None:
    shut = open_fetcher(allow_loopback=False)
    for url in (site.url, site.url.replace("127.0.0.1", "named.example"), "http://[::1]/", "http://0.0.0.0/"):
        assert kind(shut.fetch(f"{url}/a")) == "closed-address"
    assert site.visits == []


def test_a_name_is_looked_up_once_for_each_connection_so_that_it_cannot_change_in_between(site: Site) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    url = site.url.replace("127.0.0.1", "turns.example")
    assert kind(open_fetcher(resolve=resolve).fetch(f"{url}/a")) == "closed-address"
    assert asked == ["turns.example"] * 2 and site.paths == ["/robots.txt"]  # nothing was asked at the second address


def test_names_that_do_not_resolve_and_sites_that_are_down(site: Site) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise socket.gaierror("no")

    assert kind(open_fetcher(resolve=fail).fetch("http://gone.example/a")) == "no-such-site"
    stuck = threading.Event()
    slow = open_fetcher(resolve=lambda host, port: ["127.0.0.1"] if stuck.wait(5) else [], first_byte=0.2)
    assert kind(slow.fetch("http://slow.example/a")) == "too-slow"
    stuck.set()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert kind(open_fetcher().fetch(f"http://127.0.0.1:{free.getsockname()[1]}/a")) == "no-answer"


@pytest.mark.parametrize("port", [22, 25, 3306, 6379, 8000])
def test_odd_ports_are_refused(port: int) -> None:
    assert kind(open_fetcher(any_port=False).fetch(f"http://news.example:{port}/")) == "odd-port"


def test_https_is_not_left_for_http() -> None:
    target = read_target("https://news.example/a")
    with pytest.raises(Refusal, match="https"):
        read_redirect(target, "http://news.example/b")
    assert read_redirect(target, "http://news.example/b", allow_downgrade=True).scheme == "http"
    assert read_redirect(target, "//other.example/b").url == "https://other.example/b"


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_no_address_that_is_not_global_is_open(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_private:
        assert not is_open(address)
    if is_open(address):
        assert address.is_global and not (address.is_loopback or address.is_link_local or address.is_unspecified)
    if is_open(address, allow_loopback=True) != is_open(address):
        assert address.is_loopback


@given(st.ip_addresses(v=4))
def test_no_ipv6_disguise_of_an_ipv4_address_is_open(address: ipaddress.IPv4Address) -> None:
    inner = int(address)
    disguises = (
        (0xFFFF << 32) | inner,
        inner,
        (0xFFFF << 48) | inner,
        (0x64FF9B << 96) | inner,
        (0x64FF9B0001 << 80) | inner,
        (0x2002 << 112) | (inner << 80) | 1,
        (0x20010000 << 96) | (inner ^ 0xFFFFFFFF),
        (0x2A00 << 112) | (0x5EFE << 32) | inner,
        (0x2A00 << 112) | (0x02005EFE << 32) | inner,
    )
    for disguise in disguises:
        assert not is_open(ipaddress.IPv6Address(disguise))


def test_the_open_web_is_open() -> None:
    for text in ("9.9.9.9", "93.184.215.14", "2a00:1450:4001:829::200e", "2606:4700::6810:84e5"):
        assert is_open(ipaddress.ip_address(text))
        found = find_addresses("news.example", 443, lambda host, port, given=text: [given], 5, False)  # type: ignore[misc]
        assert found == (ipaddress.ip_address(text),)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_refusal(text: str) -> None:
    for url in (text, f"http://{text}", f"https://news.example/{text}"):
        try:
            target = read_target(url)
        except Refusal:
            continue
        assert target.url.isascii() and "@" not in target.host and not set("\r\n\t #") & set(target.path)
        assert read_target(target.url) == target


@given(st.text("abc:/?#@", max_size=30))
def test_no_password_is_shown(rest: str) -> None:
    assert "s3cret" not in hide_password(f"http://me:s3cret@{rest}")


# ---------------------------------------------------------------- cost


def test_too_much_too_slow_and_endless_things_are_left(site: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    site.replies["/loris"] = lambda visit: drip(visit, head + b"\r\n<p>", b"x", 0.05)
    site.replies["/loris-head"] = lambda visit: drip(visit, b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", 0.05)
    site.replies["/silent"] = lambda visit: drip(visit, b"", b"", 0.05, 3)
    site.replies["/endless"] = lambda visit: drip(visit, head + b"\r\n", b"y" * 65_536, 0)
    site.replies["/headers"] = lambda visit: drip(visit, b"HTTP/1.1 200 OK\r\n", b"X-Pad: " + b"h" * 500 + b"\r\n", 0)
    site.replies["/continue"] = lambda visit: drip(visit, b"", b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n", 0)
    site.replies["/said"] = lambda visit: drip(visit, head + b"Content-Length: 99999999999\r\n\r\n", b"z", 0.05)
    site.page("/bomb", gzip.compress(b"a" * 30_000_000), Content_Encoding="gzip")
    site.page("/bombs", gzip.compress(gzip.compress(b"a" * 30_000_000)), Content_Encoding="gzip, gzip")
    site.page("/cut", gzip.compress(PAGE * 9)[:-20], Content_Encoding="gzip")
    site.page("/junk", b"no gzip at all", Content_Encoding="gzip")
    site.page("/brotli", b"\x0b\x02\x80", Content_Encoding="br")
    fetcher = open_fetcher(first_byte=0.5, total=0.8, wire_bytes=500_000, body_bytes=1_000_000, header_bytes=20_000)
    expected = {
        "/loris": "too-slow",
        "/loris-head": "too-slow",
        "/silent": "too-slow",
        "/endless": "too-large",
        "/headers": "too-large",
        "/continue": "too-large",
        "/said": "too-large",
        "/bomb": "too-large",
        "/bombs": "unknown-packing",
        "/cut": "broken-packing",
        "/junk": "broken-packing",
        "/brotli": "unknown-packing",
    }
    for path, reason in expected.items():
        begun = time.monotonic()
        assert kind(fetcher.fetch(site.url + path)) == reason, path
        assert time.monotonic() - begun < 3, path


def test_an_answer_that_breaks_off_or_is_no_http_is_a_problem(site: Site) -> None:
    def hang_up(visit: Visit) -> None:
        visit.close_connection = True
        visit.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<p>")

    site.replies["/short"] = hang_up
    site.replies["/odd"] = lambda visit: drip(visit, b"SSH-2.0-hello\r\n", b"", 0, 0.01)
    for path in ("/short", "/odd"):
        assert kind(open_fetcher().fetch(site.url + path)) == "bad-answer"


@pytest.mark.parametrize(
    ("media", "fine"),
    [
        ("text/html", True),
        ("application/xhtml+xml;charset=utf-8", True),
        ("text/plain", True),
        ("application/rss+xml", True),
        ("application/atom+xml", True),
        ("text/xml", True),
        ("application/pdf", False),
        ("image/svg+xml", False),
        ("application/json", False),
        ("application/octet-stream", False),
        ("application/gzip", False),
        ("", False),
    ],
)
def test_only_pages_and_feeds_are_taken(site: Site, media: str, fine: bool) -> None:
    site.page("/a", PAGE, media)
    answer = open_fetcher().fetch(f"{site.url}/a")
    assert isinstance(answer, Fetched) if fine else kind(answer) == "unknown-type"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (204, "bad-answer"),
        (401, "not-allowed"),
        (403, "not-allowed"),
        (404, "not-found"),
        (410, "not-found"),
        (429, "asked-to-wait"),
        (451, "not-allowed"),
        (500, "site-in-trouble"),
        (503, "site-in-trouble"),
    ],
)
def test_every_other_status_says_what_to_do(site: Site, status: int, expected: str) -> None:
    site.replies["/a"] = lambda visit: visit.say(status)
    assert kind(open_fetcher().fetch(f"{site.url}/a")) == expected
    site.page("/a", b" \n")
    assert kind(open_fetcher().fetch(f"{site.url}/a")) == "empty"


LINES = st.sampled_from(
    [
        b"Location: ",
        b"Content-Type: text/html; charset*=x''%E2%28",
        b"Content-Type: text/html",
        b"Retry-After: ",
        b"Date: ",
        b"Content-Encoding: gzip",
        b"Content-Length: 3",
        b"Content-Length: -1",
        b"Transfer-Encoding: chunked",
        b"ETag: \xff",
        b"http://[",
        b"//",
        b"Tue, 99 Mar 99999 08:00:00 +9999",
        b"\r\n",
        b"\r\n\r\n",
        b"\x00",
        b"zz\r\n",
        b"3\r\nabc\r\n0\r\n\r\n",
    ]
)


@given(
    st.sampled_from([200, 206, 302, 304, 429, 503, 999]), st.lists(st.one_of(LINES, st.binary(max_size=8)), max_size=8)
)
def test_any_answer_gives_a_record(status: int, pieces: list[bytes]) -> None:
    with open_site() as site:
        start = b"HTTP/1.1 %d X\r\n" % status + b"\r\n".join(pieces)
        site.replies["/a"] = lambda visit: drip(visit, start, b"", 0, 0)
        answer = open_fetcher(longest_wait=0.0).fetch(f"{site.url}/a", '"v"')
        assert isinstance(answer, Fetched | Problem)


# ---------------------------------------------------------------- manners


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_robots_are_honoured_and_asked_for_once_a_day(site: Site) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /private\nAllow: /private/open\nCrawl-delay: 7", "text/plain")
    site.page("/private/a", PAGE)
    site.page("/private/open", PAGE)
    site.send_on("/go", "/private/a")
    clock = Clock()
    fetcher = open_fetcher(clock=clock, sleep=clock.sleep, delay=2.0)
    assert isinstance(fetcher.fetch(f"{site.url}/a"), Fetched)
    assert kind(fetcher.fetch(f"{site.url}/private/a")) == "not-wanted"
    assert isinstance(fetcher.fetch(f"{site.url}/private/open"), Fetched)
    assert kind(fetcher.fetch(f"{site.url}/go")) == "not-wanted"
    assert site.paths == ["/robots.txt", "/a", "/private/open", "/go"]
    assert clock.slept == [7.0, 7.0, 7.0]
    clock.now += 25 * 3600
    fetcher.fetch(f"{site.url}/a")
    assert site.paths[-2:] == ["/robots.txt", "/a"]


@pytest.mark.parametrize(("status", "fetched"), [(404, True), (403, True), (500, False), (429, False)])
def test_what_a_missing_and_a_broken_robots_file_mean(site: Site, status: int, fetched: bool) -> None:
    site.replies["/robots.txt"] = lambda visit: visit.say(status)
    assert isinstance(open_fetcher().fetch(f"{site.url}/a"), Fetched) is fetched
    assert ("/a" in site.paths) is fetched


def test_a_robots_file_may_be_long_or_elsewhere_but_not_inside(site: Site) -> None:
    site.page("/robots.txt", b"User-agent: conflictdesk\nDisallow: /a\n" + b"#" * 3_000_000, "text/plain")
    assert kind(open_fetcher(robots_bytes=1000).fetch(f"{site.url}/a")) == "not-wanted"
    site.send_on("/robots.txt", "http://169.254.169.254/robots.txt")
    assert kind(open_fetcher().fetch(f"{site.url}/a")) == "closed-address"
    site.send_on("/robots.txt", "/other.txt")
    site.page("/other.txt", b"User-agent: *\nDisallow: /")
    assert kind(open_fetcher().fetch(f"{site.url}/a")) == "not-wanted"


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: ConflictDesk\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nUser-agent: conflictdesk\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /é", "/%C3%A9t", False),
        ("User-agent: *\nDisallow: /$", "/", False),
        ("User-agent: *\nDisallow: /$", "/a", True),
        ("<html>Disallow: /</html>\nDisallow: /", "/a", True),
    ],
)
def test_rules_of_robots_files(robots: str, path: str, allowed: bool) -> None:
    assert allows(read_robots(robots, "conflictdesk"), path) is allowed


@given(st.text("Uu*/$ab%: \nDisallow-agent", max_size=300), st.text("/ab*$%?", max_size=30))
def test_any_robots_file_gives_an_answer(robots: str, path: str) -> None:
    assert allows(read_robots(f"User-agent: *\n{robots}", "conflictdesk"), path) in (True, False)


def test_a_hostile_pattern_takes_no_time() -> None:
    rules = read_robots("User-agent: *\n" + f"Disallow: /{'*a' * 2000}b\n" * 20, "conflictdesk")
    begun = time.monotonic()
    assert allows(rules, "/" + "a" * 8000)
    assert time.monotonic() - begun < 2


def test_an_overloaded_site_gets_one_second_chance(site: Site) -> None:
    answers = [("429", "5"), ("200", "")]

    def reply(visit: Visit) -> None:
        status, pause = answers.pop(0)
        visit.say(int(status), PAGE, Retry_After=pause)

    site.replies["/a"] = reply
    clock = Clock()
    fetcher = open_fetcher(clock=clock, sleep=clock.sleep)
    assert isinstance(fetcher.fetch(f"{site.url}/a"), Fetched) and clock.slept == [5.0]
    answers[:] = [("503", "5"), ("503", "600")]
    assert kind(fetcher.fetch(f"{site.url}/a")) == "asked-to-wait"
    seen = len(site.visits)
    told = fetcher.fetch(f"{site.url}/a")
    assert kind(told) == "asked-to-wait" and len(site.visits) == seen
    assert isinstance(told, Problem) and "600" in told.detail
    clock.now += 601
    answers[:] = [("429", "3600")]
    assert kind(fetcher.fetch(f"{site.url}/a")) == "asked-to-wait" and clock.slept == [5.0, 5.0]


def test_a_day_to_come_again_is_held_against_the_sites_own_clock() -> None:
    assert read_wait("Tue, 12 Mar 2024 08:01:00 GMT", "Tue, 12 Mar 2024 08:00:00 GMT") == 60
    assert read_wait("Tue, 12 Mar 2024 08:00:00 GMT", "Tue, 12 Mar 2024 09:00:00 GMT") == 0
    assert read_wait("Tue, 12 Mar 2024 08:00:00 GMT", None) is None


def test_many_addresses_side_by_side_over_hosts_and_one_by_one_in_each(site: Site) -> None:
    def slowly(visit: Visit) -> None:
        time.sleep(0.1)
        visit.say(200, PAGE)

    for number in range(4):
        site.replies[f"/{number}"] = slowly
    hosts = [site.url.replace("127.0.0.1", f"h{n}.example") for n in range(4)]
    urls = [f"{host}/{number}" for host in hosts for number in range(4)]
    found = list(fetch_all([*urls, urls[0], "nonsense", Ask(urls[1])], open_fetcher()))
    assert sorted(item.url if isinstance(item, Fetched) else item.subject for item in found) == sorted(
        [*urls, "nonsense"]
    )
    assert site.most_at_once in (2, 3, 4)
    with open_site() as other:
        for number in range(4):
            other.replies[f"/{number}"] = slowly
        assert len(list(fetch_all([f"{other.url}/{n}" for n in range(4)], open_fetcher(), at_once=4))) == 4
        assert other.most_at_once == 1
        paused = fetch_all([f"{other.url}/{n}" for n in range(4)], open_fetcher(), at_once=4)
        before = len(other.visits)
        next(paused)
        paused.close()  # type: ignore[attr-defined]
        assert len(other.visits) - before <= 3  # robots.txt, the page handed on, at most one under way


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert)]
    command += ["-days", "2", "-subj", "/CN=safe.example", "-addext", "subjectAltName=DNS:safe.example"]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def test_certificates_are_checked_against_the_name_that_was_asked(site: Site, certificate: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    port = site.url.rpartition(":")[2]
    assert kind(open_fetcher().fetch(f"https://safe.example:{port}/a")) == "bad-certificate"
    trusting = open_fetcher(tls=lambda: ssl.create_default_context(cafile=str(certificate[0])))
    assert get(trusting.fetch(f"https://safe.example:{port}/a")).body == PAGE
    assert kind(trusting.fetch(f"https://other.example:{port}/a")) == "bad-certificate"
    site.send_on("/down", "http://safe.example/")
    assert kind(trusting.fetch(f"https://safe.example:{port}/down")) == "bad-redirect"
    assert kind(trusting.fetch(f"http://safe.example:{port}/a")) in ("bad-answer", "broken-off")


# ---------------------------------------------------------------- to a Page


def test_a_fetched_page_becomes_a_page(site: Site) -> None:
    text = "<p>Żółw: most w Karvan otwarto w poniedziałek.</p>"
    site.page("/news/bridge.html", text.encode("iso-8859-2"), "text/html; charset=ISO-8859-2")
    fetched = get(open_fetcher().fetch(f"{site.url}/news/bridge.html"))
    [page] = read_fetched(fetched, title="Bridge  open", published="2024-03-12T08:00:00+03:00")
    assert isinstance(page, Page)
    assert page.body.decode() == text and page.url == page.file == fetched.final_url
    assert (page.external_id, page.title, page.published) == ("bridge", "Bridge open", "2024-03-12T08:00:00+03:00")
    site.page("/feed", b"<rss/>", "application/rss+xml")
    [told] = read_fetched(get(open_fetcher().fetch(f"{site.url}/feed")))
    assert isinstance(told, Problem) and told.kind == "no-page"
