"""A saved web page, however it is built, gives the words of its article and nothing of the page around it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdesk.read.articles import read_articles
from conflictdesk.records import Article, Page

TITLE = "Three killed as shells hit Karvan market"
MARKED = [
    "KARVAN (Valley Wire) - Shells fell on the market of Karvan on Tuesday and killed three traders, the mayor said.",
    "The mayor, <a href='/m'>Lena Okoro</a>, blamed the <a href='/n'>Northern Front</a>, which said it had not fired.",
    "Two bridges were closed. Nobody crossed.",
    "“We heard four blasts,” said a baker who gave his name as <em>Tom</em>.",
    "A witness said the <a href='/s'>shells came</a><!-- --> from the hills north of the town, where guns stand.",
    "The United Nations called for calm and for an inquiry.",
]
PLAIN = [
    MARKED[0],
    "The mayor, Lena Okoro, blamed the Northern Front, which said it had not fired.",
    MARKED[2],
    "“We heard four blasts,” said a baker who gave his name as Tom.",
    "A witness said the shells came from the hills north of the town, where guns stand.",
    MARKED[5],
]
PARAGRAPHS = "".join(f"<p>{text}</p>\n" for text in MARKED)
HALF = "".join(f"<p>{text}</p>" for text in MARKED[:3]), "".join(f"<p>{text}</p>" for text in MARKED[3:])

BLOG = f"""<!doctype html><html lang="en"><head><title>{TITLE} - Valley Wire</title>
<meta property="og:site_name" content="Valley Wire"><link rel="canonical" href="https://valley.example/1">
<meta property="article:published_time" content="2024-03-12T08:00:00Z">
<meta property="article:modified_time" content="2024-03-14T08:00:00Z"></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav></header>
<div id="cookies" class="cookie-banner">We use cookies to make this site better. <button>Accept all</button></div>
<main><article class="post"><h1>{TITLE}</h1>
<div class="meta">By <a href="/a">Mara Stone</a> on <time datetime="2024-03-12T08:00:00Z">March 12, 2024</time></div>
<div class="entry-content"><figure><img src="a.jpg"><figcaption>Smoke over the market.</figcaption></figure>
{HALF[0]}<div class="related-posts"><h3>Related</h3><ul><li><a href="/1">Army shells hills near Karvan</a></li>
<li><a href="/2">Front says it shot down a drone</a></li></ul></div>
<p><a href="/3">Read more: The long road to Dorun</a></p>
{HALF[1]}<div class="newsletter-box"><p>Sign up for our newsletter to get the news in your inbox.</p></div>
<div class="share">Share this: <a>Facebook</a> <a>Twitter</a></div></div></article>
<section id="comments"><h2>3 Comments</h2><ol class="comment-list">
<li><p>This is a terrible thing that was said about my home town and I cannot believe it.</p></li></ol></section></main>
<aside class="sidebar"><h3>Most popular</h3><ul><li><a href="/9">Ten killed in Dorun</a></li></ul></aside>
<footer><p>© 2024 Valley Wire. All rights reserved.</p></footer></body></html>"""
GRAPH = (
    '{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Valley Wire"},{"@type":"NewsArticle",'
    f'"headline":"{TITLE}","datePublished":"2024-03-12T23:30:00+02:00","dateModified":"2024-03-15T00:00:00Z"}}]}}'
)
OLD = f"""<html><head><title>{TITLE}</title></head><body><table><tr><td><a href=1>Home</a><br><a href=2>News</a></td>
<td><font size=5><b>{TITLE}</b></font><br>March 12, 2024<br><br>{"<br><br>".join(MARKED)}<br><br></td></tr></table>
</body></html>"""
BOXES = PARAGRAPHS.replace("<p>", "<div>").replace("</p>", "</div>")
PAGES = {
    "blog": BLOG,
    "graph": f"""<html><head><title>Valley Wire</title><script type="application/ld+json">{GRAPH}</script></head>
        <body><div><h1>{TITLE}</h1><section>{PARAGRAPHS}</section></div></body></html>""",
    "boxes": f"""<html><head><title>{TITLE} | Valley Wire</title><meta name="date" content="2024-03-12"></head><body>
        <h1>{TITLE}</h1><div class="story">{BOXES}</div></body></html>""",
    "form": f"""<html><head><title>{TITLE}</title></head><body><form method=post><input type=hidden name=x>
        <h1>{TITLE}</h1><span class="date">12 March 2024</span>{PARAGRAPHS}</form></body></html>""",
    "table": OLD,
    "stamp": f"""<?xml version="1.0" encoding="utf-8"?><html><head><title>{TITLE}</title></head><body><article>
        <h1>{TITLE}</h1><p>March 12, 2024</p>{PARAGRAPHS}</article></body></html>""",
}


def read(markup: str, **fields: str) -> list[Article]:
    said = Page(
        page_id="p", file="x.html", line=None, media_type="text/html", body=markup.encode(), external_id="x", **fields
    )
    articles, problems = read_articles(said)
    assert articles or [p.kind for p in problems] == ["no-text"]
    return articles


@pytest.mark.parametrize("name", PAGES)
def test_the_article_and_nothing_else(name: str) -> None:
    (article,) = read(PAGES[name])
    assert article.text.split("\n\n") == [TITLE, *PLAIN]
    assert article.published_on == dt.date(2024, 3, 12)
    assert article.published_basis == ("stated" if name in ("stamp", "table") else "metadata")


def test_site_address_and_given_fields() -> None:
    (article,) = read(BLOG)
    assert (article.source, article.url) == ("Valley Wire", "https://valley.example/1")
    (given,) = read(BLOG, title="Another headline", source="Desk", url="https://desk.example", published="2024-03-01")
    assert (given.title, given.source, given.url) == ("Another headline", "Desk", "https://desk.example")
    assert (given.published_on, given.published_basis) == (dt.date(2024, 3, 1), "given")


def test_a_lead_outside_the_body_is_put_first() -> None:
    rest = "".join(f"<p>{text}</p>" for text in MARKED[1:])
    markup = f"""<html><head><title>{TITLE}</title><meta name="description" content="{MARKED[0][:80]}..."></head><body>
        <h1>{TITLE}</h1><div class="summary">{MARKED[0]}</div><div class="media"><img></div>
        <article><div class="text">{rest}</div></article></body></html>"""
    assert read(markup)[0].text.split("\n\n") == [TITLE, *PLAIN]


def test_subheads_bullets_and_quotes_are_kept() -> None:
    markup = f"""<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{PARAGRAPHS}
        <ul><li>On Monday, four soldiers died near the dam in Dorun.</li><li>On Sunday, a drone hit a bus.</li></ul>
        <h2>What comes next</h2><p>Talks resume on Friday in the capital.</p>
        <blockquote><p>“There will be no truce,” the front wrote.</p></blockquote></article></body></html>"""
    assert read(markup)[0].text.split("\n\n")[7:] == [
        "On Monday, four soldiers died near the dam in Dorun.",
        "On Sunday, a drone hit a bus.",
        "What comes next",
        "Talks resume on Friday in the capital.",
        "“There will be no truce,” the front wrote.",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<html><head><title>x</title></head></html>",
        "<html><frameset><frame src=a></frameset></html>",
        "<p></p>",
        "<!-- nothing -->",
        "<script>var said = 'Shells fell on the market and killed three traders';</script>",
        "<nav><ul><li><a href=1>Home</a></li><li><a href=2>World news</a></li></ul></nav>",
    ],
)
def test_markup_without_a_body_is_a_problem(markup: str) -> None:
    assert read(markup) == []


def test_deep_and_broken_markup_is_survived() -> None:
    read("<div>" * 5_000 + TITLE)
    read("<b><i></b>" * 2_000 + f"<p>{MARKED[0]}<table><tr><p></table></i>")
    read("<p " * 1_000)


PIECES = """<p> </p> <div|class='caption'> </div> <table><tr><td> <a|href='x'> </a> <br><br> <h1> <!-- --> <script>
</script> <meta|property='og:title'|content=' '> <time|datetime='2024-13-40'> &#0; &#xd800; <title> <form> ]]> <svg>
<script|type='application/ld+json'>{"datePublished":"x"}</script> <td>"""
TAGS = st.sampled_from([MARKED[0], MARKED[2], *(piece.replace("|", " ") for piece in PIECES.split())])


@settings(max_examples=150, deadline=None)
@given(st.lists(TAGS | st.text(max_size=20), max_size=30).map("".join))
def test_any_markup_gives_an_article_or_a_problem(markup: str) -> None:
    for article in read(markup.encode("utf-8", "replace").decode()):
        article.text.encode("utf-8")
        assert article.text.startswith(article.title + "\n\n")
