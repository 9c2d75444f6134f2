"""The command line as a person meets it: what each command prints, writes, and says when it cannot."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_pages import GOMA, KANO, MOSUL, SOURCE, Coded, Desk, Row, read_rows, write_good_pages

import conflictdesk
from conflictdesk.cli import main
from conflictdesk.locate.gazetteer import FileGazetteer
from conflictdesk.pipeline import Tools

FILES = (
    *("articles.jsonl", "claims.jsonl", "events.csv", "events.geojson"),
    *("events.jsonl", "problems.jsonl", "report.html"),
)
EVENT = (
    "event_id event_type sub_event_type disorder_type date_start date_end date_precision actor1 actor1_kind actor2 "
    "actor2_kind associated_actors civilian_targeting country iso3 admin1 admin2 location latitude longitude "
    "place_precision place_radius_km gazetteer_id deaths injured figures attribution inferred "
    "cannot_tell confidence status disputed mentions"
)
MENTION = "mention_id article_id external_id article_title published_on source coder evidence"
CLAIM = "claim_id article_id external_id by of measure value value_is from to said_by evidence"
ARTICLE = "article_id external_id page title text published_on published_basis language source url duplicate_of"
PROBLEM = "stage subject kind detail file line"
EVENT_ID = re.compile(r"\be-[0-9a-f]{12}\b")
Said = tuple[int, str, str]
Here = Callable[..., Said]


@pytest.fixture
def here(tools: Tools, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Here:
    """The command in this process, its parts loaded once: exit code, stdout, stderr."""
    monkeypatch.setattr("conflictdesk.pipeline.open_tools", lambda *_, **__: tools)

    def run(*arguments: str | Path) -> Said:
        capfd.readouterr()
        code = main([str(a) for a in arguments])
        said = capfd.readouterr()
        return code, said.out, said.err

    return run


def listing(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# ---------------------------------------------------------------- a first look


def test_no_arguments_give_three_lines_on_what_to_do_next(desk: Desk) -> None:
    done = desk()
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr, len(lines)) == (0, b"", 3)
    assert "conflictdesk code" in lines[0] and "conflictdesk show" in lines[1] and "--help" in lines[2]


def test_help_names_every_command_and_comes_at_once(desk: Desk) -> None:
    began = time.monotonic()
    done = desk("--help")
    assert time.monotonic() - began < 1
    assert done.returncode == 0
    assert all(word in done.stdout.decode() for word in ("code", "show", "why", "gazetteer"))
    options = desk("code", "--help").stdout.decode()
    assert all(word in options for word in ("--out", "--coder", "--published", "--strict", ".jsonl", ".gz"))


def test_nothing_heavy_is_loaded_before_it_is_asked_for() -> None:
    asked = "import sys, conflictdesk, conflictdesk.cli; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", asked], env={"PYTHONPATH": str(SOURCE)}, capture_output=True, check=True
    )
    loaded = set(said.stdout.decode().split())
    assert not loaded & {"spacy", "numpy", "pydantic", "rich", "jinja2", "lxml", "conflictdesk.pipeline"}


def test_the_face_has_every_name_it_promises() -> None:
    assert len(conflictdesk.__all__) <= 20
    assert all(getattr(conflictdesk, name) is not None for name in conflictdesk.__all__)
    assert set(conflictdesk.__all__) <= set(dir(conflictdesk))
    with pytest.raises(AttributeError, match="no_such_verb"):
        _ = conflictdesk.no_such_verb


@pytest.mark.parametrize("arguments", [("code",), ("code", "x.txt"), ("fly",), ("show", "out")])
def test_a_command_that_is_not_whole_ends_with_2(desk: Desk, arguments: tuple[str, ...]) -> None:
    done = desk(*arguments)
    assert done.returncode == 2 and done.stdout == b"" and b"usage: conflictdesk" in done.stderr


@pytest.mark.parametrize("day", ["2021-13-01", "26.9.2021", "20210926", "2021-W39-7", "0", ""])
def test_published_must_be_a_day(desk: Desk, day: str) -> None:
    done = desk("code", "x.txt", "--out", "out", "--published", day)
    assert done.returncode == 2 and b"is not a day like 2021-09-26" in done.stderr


# ---------------------------------------------------------------- code: what is read and written


def test_files_folders_gzip_and_standard_input_are_read(coded: Coded) -> None:
    read = {str(a["external_id"]) for a in coded.articles}
    assert {"mosul", "goma", "kano", "taiz-1", "lyon-1", "piped"} <= read


def test_the_folder_holds_the_promised_files_and_no_other(coded: Coded) -> None:
    assert listing(coded.out) == sorted(FILES)


def test_every_line_has_the_promised_keys_in_their_order(coded: Coded) -> None:
    claims = read_rows(coded.out / "claims.jsonl")
    for rows, keys in (
        *((coded.events, EVENT), (claims, CLAIM)),
        *((coded.articles, ARTICLE), (coded.problems, PROBLEM)),
    ):
        assert rows and {tuple(row) for row in rows} == {tuple(keys.split())}
    assert all(list(m) == MENTION.split() for event in coded.events for m in mentions_of(event))


def mentions_of(event: Row) -> list[Row]:
    held = event["mentions"]
    assert isinstance(held, list)
    return held


def test_every_quote_stands_in_its_article_at_its_place(coded: Coded) -> None:
    texts = {a["article_id"]: str(a["text"]) for a in coded.articles}
    quotes = 0
    for event in coded.events:
        for mention in mentions_of(event):
            evidence = mention["evidence"]
            assert isinstance(evidence, dict) and evidence["event_type"]
            for span in (span for held in evidence.values() for span in held):
                assert texts[mention["article_id"]][span["start"] : span["end"]] == span["quote"]
                quotes += 1
    assert quotes > 10


def test_unknown_deaths_are_blank_and_never_zero(coded: Coded) -> None:
    with (coded.out / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["event_id_cnty"]: row for row in csv.DictReader(file)}
    assert all(len(row) == 31 for row in rows.values())
    said = {str(e["event_id"]): e["deaths"] for e in coded.events}
    assert None in said.values() and any(said.values())
    for event_id, deaths in said.items():
        assert rows[event_id]["fatalities"] == (str(deaths["best"]) if isinstance(deaths, dict) else "")


def test_the_map_file_has_a_feature_for_each_event(coded: Coded) -> None:
    made = json.loads((coded.out / "events.geojson").read_text("utf-8"))
    points = {f["id"]: f["geometry"] and f["geometry"]["coordinates"] for f in made["features"]}
    assert points == {
        e["event_id"]: None if e["latitude"] is None else [e["longitude"], e["latitude"]] for e in coded.events
    }


def test_each_event_stands_in_the_table_in_order_of_days(coded: Coded) -> None:
    listed = EVENT_ID.findall(coded.stdout)
    assert sorted(listed) == sorted(str(e["event_id"]) for e in coded.events)
    days = {str(e["event_id"]): str(e["date_start"] or "9999") for e in coded.events}
    assert [days[i] for i in listed] == sorted(days.values())


def test_the_last_lines_count_what_the_files_hold(coded: Coded) -> None:
    counts, report = coded.stdout.splitlines()[-2:]
    found = {name.rstrip("s"): int(n) for n, name in (part.split() for part in counts.split(", "))}
    assert list(found) == ["page", "article", "mention", "event", "claim", "problem"]
    assert found["article"] == len(coded.articles)
    assert found["event"] == len(coded.events)
    assert found["mention"] == sum(len(mentions_of(e)) for e in coded.events)
    assert found["claim"] == len(read_rows(coded.out / "claims.jsonl"))
    assert found["problem"] == len(coded.problems)
    assert report == f"report: {coded.out / 'report.html'}"


def test_progress_goes_to_stderr_and_results_to_stdout(coded: Coded) -> None:
    assert "pages read: " in coded.stderr and f"articles coded: {len(coded.articles)}" in coded.stderr
    assert "pages read" not in coded.stdout and not EVENT_ID.search(coded.stderr)
    assert f"all problems: {coded.out / 'problems.jsonl'}" in coded.stderr
    assert "\x1b" not in coded.stdout + coded.stderr


def test_in_a_pipe_an_event_is_one_line(coded: Coded) -> None:
    lines = [line for line in coded.stdout.splitlines() if EVENT_ID.search(line)]
    assert len(lines) == len(coded.events)
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("width", [60, 80, 100, 300])
def test_the_table_keeps_to_the_width_of_the_terminal(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    (tmp_path / "goma.html").write_text(GOMA)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.chdir(tmp_path)
    code, said, _ = here("code", "goma.html", "--out", "out")
    lines = said.splitlines()[:-2]
    assert code == 0 and max(map(len, lines)) <= width
    events = read_rows(Path("out/events.jsonl"))
    assert sorted(EVENT_ID.findall(said)) == sorted(str(e["event_id"]) for e in events)
    # One line an event where there is room; else two, the second with the id, each wrapped once or twice.
    assert len(lines) <= (1 + len(events) if width == 300 else 2 + (6 if width < 80 else 4) * len(events))


def test_published_dates_the_pages_that_state_no_day(here: Here, tmp_path: Path) -> None:
    (tmp_path / "kano.txt").write_text(KANO)
    (tmp_path / "mosul.txt").write_text(MOSUL)
    pages = (tmp_path / "kano.txt", tmp_path / "mosul.txt")
    code, _, _ = here("code", *pages, "--out", tmp_path / "out", "--published", "2024-03-06", "--coder", "rules")
    told = {
        a["external_id"]: (a["published_on"], a["published_basis"]) for a in read_rows(tmp_path / "out/articles.jsonl")
    }
    assert code == 0
    assert told == {"kano": ("2024-03-06", "given"), "mosul": ("2024-03-04", "stated")}
    assert {e["date_start"] for e in read_rows(tmp_path / "out/events.jsonl")} == {"2024-03-04", "2024-03-03"}


def test_a_second_run_does_not_read_the_results_of_the_first(here: Here, tmp_path: Path) -> None:
    write_good_pages(tmp_path / "pages")
    out = tmp_path / "pages" / "out"
    first = here("code", tmp_path / "pages", "--out", out)
    files = {name: (out / name).read_bytes() for name in FILES}
    assert here("code", tmp_path / "pages", "--out", out) == first
    assert {name: (out / name).read_bytes() for name in FILES} == files


# ---------------------------------------------------------------- code: what stops it


def test_strict_stops_at_the_first_problem_and_writes_nothing(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n{"text": \n')
    code, said, trouble = here("code", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--strict")
    assert (code, said) == (2, "") and not (tmp_path / "out").exists()
    assert re.search(r"^conflictdesk: .*a\.jsonl, line \d: ", trouble, re.MULTILINE)


@pytest.mark.slow
def test_strict_in_a_process_of_its_own(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "kano.txt").write_text(KANO)
    told = ("code", tmp_path / "kano.txt", "--out", tmp_path / "out", "--strict")
    done = desk(*told)
    assert (done.returncode, done.stdout) == (2, b"") and listing(tmp_path) == ["kano.txt"]
    assert b"kano.txt: no-publication-date: " in done.stderr.splitlines()[-1]
    assert desk(*told, "--published", "2024-03-06").returncode == 0
    assert [e["date_start"] for e in read_rows(tmp_path / "out/events.jsonl")] == ["2024-03-04"]


def test_strict_leaves_older_results_as_they_were(here: Here, tmp_path: Path) -> None:
    (tmp_path / "mosul.txt").write_text(MOSUL)
    assert here("code", tmp_path / "mosul.txt", "--out", tmp_path / "out", "--strict")[0] == 0
    before = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    (tmp_path / "empty.txt").touch()
    both = (tmp_path / "mosul.txt", tmp_path / "empty.txt")
    assert here("code", *both, "--out", tmp_path / "out", "--strict")[0] == 2
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == before


def test_strict_stops_at_a_coders_fault_with_one_line(
    here: Here, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    (tmp_path / "mosul.txt").write_text(MOSUL)
    monkeypatch.setattr(tools, "parser", type("Broken", (), {"parse": fail})())
    code, said, trouble = here("code", tmp_path / "mosul.txt", "--out", tmp_path / "out", "--strict")
    assert (code, said) == (2, "")
    assert "mosul.txt: failed: ZeroDivisionError: by zero" in trouble and "Traceback" not in trouble
    assert here("code", tmp_path / "mosul.txt", "--out", tmp_path / "out")[0] == 0
    (problem,) = read_rows(tmp_path / "out/problems.jsonl")
    assert (problem["stage"], problem["kind"], problem["file"]) == ("coding", "failed", str(tmp_path / "mosul.txt"))


def assert_one_clear_line(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 2 and len(lines) == 1 and lines[0].startswith("conflictdesk: "), done.stderr
    assert all(word in lines[0] for word in words)


def test_an_out_that_is_a_file_is_refused_before_any_work(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mosul.txt").write_text(MOSUL)
    (tmp_path / "out").write_text("mine")
    assert_one_clear_line(desk("code", tmp_path / "mosul.txt", "--out", tmp_path / "out"), "is a file", "folder")
    inside = tmp_path / "out" / "deeper"
    assert_one_clear_line(desk("code", tmp_path / "mosul.txt", "--out", inside), "cannot be made")
    assert (tmp_path / "out").read_text() == "mine"


def test_an_out_that_is_the_folder_of_the_pages_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mosul.txt").write_text(MOSUL)
    assert_one_clear_line(desk("code", tmp_path, "--out", tmp_path), "name another")
    assert listing(tmp_path) == ["mosul.txt"]


def test_when_every_name_is_misspelt_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    done = desk("code", tmp_path / "misspelt.txt", "--out", tmp_path / "out")
    assert_one_clear_line(done, "misspelt.txt", "no such file")
    assert listing(tmp_path) == []


def test_a_name_cannot_steer_the_terminal(desk: Desk, tmp_path: Path) -> None:
    done = desk("code", "red\x1b[31m\nname\u202e.txt", "--out", tmp_path / "out")
    assert_one_clear_line(done, "red[31m name.txt: there is no such file")


def test_a_coder_that_is_not_there_is_named_with_those_that_are(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mosul.txt").write_text(MOSUL)
    assert main(["code", str(tmp_path / "mosul.txt"), "--out", str(tmp_path / "out"), "--coder", "oracle"]) == 2
    assert "no coder 'oracle': choose one of rules" in capfd.readouterr().err


def test_a_cache_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mosul.txt").write_text(MOSUL)
    monkeypatch.setenv("CONFLICTDESK_CACHE", str(tmp_path / "mosul.txt" / "cache"))
    assert main(["code", str(tmp_path / "mosul.txt"), "--out", str(tmp_path / "out")]) == 2
    assert "CONFLICTDESK_CACHE" in capfd.readouterr().err


# ---------------------------------------------------------------- ctrl-c and closed pipes


def test_ctrl_c_says_that_nothing_was_written(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def press(_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "mosul.txt").write_text(MOSUL)
    monkeypatch.setattr("conflictdesk.terminal.TerminalProgress.step", press)
    code, said, trouble = here("code", tmp_path / "mosul.txt", "--out", tmp_path / "out")
    assert (code, said) == (130, "") and trouble.endswith("conflictdesk: stopped; nothing was written\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_ctrl_c_while_articles_are_coded(gazetteer: FileGazetteer, tmp_path: Path) -> None:
    rows = [{"id": f"n{n}", "text": MOSUL.replace("three", str(n)), "published": "2024-03-04"} for n in range(3000)]
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, rows)))
    command = [sys.executable, "-m", "conflictdesk", "code", str(tmp_path / "many.jsonl"), "--out", str(tmp_path / "o")]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        while b"pages read" not in running.stderr.readline():
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        said, trouble = running.communicate(timeout=60)
    assert (running.returncode, said) == (130, b"")
    assert trouble.decode().splitlines()[-1] == "conflictdesk: stopped; nothing was written"
    assert listing(tmp_path) == ["many.jsonl"]


def closed_pipe() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def test_a_reader_who_has_gone_is_no_error(desk: Desk, coded: Coded) -> None:
    for arguments in (("show", coded.out, str(coded.events[0]["event_id"])), ()):
        writer = closed_pipe()
        done = desk(*arguments, stdout=writer)
        os.close(writer)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_head_may_close_the_pipe_while_events_are_listed(desk: Desk, coded: Coded, tmp_path: Path) -> None:
    writer = closed_pipe()
    done = desk("code", coded.pages / "mosul.txt", "--out", tmp_path / "out", stdout=writer)
    os.close(writer)
    assert done.returncode == 0 and b"Error" not in done.stderr and b"Traceback" not in done.stderr
    assert listing(tmp_path / "out") == sorted(FILES)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_is_one_clear_line(desk: Desk, coded: Coded) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = desk("show", coded.out, str(coded.events[0]["event_id"]), stdout=full)
    os.close(full)
    assert_one_clear_line(done, "cannot be written")


# ---------------------------------------------------------------- show and why


def test_show_gives_each_field_with_its_quote_and_source(desk: Desk, coded: Coded) -> None:
    event = next(e for e in coded.events if e["location"] == "Goma")
    done = desk("show", coded.out, str(event["event_id"]))
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    for field in ("event_type", "date", "actor1", "actor2", "place", "deaths", "injured"):
        assert re.search(rf"^{field} ", said, re.MULTILINE)
    for mention in mentions_of(event):
        evidence = mention["evidence"]
        assert isinstance(evidence, dict) and str(mention["article_id"]) in said
        assert all(f"“{s['quote']}”" in said for held in evidence.values() for s in held)
    assert "as reported by goma, 2024-03-03" in said and "2024-03-02 (precision 1)" in said
    confidence = event["confidence"]
    assert isinstance(confidence, dict)
    assert f"p {confidence['event']:.2f}" in said.splitlines()[0]
    assert re.search(rf"^place .*  p {confidence['place']:.2f}$", said, re.MULTILINE)


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_show_prints_on_a_terminal_that_knows_few_letters(desk: Desk, coded: Coded, env: dict[str, str]) -> None:
    event = next(e for e in coded.events if e["location"] == "Taiz")
    done = desk("show", coded.out, str(event["event_id"]), env=env)
    assert done.returncode == 0 and done.stderr == b"" and b"Taiz" in done.stdout


@pytest.mark.parametrize("command", ["show", "why"])
def test_an_unknown_id_is_one_clear_line(here: Here, coded: Coded, command: str) -> None:
    code, said, trouble = here(command, coded.out, "e-000000000000")
    assert (code, said) == (2, "")
    assert re.fullmatch(r"conflictdesk: .* e-000000000000: .*\.jsonl\n", trouble)


@pytest.mark.parametrize("command", ["show", "why"])
def test_a_folder_without_results_is_one_clear_line(here: Here, tmp_path: Path, command: str) -> None:
    code, said, trouble = here(command, tmp_path, "x")
    assert (code, said) == (2, "")
    assert re.fullmatch(rf"conflictdesk: .*{tmp_path}/articles\.jsonl.*\n", trouble)


def test_a_damaged_result_file_is_named_with_its_line(desk: Desk, coded: Coded, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes((coded.out / name).read_bytes())
    text = (tmp_path / "events.jsonl").read_text("utf-8")
    (tmp_path / "events.jsonl").write_text(text.replace('"status": "proposed"', '"status": 3', 1), "utf-8")
    assert_one_clear_line(desk("show", tmp_path, "x"), "events.jsonl, line 1")


def test_why_tells_of_every_sentence_by_either_id(here: Here, coded: Coded) -> None:
    article = next(a for a in coded.articles if a["external_id"] == "mosul")
    code, said, trouble = here("why", coded.out, "mosul")
    assert (code, trouble) == (0, "")
    assert here("why", coded.out, str(article["article_id"])) == (code, said, trouble)
    lines = said.splitlines()
    assert lines[0] == article["title"]
    told = [re.fullmatch(r"s(\d+) +(event|claim|background|nothing) +(.+)", line) for line in lines[1::2]]
    assert [m[1] for m in told if m] == [str(n) for n in range(len(told))]
    sentences = [m[3] for m in told if m]
    assert " ".join(sentences) == " ".join(str(article["text"]).split())
    assert {"event", "claim"} <= {m[2] for m in told if m}
    assert all(rule.startswith(" " * 16) and rule.strip() for rule in lines[2::2])


def test_why_says_of_another_language_that_it_is_not_coded(here: Here, coded: Coded) -> None:
    code, said, trouble = here("why", coded.out, "lyon-1")
    assert (code, said) == (2, "") and "'fr'" in trouble and "not coded yet" in trouble


@pytest.mark.slow
def test_why_in_a_process_of_its_own(desk: Desk, coded: Coded) -> None:
    done = desk("why", coded.out, "goma")
    assert (done.returncode, done.stderr) == (0, b"") and b"Gunmen killed two traders" in done.stdout


@pytest.mark.slow
def test_the_command_is_ready_within_seconds(desk: Desk, tmp_path: Path) -> None:
    """The aim is 2 s on a free machine; ten times that is a fault on any."""
    (tmp_path / "mosul.txt").write_text(MOSUL)
    began = time.monotonic()
    assert desk("code", tmp_path / "mosul.txt", "--out", tmp_path / "out").returncode == 0
    assert time.monotonic() - began < 20
