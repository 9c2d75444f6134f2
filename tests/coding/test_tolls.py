"""What the toll reader makes of the words of newspapers: invented sentences, and what must always hold."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdesk.coding.article_tolls import read_article_toll
from conflictdesk.coding.numbers import find_quantities, read_quantity
from conflictdesk.coding.toll_sums import sum_tolls
from conflictdesk.coding.tolls import Toll, read_tolls
from conflictdesk.language.parses import SpacyParser
from conflictdesk.records import Article, Estimate, Parse, Sentence, Span, Token

FLAGS = ("part_of", "cumulative", "historic", "update", "unreal", "feared", "negated")
CASES: list[tuple[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("toll_sentences.toml").read_text(encoding="utf-8")
)["cases"]


@cache
def _parser() -> SpacyParser:
    return SpacyParser()


@cache
def _parse(text: str) -> Parse:
    article = Article(
        article_id="a", page_id="p", page="p", external_id="e", title="", text=text, published_on=None,
        published_basis="unknown", language="en",
    )  # fmt: skip
    return _parser().parse(article)


def _tolls(text: str) -> list[Toll]:
    return [toll for sentence in _parse(text).sentences for toll in read_tolls(sentence)]


def _only(text: str) -> Toll:
    (toll,) = _tolls(text)
    return toll


def _write(toll: Toll, text: str) -> str:
    estimate = toll.estimate
    if estimate.high is None:
        number = f"{estimate.best}+"
    else:
        number = str(estimate.best) if estimate.low == estimate.high else f"{estimate.low}..{estimate.high}"
    guessed = "~" if toll.imputed and not toll.negated else ""
    flags = [flag for flag in FLAGS if getattr(toll, flag)]
    return f"{' '.join([toll.measure, guessed + number, *flags])}: {toll.span.quote(text)}"


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:60] for text, _ in CASES])
def test_a_sentence_tells_its_tolls(text: str, expected: list[str]) -> None:
    assert [_write(toll, text) for toll in _tolls(text)] == expected


@pytest.mark.parametrize(
    ("words", "low", "best", "high"),
    [
        ("two", 2, 2, 2),
        ("twenty-five", 25, 25, 25),
        ("1,300", 1300, 1300, 1300),
        ("2.3 million", 2_300_000, 2_300_000, 2_300_000),
        ("a dozen", 12, 12, 12),
        ("two dozen", 24, 24, 24),
        ("half a dozen", 6, 6, 6),
        ("one hundred and five", 105, 105, 105),
        ("twelve thousand", 12_000, 12_000, 12_000),
        ("no", 0, 0, 0),
        ("none", 0, 0, 0),
        ("both", 2, 2, 2),
        ("a couple", 2, 2, 2),
        ("at least 12", 12, 12, None),
        ("more than 12", 12, 12, None),
        ("12 or more", 12, 12, None),
        ("over 100", 100, 100, None),
        ("no fewer than nine", 9, 9, None),
        ("up to 40", 0, 40, 40),
        ("as many as 40", 0, 40, 40),
        ("no more than 5", 0, 5, 5),
        ("nearly 50", 50, 50, 50),
        ("between 30 and 40", 30, 30, 40),
        ("30-40", 30, 30, 40),
        ("30 to 40", 30, 30, 40),
        ("two or three", 2, 2, 3),
        ("at least one but possibly up to 12", 1, 1, 12),
    ],
)
def test_numbers_are_read_as_worded(words: str, low: int, best: int, high: int | None) -> None:
    quantity = read_quantity(words)
    assert quantity is not None
    assert quantity.estimate() == Estimate(low=low, best=best, high=high)
    assert quantity.imputed is None


@pytest.mark.parametrize(
    ("words", "best", "rule"),
    [
        ("dozens", 12, "dozens=12"),
        ("tens", 10, "tens=10"),
        ("hundreds", 100, "hundreds=100"),
        ("several", 3, "several=3"),
        ("a handful", 3, "a handful=3"),
        ("tens of thousands", 10_000, "tens of thousands=10000"),
        ("several hundred", 300, "several hundred=300"),
    ],
)
def test_round_words_are_imputed_and_stay_open(words: str, best: int, rule: str) -> None:
    quantity = read_quantity(words)
    assert quantity is not None
    assert (quantity.low, quantity.best, quantity.high, quantity.imputed) == (best, best, None, rule)


@pytest.mark.parametrize("words", ["the", "3rd", "2.35", "first", "", "one-sided talks about peace"[12:]])
def test_what_is_no_number_is_none(words: str) -> None:
    assert read_quantity(words) is None


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Three soldiers were killed.", "state"),
        ("Two policemen were killed.", "police"),
        ("Four rebels were killed.", "armed"),
        ("Five villagers were killed.", "civilians"),
        ("Both attackers were killed.", "attackers"),
        ("Six people were killed.", "unknown"),
        ("A soldier and a shepherd were killed.", "unknown"),
    ],
)
def test_the_victims_words_tell_their_side(text: str, side: str) -> None:
    assert _only(text).side == side


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Six people were killed, a hospital official said.", "a hospital official"),
        ("According to the army, six rebels were killed.", "the army"),
        ("The governor said six people were killed.", "The governor"),
        ("Six people were killed.", None),
    ],
)
def test_the_speaker_is_named(text: str, speaker: str | None) -> None:
    said_by = _only(text).said_by
    assert (said_by.quote(text) if said_by else None) == speaker


def test_victims_are_quoted_without_their_verb() -> None:
    text = "Three Kurdish fighters were killed near the bridge."
    toll = _only(text)
    assert toll.victim_text == "Three Kurdish fighters"
    assert toll.victims is not None
    assert toll.victims.quote(text) == toll.victim_text


def _sum(text: str, measure: str = "deaths") -> tuple[int, int, int | None] | None:
    total = sum_tolls(_tolls(text), "deaths" if measure == "deaths" else "injured")
    return None if total is None else (total.estimate.low, total.estimate.best, total.estimate.high)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two soldiers were killed and three rebels died.", (5, 5, 5)),
        ("Five people, including two children, were killed.", (5, 5, 5)),
        ("Five people were killed in the blast. The five people killed were traders.", (5, 5, 5)),
        ("Five people were killed in the blast. One of the victims, a boy, died in his mother's arms.", (5, 5, 5)),
        ("Nine people were killed, police said. The army said 12 people were killed.", (9, 9, 12)),
        ("Nine people were killed, police said. The death toll has risen to 14.", (9, 14, 14)),
        ("Two policemen were killed in the ambush. Three rebels also died.", (5, 5, 5)),
        ("Dozens of people were killed. Medics counted 31 people killed.", (31, 31, 31)),
        ("At least four people were killed.", (4, 4, None)),
        ("There were no casualties.", (0, 0, 0)),
        ("No casualties were reported at first. Later it emerged that two guards had died.", (2, 2, 2)),
        ("Rebels threatened to kill 40 hostages.", None),
        ("The village has a mill and two wells.", None),
        ("Three people were killed and eight wounded. Two of the wounded died later in hospital.", (5, 5, 5)),
        ("A rocket struck a house, killing a woman. Her two children were also killed.", (3, 3, 3)),
        ("A suicide bomber killed three guards. The bomber also died.", (4, 4, 4)),
        ("Nine people were killed in the raid. The mayor's son was also killed.", (9, 9, 9)),
        ("At least 10 people were killed, officials said. Witnesses said up to 25 people were killed.", (10, 10, 25)),
        ("The army said it killed 20 rebels. The rebels said three of their fighters had died.", (3, 20, 20)),
        ("In 2009, raiders killed 30 people in the same valley.", None),
        ("The governor said 12 people had died. A hospital source put it at 15.", (12, 12, 15)),
        ("A hospital source put it at 15.", None),
        ("Officials said 15 people were killed, but the rebels put the figure at 40.", (15, 15, 40)),
        ("Nine people were killed. The attack brought the death toll in the town to 11.", (9, 11, 11)),
        ("Eleven people died. Four of the dead were women.", (11, 11, 11)),
        ("Two people were killed in Kasra and two in Dara.", (4, 4, 4)),
        ("One person was killed in the north. Another three people were killed in the same raid.", (4, 4, 4)),
        ("Dozens of people died at the mill. A clerk was stabbed to death.", (12, 12, None)),
        ("A drover was killed. At least 60 people died in the fight.", (60, 60, None)),
        ("A soldier killed five comrades before he was shot dead.", (6, 6, 6)),
        ("Five people were killed. Six people, including the gunman, died, police said.", (5, 6, 6)),
        ("A bomb killed a lawmaker. His bodyguard died in hospital.", (2, 2, 2)),
        ("The raid killed 18 people. All five attackers were also killed.", (23, 23, 23)),
        ("A shell killed nine people. A clinic put the dead at 12.", (9, 9, 12)),
    ],
)
def test_an_event_told_over_sentences_is_summed(text: str, expected: tuple[int, int, int | None] | None) -> None:
    assert _sum(text) == expected


def test_the_shot_who_died_are_not_counted_as_injured() -> None:
    text = "A trader was shot on Monday. He was taken to hospital, where he died."
    assert _sum(text) == (1, 1, 1)
    assert _sum(text, "injured") is None


def test_one_sentence_tells_of_a_dead_and_a_hurt_person() -> None:
    text = "A guard was found dead and a porter was taken to hospital with a gunshot wound."
    assert _sum(text) == (1, 1, 1)
    assert _sum(text, "injured") == (1, 1, 1)


@pytest.mark.parametrize(
    ("text", "injured"),
    [
        ("A man was found dead. A woman was shot in the arm.", 1),
        ("A porter was shot in the leg. A clerk was killed at the gate. The porter is in stable condition.", 1),
        ("A trader was found wounded in his shop. He died on the way to hospital.", None),
        ("Amir Haddad was wounded by gunfire near the mill. Medics said Haddad died at noon.", None),
        ("Guards found a porter wounded and his wife dead.", 1),
        ("A clerk was shot in the hand. The wounded clerk was taken to hospital.", 1),
    ],
)
def test_who_died_of_those_hurt(text: str, injured: int | None) -> None:
    total = sum_tolls(_tolls(text), "injured")
    assert (None if total is None else total.estimate.best) == injured


def test_the_dead_of_the_background_are_none_of_the_hurt() -> None:
    filler = "The council met again to speak of the new road. " * 30
    toll = read_article_toll(_parse(f"A porter was shot in the leg. {filler}A clerk was killed there."))
    assert toll.deaths is None
    assert toll.injured is not None


def test_a_page_speaks_of_its_other_stories() -> None:
    text = "A porter was shot in the leg. Related stories: Two clerks were killed in Dara."
    toll = read_article_toll(_parse(text))
    assert toll.deaths is None
    assert toll.injured is not None


def test_background_far_down_an_article_is_not_its_main_toll() -> None:
    filler = "The council met again to speak of the new road. " * 30
    text = filler + "Seven people were killed in the valley."
    assert read_article_toll(_parse(text)).deaths is None
    assert read_article_toll(_parse("Two people were killed at the gate. " + text)).deaths is not None


def test_a_narratives_own_finding_comes_before_its_sources() -> None:
    text = "At least 9 people were killed in the raid. The clinic said 12 were killed. Two were killed, it said."
    total = read_article_toll(_parse(text), findings_first=True).deaths
    assert total is not None
    assert total.estimate == Estimate(low=9, best=9, high=12)


def test_sides_can_be_left_out() -> None:
    text = "Six villagers were killed. Three rebels were killed."
    total = read_article_toll(_parse(text), without=frozenset({"armed"})).deaths
    assert total is not None
    assert total.estimate == Estimate.exactly(6)


def test_a_sum_keeps_the_words_it_rests_on() -> None:
    text = "Two policemen were killed in the ambush. Three rebels also died."
    total = read_article_toll(_parse(text)).deaths
    assert total is not None
    assert [span.quote(text) for span in total.spans] == ["Two policemen were killed", "Three rebels also died"]


def test_a_sentence_without_grammar_tells_nothing() -> None:
    text = "Two people were killed."
    sentence = Sentence(index=0, paragraph=0, span=Span(0, len(text)), text=text)
    assert read_tolls(sentence) == ()


VOCABULARY = """
killed wounded dead two no dozens people soldiers , and . of the 12 at least were was including among them toll rose
to bodies deaths injured who others more shot hospital taken hostage not could since 2014 by himself - old year
"""
WORDS = st.sampled_from(VOCABULARY.split())
RELATIONS = """
nsubj nsubjpass dobj conj amod acl relcl prep pobj nummod appos xcomp ccomp auxpass ROOT
"""


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, min_size=1, max_size=25).map(" ".join) | st.text(min_size=1, max_size=80))
def test_any_text_is_read_without_fault(text: str) -> None:
    for sentence in _parse(text).sentences:
        for toll in read_tolls(sentence):
            assert sentence.span.holds(toll.span)
            assert toll.victims is None or sentence.span.holds(toll.victims)
            assert toll.said_by is None or sentence.span.holds(toll.said_by)
            assert toll.estimate.low <= toll.estimate.best
            assert toll.negated == (toll.estimate.best == 0)


@st.composite
def _grammars(draw: st.DrawFn) -> Sentence:
    """A sentence with an arbitrary (even cyclic) grammar."""
    words = draw(st.lists(WORDS, min_size=1, max_size=12))
    deps = st.sampled_from(RELATIONS.split())
    tags = st.sampled_from(
        [("VERB", "VBN"), ("VERB", "VBD"), ("NOUN", "NNS"), ("NOUN", "NN"), ("NUM", "CD"), ("ADP", "IN")]
    )
    tokens, at = [], 0
    for word in words:
        pos, tag = draw(tags)
        head = draw(st.integers(0, len(words) - 1))
        tokens.append(
            Token(text=word, lemma=word, pos=pos, tag=tag, dep=draw(deps), head=head, start=at, end=at + len(word))
        )
        at += len(word) + 1
    text = " ".join(words)
    return Sentence(index=0, paragraph=0, span=Span(0, len(text)), text=text, tokens=tuple(tokens))


@settings(deadline=None, max_examples=200)
@given(_grammars())
def test_any_grammar_is_read_without_fault(sentence: Sentence) -> None:
    for toll in read_tolls(sentence):
        assert sentence.span.holds(toll.span)
        assert toll.estimate.low <= toll.estimate.best


@given(st.lists(WORDS | st.integers(0, 10**7).map("{:,}".format), max_size=30))
def test_quantities_stand_in_order_and_inside(words: list[str]) -> None:
    last = -1
    for found in find_quantities(words):
        assert last < found.first <= found.core <= found.last < len(words)
        quantity = found.quantity
        assert 0 <= quantity.low <= quantity.best
        assert quantity.high is None or quantity.best <= quantity.high
        last = found.last


@given(st.integers(0, 10**8))
def test_every_figure_is_read_back(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        quantity = read_quantity(written)
        assert quantity is not None
        assert quantity.best == number
