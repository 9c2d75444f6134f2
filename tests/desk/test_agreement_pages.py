"""The agreement page: its figures are those of the measures, undefined is told, the CSV holds what is shown."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_reading import decide, draft, finish_first, finish_second, reading_team
from team_desk import Team

from conflictdesk.desk.agreement_view import AskedAgreement, tabulate, write_csv
from conflictdesk.desk.double_coded import Measured, PairShelf, share_agreed
from conflictdesk.review.agreement import AGREED_FIELDS, CodedPair, measure_agreement


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with reading_team(tmp_path / "desk", always_second=True) as made:
        yield made


def words_of(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def make_pairs(number: int, field: str = "deaths") -> tuple[CodedPair, ...]:
    """Invented pairs of two coders over so many articles; every third differs by one."""
    return tuple(
        CodedPair(
            article_id=f"a-{n}",
            incident=(f"m-{n}", f"n-{n}"),
            field=field,
            ours=str(n % 7),
            theirs=str(n % 7 + (n % 3 == 0)),
            coder_a="ann",
            coder_b="ben" if n % 2 else "=cleo",
            month="2024-03" if n < number // 2 else "2024-04",
            mode="blind",
            language="en",
        )
        for n in range(number)
    )


def test_nothing_coded_twice_is_told_as_undefined(team: Team) -> None:
    told = words_of(team.of("vera").get("/agreement").text)
    assert "0 articles" in told and "undefined: no pair was coded by both" in told


def test_an_article_coded_twice_gives_figures_with_a_caution_and_its_cases(team: Team) -> None:
    finish_first(team, "ferry")
    finish_second(team)
    page = team.of("vera").get("/agreement").text
    told = words_of(page)
    assert "1 article " in told and "F1 0.67" in told and "fewer than 10 pairs" in told
    assert "both coders give one and the same value" in told
    assert 'href="/agreement/cases?field=injured"' in page
    cases = words_of(team.of("vera").get("/agreement/cases?field=injured").text)
    assert "Clash at the old mill 5 not stated different" in cases
    found = words_of(team.of("vera").get("/agreement/cases?field=incident").text)
    assert "found not found different" in found


def test_the_figures_follow_what_is_decided_later_and_cost_nothing_when_nothing_is(team: Team) -> None:
    shelf, store = PairShelf(), team.desk.store
    assert shelf.read(store).articles == 0
    finish_first(team, "ferry")
    finish_second(team)
    first = shelf.read(store)
    assert first.articles == 1 and shelf.read(store) is first
    decide(team, "rosa", draft("a-ferry", "flag", kind="article", article_id="a-ferry", reason="sure?"))
    assert shelf.read(store).pairs == first.pairs == PairShelf().read(store).pairs
    decide(team, "rosa", draft("a-ferry", "reopen", kind="article", article_id="a-ferry"))
    assert shelf.read(store).articles == 0


def test_more_than_a_request_can_measure_is_measured_beside_it(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    finish_first(team, "ferry")
    finish_second(team)
    monkeypatch.setattr("conflictdesk.desk.double_coded.MOST_AT_ONCE", 0)
    assert "to go" in words_of(team.of("vera").get("/agreement").text)
    assert team.of("vera").get("/agreement.csv").status_code == 503
    assert "still being measured" in words_of(team.of("lena").get("/adjudicate").text)
    monkeypatch.setattr("conflictdesk.desk.double_coded.MOST_AT_ONCE", 1)
    for _ in range(200):
        told = words_of(team.of("vera").get("/agreement").text)
        if "F1" in told:
            break
    assert "F1 0.67" in told


@pytest.mark.parametrize("number", (0, 3, 40))
def test_the_csv_holds_exactly_what_is_shown(number: int) -> None:
    measured = Measured(make_pairs(number), number, 0)
    asked = AskedAgreement(by="coders")
    tables = tabulate(measured, asked)
    rows = list(csv.DictReader(io.StringIO(write_csv(tables, asked))))
    assert len(rows) == 1 + len(AGREED_FIELDS) + 2 * len(tables.parts)
    shown = next(row for row in tables.rows if row.field == "deaths")
    told = next(row for row in rows if row["name"] == shown.title and row["table"] == "all")
    assert (told["alpha_or_f1"], told["interval"], told["kappa"], told["pairs"]) == (
        shown.alpha,
        shown.interval,
        shown.kappa,
        str(shown.n),
    )
    real = measure_agreement(make_pairs(number), field="deaths")
    assert shown.alpha == ("undefined" if real.alpha is None else f"{real.alpha:.2f}".replace("-", "−"))
    assert not any(row["name"][:1] in "=+-@" for row in rows)
    assert ("anecdote" in told["remarks"]) == (0 < number < 10)


def test_a_choice_of_coders_month_and_mode_narrows_the_pairs() -> None:
    measured = Measured(make_pairs(40), 40, 0)

    def pairs_of(asked: AskedAgreement) -> int:
        return next(row.n for row in tabulate(measured, asked).rows if row.field == "deaths")

    assert pairs_of(AskedAgreement()) == 40
    assert pairs_of(AskedAgreement(coders="ann & ben")) == 20
    assert pairs_of(AskedAgreement(month="2024-03")) == 20
    assert pairs_of(AskedAgreement(mode="assisted")) == 0


def test_the_share_agreed_leaves_out_what_one_did_not_code() -> None:
    pairs = make_pairs(3)
    assert share_agreed(pairs) == pytest.approx(2 / 3)
    assert share_agreed(()) is None


def test_a_question_that_makes_no_sense_is_refused(team: Team) -> None:
    assert team.of("vera").get("/agreement?by=moon").status_code == 400
    assert team.of("vera").get("/agreement?field=colour").status_code == 400
