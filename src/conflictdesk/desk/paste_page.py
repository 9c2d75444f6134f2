"""Bringing articles in by hand: a text pasted, an address fetched, a file sent; the coder then reads what is new."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import Response

from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.office import desk_of, now_of, office_of, user_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.workflow.adding import AddReport, add_paths, add_text, add_urls, make_fetcher

router = APIRouter(dependencies=[Depends(needs("coder"))])
KINDS: Final = (".txt", ".html", ".htm", ".jsonl", ".gz", ".zip", ".tar", ".tgz")
MOST_ADDRESSES: Final = 10


@router.get("/paste")
def show_paste(request: Request) -> Response:
    """The three forms."""
    return _show(request)


def _show(request: Request, *, report: AddReport | None = None, fault: str | None = None, **given: str) -> Response:
    return answer_page(
        request,
        "queue_paste.html.jinja",
        status=422 if fault else 200,
        report=report,
        fault=fault,
        given=given,
        coding=office_of(request).coding.tell(),
        kinds=", ".join(KINDS),
        most_addresses=MOST_ADDRESSES,
    )


@router.post("/paste/text")
def paste_text(
    request: Request,
    title: Annotated[str, Form(max_length=1_000)] = "",
    text: Annotated[str, Form()] = "",
    url: Annotated[str, Form(max_length=2_000)] = "",
    published: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Take in a text that was pasted."""
    try:
        day = dt.date.fromisoformat(published) if published.strip() else None
        if url.strip() and not re.fullmatch(r"https?://[^\s]+", url.strip()):
            raise ConfigError("the address begins with https:// or http://")
        with_title = title.strip() or None
        report = add_text(
            desk_of(request), with_title, text, url.strip() or None, day, user_of(request).name, now_of(request)
        )
    except (CheckError, ConfigError) as error:
        return _show(request, fault=str(error), title=title, text=text, url=url, published=published)
    except ValueError:
        fault = "write the day of publication as 2024-03-05, or leave it empty"
        return _show(request, fault=fault, title=title, text=text, url=url)
    return _code(request, report)


@router.post("/paste/url")
def paste_address(request: Request, addresses: Annotated[str, Form(max_length=20_000)] = "") -> Response:
    """Fetch some web pages; addresses inside this machine or its network are refused."""
    listed = [line.strip() for line in addresses.splitlines() if line.strip()]
    try:
        if not 1 <= len(listed) <= MOST_ADDRESSES:
            raise ConfigError(f"write 1 to {MOST_ADDRESSES} addresses, one a line; for more use `conflictdesk add`")
        if wrong := [one for one in listed if not re.fullmatch(r"https?://[^\s]+", one, re.IGNORECASE)]:
            raise ConfigError(f"{wrong[0][:80]} is no address: it begins with https:// or http://")
        desk = desk_of(request)
        report = add_urls(desk, listed, make_fetcher(desk.settings), user_of(request).name, now_of(request))
    except (CheckError, ConfigError) as error:
        return _show(request, fault=str(error), addresses=addresses)
    return _code(request, report)


@router.post("/paste/file")
def paste_file(request: Request, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Take in a file: a saved page, lines of JSON, or an archive of them."""
    if file is None or not file.filename:
        return _show(request, fault="choose a file first")
    name = name_upload(file.filename)
    if not name.endswith(KINDS):
        return _show(request, fault=f"a file of that kind is not read here: {', '.join(KINDS)} are")
    with tempfile.TemporaryDirectory(prefix="conflictdesk-") as folder:
        path = Path(folder) / name
        with path.open("wb") as kept:
            while piece := file.file.read(1 << 20):
                kept.write(piece)
        report = add_paths(desk_of(request), [path], user_of(request).name, now_of(request))
    return _code(request, report)


def name_upload(told: str) -> str:
    """A safe name for a file that a browser sent: never a folder, never hidden.

    >>> name_upload("../../etc/pass wd.txt"), name_upload("..")
    ('pass-wd.txt', 'upload')
    """
    last = re.split(r"[/\\]", told)[-1]
    return re.sub(r"[^\w.-]+", "-", last, flags=re.ASCII).lstrip(".-")[-80:].lower() or "upload"


def _code(request: Request, report: AddReport) -> Response:
    if report.new:
        office_of(request).coding.start(user_of(request).name)
    return _show(request, report=report)
