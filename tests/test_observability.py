"""The log tells what happened, with ids and sizes, and never what people wrote."""

import io
import json
import pathlib
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import structlog

from coach.observability import configure_log, neutral

ID = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    target = io.StringIO()
    configure_log("info", target)
    yield target
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param(12, 12, id="a number"),
        pytest.param(None, None, id="nothing"),
        pytest.param(True, True, id="yes or no"),
        pytest.param(ID, str(ID), id="an id"),
        pytest.param(date(2026, 11, 23), "2026-11-23", id="a day"),
        pytest.param(pathlib.Path("/data/coach.db"), "/data/coach.db", id="a path"),
        pytest.param("excel-pivot-tables", "excel-pivot-tables", id="a name"),
        pytest.param("I fear my boss", "<14 characters>", id="a sentence"),
        pytest.param("x" * 201, "<201 characters>", id="too long for a name"),
        pytest.param("a\nb", "<3 characters>", id="a second line"),
        pytest.param(["secret"], "<1 items>", id="a list"),
        pytest.param({"secret": 1}, "<1 items>", id="a mapping"),
        pytest.param(object(), "<object>", id="anything else"),
    ],
)
def test_only_ids_and_sizes_reach_the_log(stream: io.StringIO, value: object, kept: object) -> None:
    structlog.get_logger().info("draft written", told=value)
    assert lines(stream)[0]["told"] == kept


def test_an_exception_is_named_without_its_message(stream: io.StringIO) -> None:
    try:
        raise ValueError("what the mentee wrote")
    except ValueError:
        structlog.get_logger().exception("draft failed")
    line = lines(stream)[0]
    assert line["raised"] == "ValueError"
    assert line["at"][0].startswith("test_observability.py:")
    assert "mentee" not in stream.getvalue()


def test_an_exception_handed_over_is_named_too(stream: io.StringIO) -> None:
    structlog.get_logger().error("draft failed", exc_info=(KeyError, KeyError("secret"), None))
    assert lines(stream)[0]["raised"] == "KeyError"
    assert "secret" not in stream.getvalue()


def test_quiet_events_stay_out(stream: io.StringIO) -> None:
    structlog.get_logger().debug("not told")
    assert stream.getvalue() == ""


def test_what_the_context_binds_is_told_with_each_event(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request="r1"):
        structlog.get_logger().info("answered", status=200)
    assert (lines(stream)[0]["request"], lines(stream)[0]["level"]) == ("r1", "info")


def test_a_person_watching_reads_words_instead_of_json() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    configure_log("info", screen)
    structlog.get_logger().info("draft written", minutes=30)
    structlog.reset_defaults()
    assert "draft written" in screen.getvalue()
    assert "minutes=30" in screen.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\nb", "a�b", id="a line break"),
        pytest.param("a\x1b[31mb", "a�[31mb", id="a terminal's colour"),
        pytest.param("a\u202eb", "a�b", id="reversed writing"),
        pytest.param("a\u2028b", "a�b", id="a line separator"),
        pytest.param("a\ud800b", "a�b", id="half a character"),
        pytest.param("Zoë’s note", "Zoë’s note", id="ordinary text"),
    ],
)
def test_control_characters_cannot_forge_a_line(text: str, shown: str) -> None:
    assert neutral(text) == shown
