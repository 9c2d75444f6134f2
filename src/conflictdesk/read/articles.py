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
from conflictdesk.read.stamps import Stamp, choose_day, parse_day, read_dateline, read_stamp
from conflictdesk.read.text import clean_text, fold, join_wrapped
from conflictdesk.records import Article, Page, Problem, PublishedBasis, hash_id

__all__ = ["mark_duplicates", "read_articles"]

CODED = frozenset({"en"})
LONGEST_TITLE = 200
LONGEST_TEXT = 500_000
LONGEST_PARAGRAPH = 50_000
HEAD_LINES = 12
OPENED = 80


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article before it is dated and named."""

    title: str
    body: tuple[str, ...]
    stamps: tuple[Stamp, ...]
    dateline: dt.date | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of a page beside the text of its articles: `given` by its field, `default` by the caller."""

    page: Page
    extract: Extract | None
    given: dt.date | None
    default: dt.date | None
    newest: dt.date | None
    count: int


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
    extract = read_html(source) if page.media_type == "text/html" else None
    if page.media_type == "text/html" and extract is None:
        return [], [_tell(page, "no-text", "No article text was found in the markup; give its text as .txt.")]
    lines = _read_lines("\n\n".join(extract.paragraphs) if extract else source)
    title = clean_text(page.title or (extract.title if extract else "")).replace("\n", " ")
    parts = [_whole(lines, title)] if extract or title else split_page(lines)
    drafts = [draft for part in parts if (draft := _draft(lines, part, title, extract))]
    if not drafts:
        return [], [_tell(page, "no-text", "The page holds no article text after furniture was left out.")]
    given, problems = _read_given(page)
    told = _Told(page, extract, given, published, _newest(drafts), len(drafts))
    articles: list[Article] = []
    for number, draft in enumerate(drafts, 1):
        name = page.external_id if len(drafts) == 1 else f"{page.external_id}#{number}"
        refused = _refuse(page, draft, name)
        if refused:
            problems.append(refused)
            continue
        article = _finish(told, draft, name)
        articles.append(article)
        problems.extend(_check(page, draft, article, today))
    return articles, problems


def _read_lines(text: str) -> list[Line]:
    """The cleaned lines of a text, hard-wrapped paragraphs joined, each with its kind; two empty lines at most."""
    raw = [_read_line(line) for line in re.sub(r"\n{4,}", "\n\n\n", clean_text(text)).split("\n")]
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


def _whole(lines: Sequence[Line], title: str) -> Part:
    """A document with a title of its own is one article; its head ends where the title is said last."""
    first = next((i for i, line in enumerate(lines) if line.text), 0)
    repeats = [i for i in range(first, min(first + HEAD_LINES, len(lines))) if title and lines[i].folded == fold(title)]
    return Part(0, len(lines), repeats[0] if repeats else None, repeats[-1] + 1 if repeats else 0)


def _draft(lines: Sequence[Line], part: Part, title: str, extract: Extract | None) -> _Draft | None:
    if not title and part.headline is not None:
        title = lines[part.headline].text
    body, stamps = _take(lines, part, fold(title))
    if not title and body and _is_first_line_title(body[0]):
        title, body = body[0], body[1:]
    if not title and not body:
        return None
    if extract and not stamps:
        stamps = [stamp for text in extract.near if (stamp := read_stamp(clean_text(text)))]
    dateline = next((day for text in body[:3] if (day := read_dateline(text)[1])), None)
    return _Draft(title, tuple(body), tuple(stamps), dateline)


def _take(lines: Sequence[Line], part: Part, title: str) -> tuple[list[str], list[Stamp]]:
    """The paragraphs of a part and its stamps; a bare date further down is a paragraph, a byline is one inside it."""
    stamps: list[Stamp] = []
    body: list[str] = []
    in_list = opened = False
    last = max(
        (i for i in range(part.start, part.end) if lines[i].kind == "plain" and not lines[i].is_stamp), default=0
    )
    for i in range(part.start, part.end):
        line = lines[i]
        stamp = read_stamp(line.text) if line.is_stamp else None
        if stamp and (stamp.form != "bare" or not opened):
            stamps.append(stamp)
            continue
        in_list = line.kind == "list head" or (in_list and not _ends_list(line))
        is_head = (i < part.body and line.kind != "bullet") or (line.kind == "byline" and (not opened or i > last))
        is_title = line.folded == title and len(line.text) < LONGEST_TITLE
        if in_list or is_head or is_title or line.kind in ("blank", "caption", "furniture", "rule"):
            continue
        opened = opened or len(line.text) >= OPENED
        body.append(drop_bullet(line.text) if line.kind == "bullet" else line.text)
    return body, stamps


def _ends_list(line: Line) -> bool:
    """A list of other stories ends where sentences begin again."""
    return line.kind == "plain" and not line.is_stamp and (line.text[-1] in ".!?”\"'’):;" or line.has_dateline)


def _is_first_line_title(line: str) -> bool:
    return len(line) <= LONGEST_TITLE and not line.endswith((".", "”", '"')) and not read_dateline(line)[0]


def _refuse(page: Page, draft: _Draft, name: str) -> Problem | None:
    """Why a draft can be no article: too much for any parser, or without a word."""
    paragraphs = (draft.title, *draft.body)
    if sum(map(len, paragraphs)) > LONGEST_TEXT or max(map(len, paragraphs)) > LONGEST_PARAGRAPH:
        said = f"An article of over {LONGEST_TEXT:,} characters or a paragraph of over {LONGEST_PARAGRAPH:,}; split it."
        return _tell(page, "text-too-long", said, name)
    if not any(re.search(r"\w", paragraph) for paragraph in paragraphs):
        return _tell(page, "no-text", "The article has no word in it.", name)
    return None


def _finish(told: _Told, draft: _Draft, name: str) -> Article:
    page, extract = told.page, told.extract
    text = draft.title + "\n\n" + "\n\n".join(draft.body)
    day, basis = _date(told, draft)
    return Article(
        article_id=hash_id("a", name, text),
        page_id=page.page_id,
        page=page.file,
        external_id=name,
        title=draft.title,
        text=text,
        published_on=day,
        published_basis=basis,
        language=read_code(page.language or "") or detect_language(text),
        source=page.source or (extract.site if extract else None),
        url=page.url or (extract.url if extract else None),
    )


def _date(told: _Told, draft: _Draft) -> tuple[dt.date | None, PublishedBasis]:
    """The day of publication and where it comes from."""
    shown = choose_day(draft.stamps, draft.dateline, told.newest or told.given or told.default)
    if told.given and (told.count == 1 or shown is None):
        return told.given, "given"
    if told.extract and told.extract.published:
        return dt.date.fromisoformat(told.extract.published), "metadata"
    return shown or ((told.default, "given") if told.default else (None, "unknown"))


def _newest(drafts: Sequence[_Draft]) -> dt.date | None:
    """The newest day that a stamp or a dateline of the page states."""
    days = [stamp.day for draft in drafts for stamp in draft.stamps if stamp.day]
    days += [draft.dateline for draft in drafts if draft.dateline]
    return max(days, default=None)


def _read_given(page: Page) -> tuple[dt.date | None, list[Problem]]:
    """The day in the document's own field, and the Problems of its fields."""
    problems: list[Problem] = []
    day, fault = parse_day(page.published) if page.published else (None, None)
    if fault:
        problems.append(_tell(page, "bad-date", f"`published` was left out: {fault}; write it as 2024-03-12."))
    if page.language and read_code(page.language) is None:
        said = f"{page.language!r} is no language code; it was detected instead, write one like en."
        problems.append(_tell(page, "bad-language", said))
    return day, problems


def _check(page: Page, draft: _Draft, article: Article, today: dt.date | None) -> list[Problem]:
    """What a person should know of an article that was read."""
    told: list[tuple[str, str]] = []
    for fault in dict.fromkeys(stamp.fault for stamp in draft.stamps if stamp.fault):
        told.append(("bad-date", f"A date line was left out: {fault}; write it as 2024-03-12."))
    if not article.title:
        said = "No headline was found, so the text begins with an empty line; give `title`, or set one above the text."
        told.append(("no-headline", said))
    if article.published_on is None:
        said = "Nothing says when it was published; give `published` or --published, else relative dates are lost."
        told.append(("no-publication-date", said))
    elif today and article.published_on > today:
        said = f"It says that it was published on {article.published_on}, after {today}; check the date."
        told.append(("published-in-future", said))
    if article.language not in CODED:
        said = f"The article is in {article.language!r}, a language that is not coded yet; only English is."
        told.append(("language-not-coded", said))
    return [_tell(page, kind, said, article.article_id) for kind, said in told]


def _tell(page: Page, kind: str, detail: str, subject: str | None = None) -> Problem:
    return Problem(
        stage="read", subject=subject or page.page_id, kind=kind, detail=detail, file=page.file, line=page.line
    )
