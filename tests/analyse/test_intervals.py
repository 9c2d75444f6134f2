"""Ratios and their intervals: equal to statsmodels and scipy where these do the same, and true where nothing does."""

from __future__ import annotations

import json
import math
import time

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from numpy.typing import NDArray
from scipy import fft, stats
from statsmodels.stats.rates import test_poisson_2indep as compare_rates

from benchmarks.coverage import Setting, measure_covers, tell_coverage
from benchmarks.series import SCENARIOS, Scenario, make_runs
from conflictdesk.analyse.dispersion import (
    measure_dispersion,
    measure_log_spread,
    newey_west_variance,
    rate_ratio_dispersed,
    rate_ratio_quasi_poisson,
)
from conflictdesk.analyse.intervals import (
    SMALLEST_BASE,
    RateRatio,
    envelope,
    percent_change_allowed,
    rate_ratio_exact,
    sum_weeks,
)
from conflictdesk.analyse.placebos import correct_shares, placebo_rank
from conflictdesk.analyse.resampling import (
    block_bootstrap_ratio,
    dependence_block_length,
    draw_block_sums,
    leave_largest_out,
)

Floats = NDArray[np.float64]
counts = st.integers(0, 400)
days = st.integers(1, 400)


def daily(least: int = 28, most: int = 120, highest: int = 30) -> st.SearchStrategy[Floats]:
    """One window: whole numbers, a value a day."""
    return st_numpy.arrays(np.int64, st.integers(least, most), elements=st.integers(0, highest)).map(
        lambda values: values.astype(np.float64)
    )


def ends(ratio: RateRatio) -> tuple[float, float]:
    """The interval; infinite where the data set no bound."""
    assert ratio.interval is not None and ratio.interval.low is not None
    return ratio.interval.low, math.inf if ratio.interval.high is None else ratio.interval.high


def waves(days: int = 182, seed: int = 5) -> tuple[Floats, Floats]:
    """Events of two windows of a made-up conflict with clusters and waves."""
    made = make_runs(next(s for s in SCENARIOS if s.name == "waves"), days, 1.3, 1, np.random.default_rng(seed))
    return made.events_before[0], made.events_after[0]


# ---------------------------------------------------------------- counts that come alone


@example(1, 30, 0, 30)
@example(0, 30, 1, 31)
@example(1, 30, 5, 30)
@given(counts, days, counts, days)
def test_the_exact_interval_holds_just_the_ratios_that_the_exact_test_does_not_reject(
    n1: int, d1: int, n0: int, d0: int
) -> None:
    assume(n1 + n0 > 0)
    low, high = ends(rate_ratio_exact(n1, d1, n0, d0))
    of = stats.binomtest(n1, n1 + n0, 0.5).proportion_ci(0.95, method="exact")
    assert low == pytest.approx(of.low / (1 - of.low) * d0 / d1)
    assert high == (math.inf if of.high == 1 else pytest.approx(of.high / (1 - of.high) * d0 / d1))


def test_the_end_of_the_exact_interval_is_where_the_exact_test_has_two_and_a_half_percent() -> None:
    low, high = ends(rate_ratio_exact(33, 184, 20, 181))
    above = compare_rates(33, 184, 20, 181, value=low, method="exact-cond", alternative="larger")
    below = compare_rates(33, 184, 20, 181, value=high, method="exact-cond", alternative="smaller")
    assert above.pvalue == pytest.approx(0.025) and below.pvalue == pytest.approx(0.025)


@given(counts, days, counts, days)
def test_swapped_windows_turn_the_ratio_over(n1: int, d1: int, n0: int, d0: int) -> None:
    assume(n1 and n0)
    there, back = rate_ratio_exact(n1, d1, n0, d0), rate_ratio_exact(n0, d0, n1, d1)
    assert there.value is not None and back.value == pytest.approx(1 / there.value)
    assert ends(back) == pytest.approx((1 / ends(there)[1], 1 / ends(there)[0]))


@given(counts, days, counts, days, st.integers(2, 9))
def test_only_the_relation_of_the_exposures_matters(n1: int, d1: int, n0: int, d0: int, times: int) -> None:
    assume(n1 + n0 > 0)
    one, other = rate_ratio_exact(n1, d1, n0, d0), rate_ratio_exact(n1, d1 * times, n0, d0 * times)
    assert one.value == pytest.approx(other.value)
    assert ends(one) == pytest.approx(ends(other))


def test_empty_windows_give_no_infinity() -> None:
    assert rate_ratio_exact(0, 10, 0, 10).value is None
    assert rate_ratio_exact(0, 10, 0, 10).interval is None
    from_nothing = rate_ratio_exact(4, 10, 0, 10)
    assert from_nothing.value is None and from_nothing.interval is not None
    assert from_nothing.interval.high is None
    assert from_nothing.interval.low == pytest.approx(0.6601, abs=1e-4)  # p >= 0.025 ** (1/4)
    to_nothing = rate_ratio_exact(0, 10, 4, 10)
    assert to_nothing.value == 0.0 and to_nothing.interval is not None and to_nothing.interval.low == 0.0
    assert to_nothing.interval.high == pytest.approx(1 / 0.6601, abs=1e-3)


@pytest.mark.parametrize(("n1", "d1", "n0", "d0"), [(-1, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, -5)])
def test_impossible_counts_are_refused(n1: int, d1: int, n0: int, d0: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        rate_ratio_exact(n1, d1, n0, d0)


# ---------------------------------------------------------------- weeks


@given(daily(least=1), st.booleans())
def test_weeks_add_up_and_are_whole_beside_the_split(values: Floats, from_end: bool) -> None:
    sums, widths = sum_weeks(values, from_end=from_end)
    assert sums.sum() == values.sum() and widths.sum() == values.size
    near = (sums[::-1], widths[::-1], values[::-1]) if from_end else (sums, widths, values)
    for week in range(values.size // 7):
        assert near[1][week] == 7 and near[0][week] == near[2][7 * week : 7 * week + 7].sum()


@pytest.mark.parametrize("window", [[], [[1.0]], [1.0, -1.0], [1.0, math.nan], [math.inf]])
def test_a_window_that_is_none_is_refused(window: list[float]) -> None:
    with pytest.raises(ValueError, match="one row of at least one day"):
        sum_weeks(window)


# ---------------------------------------------------------------- events


def fit_weeks(before: Floats, after: Floats) -> sm.GLM:
    """The same question put to statsmodels: weekly counts, a step at the split, the days as exposure."""
    (old, old_days), (new, new_days) = sum_weeks(before, from_end=True), sum_weeks(after)
    step = np.repeat([0.0, 1.0], [old.size, new.size])
    return sm.GLM(
        np.concatenate((old, new)),
        sm.add_constant(step),
        family=sm.families.Poisson(),
        exposure=np.concatenate((old_days, new_days)),
    )


@pytest.mark.parametrize(("before", "after"), [(182, 182), (181, 184), (91, 365)])
def test_quasi_poisson_is_that_of_statsmodels(before: int, after: int) -> None:
    old, new = waves(400)
    old, new = old[-before:], new[:after]
    fitted = fit_weeks(old, new).fit(scale="X2")
    ours = rate_ratio_quasi_poisson(old, new)
    assert ours.value == pytest.approx(math.exp(fitted.params[1]))
    assert ours.dispersion == pytest.approx(fitted.scale)
    assert ours.dispersion is not None and ours.dispersion > 1
    half = stats.t.ppf(0.975, fitted.df_resid) * fitted.bse[1]
    assert ends(ours) == pytest.approx((math.exp(fitted.params[1] - half), math.exp(fitted.params[1] + half)))


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_the_newey_west_variance_is_that_of_statsmodels(lag: int) -> None:
    """Window by window, as statsmodels does it for a mean."""
    old, new = waves()
    total = 0.0
    for weekly in (old.reshape(-1, 7).sum(axis=1), new.reshape(-1, 7).sum(axis=1)):
        mean = sm.OLS(weekly, np.ones(26)).fit(cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": False})
        total += float(mean.bse[0]) ** 2 / weekly.mean() ** 2
    assert newey_west_variance(old, new, lag) == pytest.approx(total)


def test_the_slow_cosines_are_those_of_scipy() -> None:
    """Weeks that take turns have no memory, and then the variance is a mean square of the first DCT coefficients."""
    for weeks, number in ((13, 2), (26, 3), (52, 4)):
        rng = np.random.default_rng(weeks)
        windows = [(40.0 + 20 * (np.arange(weeks) % 2) + rng.integers(0, 9, weeks)) for _ in range(2)]
        spread = measure_log_spread(*(np.repeat(each, 7) / 7 for each in windows))
        slow = [(fft.dct(each / each.sum(), norm="ortho")[1 : number + 1] ** 2).mean() * weeks for each in windows]
        assert spread.memory == 0.0
        assert spread.variance == pytest.approx(sum(slow))
        welch = sum(slow) ** 2 / (slow[0] ** 2 / number + slow[1] ** 2 / number)
        assert spread.freedom == pytest.approx(welch)


@pytest.mark.parametrize(
    ("name", "days", "least", "most"), [("waves", 364, 0.85, 1.15), ("sparse", 364, 0.85, 1.15), ("war", 182, 0.9, 1.6)]
)
def test_the_spread_is_right_on_average(name: str, days: int, least: float, most: float) -> None:
    """Against how far the log ratio of many runs does stray; half a year of long waves errs on the wide side."""
    made = make_runs(next(s for s in SCENARIOS if s.name == name), days, 1.0, 300, np.random.default_rng(6))
    pairs = list(zip(made.events_before, made.events_after, strict=True))
    strayed = np.var([math.log(after.sum() / before.sum()) for before, after in pairs])
    named = np.mean([measure_log_spread(before, after).variance for before, after in pairs])
    assert least < named / strayed < most


@pytest.mark.parametrize("memory", [0.3, 0.6])
def test_the_memory_of_short_windows_is_told_without_their_bias(memory: float) -> None:
    """The plain autocorrelation of half a year is too low by about (1 + 3 memory) / 26."""
    told = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        weekly = np.zeros((2, 60))
        for week in range(1, 60):
            weekly[:, week] = memory * weekly[:, week - 1] + rng.standard_normal(2)
        told.append(measure_log_spread(*np.repeat(50 + 3 * weekly[:, 34:], 7, axis=1)).memory)
    assert np.mean(told) == pytest.approx(memory, abs=0.04)


@given(daily(), daily())
def test_events_swapped_turn_over(before: Floats, after: Floats) -> None:
    """Time runs the other way, so that the weeks beside the split stay beside it."""
    assume(before.sum() and after.sum())
    there, back = rate_ratio_dispersed(before, after), rate_ratio_dispersed(after[::-1], before[::-1])
    assert there.value is not None and back.value == pytest.approx(1 / there.value)
    assert ends(back) == pytest.approx((1 / ends(there)[1], 1 / ends(there)[0]))


@given(daily(), daily())
def test_the_dispersed_interval_holds_the_ratio_and_no_less_than_chance_alone(before: Floats, after: Floats) -> None:
    assume(before.sum() and after.sum())
    ours = rate_ratio_dispersed(before, after)
    low, high = ends(ours)
    assert ours.value is not None and low < ours.value < high
    alone = math.sqrt(1 / before.sum() + 1 / after.sum())
    assert math.log(high / low) >= 2 * 1.9599 * alone


@given(daily(), st.booleans())
def test_an_empty_window_gives_an_end_without_bound_and_no_infinity(window: Floats, first: bool) -> None:
    assume(window.sum() > 0)
    empty = np.zeros(60)
    ours = rate_ratio_dispersed(*((empty, window) if first else (window, empty)))
    assert ours.interval is not None
    if first:
        assert ours.value is None and ours.interval.high is None and (ours.interval.low or 0) > 0
    else:
        assert ours.value == 0.0 and ours.interval.low == 0.0 and ours.interval.high is not None
    plain = rate_ratio_exact(
        *((int(window.sum()), window.size, 0, 60) if first else (0, 60, int(window.sum()), window.size))
    )
    assert ends(ours)[0] <= ends(plain)[0] + 1e-12 and ends(ours)[1] >= ends(plain)[1] - 1e-12


def test_nothing_at_all_gives_nothing() -> None:
    for ratio in (
        rate_ratio_dispersed(np.zeros(182), np.zeros(182)),
        block_bootstrap_ratio(np.zeros(182), np.zeros(182)),
    ):
        assert ratio.value is None and ratio.interval is None


def test_a_window_under_four_weeks_has_a_ratio_and_no_process_interval() -> None:
    short, long = np.ones(27), np.full(182, 2.0)
    for ratio in (rate_ratio_dispersed(short, long), block_bootstrap_ratio(long, short)):
        assert ratio.value is not None and ratio.interval is None and "4 weeks" in ratio.method
    assert rate_ratio_dispersed(np.ones(28), long).interval is not None
    with pytest.raises(ValueError, match="4 weeks"):
        measure_log_spread(short, long)


def test_waves_widen_the_interval_and_scattered_weeks_do_not() -> None:
    """The same counts, in runs of bad weeks and in turns."""
    runs = np.repeat(np.repeat([2.0, 8.0, 2.0, 8.0], [7, 6, 6, 7]), 7)
    turns = np.tile(np.repeat([2.0, 8.0], 7), 13)
    waved, scattered = rate_ratio_dispersed(runs, runs), rate_ratio_dispersed(turns, turns)
    assert measure_dispersion(runs, runs)[0] == pytest.approx(measure_dispersion(turns, turns)[0])
    assert ends(waved)[1] > 1.5 * ends(scattered)[1] ** 1.5
    assert measure_log_spread(runs, runs).memory > 0.6 and measure_log_spread(turns, turns).memory == 0.0


def test_events_in_threes_have_a_dispersion_of_three() -> None:
    rng = np.random.default_rng(0)
    old, new = (3.0 * rng.poisson(2, size=7 * 400) for _ in range(2))
    assert measure_dispersion(old, new)[0] == pytest.approx(3, rel=0.1)


# ---------------------------------------------------------------- deaths


def test_blocks_of_one_are_the_plain_bootstrap_of_scipy() -> None:
    values = np.random.default_rng(1).lognormal(sigma=1.2, size=120)
    ours = draw_block_sums(values, 1, 20_000, np.random.default_rng(2))
    theirs = stats.bootstrap((values,), np.sum, n_resamples=20_000, method="percentile", rng=np.random.default_rng(3))
    assert ours.std(ddof=1) == pytest.approx(theirs.standard_error, rel=0.03)
    found = tuple(np.quantile(ours, [0.025, 0.975]))
    assert found == pytest.approx(tuple(theirs.confidence_interval), rel=0.02)


def test_the_spread_of_block_sums_is_the_one_that_theory_names() -> None:
    """n / L blocks of the circular sums, each as far from the mean as the series itself says."""
    values = np.random.default_rng(4).poisson(5, size=84).astype(float)
    circular = np.convolve(np.concatenate((values, values[:6])), np.ones(7), "valid")
    drawn = draw_block_sums(values, 7, 40_000, np.random.default_rng(5))
    assert drawn.mean() == pytest.approx(values.sum(), rel=0.005)
    assert drawn.var() == pytest.approx(12 * circular.var(), rel=0.03)


@given(daily(most=60, highest=5), st.integers(1, 90))
def test_each_drawn_series_is_as_long_as_the_window(values: Floats, length: int) -> None:
    flat = draw_block_sums(np.ones_like(values), length, 20, np.random.default_rng(0))
    assert (flat == values.size).all()
    drawn = draw_block_sums(values, length, 20, np.random.default_rng(0))
    assert (drawn >= values.min() * values.size).all() and (drawn <= values.max() * values.size).all()


@given(daily(), daily(), st.integers(0, 9))
def test_the_bootstrap_is_the_same_each_time_and_holds_the_ratio(before: Floats, after: Floats, seed: int) -> None:
    assume(before.sum() and after.sum())
    once, again = (block_bootstrap_ratio(before, after, 200, seed) for _ in range(2))
    assert once == again
    low, high = ends(once)
    assert once.value is not None and low <= once.value <= high


@given(daily(), daily(), st.integers(2, 50))
def test_what_is_counted_in_does_not_matter(before: Floats, after: Floats, times: int) -> None:
    assume(before.sum() and after.sum())
    assert ends(block_bootstrap_ratio(before, after, 200)) == pytest.approx(
        ends(block_bootstrap_ratio(before * times, after * times, 200))
    )


def test_more_resamples_settle() -> None:
    made = make_runs(SCENARIOS[1], 182, 1.3, 1, np.random.default_rng(8))
    before, after = made.deaths_before[0], made.deaths_after[0]
    widths = [
        [
            math.log(ends(each)[1] / ends(each)[0])
            for each in (block_bootstrap_ratio(before, after, n, s) for s in range(8))
        ]
        for n in (250, 4000)
    ]
    assert np.std(widths[1]) < np.std(widths[0])
    assert np.mean(widths[0]) == pytest.approx(np.mean(widths[1]), rel=0.1)


def test_two_thousand_resamples_take_well_under_a_second() -> None:
    before, after = (np.random.default_rng(s).poisson(3, size=366).astype(float) for s in (1, 2))
    began = time.process_time()
    block_bootstrap_ratio(before, after, 2000)
    assert time.process_time() - began < 0.5


def test_the_interval_is_at_least_as_wide_as_long_waves_ask() -> None:
    before, after = waves()
    low, high = ends(block_bootstrap_ratio(before, after, 2000, block=1))
    assert math.log(high / low) > 1.8 * measure_log_spread(before, after).reach()


def test_the_same_deaths_every_day_still_give_an_interval_with_a_width() -> None:
    low, high = ends(block_bootstrap_ratio(np.full(91, 2.0), np.full(91, 3.0)))
    assert low < 1.4 and high > 1.6  # as if each of the 91 days came by chance


def test_deaths_that_one_day_holds_leave_an_end_open() -> None:
    """Most drawn windows miss that day: then nothing bounds the ratio, and no number is made up."""
    before, after = np.zeros(182), np.ones(182)
    before[90] = 500
    ratio = block_bootstrap_ratio(before, after)
    assert ratio.value == pytest.approx(182 / 500) and ratio.interval is not None and ratio.interval.high is None
    after[:] = 0
    gone = block_bootstrap_ratio(before, after)
    assert gone.value == 0.0 and gone.interval is not None and gone.interval.low == 0.0 and gone.interval.high is None


@pytest.mark.parametrize(("memory", "least", "most"), [(0.0, 1.0, 2.0), (0.7, 5.0, 12.0)])
def test_blocks_grow_with_the_memory_of_the_series(memory: float, least: float, most: float) -> None:
    """For an AR(1) series theory names the best length: (6 rho^2 / (1 - rho^2)^2 n)^(1/3), here 0 and 10.5 weeks."""
    lengths = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        weekly = np.zeros((2, 104))
        for week in range(1, 104):
            weekly[:, week] = memory * weekly[:, week - 1] + rng.standard_normal(2)
        before, after = np.repeat(50 + 3 * weekly, 7, axis=1) / 7
        lengths.append(dependence_block_length(before, after))
    assert least <= np.mean(lengths) <= most


@given(daily(least=1), daily(least=1))
def test_a_block_is_a_week_at_least_and_a_sixth_of_the_shorter_window_at_most(before: Floats, after: Floats) -> None:
    length = dependence_block_length(before, after)
    assert 1 <= length <= max(1, math.ceil(min(before.size, after.size) / 7) // 6)


# ---------------------------------------------------------------- the largest events


@given(st.lists(counts, max_size=30), st.lists(counts, max_size=30), st.integers(0, 70))
def test_what_is_left_out_is_the_largest_and_the_rest_adds_up(before: list[int], after: list[int], k: int) -> None:
    left = leave_largest_out(before, after, k, (182, 182))
    out = [before[place] for place in left.before] + [after[place] for place in left.after]
    assert sorted(out, reverse=True) == sorted(before + after, reverse=True)[:k]
    assert left.sum_before == sum(before) - sum(before[place] for place in left.before)
    assert left.sum_after == sum(after) - sum(after[place] for place in left.after)
    assert left.share == pytest.approx(sum(out) / max(1, sum(before + after)))


def test_one_massacre_can_be_the_whole_change() -> None:
    left = leave_largest_out([3, 4, 3], [3, 90, 7], 1, (184, 182))
    assert left.after == (1,) and left.before == () and left.value == pytest.approx(182 / 184)
    assert left.share == pytest.approx(90 / 110)


def test_of_equal_events_the_first_go_first() -> None:
    left = leave_largest_out([2, 1] * 40, [2, 1] * 40, 100, (182, 182))
    assert left.before == tuple(sorted([*range(0, 80, 2), *range(1, 41, 2)]))
    assert left.after == tuple(range(0, 80, 2)) and left.value == 2.0


# ---------------------------------------------------------------- what was reported


@given(*[st.floats(0.1, 1e4) for _ in range(4)], days, days)
def test_the_envelope_holds_every_ratio_within_the_figures(
    a: float, b: float, c: float, d: float, d1: int, d0: int
) -> None:
    low1, high1, low0, high0 = min(a, b), max(a, b), min(c, d), max(c, d)
    found = envelope(low1, high1, low0, high0, (d1, d0))
    assert found.low is not None and found.high is not None
    for part in (0, 0.3, 1):
        ratio = ((low1 + part * (high1 - low1)) / d1) / ((high0 - part * (high0 - low0)) / d0)
        assert found.low * (1 - 1e-9) <= ratio <= found.high * (1 + 1e-9)


def test_an_open_figure_leaves_the_envelope_open() -> None:
    assert envelope(10, None, 5, 8, (1, 1)).high is None
    assert envelope(10, 12, 5, None, (1, 1)).low is None
    assert envelope(10, 12, 0, 8, (1, 1)).high is None


def test_small_bases_get_no_percent() -> None:
    assert [percent_change_allowed(n) for n in (0, SMALLEST_BASE - 1, SMALLEST_BASE)] == [False, False, True]


# ---------------------------------------------------------------- placebos


ratios = st.floats(0.01, 100)


@given(ratios, st.lists(st.none() | ratios, max_size=40))
def test_a_ratio_and_its_inverse_rank_the_same(real: float, others: list[float | None]) -> None:
    rank = placebo_rank(real, others)
    turned = placebo_rank(1 / real, [each and 1 / each for each in others])
    assert (rank.at_least, rank.told, rank.untold) == (turned.at_least, turned.told, turned.untold)
    assert 0 < rank.share <= 1 and rank.told + rank.untold == len(others)
    assert placebo_rank(real, [*others, real]).at_least == rank.at_least + 1


def test_the_real_date_counts_itself_and_a_window_gone_quiet_is_farthest() -> None:
    assert placebo_rank(2.0, [1.1] * 19).share == pytest.approx(1 / 20)
    assert placebo_rank(2.0, [0.0, 1.0]).at_least == 1
    assert placebo_rank(2.0, []).share == 1.0


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(shares: list[float]) -> None:
    from statsmodels.stats.multitest import multipletests

    assert correct_shares(shares) == pytest.approx(tuple(multipletests(shares, method="holm")[1]))


# ---------------------------------------------------------------- whether it holds


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_a_made_up_conflict_has_the_ratio_that_it_is_said_to_have(scenario: Scenario) -> None:
    made = make_runs(scenario, 91, 1.3, 400, np.random.default_rng(2))
    after, before = made.events_after.sum(), made.events_before.sum()
    assert after / before == pytest.approx(1.3, rel=0.1)
    assert after / 400 / 13 == pytest.approx(scenario.weekly, rel=0.1)
    assert set(made.deaths_before[made.events_before == 0]) == {0.0}


def test_the_measure_tells_a_line_for_each_setting_and_one_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    tell_coverage(4, ["hard"])
    *table, figures = capsys.readouterr().out.splitlines()
    assert len(table) == 24 and all("naive Poisson" in line for line in table)
    assert json.loads(figures)["figures"]["sparse, 13 weeks, 1.0, deaths"]["ours"] in (0, 0.25, 0.5, 0.75, 1)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [each for each in SCENARIOS if each.kind == "main"], ids=lambda each: each.name)
def test_ninety_five_percent_intervals_hold_the_truth_about_that_often(scenario: Scenario) -> None:
    for measure, covers in measure_covers(Setting(scenario=scenario, weeks=26, ratio=1.3), 400).items():
        assert 0.91 <= covers["ours"].share <= 0.98, (measure, covers["ours"])
        assert covers["naive Poisson"].share < 0.8, "the scenario is too easy to tell anything"
