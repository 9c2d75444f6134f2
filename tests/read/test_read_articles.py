"""A page of plain text becomes its articles: split, cleaned, dated, in a known language."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TypedDict, Unpack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdesk.read.articles import read_articles
from conflictdesk.records import Article, MediaType, Page, Problem

LEAD = "KARVAN: Shells fell on the market of Karvan on Tuesday and killed three traders, the mayor of the town said."
MORE = "The mayor blamed the Northern Front, which said that it had not fired at the town since the truce of May."
OTHER = "Dock workers in Port Ambra laid down their tools on Monday and marched to the gates of the harbour office."
LAST = "They want the wages that were promised to them in the spring and have not been paid since, they said."
FIRST_TITLE, SECOND_TITLE = "Market shelled in Karvan", "Dockers strike in Port Ambra"


class Given(TypedDict, total=False):
    """What may be said of a document beside its text."""

    title: str
    published: str
    url: str
    source: str
    language: str


def page(body: str, media: MediaType = "text/plain", **fields: Unpack[Given]) -> Page:
    return Page(page_id="p-1", file="x.txt", line=None, media_type=media, body=body.encode(), external_id="x", **fields)


def read(body: str, published_on: dt.date | None = None, **fields: Unpack[Given]) -> tuple[list[Article], list[str]]:
    articles, problems = read_articles(page(body, **fields), published=published_on)
    return articles, [problem.kind for problem in problems]


def only(body: str, **fields: Unpack[Given]) -> Article:
    articles, _ = read(body, **fields)
    assert len(articles) == 1
    return articles[0]


def body_of(article: Article) -> list[str]:
    assert article.text.startswith(article.title + "\n\n")
    return article.text.split("\n\n")[1:]


def test_headlines_said_again_around_stamps_part_a_page() -> None:
    articles, problems = read(
        f"""Market shelled in Karvan

Market shelled in Karvan
A trader sweeps the market of Karvan. (AFP/File Photo)
Short Url
Updated 12 March 2024

Market shelled in Karvan

Market shelled in Karvan
  • Mayor blames the front
  • Front denies it

{LEAD}

Soldiers at the market gate. (AFP)

{MORE}


Twitter: @someone

Dockers strike in Port Ambra

Dockers strike in Port Ambra
Dockers walk to the harbour office to hand over a letter with their demands
Updated 36 min 29 sec ago

Dockers strike in Port Ambra

{OTHER}
{LAST}

Share
Follow us on Facebook, Twitter and Telegram
Most popular
Ten hurt in Dorun
Army closes the pass
"""
    )
    assert [(a.external_id, a.title) for a in articles] == [("x#1", FIRST_TITLE), ("x#2", SECOND_TITLE)]
    assert [(a.published_on, a.published_basis) for a in articles] == [
        (dt.date(2024, 3, 12), "stated"),
        (dt.date(2024, 3, 12), "relative"),
    ]
    assert body_of(articles[0]) == ["Mayor blames the front", "Front denies it", LEAD, MORE]
    assert body_of(articles[1]) == [OTHER, LAST]
    assert problems == []


@pytest.mark.parametrize(
    "between",
    ["", "***\n\n", "---\n\n", "* * *\n\n", "==========\n\n", "Advertisement\n\n", "Read more: Ten hurt in Dorun\n\n"],
)
@pytest.mark.parametrize(
    "head",
    [
        "By Lena Okoro\n12 March 2024\n\n",
        "Published: 12 March 2024\n\n",
        "\nLena Okoro | March 12, 2024\n\n",
        "What is known so far of the events of the day in the valley.\nBy Lena Okoro | 12 Mar 2024\n\n",
    ],
)
def test_headline_byline_and_date_line_part_a_page(head: str, between: str) -> None:
    articles, _ = read(f"{FIRST_TITLE}\n{head}{LEAD}\n\n{MORE}\n\n{between}{SECOND_TITLE}\n{head}{OTHER}\n\n{LAST}\n")
    assert [a.title for a in articles] == [FIRST_TITLE, SECOND_TITLE]
    assert {(a.published_on, a.published_basis) for a in articles} == {(dt.date(2024, 3, 12), "stated")}
    assert body_of(articles[0])[-2:] == [LEAD, MORE] and body_of(articles[1])[-2:] == [OTHER, LAST]


def test_headlines_with_datelines_or_between_rules_part_a_page() -> None:
    wires = f"{FIRST_TITLE}\n\n{LEAD}\n\n{MORE}\n\n{SECOND_TITLE}\n\nPORT AMBRA (Wire) - {OTHER}"
    assert [a.title for a in read(wires)[0]] == [FIRST_TITLE, SECOND_TITLE]
    ruled = f"Shells hit market in Karvan town\n\n{MORE}\n\n***\n\n{SECOND_TITLE}\n\n{OTHER}\n\n***\nShare\n"
    assert [a.title for a in read(ruled)[0]] == ["Shells hit market in Karvan town", SECOND_TITLE]


def test_pages_without_empty_lines_are_parted() -> None:
    head = "By Lena Okoro\n12 March 2024\n"
    articles, _ = read(f"{FIRST_TITLE}\n{head}{LEAD}\n{MORE}\n{SECOND_TITLE}\n{head}{OTHER}\n{LAST}")
    assert [(a.title, body_of(a)) for a in articles] == [(FIRST_TITLE, [LEAD, MORE]), (SECOND_TITLE, [OTHER, LAST])]


@pytest.mark.parametrize("kicker", ["World", "WORLD NEWS"])
@pytest.mark.parametrize("head", ["", "Updated 12 March 2024\n\n"])
def test_a_kicker_is_no_headline(kicker: str, head: str) -> None:
    article = only(f"{kicker}\n\n{FIRST_TITLE}\n\n{head}{MORE}\n\n{LAST}")
    assert (article.title, body_of(article)) == (FIRST_TITLE, [MORE, LAST])


def test_date_lines_above_headlines_go_with_their_article() -> None:
    first = f"12 March 2024\n\n{FIRST_TITLE}\n\n{LEAD}"
    articles, _ = read(f"{first}\n\n14 March 2024\n\n{SECOND_TITLE}\n\nAMBRA: {OTHER}")
    assert [a.published_on for a in articles] == [dt.date(2024, 3, 12), dt.date(2024, 3, 14)]
    assert "March" not in articles[0].text


@pytest.mark.parametrize(
    "inside",
    [
        "***",
        "---\n\nThe road to Dorun",
        "What comes next",
        "What comes next\n\nTalks resume on Monday.\n\nUpdated 13 March 2024",
        "“We will not go”",
        "12 March 2024\n\nA drone fell\n\n14 March 2024\n\nA bus burned",
        "Related\nArmy closes the pass\n12 March 2024\nTen are hurt in Dorun clash\n11 March 2024",
        "By the river\n\nThe water rose.",
        "Market shelled in Karvan",
        "Reporting by Lena Okoro",
        "Read more",
    ],
)
def test_one_article_is_never_parted(inside: str) -> None:
    article = only(f"{FIRST_TITLE}\n\nUpdated 12 March 2024\n\n{LEAD}\n\n{MORE}\n\n{inside}\n\n{OTHER}\n\n{LAST}")
    assert article.external_id == "x" and article.title == FIRST_TITLE
    assert [p for p in body_of(article) if p in (LEAD, MORE, OTHER, LAST)] == [LEAD, MORE, OTHER, LAST]
    assert article.published_on == dt.date(2024, 3, 12)


def test_days_in_a_chronicle_stay_in_the_text() -> None:
    article = only(f"A week in the valley\n\n{LEAD}\n\n12 March 2024\n\n{MORE}\n\n14 March 2024\n\n{OTHER}")
    assert body_of(article) == [LEAD, "12 March 2024", MORE, "14 March 2024", OTHER]


@pytest.mark.parametrize(
    ("line", "day", "basis"),
    [
        ("Published: 12 March 2024", (2024, 3, 12), "stated"),
        ("Published: March 12, 2024 | Updated: March 14, 2024", (2024, 3, 12), "stated"),
        ("Valley Post | Updated 14 March 2024 | Published 12 March 2024 at 06:30", (2024, 3, 12), "stated"),
        ("By Lena Okoro | 12 March 2024", (2024, 3, 12), "stated"),
        ("2024-03-12T10:00:00Z", (2024, 3, 12), "stated"),
        ("Tuesday, 12 March 2024 14:05 GMT", (2024, 3, 12), "stated"),
        ("12.03.2024", (2024, 3, 12), "stated"),
        ("13/03/2024 10:00", (2024, 3, 13), "stated"),
        ("Last updated: two days ago", (2024, 4, 1), "relative"),
        ("Updated 30 hours ago", (2024, 4, 2), "relative"),
        ("Posted yesterday", (2024, 4, 2), "relative"),
        ("Wednesday", (2024, 4, 3), "given"),
        ("03/04/2024", (2024, 4, 3), "given"),
    ],
)
def test_date_lines(line: str, day: tuple[int, int, int], basis: str) -> None:
    articles, kinds = read(f"{FIRST_TITLE}\n{line}\n\n{MORE}", published_on=dt.date(2024, 4, 3))
    assert (articles[0].published_on, articles[0].published_basis) == (dt.date(*day), basis)
    assert kinds == (["bad-date"] if line == "03/04/2024" else [])


@pytest.mark.parametrize(
    "dateline",
    [
        "KARVAN, 3 March 2024 - ",
        "KARVAN, March 3, 2024 (Wire) – ",
        "KARVAN (Wire) — March 3, 2024 — ",
        "Karvan, 3 March 2024: ",
        "KARVAN, 3 MAR 24 (WIRE) -- ",
    ],
)
def test_a_dateline_dates_an_article_and_stays_in_it(dateline: str) -> None:
    article = only(f"{FIRST_TITLE}\n\n{dateline}{MORE}")
    assert (article.published_on, article.published_basis) == (dt.date(2024, 3, 3), "stated")
    assert body_of(article) == [dateline + MORE]


def test_given_dates() -> None:
    text = f"{FIRST_TITLE}\n\n{MORE}"
    stamped = f"{FIRST_TITLE}\nUpdated 14 March 2024\n\n{MORE}"
    assert only(text, published="2024-03-12T23:00:00+02:00").published_on == dt.date(2024, 3, 12)
    assert only(text, published="20240312").published_basis == "given"
    assert only(stamped, published="2024-03-12").published_on == dt.date(2024, 3, 12)
    assert read(text, published="soon")[1] == ["bad-date", "no-publication-date"]
    assert (only(text).published_on, only(text).published_basis) == (None, "unknown")


def test_a_day_to_come_is_kept_and_told() -> None:
    said = page(f"{FIRST_TITLE}\nPublished 12 March 2094\n\n{MORE}")
    articles, problems = read_articles(said, today=dt.date(2024, 3, 12))
    assert articles[0].published_on == dt.date(2094, 3, 12)
    assert [p.kind for p in problems] == ["published-in-future"]
    assert read_articles(said)[1] == []


def test_titles() -> None:
    assert only(f"{FIRST_TITLE}\n\n{MORE}").title == FIRST_TITLE
    assert only(MORE, title="Market shelled").text == f"Market shelled\n\n{MORE}"
    assert only(f"Market shelled\n\n{MORE}", title="Market shelled").text == f"Market shelled\n\n{MORE}"
    articles, kinds = read(f"{LEAD}\n\n{MORE}")
    assert articles[0].title == "" and articles[0].text == f"\n\n{LEAD}\n\n{MORE}" and "no-headline" in kinds


def test_cleaning_and_wrapped_lines() -> None:
    article = only(
        "Ca\u0301rdenas shelled\r\n\r\n"
        "The two sides met for the third time this month on the old\r\n"
        "stone bridge between the camps, and parted without a word, the\r\n"
        "mayor of the town said.\r\n\r\n"
        "\u202bThree\u00a0soldiers\u202c were wound\u00aded\u200b near \x07the “mill”.\ufeff"
    )
    assert article.title == "Cárdenas shelled"
    assert body_of(article) == [
        "The two sides met for the third time this month on the old stone bridge between the camps, and parted "
        "without a word, the mayor of the town said.",
        "Three soldiers were wounded near the “mill”.",
    ]


def test_furniture_and_captions_stay_out_and_sentences_stay_in() -> None:
    out = [
        "Photo: Lena Okoro",
        "FILE - Soldiers stand at the bridge of Karvan.",
        "A burnt bus. (Reuters/File Photo)",
        "A burnt bus near Dorun. Lena Okoro/AFP via Getty Images",
        "ADVERTISEMENT",
        "Sign up for our newsletter to get the news of the day",
        "editor@valley.example",
        "Read more: Ten hurt in Dorun",
        "© 2024 Valley Wire. All rights reserved.",
        "Share on Facebook",
    ]
    kept = [
        "Read the letter aloud, the mother asked.",
        "The mayor told AFP that the road was open.",
        "Share prices fell after the shelling.",
        "Location: Karvan market.",
        "Follow the river, he said, and you reach the camp.",
    ] * 2
    body = [LEAD, *[line for pair in zip(out, kept, strict=True) for line in pair], MORE]
    assert body_of(only(f"{FIRST_TITLE}\n\n" + "\n\n".join(body))) == [LEAD, *kept, MORE]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("قتل ثلاثة تجار في قصف على سوق كروان يوم الثلاثاء، بحسب رئيس البلدية", "ar"),
        ("Trois marchands ont été tués mardi dans un bombardement du marché, selon le maire de la ville", "fr"),
        ("Tres comerciantes murieron el martes en un bombardeo del mercado, dijo el alcalde de la ciudad", "es"),
        ("Три торговца погибли во вторник при обстреле рынка, сообщил мэр города", "ru"),
    ],
)
def test_a_language_that_is_not_coded_is_told_by_name(text: str, language: str) -> None:
    articles, problems = read_articles(page(text + "\n\n" + text + ".", published="2024-03-12"))
    assert [a.language for a in articles] == [language]
    told = [p for p in problems if p.kind == "language-not-coded"]
    assert len(told) == 1 and repr(language) in told[0].detail and told[0].file == "x.txt"


def test_a_given_language_wins_when_it_is_one() -> None:
    assert only(LEAD, language="en-GB").language == "en"
    assert only(LEAD, language="fr").language == "fr"
    articles, kinds = read(LEAD, language="??")
    assert articles[0].language == "en" and "bad-language" in kinds
    assert only("REBELS KILL NINE SOLDIERS IN HILL TOWN").language == "en"


@pytest.mark.parametrize("body", ["***\n\n---", "Share\n\nAdvertisement", "\u200b\n\u200e", "!!! ... ???", "🙂🙂"])
def test_a_page_without_words_is_a_problem(body: str) -> None:
    assert read(body) == ([], ["no-text"])


def test_what_no_parser_could_hold_is_a_problem() -> None:
    assert read(f"{FIRST_TITLE}\n\n" + "word " * 20_000)[1] == ["text-too-long"]
    wrong = Page(page_id="p", file="x", line=3, media_type="text/plain", body=b"\xff\xfe", external_id="x")
    articles, problems = read_articles(wrong)
    assert articles == [] and [(p.kind, p.line) for p in problems] == [("not-utf-8", 3)]


USUAL = [
    LEAD,
    MORE,
    OTHER,
    FIRST_TITLE,
    "Updated 12 March 2024",
    "2 hours ago",
    "By Lena Okoro",
    "***",
    "• x",
    "",
    "A. (AFP)",
]
PAGES = st.lists(st.sampled_from(USUAL) | st.text(max_size=60), max_size=25).map("\n".join)


@settings(max_examples=200, deadline=None)
@given(PAGES, st.sampled_from(["text/plain", "text/html"]))
def test_any_text_gives_articles_or_problems(body: str, media: MediaType) -> None:
    said = page(body.encode("utf-8", "replace").decode(), media)
    articles, problems = read_articles(said)
    assert articles or problems
    assert read_articles(said) == (articles, problems)
    assert len({a.external_id for a in articles}) == len(articles)
    for article in articles:
        assert article.text.startswith(article.title + "\n\n")
        assert unicodedata.is_normalized("NFC", article.text)
        article.text.encode("utf-8")
        assert not re.search("[\x00-\x09\x0b-\x1f\u200b\ufeff]|\n{3}|  ", article.text)
        assert (article.published_on is None) == (article.published_basis == "unknown")
    assert all(isinstance(p, Problem) and p.stage == "read" for p in problems)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_reading_again_what_was_read_changes_nothing(body: str) -> None:
    articles, _ = read_articles(page(body.encode("utf-8", "replace").decode(), title="Market shelled"))
    for article in articles:
        again, _ = read_articles(page(article.text, title="Market shelled"))
        assert [a.text for a in again] == [article.text]
