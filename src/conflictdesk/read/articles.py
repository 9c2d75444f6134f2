"""The door of `read`: a Page becomes its Articles, each headline, empty line, body; and Problems for the rest."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from conflictdesk.read.duplicates import mark_duplicates
from conflictdesk.read.html import Extract, read_html
from conflictdesk.read.languages import detect_language, read_code
from conflictdesk.read.lines import classify_line, drop_bullet, is_headline_like
from conflictdesk.read.split import Line, Part, split_page
from conflictdesk.read.stamps import ORDER, Stamp, parse_day, read_dateline, read_stamp
from conflictdesk.read.text import clean_text, fold, join_wrapped
from conflictdesk.records import Article, Page, Problem, PublishedBasis, hash_id

__all__ = ["mark_duplicates", "read_articles"]

CODED = frozenset({"en"})
LONGEST_TITLE = 200
LONGEST_TEXT = 500_000
LONGEST_PARAGRAPH = 50_000
HEAD_LINES = 12

Published = tuple[dt.date | None, PublishedBasis]


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article before it is dated and named."""

    title: str
    body: tuple[str, ...]
    stamps: tuple[Stamp, ...]
    dateline: dt.date | None
    faults: tuple[str, ...] = ()


def read_articles(
    page: Page, *, published: dt.date | None = None, today: dt.date | None = None
) -> tuple[list[Article], list[Problem]]:
    """The articles on a page in order, and what a person should know of them; every page gives one of either.

    `published` dates an article whose page says nothing itself (basis "given"); with `today` a later date is
    a Problem. The day comes from, in this order: the document's own `published` field ("given"), the page's metadata
    ("metadata"), a stamp or dateline ("stated"), a stamp like "2 hours ago" counted from the newest stated day of the
    page ("relative"), `published`. On a page of several articles each one's own stamp comes first.

    A title that is given or found is the first line of `text`; when there is none it is "" and `text` begins with the
    empty line. A page in a language that is not coded yet gives its article and a Problem that names the language.
    """
    try:
        source = page.body.decode("utf-8")
    except UnicodeDecodeError:
        return [], [_tell(page, "not-utf-8", "The page's bytes are not UTF-8; let `fetch_pages` read the file.")]
    problems: list[Problem] = []
    extract = read_html(source) if page.media_type == "text/html" else None
    if page.media_type == "text/html" and extract is None:
        return [], [_tell(page, "no-text", "No article text was found in the markup; give its text as .txt.")]
    lines = _read_lines("\n\n".join(extract.paragraphs) if extract else source)
    drafts = [draft for part in _split(page, lines, extract) if (draft := _draft(page, lines, part, extract))]
    if not drafts:
        return [], [_tell(page, "no-text", "The page holds no article text after furniture was left out.")]
    articles = [
        article
        for number, draft in enumerate(drafts, 1)
        if (article := _finish(page, draft, number, drafts, extract, published, problems))
    ]
    for article in articles:
        problems.extend(_check(page, article, today))
    return articles, problems


def _read_lines(text: str) -> list[Line]:
    """The cleaned lines of a text, hard-wrapped paragraphs joined, each with its kind."""
    raw = [_read_line(line) for line in clean_text(text).split("\n")]
    lines: list[Line] = []
    for is_prose, run in itertools.groupby(raw, key=lambda line: line.kind == "plain" and not line.is_stamp):
        runs = list(run)
        joined = join_wrapped([line.text for line in runs]) if is_prose else []
        lines.extend(runs if len(joined) in (0, len(runs)) else map(_read_line, joined))
    return lines


def _read_line(text: str) -> Line:
    kind = classify_line(text)
    stamp = kind in ("plain", "byline", "furniture", "bullet") and read_stamp(text) is not None
    plain = kind == "plain" and not stamp
    return Line(text, kind, fold(text), stamp, plain and is_headline_like(text), plain and read_dateline(text)[0])


def _split(page: Page, lines: Sequence[Line], extract: Extract | None) -> list[Part]:
    """The parts of a page; a document with a title of its own is one article."""
    if extract or page.title:
        title = fold(clean_text(page.title or (extract.title if extract else "")))
        first = next((i for i, line in enumerate(lines) if line.text), 0)
        repeats = [i for i in range(first, min(first + HEAD_LINES, len(lines))) if title and lines[i].folded == title]
        last = repeats[-1] if repeats else None
        return [Part(0, len(lines), None if last is None else repeats[0], 0 if last is None else last + 1)]
    return split_page(lines)


def _draft(page: Page, lines: Sequence[Line], part: Part, extract: Extract | None) -> _Draft | None:
    title = clean_text(page.title or (extract.title if extract else "")).replace("\n", " ")
    if not title and part.headline is not None:
        title = lines[part.headline].text
    stamps: list[Stamp] = []
    body: list[str] = []
    in_list = False
    for i in range(part.start, part.end):
        line = lines[i]
        opened = any(len(text) >= 80 for text in body)
        stamp = read_stamp(line.text) if line.is_stamp else None
        if stamp and (stamp.form != "bare" or not opened):
            stamps.append(stamp)
            continue
        in_list = line.kind == "list head" or (in_list and not _ends_list(line))
        if in_list or line.kind in ("blank", "caption", "furniture", "rule", "list head"):
            continue
        if (i < part.body and line.kind != "bullet") or (
            line.kind == "byline" and (not opened or _is_last(lines, i, part))
        ):
            continue
        if line.folded == fold(title) and len(line.text) < LONGEST_TITLE:
            continue
        body.append(drop_bullet(line.text) if line.kind == "bullet" else line.text)
    if not title and body and _is_first_line_title(body[0]):
        title, body = body[0], body[1:]
    if not title and not body:
        return None
    if extract and not stamps:
        stamps = [stamp for text in extract.near if (stamp := read_stamp(clean_text(text)))]
    dateline = next((day for text in body[:3] if (day := read_dateline(text)[1])), None)
    faults = tuple(stamp.fault for stamp in stamps if stamp.fault)
    return _Draft(title, tuple(body), tuple(stamps), dateline, faults)


def _is_last(lines: Sequence[Line], at: int, part: Part) -> bool:
    return all(line.kind != "plain" or line.is_stamp for line in lines[at + 1 : part.end])


def _ends_list(line: Line) -> bool:
    """A list of other stories ends where sentences begin again."""
    return line.kind == "plain" and not line.is_stamp and (line.text[-1] in ".!?”\"'’):;" or line.has_dateline)


def _is_first_line_title(line: str) -> bool:
    return len(line) <= LONGEST_TITLE and not line.endswith((".", "”", '"')) and not read_dateline(line)[0]


def _finish(
    page: Page,
    draft: _Draft,
    number: int,
    drafts: Sequence[_Draft],
    extract: Extract | None,
    published: dt.date | None,
    problems: list[Problem],
) -> Article | None:
    name = page.external_id if len(drafts) == 1 else f"{page.external_id}#{number}"
    text = draft.title + "\n\n" + "\n\n".join(draft.body)
    if len(text) > LONGEST_TEXT or max(map(len, (draft.title, *draft.body))) > LONGEST_PARAGRAPH:
        said = f"An article of over {LONGEST_TEXT:,} characters or a paragraph of over {LONGEST_PARAGRAPH:,}; split it."
        problems.append(_tell(page, "text-too-long", said, name))
        return None
    if not re.search(r"\w", text):
        problems.append(_tell(page, "no-text", "The article has no word in it.", name))
        return None
    day, basis = _date(page, draft, drafts, extract, published, problems)
    for fault in draft.faults:
        problems.append(_tell(page, "bad-date", f"A date line was left out: {fault}; write it as 2024-03-12.", name))
    language = _language(page, text, problems)
    return Article(
        article_id=hash_id("a", name, text),
        page_id=page.page_id,
        page=page.file,
        external_id=name,
        title=draft.title,
        text=text,
        published_on=day,
        published_basis=basis,
        language=language,
        source=page.source or (extract.site if extract else None),
        url=page.url or (extract.url if extract else None),
    )


def _date(
    page: Page,
    draft: _Draft,
    drafts: Sequence[_Draft],
    extract: Extract | None,
    published: dt.date | None,
    problems: list[Problem],
) -> Published:
    """The day of publication and where it comes from."""
    given = None
    if page.published:
        given, fault = parse_day(page.published)
        if fault:
            problems.append(_tell(page, "bad-date", f"`published` was left out: {fault}; write it as 2024-03-12."))
    shown = _date_by_stamps(draft, drafts, given or published)
    if given and (len(drafts) == 1 or shown is None):
        return given, "given"
    if extract and extract.published:
        return dt.date.fromisoformat(extract.published), "metadata"
    return shown or ((published, "given") if published else (None, "unknown"))


def _date_by_stamps(draft: _Draft, drafts: Sequence[_Draft], anchor: dt.date | None) -> Published | None:
    ranked = sorted(draft.stamps, key=lambda stamp: ORDER.index(stamp.form))
    stated = next((stamp.day for stamp in ranked if stamp.day), None) or draft.dateline
    if stated:
        return stated, "stated"
    ago = next((stamp.days_ago for stamp in ranked if stamp.days_ago is not None), None)
    newest = _newest(drafts) or anchor
    if ago is None or newest is None:
        return None
    return newest - dt.timedelta(days=min(ago, newest.toordinal() - 1)), "relative"


def _newest(drafts: Sequence[_Draft]) -> dt.date | None:
    days = [stamp.day for draft in drafts for stamp in draft.stamps if stamp.day]
    days += [draft.dateline for draft in drafts if draft.dateline]
    return max(days, default=None)


def _language(page: Page, text: str, problems: list[Problem]) -> str:
    if page.language:
        code = read_code(page.language)
        if code:
            return code
        said = f"{page.language!r} is no language code; it was detected instead, write one like en."
        problems.append(_tell(page, "bad-language", said))
    return detect_language(text)


def _check(page: Page, article: Article, today: dt.date | None) -> list[Problem]:
    """What a person should know of an article that was read."""
    found = []
    if not article.title:
        said = "No headline was found, so the text begins with an empty line; give `title`, or set one above the text."
        found.append(_tell(page, "no-headline", said, article.article_id))
    if article.published_on is None:
        said = "Nothing says when it was published; give `published` or --published, else relative dates are lost."
        found.append(_tell(page, "no-publication-date", said, article.article_id))
    elif today and article.published_on > today:
        said = f"It says that it was published on {article.published_on}, after {today}; check the date."
        found.append(_tell(page, "published-in-future", said, article.article_id))
    if article.language not in CODED:
        said = f"The article is in {article.language!r}, a language that is not coded yet; only English is."
        found.append(_tell(page, "language-not-coded", said, article.article_id))
    return found


def _tell(page: Page, kind: str, detail: str, subject: str | None = None) -> Problem:
    return Problem(
        stage="read", subject=subject or page.page_id, kind=kind, detail=detail, file=page.file, line=page.line
    )
