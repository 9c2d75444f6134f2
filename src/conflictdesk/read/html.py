"""A saved web page to the words of its article: headline, paragraphs, date, site; the page's furniture left out."""

from __future__ import annotations

import itertools
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
BOXES = ("caption", "newsletter", "cookie", "related", "consent")
BOXED = " or ".join(f"contains(@class,'{box}')" for box in BOXES)
SMALL = "[not(self::body or self::html or self::main or self::article)][not(.//h1)][count(.//p) < 4]"
PRUNED = (
    "//figure|//figcaption",
    f"//*[self::noscript or self::form or self::nav or self::aside or self::button or self::dialog]{SMALL}",
    f"//*[{BOXED}]{SMALL}[string-length(string(.)) < 1500]",
)
SHOWN = f"[not({' or '.join(f'ancestor::{tag}' for tag in ('script', 'style', 'nav', 'aside', 'footer'))})]"
BEFORE, AFTER = 4, 12
NOT_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]|&#(?:x0*1?[0-9a-f]|0*(?:[0-9]|[12][0-9]|3[01]))(?![0-9a-f]);?",
    re.IGNORECASE,
)
ENOUGH = 100
MOST_LINKS = 200
FEWEST_WORDS = 5
DESCRIBED = 60


@dataclass(frozen=True, slots=True)
class Extract:
    """What a page says of its article.

    `published` is an ISO day from the page's metadata; `near` are the short texts shown around the headline (a date
    may be among them).
    """

    title: str
    paragraphs: tuple[str, ...]
    near: tuple[str, ...]
    published: str | None
    site: str | None
    url: str | None


def read_html(markup: str) -> Extract | None:
    """The article of a saved page, None when no body text can be found in it.

    Body text by trafilatura, date by htmldate (metadata only: what the visible text says is left to the caller),
    headline from h1, og:title, JSON-LD or title without the site's name.
    """
    from lxml import etree, html

    markup = NOT_XML.sub(" ", re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
    try:
        tree = html.document_fromstring(markup)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    notes = _read_json_ld(tree)
    title = choose_title(*_list_titles(tree, notes))
    date, site, url = _read_metadata(tree, markup)
    lead = _find_lead(tree)
    paragraphs = _extract(markup)
    told = next((n["articleBody"] for n in notes if isinstance(n.get("articleBody"), str)), None)
    if isinstance(told, str) and sum(map(len, paragraphs)) < 0.5 * len(told):
        paragraphs = [line.strip() for line in told.splitlines() if line.strip()]
    if not any(len(paragraph.split()) >= FEWEST_WORDS for paragraph in paragraphs):
        return None
    paragraphs = [p for p in paragraphs if not title or _squash(p) != _squash(title)]
    if lead and not any(_squash(lead)[:DESCRIBED] in _squash(paragraph) for paragraph in paragraphs):
        paragraphs.insert(0, lead)
    return Extract(title, tuple(paragraphs), _find_near(tree, title), date, site, url)


def choose_title(stated: list[str], shown: list[str], site: str | None) -> str:
    """The headline without the site's name, "" when there is none: stated ones (og:title, JSON-LD) before shown ones.

    >>> choose_title([], ["Bridge shelled in Karvan | Karvan Daily"], None)
    'Bridge shelled in Karvan'
    >>> choose_title(["Talks fail - Valley Post"], ["Talks fail"], "Valley Post")
    'Talks fail'
    """
    every = [" ".join(title.split()) for title in (*stated, *shown)]
    for title in filter(None, every):
        return _strip_site(title, site, every)
    return ""


def _strip_site(title: str, site: str | None, every: list[str]) -> str:
    while parted := re.match(r"(.{8,}\S)\s+([|–—·»:-]{1,2})\s+([^|–—»]{2,60})$", title):
        rest, sign, tail = parted[1], parted[2], _squash(parted[3])
        named = _squash(site or "")
        is_site = bool(named) and (named in tail or tail in named)
        if not (sign == "|" or is_site or rest in every):
            break
        title = rest
    return title


def _squash(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def _read_json_ld(tree: HtmlElement) -> list[dict[str, object]]:
    """The JSON-LD notes of the page that tell of an article."""
    notes: list[dict[str, object]] = []
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            said = cast(object, json.loads(script.text or "", strict=False))
        except (ValueError, RecursionError):
            continue
        notes.extend(_walk_notes(said, 4))
    return notes


def _walk_notes(said: object, depth: int) -> Iterator[dict[str, object]]:
    if isinstance(said, list) and depth:
        for item in cast("list[object]", said):
            yield from _walk_notes(item, depth - 1)
    elif isinstance(said, dict):
        note = cast("dict[str, object]", said)
        if any(isinstance(note.get(key), str) for key in ("headline", "articleBody", "datePublished")):
            yield note
        if depth:
            yield from _walk_notes(note.get("@graph"), depth - 1)


def _list_titles(tree: HtmlElement, notes: list[dict[str, object]]) -> tuple[list[str], list[str], str | None]:
    stated = [str(x) for x in tree.xpath("//meta[@property='og:title' or @name='og:title']/@content")][:1]
    stated += [x for note in notes if isinstance(x := note.get("headline"), str)][:1]
    shown = [str(h.text_content()) for h in tree.iter("h1")][:1]
    shown += [str(t.text_content()) for t in tree.iter("title")][:1]
    site = next((str(x) for x in tree.xpath("//meta[@property='og:site_name']/@content")), None)
    return stated, shown, site


def _read_metadata(tree: HtmlElement, markup: str) -> tuple[str | None, str | None, str | None]:
    """Day of publication, site and address as the page's metadata have them."""
    from htmldate import find_date

    day = find_date(
        markup,
        extensive_search=False,
        original_date=True,
        min_date=FIRST_DAY,
        max_date=LAST_DAY,
        outputformat="%Y-%m-%d",
    )
    site = next((str(x) for x in tree.xpath("//meta[@property='og:site_name']/@content") if str(x).strip()), None)
    url = next((str(x) for x in tree.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")), None)
    return day, site, url if url and url.startswith("http") else None


def _find_lead(tree: HtmlElement) -> str | None:
    """The page's description when the page also shows it, as a paragraph of its own, under the headline."""
    told = [str(x) for x in tree.xpath("//meta[@name='description' or @property='og:description']/@content")]
    starts = {_squash(re.sub(r"(\.\.\.|…)\s*$", "", text))[:DESCRIBED] for text in told if len(text) >= DESCRIBED}
    for node in tree.xpath(f"//body//text()[string-length(.) > 20]{SHOWN}"):
        begin = _squash(node)[:DESCRIBED]
        if len(begin) < 15 or not any(start.startswith(begin) for start in starts):
            continue
        owner = node.getparent()
        whole = " ".join(str(owner.text_content()).split()) if owner is not None and not node.is_tail else ""
        text = whole if any(_squash(whole).startswith(start) for start in starts) else " ".join(node.split())
        if DESCRIBED <= len(text) <= 1_200 and text[-1] in '.”"!?':
            return text
    return None


def _find_near(tree: HtmlElement, title: str) -> tuple[str, ...]:
    """The texts from a little before the headline to the first paragraph after it."""
    nodes = [" ".join(node.split()) for node in tree.xpath(f"//body//text()[normalize-space(.)]{SHOWN}")]
    at = next((i for i, node in enumerate(nodes) if title and _squash(node) == _squash(title)), None)
    if at is None:
        return ()
    after = itertools.takewhile(lambda node: len(node) < ENOUGH, nodes[at + 1 : at + AFTER])
    return (*nodes[max(0, at - BEFORE) : at], *after)


def _prepare(markup: str) -> HtmlElement:
    """The page without pictures, forms and boxes, and with links inside sentences undone.

    Links are undone because trafilatura throws away paragraphs that are mostly links, also those of a real text;
    tables that only lay out the page become boxes, doubled line breaks become paragraphs.
    """
    from lxml import html

    tree = html.document_fromstring(re.sub(r"(?:<br\s*/?>\s*){2,}", "</p><p>", markup, flags=re.IGNORECASE))
    for comment in tree.xpath("//comment()|//processing-instruction()"):
        if comment.getparent() is not None:
            comment.drop_tree()
    for path in PRUNED:
        for element in tree.xpath(path):
            if element.getparent() is not None:
                element.drop_tree()
    for cell in tree.xpath("//td[string-length(string(.)) > 400][not(.//td[string-length(string(.)) > 400])]"):
        for element in (cell, *cell.iterancestors("table", "tbody", "tr", "td")):
            element.tag = "div"
    for block in tree.xpath("//*[self::p or self::div or self::li or self::blockquote][.//a]"):
        links = block.xpath(".//a" if block.tag == "p" else "./a")
        if 0 < len(links) <= MOST_LINKS and _is_prose(block, links):
            for link in links:
                link.drop_tag()
    return tree


def _is_prose(block: HtmlElement, links: list[HtmlElement]) -> bool:
    """True for a paragraph, or a box that holds bare words, with text of its own beside its links."""
    if block.tag == "p":
        return len(block.text_content()) - sum(len(link.text_content()) for link in links) >= 40
    own = " ".join([block.text or "", *(child.tail or "" for child in block)]).strip()
    return len(own) >= 40 and own[-1] in '.!?”"'


def _extract(markup: str) -> list[str]:
    """The paragraphs of the body that trafilatura finds: strictly first, loosely when that gives next to nothing."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    for strict in (True, False):
        document = trafilatura.bare_extraction(
            _prepare(markup),
            include_comments=False,
            include_tables=not strict,
            favor_precision=strict,
            favor_recall=not strict,
            date_extraction_params={"extensive_search": False, "max_date": LAST_DAY, "min_date": FIRST_DAY},
        )
        text = None if document is None or isinstance(document, dict) else document.text
        paragraphs = [line.strip(" |") for line in (text or "").splitlines() if line.strip(" |-")]
        if sum(map(len, paragraphs)) >= ENOUGH:
            break
    return paragraphs
