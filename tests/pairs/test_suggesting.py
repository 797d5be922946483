"""What a note says its author will do is suggested, in their words, and never more than that."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from coach.pairs.notes import KnownNote
from coach.pairs.suggesting import Suggestion, suggest_promises


def note(text: str) -> KnownNote:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    return KnownNote(uuid4(), uuid4(), text, "pair", "mentor", True, now, None, "x")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Good talk. I will send the sheet on Friday.", "Send the sheet on Friday",
                     id="a sentence among others"),
        pytest.param("I’ll ask Ruth about the panel!", "Ask Ruth about the panel", id="I’ll"),
        pytest.param("She will send it.", None, id="somebody else"),
        pytest.param("I will.", None, id="nothing said"),
        pytest.param("I will " + "x" * 400, None, id="an essay"),
    ],
)  # fmt: skip
def test_a_promise_in_a_note_is_suggested(text: str, found: str | None) -> None:
    wanted = () if found is None else (Suggestion("mentor", found),)
    assert suggest_promises([note(text)], []) == wanted
    assert suggest_promises([note(text)], [found or ""]) == ()
