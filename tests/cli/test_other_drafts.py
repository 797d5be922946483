"""`coach follow-ups` and `coach recap` as a person reads them."""

from tests.command_line import PAIRS, call


def test_follow_up_questions_say_who_asks_and_why() -> None:
    done = call("follow-ups", PAIRS, "--pair", "P01")
    assert done.out.startswith("P01: questions after session 3\n")
    assert "Mentor asks (" in done.out
    assert "  why  " in done.out


def test_follow_up_questions_come_as_markdown() -> None:
    assert call("follow-ups", PAIRS, "--pair", "P01", "--format", "markdown").out.count("## ") >= 3


def test_a_recap_without_a_question_is_of_the_latest_session() -> None:
    done = call("recap", PAIRS, "--pair", "P01")
    assert done.out.startswith("P01: recap of session 3\n")
    assert "Notes of session 3" in done.out


def test_a_recap_repeats_the_question_and_answers_first() -> None:
    question = "How do I group a pivot table by month?"
    lines = call("recap", PAIRS, "--pair", "P01", "--question", question).out.splitlines()
    assert lines[1] == f"You asked: {question}"
    assert lines[3] == "In short"


def test_a_recap_names_the_session_asked_for() -> None:
    assert call("recap", PAIRS, "--pair", "P01", "--session", "2").out.startswith(
        "P01: recap of session 2\n"
    )
