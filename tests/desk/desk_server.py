"""A desk to look at: invented events, a server on loopback, and a browser that complains of everything."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_datasets import make_row

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRAWING = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
HOSTILE = (
    '<img src=x onerror="document.title=1">',
    '"><script>document.title=2</script>',
    "Front \u202eevil\u202c of the \u2066North",
    "=cmd|' /C calc'!A0",
)
VENDOR = Path(__file__).parents[2] / "src/conflictdesk/desk/static/vendor"
TYPES = ("Battles", "Explosions/Remote violence", "Violence against civilians")


def invent_rows(number: int = 240) -> list[dict[str, object]]:
    """Events of two invented countries over two years, some without a day, a point or a figure, some hostile."""
    rows = []
    for n in range(1, number + 1):
        day = None if n % 40 == 0 else f"{2021 + n % 2}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
        place = 4 if n % 17 == 0 else n % 3 + 1
        rows.append(
            make_row(
                n,
                day,
                event_type=TYPES[n % 3],
                original_type=f"kind {n % 4}",
                actor1=HOSTILE[(n // 30 - 2) % 4] if n % 30 == 0 else f"Band {n % 5}",
                actor2="Civilians" if n % 3 == 2 else "Army of Ruritania",
                civilian_targeting=n % 3 == 2,
                country="Ruritania" if n % 4 else "Borduria",
                admin1=f"Province {n % 7}",
                location=HOSTILE[(n // 30 - 2) % 4] if n % 31 == 0 else f"Town {n % 23}",
                latitude=None if n % 19 == 0 else 34.0 + (n % 23) / 10,
                longitude=None if n % 19 == 0 else 40.0 + (n % 23) / 7,
                place_precision=place,
                deaths=None if n % 11 == 0 else n % 9,
                injured_best=n % 5 if n % 2 else None,
                injured_low=n % 5 if n % 2 else None,
                injured_high=n % 5 + 1 if n % 2 else None,
                sources=[HOSTILE[1]] if n % 60 == 0 else [f"Gazette {n % 3}", "Radio Invented"][: n % 2 + 1],
                notes=f"Invented note number {n} {HOSTILE[(n // 30 - 2) % 4] if n % 30 == 0 else ''}",
                flags=["low_above_best"] if n % 50 == 0 else [],
            )
        )
    return rows


@contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """The app on a free port of loopback; the address without a slash at its end."""
    import uvicorn

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        for _ in range(200):
            if server.started:
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def miss(reason: str) -> None:
    """A check that cannot be made is skipped in the open; where everything must be checked it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def launch() -> Iterator[Browser]:
    """Chromium with software drawing, or a plain skip."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        miss("Chromium is not here: apt-get install chromium")
    if not VENDOR.is_dir():
        miss("the browser's libraries are not here: make static")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", *DRAWING])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, home: str, path: str = "/", **options: object) -> Iterator[Page]:
    """A page in a fresh window; a request beyond loopback, an error or a breach of the policy is a failure."""
    asked: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if options.get("phone") else {"width": 1280, "height": 900},
        color_scheme="dark" if options.get("dark") else "light",
        java_script_enabled=options.get("script", True) is True,
    )
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(home + path)
    yield page
    assert [url for url in asked if not url.startswith((home, "data:", "blob:" + home))] == []
    # Software drawing is slow, and the browser says so.
    assert [told for told in complaints if "GPU stall" not in told and "GL Driver Message" not in told] == []
    context.close()
