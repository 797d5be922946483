"""`coach agenda`: the main job, from a file to each form."""

import fcntl
import json
import pathlib
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from icalendar import Calendar

from tests.command_line import PAIRS, call, pairs_of_the_tests, without_the_clock


def test_the_text_is_a_timeline_with_numbered_quotations() -> None:
    done = call("agenda", PAIRS, "--pair", "P01", "--minutes", "45", "--date", "2026-12-01")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "P01: session 4 on 1 December 2026, 45 minutes"
    assert "  0'  What came of our promises" in lines
    assert any(line.strip().startswith("do") and line.endswith("” [1]") for line in lines)
    assert any(line.strip().startswith("[1]  ") for line in lines)
    assert any(line.startswith("25 clauses checked, all hold") for line in lines)
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in done.out


def test_every_clause_is_listed_when_asked_for() -> None:
    done = call("agenda", PAIRS, "--pair", "P01", "--verdicts")
    assert [f"AG{number:02}" in done.out for number in range(1, 26)] == [True] * 25


def test_text_says_beside_the_result_what_the_library_was() -> None:
    done = call("agenda", PAIRS, "--pair", "P01")
    assert "The starter library was used" in done.err
    assert "Only words were searched for" in done.err


def test_json_stands_alone_on_standard_output() -> None:
    done = call("agenda", PAIRS, "--pair", "P01", "--format", "json")
    assert done.json["pair_id"] == "P01"
    assert done.err == ""


def test_a_pair_may_come_from_standard_input() -> None:
    (pair,) = (one for one in pairs_of_the_tests() if one["id"] == "P05")
    done = call("agenda", "-", "--format", "json", given=json.dumps(pair))
    assert done.json["pair_id"] == "P05"


def test_the_wish_decides_what_the_session_is_about() -> None:
    wished = call(
        "agenda", PAIRS, "--pair", "P01", "--wish", "recover an account with passkeys",
        "--format", "json",
    ).json  # fmt: skip
    assert "passkeys-and-recovery" in {source["document_id"] for source in wished["sources"]}


def test_markdown_has_a_heading_for_each_block() -> None:
    done = call("agenda", PAIRS, "--pair", "P01", "--format", "markdown")
    assert done.out.startswith("# P01: session 4")
    assert done.out.count("\n## ") >= 8
    assert done.err == ""


def test_a_calendar_entry_floats_unless_a_zone_is_named() -> None:
    def event(*words: str) -> Any:
        given = ("--date", "2026-12-01", "--format", "ics", *words)
        done = call("agenda", PAIRS, "--pair", "P01", *given)
        (found,) = Calendar.from_ical(done.out).events
        started: Any = found["dtstart"]
        return started.dt.isoformat()

    assert event() == "2026-12-01T09:00:00"
    assert event("--at", "14:30", "--zone", "Europe/Berlin") == "2026-12-01T14:30:00+01:00"


def test_the_library_in_the_data_folder_comes_first(filled: pathlib.Path) -> None:
    assert call("library", "archive", "pivot-tables").code == 0
    agenda = call("agenda", PAIRS, "--pair", "P01", "--format", "json").json
    assert "pivot-tables" not in {source["document_id"] for source in agenda["sources"]}


def test_a_library_without_published_documents_gives_way_to_the_starter_library(
    filled: pathlib.Path,
) -> None:
    documents = [one["document_id"] for one in call("library", "list", "--format", "json").json]
    assert call("library", "archive", *documents).code == 0
    done = call("agenda", PAIRS, "--pair", "P01")
    assert "The starter library was used" in done.err


def test_it_works_beside_a_process_that_holds_index_and_database(filled: pathlib.Path) -> None:
    with (filled / "index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closing(sqlite3.connect(filled / "coach.db", isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            done = call("agenda", PAIRS, "--pair", "P01", "--format", "json")
    assert done.code == 0, done.err
    assert done.json["sources"]


@pytest.mark.parametrize("pair", [pytest.param(one, id=one["id"]) for one in pairs_of_the_tests()])
def test_labels_for_evaluation_are_never_read(pair: dict[str, object], filled: object) -> None:
    bare = {name: value for name, value in pair.items() if name not in LABELS}
    poisoned = {**bare, "library_topics": ["pivot tables"], "expected": [{"check": "passkeys"}]}
    drafts = [
        without_the_clock(call("agenda", "-", "--format", "json", given=json.dumps(one)).json)
        for one in (pair, bare, poisoned)
    ]
    assert LABELS <= pair.keys()
    assert drafts[0] == drafts[1] == drafts[2]


LABELS = {"library_topics", "expected"}
