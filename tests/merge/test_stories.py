"""Which articles are held to tell of one incident, and what that adds to their mentions."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_articles import make_archive, make_article, make_incident, make_town
from made_mentions import SUNDAY, day, make_mention

from conflictdesk.merge.events import Gist, Profile, group_articles, match_articles, merge_mentions
from conflictdesk.merge.profiles import list_terms
from conflictdesk.records import Estimate, Match, Mention

BACKGROUND = make_archive(60)
SEGOU, MOPTI = make_town(777), make_town(790)
REPORT = make_article(
    "a-report",
    "Five killed at tea house\n\nGunmen on two motorbikes opened fire at the Café Baobab in Rue Faidherbe at 21:40"
    " on Sunday and killed five people, among them the singer Mariam Doucouré, 31.",
    published=SUNDAY + dt.timedelta(days=1),
    towns=[SEGOU],
    gist=Gist(dates=day(SUNDAY), deaths=Estimate.exactly(5)),
)
OTHER_PAPER = make_article(
    "a-other",
    "Singer among the dead in attack\n\nThe singer Mariam Doucouré, 31, was one of five who died when men on motorbikes"
    " shot at guests of the Café Baobab, the mayor said.",
    published=SUNDAY + dt.timedelta(days=2),
    towns=[SEGOU],
    gist=Gist(dates=day(SUNDAY), deaths=Estimate.exactly(5)),
)
TRIAL = make_article(
    "a-trial",
    "Two on trial over café shooting\n\nA court heard on Tuesday how two brothers on motorbikes shot at guests in"
    " Rue Faidherbe last March. Mariam Doucouré, 31, a singer, was among the dead.",
    published=SUNDAY + dt.timedelta(days=200),
    towns=[SEGOU],
    gist=Gist(dates=day(SUNDAY + dt.timedelta(days=198)), deaths=Estimate.exactly(5)),
)
NEXT_DAY = make_article(
    "a-next",
    "Two hurt at bakery\n\nA grenade wounded the baker Lassana Traoré, 58, and his son, 12, at their shop behind"
    " the river port on Monday morning, a nurse said.",
    published=SUNDAY + dt.timedelta(days=1),
    towns=[SEGOU],
    gist=Gist(dates=day(SUNDAY + dt.timedelta(days=1)), injured=Estimate.exactly(2)),
)


def group_of(profile: Profile, others: Sequence[Profile]) -> set[str]:
    (group,) = [g for g in group_articles([profile, *others, *BACKGROUND]) if profile.article_id in g]
    return set(group)


def score_of(left: Profile, right: Profile) -> float:
    matches = match_articles([left, right, *BACKGROUND])
    (score,) = [m.score for m in matches if {m.left, m.right} == {left.article_id, right.article_id}]
    return score


# ---------------------------------------------------------------- together


def test_two_papers_tell_of_one_attack() -> None:
    assert group_of(REPORT, [OTHER_PAPER]) == {"a-report", "a-other"}


def test_a_trial_months_later_belongs_to_its_incident() -> None:
    assert group_of(TRIAL, [REPORT, OTHER_PAPER]) == {"a-report", "a-other", "a-trial"}


def test_a_later_article_that_names_the_day_is_likelier_the_same() -> None:
    silent = replace(OTHER_PAPER, article_id="a-late", dates=day(SUNDAY + dt.timedelta(days=40)), told=())
    telling = replace(silent, told=(day(SUNDAY),))
    assert score_of(REPORT, telling) > score_of(REPORT, silent) + 1


def test_every_follow_up_of_an_archive_finds_its_report() -> None:
    groups = group_articles(BACKGROUND)
    assert groups == [tuple(p.article_id for p in make_incident(n)) for n in range(60)]


# ---------------------------------------------------------------- apart


@pytest.mark.parametrize(
    "changed",
    [
        NEXT_DAY,
        replace(NEXT_DAY, dates=day(SUNDAY)),
        replace(OTHER_PAPER, paragraphs=NEXT_DAY.paragraphs, ages=frozenset({40})),
    ],
    ids=["another deed a day later", "another deed of one day", "same day, town and toll, no word in common"],
)
def test_another_incident_stays_apart(changed: Profile) -> None:
    assert group_of(changed, [REPORT]) == {changed.article_id}


def test_the_same_words_in_a_town_far_off_months_later_stay_apart() -> None:
    plain = "Gunmen attacked a village at night and killed several farmers, the governor said."
    near, far = (
        make_article(f"a-{n}", plain, published=on, towns=[town], gist=Gist(dates=day(on), deaths=Estimate.exactly(n)))
        for n, on, town in ((3, SUNDAY, SEGOU), (9, SUNDAY + dt.timedelta(days=150), MOPTI))
    )
    assert group_of(near, [far]) == {"a-3"}


def test_what_stands_on_every_page_ties_no_articles() -> None:
    notice = (
        "Subscribe to the Courrier de Zinder newsletter, follow Radio Garbado on any channel, write to Editor Salma Ba",
        "Opening hours of our Niamey office: weekday 8:15 to 17:45; Advertising Director Idrissa Maïga, phone 20-77-13",
    )
    terms = tuple(tuple(list_terms(line)) for line in notice)
    other = replace(make_incident(901)[0], dates=REPORT.dates, published_on=REPORT.published_on, ages=REPORT.ages)
    one, other = (replace(p, towns=(), paragraphs=p.paragraphs + terms) for p in (REPORT, other))
    again = [replace(p, paragraphs=p.paragraphs + terms) for p in make_archive(3, 0)]
    assert group_of(one, [other, *again]) == {"a-report"}


@pytest.mark.parametrize(
    "changed",
    [
        replace(OTHER_PAPER, ages=frozenset({40})),
        replace(OTHER_PAPER, deaths=Estimate.exactly(9)),
        replace(OTHER_PAPER, injured=Estimate.exactly(3)),
        replace(OTHER_PAPER, towns=(MOPTI,)),
        replace(OTHER_PAPER, towns=()),
        replace(OTHER_PAPER, dates=day(SUNDAY + dt.timedelta(days=1))),
        replace(OTHER_PAPER, dates=None),
        replace(OTHER_PAPER, published_on=SUNDAY - dt.timedelta(days=9)),
        replace(OTHER_PAPER, paragraphs=OTHER_PAPER.paragraphs[:1]),
    ],
    ids=["ages", "deaths", "injured", "far town", "no town", "next day", "no day", "out before the day", "fewer words"],
)
def test_what_differs_speaks_against(changed: Profile) -> None:
    report = replace(REPORT, injured=Estimate.exactly(8))
    assert score_of(report, changed) < score_of(report, OTHER_PAPER)


def test_a_late_article_of_a_court_is_likelier_the_same_than_other_late_news() -> None:
    assert score_of(REPORT, replace(TRIAL, follows=False)) < score_of(REPORT, TRIAL)
    assert TRIAL.follows and not REPORT.follows


def test_a_round_up_does_not_tie_two_incidents() -> None:
    both = replace(
        REPORT,
        article_id="a-round-up",
        paragraphs=REPORT.paragraphs + NEXT_DAY.paragraphs,
        ages=REPORT.ages | NEXT_DAY.ages,
    )
    groups = group_articles(
        [REPORT, OTHER_PAPER, NEXT_DAY, replace(NEXT_DAY, article_id="a-next-2"), both, *BACKGROUND]
    )
    assert not any({"a-report", "a-next"} <= set(group) for group in groups)


def test_where_all_are_of_one_day_and_town_these_say_little() -> None:
    """A page of one day: what tells incidents apart is what they tell, not the day."""
    told = (
        "Students burned tyres before the prefecture over unpaid grants; officers fired tear gas and detained nine.",
        "A mine blew up under a lorry with onions on the road to the river, and its driver lost a leg.",
        "Robbers in uniform took a jeep of a vaccination team at a checkpoint and left the nurses unharmed.",
        "Herders and rice farmers fought with sticks over a field at dawn; the imam brought them to talk.",
    )
    page = [
        make_article(f"a-{n}", text, published=SUNDAY, towns=[SEGOU], gist=Gist(dates=day(SUNDAY)))
        for n, text in enumerate(told)
    ]
    assert group_articles(page) == [(p.article_id,) for p in page]
    archive = {(m.left, m.right): m.score for m in match_articles([REPORT, OTHER_PAPER, *BACKGROUND])}
    alone = {(m.left, m.right): m.score for m in match_articles([REPORT, OTHER_PAPER])}
    assert archive["a-other", "a-report"] > alone["a-other", "a-report"] + 2


# ---------------------------------------------------------------- what the reader of names finds


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("The Georgia Bureau", ["georgia", "bureau", "georgia bureau"]),
        ("Café Baobab's guests", ["café", "baobab", "café baobab", "guest"]),
        ("at 21:40 on 12 May", ["#21:40", "#12"]),
        ("he said; she was there", []),
    ],
)
def test_terms_of_a_line(line: str, terms: list[str]) -> None:
    assert list(list_terms(line)) == terms


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("a 23-year-old man and Oumar Sow, 41, fled", {23, 41}),
        ("a boy aged 9; the 7 year old girl", {7, 9}),
        ("12 people, 3 of them guards", set()),
    ],
)
def test_ages_that_an_article_tells(text: str, ages: set[int]) -> None:
    assert make_article("a-1", text, published=None).ages == ages


# ---------------------------------------------------------------- what it adds to mentions


def tell_story(verdict: str = "same") -> list[Match]:
    told = "same" if verdict == "same" else "unsure"
    return [Match(left="a-m-1", right="a-m-2", verdict=told, score=3.0, by="article rules")]  # type: ignore[arg-type]


def test_articles_of_one_story_help_mentions_that_are_nearly_the_same() -> None:
    held = [make_mention("m-1", "Attack"), make_mention("m-2", "Sexual violence")]
    assert len(merge_mentions(held)[0]) == 2
    assert len(merge_mentions(held, tell_story("unsure"))[0]) == 2
    assert len(merge_mentions(held, tell_story())[0]) == 1


@pytest.mark.parametrize(
    "other",
    [
        make_mention("m-2", dates=day(SUNDAY + dt.timedelta(days=1)), deaths=Estimate.exactly(9)),
        make_mention("m-2", deaths=Estimate.exactly(40)),
        make_mention("m-2", "Peaceful protest", deaths=Estimate.exactly(9)),
    ],
    ids=["another day", "a toll four times as high", "another kind"],
)
def test_articles_of_one_story_may_tell_of_two_incidents(other: Mention) -> None:
    held = [make_mention("m-1", deaths=Estimate.exactly(9)), other]
    assert len(merge_mentions(held, tell_story())[0]) == 2


# ---------------------------------------------------------------- what holds of any run


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**16), st.integers(0, 25))
def test_order_does_not_matter_and_each_article_is_in_one_group(seed: int, number: int) -> None:
    profiles = [REPORT, OTHER_PAPER, TRIAL, NEXT_DAY, *make_archive(number, seed % 3)]
    turned = list(profiles)
    Random(seed).shuffle(turned)
    groups = group_articles(profiles)
    assert group_articles(turned) == groups
    assert match_articles(turned) == match_articles(profiles)
    assert sorted(i for group in groups for i in group) == sorted(p.article_id for p in profiles)


@pytest.mark.parametrize("profiles", [[], [REPORT], [replace(REPORT, published_on=None, dates=None, paragraphs=())]])
def test_a_run_of_next_to_nothing(profiles: list[Profile]) -> None:
    assert group_articles(profiles) == [(p.article_id,) for p in profiles]
    assert match_articles(profiles) == []


def test_articles_without_words_in_common_are_never_judged_the_same() -> None:
    bare = [replace(REPORT, article_id=f"a-{n}", paragraphs=()) for n in range(3)]
    assert match_articles(bare) == []


# ---------------------------------------------------------------- cost


def measure_seconds(profiles: Sequence[Profile]) -> float:
    times = []
    for _ in range(2):
        start = time.process_time()
        group_articles(profiles)
        times.append(time.process_time() - start)
    return min(times)


def test_cost_is_nearly_linear() -> None:
    assert measure_seconds(make_archive(800)) < 3 * measure_seconds(make_archive(400))
