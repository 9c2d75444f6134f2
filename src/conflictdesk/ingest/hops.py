"""One request to one site, without following where it sends on: time, bytes and address watched all the way."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import NoReturn

import httpcore

from conflictdesk.ingest.addresses import IP, Refusal, Resolver, Target, find_addresses
from conflictdesk.ingest.unpacking import Broken, TooMuch, unpack

WAYS = {"": "", "identity": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
TRIED_ADDRESSES = 3
MOST_HEADERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one request may cost: bytes on the wire, unpacked and of headers; seconds to the first byte and in all.

    With `cut` what comes after `body_bytes` is left unread; without, it is a Refusal.
    """

    wire_bytes: int
    body_bytes: int
    header_bytes: int
    first_byte: float
    total: float
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site said: `headers` by lower-case name (the first of each), `body` unpacked, empty unless asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Meter:
    """Counts the bytes and the seconds of one request; each reading may raise a Refusal."""

    def __init__(self, bounds: Bounds, clock: Callable[[], float]) -> None:
        self.bounds, self._clock = bounds, clock
        self._begun = clock()
        self._taken = 0
        self.in_headers = True

    def left(self) -> float:
        """Seconds that the next step may take."""
        whole = self.bounds.first_byte if self.in_headers else self.bounds.total
        left = self._begun + min(whole, self.bounds.total) - self._clock()
        if left <= 0:
            self.tire()
        return left

    def tire(self) -> NoReturn:
        if self.in_headers:
            told = f"The site did not answer within {self.bounds.first_byte:g} seconds; try again later."
        else:
            told = f"The page had not come whole after {self.bounds.total:g} seconds; try again later."
        raise Refusal("too-slow", told)

    def room(self, wanted: int) -> int:
        """How many bytes may be read next."""
        if not self.in_headers:
            return wanted
        room = self.bounds.header_bytes - self._taken
        if room <= 0:
            raise Refusal("too-large", f"The site sent more than {self.bounds.header_bytes:,} bytes before the page.")
        return min(wanted, room)

    def count(self, taken: int) -> None:
        self._taken += taken
        if self._taken > self.bounds.wire_bytes + self.bounds.header_bytes:
            raise Refusal("too-large", f"The page is larger than {self.bounds.wire_bytes:,} bytes; it was left.")


class MeteredStream(httpcore.NetworkStream):
    """A connection on which every read is counted and no read outlasts the time that is left."""

    def __init__(self, inner: httpcore.NetworkStream, meter: Meter) -> None:
        self._inner, self._meter = inner, meter

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(self._meter.room(max_bytes), self._meter.left())
        self._meter.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._meter.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return MeteredStream(self._inner.start_tls(ssl_context, server_hostname, self._meter.left()), self._meter)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very addresses that were checked: the name is looked up once, and never by the socket again."""

    def __init__(self, meter: Meter, resolve: Resolver, allow_loopback: bool) -> None:
        self._meter, self._resolve, self._allow_loopback = meter, resolve, allow_loopback
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = find_addresses(host.strip("[]"), port, self._resolve, self._meter.left(), self._allow_loopback)
        return MeteredStream(self._connect(addresses[:TRIED_ADDRESSES], port), self._meter)

    def _connect(self, addresses: tuple[IP, ...], port: int) -> httpcore.NetworkStream:
        for number, address in enumerate(addresses, 1):
            seconds = self._meter.left() / (len(addresses) - number + 1)
            try:
                return self._inner.connect_tcp(str(address), port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError("no address")


class Asker:
    """Sends one GET to a site and reads its answer.

    `tls` makes the settings that certificates are checked by, one for each connection: they may not be shared.
    """

    def __init__(
        self, resolve: Resolver, clock: Callable[[], float], tls: Callable[[], ssl.SSLContext], allow_loopback: bool
    ) -> None:
        self._resolve, self._clock, self._tls, self._allow_loopback = resolve, clock, tls, allow_loopback

    def ask(
        self,
        target: Target,
        headers: Mapping[str, str],
        bounds: Bounds,
        wants: Callable[[int, Mapping[str, str]], bool],
    ) -> Answer:
        """The answer of `target`; its body only when `wants` says so on seeing status and headers.

        Raises:
            Refusal: the address is closed, nothing came, or too much.
        """
        meter = Meter(bounds, self._clock)
        try:
            return self._exchange(target, headers, meter, wants)
        except httpcore.TimeoutException:
            meter.tire()
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise _explain(error, target) from None

    def _exchange(
        self, target: Target, headers: Mapping[str, str], meter: Meter, wants: Callable[[int, Mapping[str, str]], bool]
    ) -> Answer:
        scheme, host = target.scheme.encode(), target.host.encode()
        backend = CheckedBackend(meter, self._resolve, self._allow_loopback)
        request = httpcore.Request(
            method=b"GET",
            url=httpcore.URL(scheme=scheme, host=host, port=target.port, target=target.path.encode()),
            headers=[
                (b"Host", target.origin.partition("//")[2].encode()),
                *((name.encode(), value.encode("latin-1")) for name, value in headers.items()),
                (b"Accept-Encoding", b"gzip, deflate"),
                (b"Connection", b"close"),
            ],
        )
        tls = self._tls() if target.scheme == "https" else None
        origin = httpcore.Origin(scheme, host, target.port)
        with httpcore.HTTPConnection(origin, ssl_context=tls, network_backend=backend) as connection:
            response = connection.handle_request(request)
            meter.in_headers = False
            said = _read_headers(response.headers)
            try:
                body = _read_body(response, said, meter.bounds) if wants(response.status, said) else b""
            finally:
                response.close()
            return Answer(response.status, said, body)


def _read_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, (name, value) in enumerate(headers):
        if number >= MOST_HEADERS:
            raise Refusal("too-large", f"The site sent more than {MOST_HEADERS} headers.")
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        found.setdefault(name.decode("ascii").lower(), text.strip())
    return found


def _read_body(response: httpcore.Response, headers: Mapping[str, str], bounds: Bounds) -> bytes:
    way = WAYS.get(headers.get("content-encoding", "").lower())
    if way is None:
        raise Refusal("unknown-packing", "The site packed the page in a way that was not asked for; save it by hand.")
    length = headers.get("content-length", "")
    if not bounds.cut and length.isdecimal() and len(length) < 20 and int(length) > bounds.wire_bytes:
        raise Refusal("too-large", f"The page is larger than {bounds.wire_bytes:,} bytes; it was left.")
    pieces = _stream(response)
    try:
        if bounds.cut and not way:
            return _take(pieces, bounds.body_bytes)
        return unpack(pieces, way, bounds.body_bytes)
    except TooMuch:
        raise Refusal("too-large", f"The page unpacks to more than {bounds.body_bytes:,} bytes; it was left.") from None
    except Broken:
        raise Refusal("broken-packing", "The page came packed and damaged; try again later.") from None


def _stream(response: httpcore.Response) -> Iterator[bytes]:
    yield from response.iter_stream()


def _take(pieces: Iterable[bytes], most: int) -> bytes:
    taken = bytearray()
    for piece in pieces:
        taken += piece
        if len(taken) >= most:
            break
    return bytes(taken[:most])


def _explain(error: Exception, target: Target) -> Refusal:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        told = f"The certificate of {target.host} is not valid ({cause.verify_message}); nothing was read."
        return Refusal("bad-certificate", told)
    if isinstance(cause, ssl.SSLError):
        return Refusal("no-secure-line", f"No secure line to {target.host} could be opened; try again later.")
    if isinstance(error, httpcore.ConnectError):
        return Refusal("no-answer", f"{target.host} does not take connections; check the address or try again later.")
    if isinstance(error, httpcore.ProtocolError):
        return Refusal("bad-answer", f"{target.host} answered with something that is no web page, or broke off.")
    return Refusal("broken-off", f"The connection to {target.host} broke off; try again later.")


def read_type(header: str | None) -> tuple[str | None, str | None]:
    """The media type and charset of a `Content-Type` header, in lower case.

    >>> read_type('Text/HTML; charset="UTF-8"'), read_type(None)
    (('text/html', 'utf-8'), (None, None))
    """
    if not header:
        return None, None
    message = Message()
    message["Content-Type"] = header.replace("\r", " ").replace("\n", " ")
    charset = message.get_content_charset()
    kind = header.partition(";")[0].strip().lower()
    return kind or None, charset
