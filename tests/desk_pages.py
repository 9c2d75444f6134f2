"""Pages of our own invention, good and bad, and what the tests of the whole desk read from its results."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src"
Row = dict[str, object]
Desk = Callable[..., subprocess.CompletedProcess[bytes]]

# The incidents did not happen.
MOSUL = """Roadside bomb kills three soldiers near Mosul

Published 4 March 2024

MOSUL: A roadside bomb killed three Iraqi soldiers near Mosul on Sunday, the army said.

The war has killed more than 9,300 people in the province since 2017, according to the Nineveh Bureau.
"""
GOMA = """<!doctype html><html lang="en"><head><title>Gunmen kill two traders in Goma</title>
<meta property="article:published_time" content="2024-03-03T08:00:00Z"></head><body><article>
<h1>Gunmen kill two traders in Goma</h1>
<p>GOMA - Gunmen killed two traders in Goma on Saturday, residents said on Sunday. Five others were wounded.</p>
<p>Hundreds of people protested in Bukavu on Saturday against the killings, and the march ended peacefully.</p>
</article></body></html>
"""
KANO = "Protesters march in Kano\n\nHundreds of protesters marched in Kano on Monday over prices, witnesses said.\n"
TAIZ: Row = {
    "id": "taiz-1",
    "title": "Drone strike kills one in Taiz 🔥",
    "text": "A drone strike 🔥 killed one civilian in Taiz on Friday, doctors said.",
    "published": "2024-03-02",
    "source": "Hill Wire",
    "url": "https://hill-wire.example/1",
}
LYON: Row = {
    "id": "lyon-1",
    "text": "Les manifestants ont défilé dans les rues de la ville samedi matin, selon la police, et la marche est "
    "restée calme jusqu'au soir malgré la pluie et le froid.",
    "published": "2024-03-02",
}
ARABIC = "انفجار في السوق\n\nقالت الشرطة إن انفجارا وقع في السوق صباح اليوم وأصيب عدد من المارة بجروح طفيفة.\n"
TETE = "Attack in Tête\n\nThe mayor of Tête said that the café and the théâtre were closed after the attack."


@dataclass(frozen=True)
class Coded:
    """What the one shared run was given and left behind."""

    named: tuple[Path | str, ...]
    stdin: bytes
    pages: Path
    out: Path
    stdout: str
    stderr: str

    @cached_property
    def events(self) -> list[Row]:
        return read_rows(self.out / "events.jsonl")

    @cached_property
    def articles(self) -> list[Row]:
        return read_rows(self.out / "articles.jsonl")

    @cached_property
    def problems(self) -> list[Row]:
        return read_rows(self.out / "problems.jsonl")

    def problems_of(self, file: str) -> list[tuple[object, object]]:
        """(kind, line) of each problem of a file of the folder."""
        return [(p["kind"], p["line"]) for p in self.problems if Path(str(p["file"])).name == file]


def read_rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write_rows(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def write_good_pages(folder: Path) -> None:
    """Pages of every kind that is read."""
    (folder / "deeper").mkdir(parents=True)
    (folder / "mosul.txt").write_text(MOSUL, "utf-8")
    (folder / "goma.html").write_text(GOMA, "utf-8")
    (folder / "deeper" / "kano.txt.gz").write_bytes(gzip.compress(KANO.encode(), mtime=0))
    write_rows(folder / "wire.jsonl", [TAIZ, LYON])


def write_bad_pages(folder: Path) -> None:
    """Everything that goes wrong with pages; each name says how."""
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.html").write_bytes(b" \n\t\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    (folder / "western.txt").write_bytes(MOSUL.replace("the army said", "Gen. Müñoz said — “no more”").encode("cp1252"))
    (folder / "half-utf8.txt").write_bytes(TETE.encode() + b"\xff\n")
    (folder / "long-line.txt").write_text("Long\n\n" + "word " * 200_000, "utf-8")
    (folder / "long-line.html").write_text(f"<html><body><article><p>{'word ' * 200_000}</p></article></body></html>")
    (folder / "no-body.html").write_text("<html><head><title>Nothing</title></head></html>")
    (folder / "arabic.txt").write_text(ARABIC, "utf-8")
    (folder / "nul.txt").write_text(MOSUL.replace("A roadside", "A\0 roadside"), "utf-8")
    (folder / "cut-short.txt.gz").write_bytes(gzip.compress(MOSUL.encode() * 50, mtime=0)[:-40])
    lines = [json.dumps({"id": f"line-{n}", "text": KANO.replace("Kano", f"Kano {n}")}) for n in range(1, 9)]
    lines[6] = '{"id": "line-7", "text": "Hundreds of'
    (folder / "line-7.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    dated: list[Row] = [
        {"id": "future", "text": MOSUL, "published": "2098-01-01"},
        {"id": "no-day", "text": KANO, "published": "some day"},
        {"id": "surrogate", "text": "Bomb kills two in Basra \ud83d\n\nA bomb killed two people in Basra on Friday."},
        {"id": 7, "text": 7},
    ]
    write_rows(folder / "dates.jsonl", dated)
    (folder / "nested.jsonl").write_text("[" * 100_000 + "\n")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "round").symlink_to(".")
    os.mkfifo(folder / "pipe.txt")
