"""A GeoNames dump of a country that we invented inside a real country code, in the official layout, and its server."""

from __future__ import annotations

import contextlib
import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COLUMNS = 19


def row(number: int, name: str, kind: str, at: tuple[float, float], **more: str | int) -> str:
    """One line of allCountries.txt; what is not given is as for a small place in Sudan."""
    told = {
        "others": "",
        "country": "SD",
        "first": "77",
        "second": "7701",
        "people": 0,
        "changed": "2024-05-06",
        **more,
    }
    lat, lon = at
    group = {"A": "A", "P": "P", "S": "S"}.get(kind[0], "T")
    cells = [number, name, name, told["others"], lat, lon, group, kind, told["country"], "", told["first"]]
    cells += [told["second"], "", "", told["people"], "", 400, "Africa/Khartoum", told["changed"]]
    return "\t".join(map(str, cells))


GOOD = [
    row(90000001, "Zurvan Governorate", "ADM1", (13.0, 30.0), second="", people=800000),
    row(90000002, "Qelba District", "ADM2", (13.2, 30.1)),
    row(90000003, "Qelbara", "PPLA2", (13.25, 30.15), others="Qelbarah,Kelbara,Целбара", people=41000),
    row(90000004, "Tumbakoro", "PPL", (13.31, 30.22)),
    row(90000005, "Tumbakoro Airfield", "AIRB", (13.35, 30.25)),
    row(90000006, "Wadi Qelb", "WAD", (13.1, 30.0)),
    row(90000007, "Jabal Zurvan", "MT", (13.4, 30.4), changed="2025-11-02"),
    row(90000008, "Qelb Camp", "CMPRF", (13.28, 30.16)),
    row(90000009, "Qelb Strait", "STRT", (20.0, 38.0), country="", first="", second=""),
    row(90000010, "Hotel Tumbakoro", "HTL", (13.31, 30.22)),
    row(90000011, "Republic of Qelb", "PCLI", (13.0, 30.0)),
]
BAD = [
    row(90000012, "Farnorth", "PPL", (95.0, 30.0)),
    row(90000013, "Nowhereland", "PPL", (13.0, 30.0), country="QQ"),
    "90000014\tShort row",
    row(90000015, "Notanumber", "PPL", (13.0, 30.0)).replace("90000015", "ninety", 1),
    row(90000016, "  ", "PPL", (13.0, 30.0)),
]
PLACES = ("\n".join((*GOOD[:4], *BAD, *GOOD[4:])) + "\n").encode() + b"90000017\t\xff\xfe\n"
FIRST = b"SD.77\tZurvan\tZurvan\t90000001\n"
SECOND = b"SD.77.7701\tQelba\tQelba\t90000002\n"
NAMES = b"".join(
    b"\t".join(cells) + b"\n"
    for cells in (
        [b"1", b"90000004", b"en", b"Tumbakor", b"1", b"", b"", b"", b"", b""],
        [b"2", b"90000004", b"fr", b"Toumbakoro", b"", b"", b"", b"", b"", b""],
        [b"3", b"90000004", b"link", b"https://example.org/Tumbakoro", b"", b"", b"", b"", b"", b""],
        [b"4", b"77777777", b"en", b"Unknownplace", b"1", b"", b"", b"", b"", b""],
        [b"bad row"],
    )
)


def zip_places() -> bytes:
    """allCountries.zip, the same bytes each time, stored so that it is longer than one block of a download."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("allCountries.txt"), PLACES + GOOD[5].encode() + b"\n" + filler())
    return packed.getvalue()


def filler() -> bytes:
    """Rows enough for several blocks, of a feature code that is left out."""
    rows = (row(91000000 + n, f"Hotel {n}", "HTL", (13.0, 30.0)) for n in range(9000))
    return ("\n".join(rows) + "\n").encode()


def write_dump(folder: Path) -> Path:
    """The dump as a folder of text files."""
    folder.mkdir(exist_ok=True)
    (folder / "allCountries.txt").write_bytes(PLACES)
    (folder / "admin1CodesASCII.txt").write_bytes(FIRST)
    (folder / "admin2Codes.txt").write_bytes(SECOND)
    return folder


class Served:
    """The files of a server; `cuts` says after how many bytes of the next answers the connection breaks."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.cuts: list[int] = []
        self.asked: list[tuple[str, str | None]] = []
        self.tag = '"one"'
        self.address = ""


@contextlib.contextmanager
def serve(files: dict[str, bytes]) -> Iterator[Served]:
    """A real HTTP server on the loopback address that knows Range, If-Range and ETag."""
    served = Served(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, served)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_port}/dump/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(request: BaseHTTPRequestHandler, served: Served) -> None:
    """Answer one request as a plain file server does, and break off where the test says so."""
    name, wanted = request.path.rpartition("/")[2], request.headers.get("Range")
    served.asked.append((name, wanted))
    body = served.files.get(name)
    if body is None:
        request.send_error(404)
        return
    start = 0
    if wanted and request.headers.get("If-Range") == served.tag:
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(body)}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
    request.send_response(206 if start else 200)
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
    request.send_header("ETag", served.tag)
    request.send_header("Content-Length", str(len(body) - start))
    request.end_headers()
    cut = served.cuts.pop(0) if served.cuts and name.endswith(".zip") else len(body)
    request.wfile.write(body[start : start + cut])
