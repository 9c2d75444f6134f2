"""The queue: every view of it gives the rows that meet its conditions, in order, page by page, rightly counted."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from dataclasses import replace

import pytest
from store_rows import DAY, add_article, make_case
from store_rows import store as store

from conflictdesk.casework import Case, CaseFilter, CaseStatus, QueueOrder, place_case
from conflictdesk.store.opening import Store

STATUS: tuple[CaseStatus, ...] = ("new", "open", "coded")
ORDERS: tuple[QueueOrder, ...] = ("priority", "newest", "oldest", "deaths")


def make_queue() -> list[Case]:
    """Sixty rows with many equal keys, unknown days, tolls and sources."""
    return [
        replace(
            make_case(f"{n:02d}", STATUS[n % 3], priority=float(n % 5) / 3),
            title=f"{'Mill' if n % 2 else 'Bridge'} attacked, {n} dead",
            source=(None, "The Ferry", "Mill Post")[n % 3 if n % 4 else 0],
            language=("en", "ar")[n % 7 == 0],
            published_on=DAY + dt.timedelta(days=n % 6) if n % 5 else None,
            max_deaths=n % 4 if n % 3 else None,
            flagged=n % 10 == 0,
            coded_by=("ann",) if n % 2 else (),
            second_by=("bob",) if n % 3 == 0 else (),
            added_on=DAY + dt.timedelta(days=n % 3) if n % 8 else None,
        )
        for n in range(60)
    ]


@pytest.fixture
def queue(store: Store) -> list[Case]:
    rows = make_queue()
    with store.writing() as writer:
        for case in rows:
            name = case.article_id.removeprefix("a-")
            add_article(writer, name, title=case.title, published_on=case.published_on)
        writer.put_cases([replace(case, status="skipped", source="Old", coded_by=("eve",)) for case in rows[:20]])
        writer.put_cases(rows)
    return rows


def meets(case: Case, view: CaseFilter) -> bool:
    hands = (*case.coded_by, *case.second_by)
    return (
        (not view.status or case.status in view.status)
        and view.source in (None, case.source)
        and view.language in (None, case.language)
        and view.flagged in (None, case.flagged)
        and (view.text is None or view.text.lower() in case.title.lower())
        and (view.mine is None or view.mine in hands)
        and (view.not_by is None or view.not_by not in hands)
        and (view.min_deaths is None or (case.max_deaths is not None and case.max_deaths >= view.min_deaths))
        and (view.stale_before is None or (case.added_on is not None and case.added_on < view.stale_before))
    )


VIEWS = [
    CaseFilter(),
    CaseFilter(status=("new",)),
    CaseFilter(status=("new", "open", "disputed")),
    CaseFilter(source="The Ferry", language="en"),
    CaseFilter(source="nobody"),
    CaseFilter(text="mill"),
    CaseFilter(text="brid"),
    CaseFilter(mine="ann"),
    CaseFilter(mine="bob", not_by="ann"),
    CaseFilter(flagged=True),
    CaseFilter(flagged=False, min_deaths=0),
    CaseFilter(min_deaths=2, stale_before=DAY + dt.timedelta(days=1)),
    CaseFilter(mine="eve"),
]


def test_pages_of_every_view_hold_each_row_once_and_in_order(store: Store, queue: list[Case]) -> None:
    with store.reading() as reader:
        for order, asked in itertools.product(ORDERS, VIEWS):
            view = replace(asked, order=order, limit=7)
            wanted = [case for case in queue if meets(case, view)]
            wanted.sort(key=lambda case: place_case(case, view.order), reverse=order != "oldest")
            found: list[Case] = []
            while True:
                page, total = reader.list_cases(view)
                assert total == len(wanted), view
                found += page
                if len(page) < 7:
                    break
                view = replace(view, after=place_case(page[-1], order))
            assert found == wanted, view


def test_rows_without_a_day_or_toll_stand_last(store: Store, queue: list[Case]) -> None:
    with store.reading() as reader:
        for order in ("newest", "oldest"):
            days = [case.published_on for case in reader.list_cases(CaseFilter(order=order, limit=99))[0]]
            assert None not in days[:48] and set(days[48:]) == {None}
        tolls = [case.max_deaths for case in reader.list_cases(CaseFilter(order="deaths", limit=99))[0]]
        assert tolls[0] == 3 and tolls[40:] == [None] * 20


def test_every_view_is_counted_by_what_else_could_be_chosen(store: Store, queue: list[Case]) -> None:
    with store.reading() as reader:
        for view in VIEWS:
            counts = reader.count_cases(view)
            assert counts.total == sum(meets(case, view) for case in queue), view
            assert counts.status == Counter(c.status for c in queue if meets(c, replace(view, status=()))), view
            assert counts.sources == Counter(c.source for c in queue if meets(c, replace(view, source=None))), view
            assert counts.languages == Counter(c.language for c in queue if meets(c, replace(view, language=None))), (
                view
            )
            quick = reader.count_cases(view, by_status=False)
            assert (quick.total, quick.sources, quick.languages) == (counts.total, counts.sources, counts.languages)


def test_the_queue_is_counted_rightly_after_changes(store: Store, queue: list[Case]) -> None:
    with store.writing() as writer:
        writer.put_cases([replace(case, status="coded") for case in queue if case.status == "new"])
        assert writer.count_cases().status == {"coded": 40, "open": 20}
        assert writer.case("a-00") == replace(queue[0], status="coded")
        assert writer.case("a-none") is None
        writer.clear_projections()
        assert writer.count_cases().total == 0 and writer.list_cases(CaseFilter()) == ([], 0)
        writer.put_cases(queue)
        assert writer.count_cases().total == 60


def test_a_title_is_searched_by_words_and_never_by_signs(store: Store, queue: list[Case]) -> None:
    with store.reading() as reader:
        for text in ('"', "mill OR bridge", "mill*", "title:mill", "'); DROP TABLE cases; --", "mill \x00", "\ud800"):
            cases, total = reader.list_cases(CaseFilter(text=text))
            assert len(cases) == total
        assert reader.list_cases(CaseFilter(text="!!!")) == ([], 0)
        assert reader.list_cases(CaseFilter(text="  "))[1] == 60
        assert reader.list_cases(CaseFilter(text="said"))[1] == 0
