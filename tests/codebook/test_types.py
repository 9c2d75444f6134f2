"""The codebook of event types: what it holds, how it ranks, and how it tells its faults."""

import itertools
import tomllib
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.codebook.precision import load_precisions, parse_precisions
from conflictdesk.codebook.reference import write_reference
from conflictdesk.codebook.types import (
    LEAST_COUNTER_EXAMPLES,
    LEAST_EXAMPLES,
    CivilianTarget,
    load_event_types,
    load_kinds_of_nothing,
    parse_event_types,
    parse_kinds_of_nothing,
)
from conflictdesk.errors import CodebookError

HIERARCHY = (
    ("Battles", "Government regains territory"),
    ("Battles", "Non-state actor overtakes territory"),
    ("Battles", "Armed clash"),
    ("Protests", "Excessive force against protesters"),
    ("Protests", "Protest with intervention"),
    ("Protests", "Peaceful protest"),
    ("Riots", "Violent demonstration"),
    ("Riots", "Mob violence"),
    ("Explosions/Remote violence", "Chemical weapon"),
    ("Explosions/Remote violence", "Air/drone strike"),
    ("Explosions/Remote violence", "Suicide bomb"),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("Explosions/Remote violence", "Remote explosive/landmine/IED"),
    ("Explosions/Remote violence", "Grenade"),
    ("Violence against civilians", "Sexual violence"),
    ("Violence against civilians", "Attack"),
    ("Violence against civilians", "Abduction/forced disappearance"),
    ("Strategic developments", "Agreement"),
    ("Strategic developments", "Arrests"),
    ("Strategic developments", "Change to group/activity"),
    ("Strategic developments", "Disrupted weapons use"),
    ("Strategic developments", "Headquarters or base established"),
    ("Strategic developments", "Looting/property destruction"),
    ("Strategic developments", "Non-violent transfer of territory"),
    ("Strategic developments", "Other"),
)
KINDS = [
    "plan",
    "threat",
    "denial",
    "hypothetical",
    "exercise",
    "sport",
    "film",
    "labour_negotiation",
    "accident",
    "natural_disaster",
    "ordinary_crime",
    "court_case",
    "anniversary",
    "statistics",
]
NAMES = tuple(name for _, name in HIERARCHY)
DOCS = Path(__file__).parents[2] / "docs"

ENTRY = """
[[event_type]]
rank = {rank}
event_type = "Made-up"
name = "{name}"
disorder_type = ["Made-up"]
civilian_target = "{target}"
turns_into = {turns_into}
definition = "A made-up definition."
takes_over = "Nothing."
examples = {examples}
counter_examples = {counters}
"""


def entry(rank: int, name: str, target: str = "never", turns_into: str = "[]", becomes: str = "none") -> str:
    examples = [f"{name} example {number}" for number in range(LEAST_EXAMPLES)]
    counters = ", ".join(
        f'{{ sentence = "{name} counter {number}", becomes = "{becomes}", reason = "made up" }}'
        for number in range(LEAST_COUNTER_EXAMPLES)
    )
    return ENTRY.format(
        rank=rank, name=name, target=target, turns_into=turns_into, examples=examples, counters=f"[{counters}]"
    )


def book_of(*entries: str) -> str:
    return "published_on = 2023-06-15\n" + "".join(entries)


def faults_of(text: str) -> list[str]:
    with pytest.raises(CodebookError) as caught:
        parse_event_types(text, "made-up.toml")
    return str(caught.value).splitlines()


# ---------------------------------------------------------------- the codebook that ships


def test_the_hierarchy_has_25_sub_types_in_order() -> None:
    types = load_event_types().types
    assert tuple((entry.event_type, entry.sub_event_type) for entry in types) == HIERARCHY
    assert [entry.rank for entry in types] == list(range(1, 26))


def test_only_excessive_force_has_two_disorder_types() -> None:
    double = {entry.sub_event_type: entry.disorder_type for entry in load_event_types().types}
    assert {name: kinds for name, kinds in double.items() if len(kinds) != 1} == {
        "Excessive force against protesters": ("Political violence", "Demonstrations")
    }
    assert double["Violent demonstration"] == ("Demonstrations",)
    assert double["Mob violence"] == ("Political violence",)


def test_every_sub_type_has_its_sentences_and_a_way_out_of_itself() -> None:
    for row in load_event_types().types:
        assert len(row.examples) >= LEAST_EXAMPLES, row.sub_event_type
        assert len(row.counter_examples) >= LEAST_COUNTER_EXAMPLES, row.sub_event_type
        assert row.civilian_target in get_args(CivilianTarget)
        assert any(item.becomes is not None for item in row.counter_examples), row.sub_event_type


def test_civilians_are_always_the_target_of_violence_against_civilians() -> None:
    always = {row.sub_event_type for row in load_event_types().types if row.civilian_target == "always"}
    assert always == {
        "Excessive force against protesters",
        "Sexual violence",
        "Attack",
        "Abduction/forced disappearance",
    }


def test_the_kinds_of_nothing_are_all_there() -> None:
    kinds = load_kinds_of_nothing()
    assert [kind.kind for kind in kinds] == KINDS
    assert all(len(kind.examples) >= LEAST_EXAMPLES for kind in kinds)


def test_no_sentence_stands_twice_in_the_whole_file() -> None:
    sentences = [sentence for row in load_event_types().types for sentence in row.examples]
    sentences += [item.sentence for row in load_event_types().types for item in row.counter_examples]
    sentences += [sentence for kind in load_kinds_of_nothing() for sentence in kind.examples]
    assert len(sentences) > 200
    assert sorted(sentences) == sorted(set(sentences))


def test_the_codebook_is_read_once() -> None:
    assert load_event_types() is load_event_types()


# ---------------------------------------------------------------- ranking


@pytest.mark.parametrize(
    ("told", "coded"),
    [
        (["Peaceful protest", "Violent demonstration"], "Violent demonstration"),
        (["Protest with intervention", "Violent demonstration", "Arrests"], "Violent demonstration"),
        (["Peaceful protest", "Excessive force against protesters"], "Excessive force against protesters"),
        (["Abduction/forced disappearance", "Attack"], "Attack"),
        (["Remote explosive/landmine/IED", "Armed clash", "Air/drone strike"], "Armed clash"),
        (["Disrupted weapons use", "Shelling/artillery/missile attack"], "Shelling/artillery/missile attack"),
        (["Other"], "Other"),
    ],
)
def test_the_highest_of_several_tactics_is_coded(told: list[str], coded: str) -> None:
    assert load_event_types().highest(told) == coded


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
def test_the_highest_outranks_all_others_whatever_the_order(told: list[str]) -> None:
    book = load_event_types()
    best = book.highest(told)
    assert best in told
    assert best == book.highest(list(reversed(told)))
    assert all(book.outranks(best, other) for other in told if other != best)


def test_of_two_sub_types_exactly_one_outranks_the_other() -> None:
    book = load_event_types()
    for left, right in itertools.combinations(NAMES, 2):
        assert book.outranks(left, right) != book.outranks(right, left)
    assert not any(book.outranks(name, name) for name in NAMES)


def test_unknown_names_and_empty_questions_are_refused() -> None:
    with pytest.raises(CodebookError, match="no sub-type is called 'Air strike'"):
        load_event_types().by_name("Air strike")
    with pytest.raises(CodebookError, match="at least one"):
        load_event_types().highest([])


# ---------------------------------------------------------------- faults


def test_a_sound_file_is_read() -> None:
    book = parse_event_types(book_of(entry(1, "First", becomes="Second"), entry(2, "Second")), "made-up.toml")
    assert [row.sub_event_type for row in book.types] == ["First", "Second"]
    assert book.by_name("First").counter_examples[0].becomes == "Second"
    assert book.by_name("Second").counter_examples[0].becomes is None


def test_every_fault_is_told_at_once_with_file_entry_and_mend() -> None:
    text = book_of(entry(7, "First", target="sometimes", becomes="Nowhere"), entry(2, "Second", turns_into="['Third']"))
    text = text.replace("published_on = 2023-06-15", "published_on = 'in June'").replace("'Second example 0', ", "")
    lines = faults_of(text)
    assert all(line.startswith("made-up.toml: ") and ";" in line for line in lines)
    wanted = [
        ("published_on", "not a day"),
        ("First", "rank is 7"),
        ("First", "civilian_target is 'sometimes'"),
        ("First", "becomes names 'Nowhere'"),
        ("Second", "examples has 3"),
        ("Second", "turns_into names 'Third'"),
    ]
    for name, fault in wanted:
        assert any(line.startswith(f"made-up.toml: {name}: ") and fault in line for line in lines), (name, lines)


@pytest.mark.parametrize("key", ["event_type", "name", "definition", "takes_over"])
def test_a_missing_text_is_a_fault(key: str) -> None:
    text = "\n".join(line for line in book_of(entry(1, "First")).splitlines() if not line.startswith(f"{key} ="))
    assert any(f"{key} is missing or empty" in line for line in faults_of(text))


def test_a_sentence_twice_is_a_fault_that_names_both_entries() -> None:
    text = book_of(entry(1, "First"), entry(2, "Second")).replace("Second example 1", "First example 1")
    assert any(line.startswith("made-up.toml: Second: ") and "also stands at First" in line for line in faults_of(text))


def test_a_name_twice_is_a_fault() -> None:
    assert any("First: is there twice" in line for line in faults_of(book_of(entry(1, "First"), entry(2, "First"))))


def test_an_entry_may_not_point_at_itself() -> None:
    assert any("becomes names the entry itself" in line for line in faults_of(book_of(entry(1, "A", becomes="A"))))


def test_ranks_that_go_in_a_circle_are_a_fault() -> None:
    circle = book_of(entry(1, "First", turns_into="['Third']"), entry(2, "Second"), entry(3, "Third"))
    assert any("circle" in line for line in faults_of(circle))


def test_text_that_is_not_toml_is_told_with_its_line() -> None:
    assert "line 2" in faults_of("published_on = 2023-06-15\n[[event_type\n")[0]


def test_a_kind_of_nothing_needs_its_sentences() -> None:
    with pytest.raises(CodebookError, match=r"not_events\.plan: examples has 1") as caught:
        parse_kinds_of_nothing("[not_events.plan]\nexamples = ['One.']\n", "made-up.toml")
    assert "definition is missing" in str(caught.value)


# ---------------------------------------------------------------- precision and the reference page


def test_both_precision_scales_run_from_1_to_4_and_grow_coarser() -> None:
    for scale in ("date", "place"):
        steps = load_precisions(scale)
        assert [step.code for step in steps] == [1, 2, 3, 4]
        assert all(finer.nearest_ucdp < coarser.nearest_ucdp for finer, coarser in itertools.pairwise(steps))
    assert [step.interval_days for step in load_precisions("date")] == [1, 7, 31, None]


def test_precision_faults_are_told_at_once() -> None:
    text = "[[date]]\ncode = 4\nmeaning = 'x'\nucdp = [1]\nnearest_ucdp = 2\ninterval_days = 0\n"
    with pytest.raises(CodebookError) as caught:
        parse_precisions(text, "made-up.toml", "date")
    assert len(str(caught.value).splitlines()) == 3


def test_the_reference_page_is_the_one_made_from_the_data() -> None:
    page = write_reference(load_event_types(), load_kinds_of_nothing())
    assert (DOCS / "reference" / "codebook.md").read_text(encoding="utf-8") == page, (
        "run: python -m conflictdesk.codebook.reference > docs/reference/codebook.md"
    )


def test_the_file_holds_no_key_that_nobody_reads() -> None:
    text = resources.files("conflictdesk.codebook").joinpath("event_types.toml").read_text(encoding="utf-8")
    keys = {key for row in tomllib.loads(text)["event_type"] for key in row}
    assert keys == {
        "rank",
        "event_type",
        "name",
        "disorder_type",
        "civilian_target",
        "turns_into",
        "definition",
        "takes_over",
        "examples",
        "counter_examples",
    }
