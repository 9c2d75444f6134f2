"""What holds of the rule coder on any text: it never breaks, cites the text exactly, and says the same thing twice."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from coded_texts import code_text, make_article, tell_mention
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictdesk.coding.mentions import CODERS, code_mentions, open_coder
from conflictdesk.errors import ConfigError
from conflictdesk.locate.places import read_places
from conflictdesk.pipeline import Tools, code_article
from conflictdesk.records import EVIDENCE_FIELDS, Article, Coding, Estimate, Mention, Span

_HERE = Path(__file__).parent


def _read_own_sentences() -> list[str]:
    standing = tomllib.loads((_HERE / "standing_sentences.toml").read_text("utf-8"))
    kinds = tomllib.loads((_HERE / "kind_sentences.toml").read_text("utf-8"))["case"]
    claims = tomllib.loads((_HERE / "claim_sentences.toml").read_text("utf-8"))["case"]
    rows = [sentence for part in ("nothing", "told") for _, sentence, *_ in standing[part]]
    return [*rows, *(row["text"] for row in kinds), *(row["text"] for row in claims)]


_SENTENCES = _read_own_sentences()
_BITS = [words for sentence in _SENTENCES[::2] for words in (sentence[: len(sentence) // 2], sentence.split(", ")[-1])]
_ODD = [
    "",
    "“",
    "”",
    "—",
    "😀",
    "الجيش قصف المدينة",
    "12:05 -",
    "4 March 2024:",
    "• ",
    "0 killed",
    "-3 dead",
    "(",
    "?!",
]
_QUIET = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_estimate(estimate: Estimate | None) -> None:
    if estimate is not None:
        assert 0 <= estimate.low <= estimate.best
        assert estimate.high is None or estimate.best <= estimate.high


def check_mention(article: Article, mention: Mention) -> None:
    """Every value has a span or a reason, and every span cites words of the article."""
    values: Mapping[str, object | None] = {
        "event_type": mention.event_type,
        "date": mention.dates,
        "place": mention.place,
        "actor1": mention.actor1,
        "actor2": mention.actor2,
        "deaths": mention.deaths,
        "injured": mention.injured,
    }
    for name, value in values.items():
        assert value is None or mention.evidence.get(name) or mention.inferred.get(name), name
        assert value is not None or not mention.evidence.get(name), f"words for {name}, but no value"
    assert set(mention.evidence) <= set(EVIDENCE_FIELDS)
    said = [span for attribution in mention.attribution for span in attribution.evidence]
    check_spans(article, [*said, *(span for spans in mention.evidence.values() for span in spans)])
    check_estimate(mention.deaths)
    check_estimate(mention.injured)
    assert all(reason.strip() for reason in mention.inferred.values())


def check_spans(article: Article, spans: list[Span]) -> None:
    for span in spans:
        quote = span.quote(article.text)
        assert len(quote) == span.end - span.start
        assert quote == quote.strip()
        assert "\n\n" not in quote


def check_coding(article: Article, coding: Coding) -> None:
    for mention in coding.mentions:
        check_mention(article, mention)
    for claim in coding.claims:
        check_spans(article, [span for spans in claim.evidence.values() for span in spans])
        assert claim.evidence and claim.value >= 0
        assert claim.from_day is None or claim.to_day is None or claim.from_day <= claim.to_day
    ids = [m.mention_id for m in coding.mentions] + [c.claim_id for c in coding.claims]
    assert len(set(ids)) == len(ids)
    assert [r.sentence for r in coding.readings] == list(range(len(coding.readings)))
    assert all(r.rule for r in coding.readings)


def run(tools: Tools, title: str, paragraphs: list[str], published_on: dt.date | None) -> tuple[Article, Coding]:
    article = make_article("\n\n".join(paragraphs), title, published_on)
    return article, code_article(article, tools)


# ---------------------------------------------------------------- any text


@pytest.mark.parametrize("sentence", _SENTENCES, ids=lambda sentence: sentence[:60])
def test_what_is_said_of_one_sentence_rests_on_its_words(tools: Tools, sentence: str) -> None:
    check_coding(make_article(sentence), code_text(tools, sentence))


_PARAGRAPHS = st.lists(
    st.lists(st.sampled_from([*_SENTENCES, *_BITS, *_ODD]), min_size=1, max_size=3).map(" ".join), max_size=5
)
_DAYS = st.sampled_from([dt.date(2024, 3, 5), dt.date(2024, 2, 29), dt.date(2000, 1, 1), None])


@_QUIET
@given(title=st.sampled_from(["", *_SENTENCES[:20], *_ODD]), paragraphs=_PARAGRAPHS, published_on=_DAYS)
def test_shuffled_sentences_and_fragments_are_coded_without_a_fault(
    tools: Tools, title: str, paragraphs: list[str], published_on: dt.date | None
) -> None:
    article, coding = run(tools, title, paragraphs, published_on)
    check_coding(article, coding)
    assert coding == code_article(article, tools)


@_QUIET
@given(body=st.text(max_size=120))
def test_any_characters_are_coded_without_a_fault(tools: Tools, body: str) -> None:
    article, coding = run(tools, "", [body], None)
    check_coding(article, coding)


@pytest.mark.parametrize("body", ["", " ", "\n\n", ".", "?!", "\u200b", "—", "killed", "Monday", "12", "12 killed."])
def test_almost_nothing_is_no_event(tools: Tools, body: str) -> None:
    article, coding = run(tools, "", [body], None)
    check_coding(article, coding)
    assert not coding.mentions


# ---------------------------------------------------------------- order

_APART = [
    "A car bomb killed six people in Kirkuk, Iraq, on 4 January 2024.",
    "Police used tear gas to disperse a march of teachers in Lima, Peru, on 9 January 2024.",
    "Warplanes bombed the port of Hodeidah, Yemen, on 14 January 2024, killing two dockers.",
    "Gunmen shot dead a judge in Quetta, Pakistan, on 19 January 2024.",
    "Rebels ambushed an army patrol near Menaka, Mali, on 24 January 2024 and killed four soldiers.",
    "Bandits abducted nine pupils from a school in Zaria, Nigeria, on 29 January 2024.",
]


@settings(_QUIET, max_examples=20)
@given(order=st.permutations(_APART))
def test_the_order_of_unrelated_paragraphs_changes_nothing(tools: Tools, order: list[str]) -> None:
    def key(mention: Mention) -> tuple[str, ...]:
        told = tell_mention(mention)
        return told["type"], told["date"], told["place"], told["deaths"]

    _, straight = run(tools, "", _APART, dt.date(2024, 2, 2))
    _, turned = run(tools, "", order, dt.date(2024, 2, 2))
    assert len(straight.mentions) == len(_APART)
    assert sorted(map(key, turned.mentions)) == sorted(map(key, straight.mentions))


def test_a_paragraph_of_nothing_changes_nothing(tools: Tools) -> None:
    event = "A car bomb killed six people in Kirkuk, Iraq, on Monday."
    plain = [tell_mention(m) for m in code_text(tools, event).mentions]
    weather = code_text(tools, f"{event}\n\nThe weather was mild and the shops were full.")
    assert [tell_mention(m) for m in weather.mentions] == plain


# ---------------------------------------------------------------- the door


def test_the_door_codes_as_the_coder_does(tools: Tools) -> None:
    article = make_article(_APART[0])
    parse = tools.parser.parse(article)
    places = read_places(article, parse, tools.gazetteer)
    coder = open_coder("rules")
    assert code_mentions(article, parse, places, coder) == coder.code(article, parse, places)
    assert code_mentions(article, parse, iter(places), coder) == coder.code(article, parse, places)


def test_without_place_names_an_event_has_no_place(tools: Tools) -> None:
    article = make_article(_APART[0])
    coding = code_mentions(article, tools.parser.parse(article), (), open_coder("rules"))
    assert all(mention.place is None for mention in coding.mentions)


def test_an_unknown_coder_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=", ".join(CODERS)):
        open_coder("oracle")


def test_a_reading_stands_for_every_sentence(tools: Tools) -> None:
    article, coding = run(tools, "Two die in Kirkuk", [*_APART, "The weather was mild."], dt.date(2024, 2, 2))
    sentences = tools.parser.parse(article).sentences
    assert len(coding.readings) == len(sentences)
    told = {r.sentence for r in coding.readings if r.verdict == "event"}
    for mention in coding.mentions:
        shown = mention.evidence["event_type"][0]
        assert any(sentences[n].span.holds(shown) for n in told)


def test_mention_ids_depend_on_the_text_alone(tools: Tools) -> None:
    first = {m.mention_id for m in code_text(tools, _APART[0]).mentions}
    again = {m.mention_id for m in code_article(make_article(_APART[0]), tools).mentions}
    other = {m.mention_id for m in code_text(tools, _APART[2]).mentions}
    assert first == again and not first & other


def test_a_second_hit_told_without_its_verb_is_an_incident_of_its_own(tools: Tools) -> None:
    coding = code_text(tools, "A rocket hit Ashkelon on Monday, followed by another on Sderot.")
    assert {m.place.name for m in coding.mentions if m.place} == {"Ashkelon", "Sderot"}
