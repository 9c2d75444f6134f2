"""One article as the page gets it: segments, JSON inside a page, numbers that do not change."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.casework import SentenceNote, StoredCoding
from conflictdesk.decisions import FIELDS, Decision, Quoted
from conflictdesk.desk.case_view import cut_segments, number_incidents, view_case, write_script_json
from conflictdesk.records import Actor, Article, Estimate, Mention, Span
from conflictdesk.review.folding import fold_article, new_mention_id

TEXT = "Two die\n\nA bomb 🔥 killed two in Kano. Guards shot one man.\n"
FIRST, SECOND = Span(9, 37), Span(38, 57)


def make_article(text: str = TEXT) -> Article:
    return Article(
        article_id="a-1",
        page_id="p-1",
        page="one.txt",
        external_id="one",
        title="Two die",
        text=text,
        published_on=dt.date(2024, 3, 4),
        published_basis="stated",
        language="en",
    )


def make_coding() -> StoredCoding:
    bomb = Mention(
        mention_id="m-bomb",
        article_id="a-1",
        event_type="Explosions/Remote violence",
        sub_event_type="Remote explosive/landmine/IED",
        deaths=Estimate.exactly(2),
        evidence={"event_type": (Span(9, 15),), "deaths": (Span(18, 28),)},
        confidence={"deaths": 0.9, "event": 0.8},
    )
    shot = Mention(
        mention_id="m-shot",
        article_id="a-1",
        event_type="Violence against civilians",
        sub_event_type="Attack",
        actor1=Actor(name="Guards", kind="State forces"),
        evidence={"event_type": (Span(45, 49),), "actor1": (Span(38, 44),)},
    )
    notes = [
        SentenceNote(index=n, paragraph=min(n, 1), start=s.start, end=s.end, verdict="event", rule="r", cue=n > 0)
        for n, s in enumerate((Span(0, 7), FIRST, SECOND))
    ]
    # The machine's order is not the text's: the numbers must be.
    return StoredCoding(
        coding_id="k-1",
        article_id="a-1",
        coder="rules",
        after_decision=0,
        mentions=(shot, bomb),
        claims=(),
        sentences=tuple(notes),
    )


def decide(seq: int, **more: object) -> Decision:
    told: dict[str, object] = {
        "decision_id": f"d-{seq:08d}",
        "subject_kind": "mention",
        "subject_id": "m-bomb",
        "action": "accept",
        "by": "ana",
        "at": dt.datetime(2024, 3, 5, tzinfo=dt.UTC),
        "article_id": "a-1",
        "seq": seq,
    }
    return Decision(**{**told, **more})  # type: ignore[arg-type]


def quote(span: Span) -> Quoted:
    return Quoted(start=span.start, end=span.end, quote=span.quote(TEXT), prefix="", suffix="", sentence=1)


@given(
    st.integers(0, 40).flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, start + 60))),
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(1, 30), st.integers(1, 4), st.sampled_from(FIELDS[:-1])), max_size=12
    ),
)
def test_segments_joined_are_the_sentence_and_each_has_one_set_of_marks(
    borders: tuple[int, int], told: list[tuple[int, int, int, str]]
) -> None:
    sentence = Span(*borders)
    marks = [(Span(start, start + length), number, name) for start, length, number, name in told]
    segments = json.loads(json.dumps(cut_segments(sentence, marks)))
    assert [segments[0][0], segments[-1][1]] == [sentence.start, sentence.end]
    assert all(one[1] == other[0] for one, other in pairwise(segments))
    for start, end, on in segments:
        for at in range(start, end):
            assert {(n, f) for n, f in on} == {(n, f) for span, n, f in marks if span.start <= at < span.end}


@given(st.text())
def test_json_inside_a_page_is_read_back_and_cannot_end_its_element(text: str) -> None:
    written = write_script_json({"text": text + "</script><!--<script>"})
    assert "<" not in written
    assert json.loads(written) == {"text": text + "</script><!--<script>"}


def test_the_case_tells_sentences_incidents_and_what_a_person_made_of_them() -> None:
    words = (quote(Span(18, 28)),)
    value = '{"best":3,"high":3,"low":3}'
    told = [decide(1, action="change", field="deaths", after=value, reason="unsure", evidence=words)]
    shown = json.loads(json.dumps(view_case(fold_article(make_article(), make_coding(), told), user="ana")))
    assert [one["id"] for one in shown["incidents"]] == ["m-bomb", "m-shot"]
    assert [one["number"] for one in shown["incidents"]] == [1, 2]
    deaths = shown["incidents"][0]["fields"]["deaths"]
    assert (deaths["state"], deaths["value"]["best"], deaths["suggestion"]["best"]) == ("changed", 3, 2)
    assert (deaths["sure"], deaths["by"], deaths["score"]) == ("unsure", "ana", 0.9)
    assert shown["sentences"][1]["text"] == "A bomb 🔥 killed two in Kano."
    assert shown["sentences"][1]["segments"][0] == [9, 15, [[1, "event_type"]]]
    assert shown["standing"][0]["decision_id"] == "d-00000001"


def test_numbers_stay_when_evidence_moves_or_an_incident_is_added_before() -> None:
    moved = decide(1, action="change", field="event_type", after='"Grenade"', evidence=(quote(SECOND),))
    added = decide(2, action="add", subject_id=new_mention_id("d-00000002"), evidence=(quote(Span(0, 7)),))
    file = fold_article(make_article(), make_coding(), [moved, added])
    assert [(n, m.mention_id) for n, m in number_incidents(file.mentions)] == [
        (1, "m-bomb"),
        (2, "m-shot"),
        (3, new_mention_id("d-00000002")),
    ]
    shown = json.loads(json.dumps(view_case(file, user="ana")))
    assert shown["incidents"][2]["spans"] == [[0, 7]]


def test_an_article_that_nobody_coded_has_its_sentences() -> None:
    shown = json.loads(json.dumps(view_case(fold_article(make_article(), None, []), user="ana")))
    assert [s["text"] for s in shown["sentences"]] == [
        "Two die",
        "A bomb 🔥 killed two in Kano.",
        "Guards shot one man.",
    ]
    assert shown["incidents"] == []
