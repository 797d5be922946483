"""How a question is asked."""

import time

import pytest

from coach.coaching.questions import (
    is_double_barrelled,
    is_leading,
    is_open,
    is_yes_no,
    question_marks,
)

OPEN = [
    "What would you check before you trust this total?",
    "How do you build the report today?",
    "Which e-mails would nobody miss?",
    "Where would the out-tray picture break down?",
    "Who reads the report first?",
    "Why does the sum stay the same?",
    "When would you use a second device?",
    "Tell me about the last promotion panel you sat on.",
    "When your total changes, what do you look at first?",
    "You wrote “trust the numbers”: what would show you that it worked?",
    "In your own reports, which figure needs a second look?",
    "Can you walk me through the first step?",
    "In what way did the filter surprise you?",
    "If the phone were lost, how would you get back in?",
    "From your years on panels, what makes a case convincing?",
]
CLOSED = [
    "Did you try it?",
    "Is the total right?",
    "Have you opened the file?",
    "Can you see the menu?",
    "Do you know what a filter is?",
    "Would Tuesday suit you?",
    "After lunch, is the room free?",
    "Are you ready?",
]
DOUBLE = [
    "What worked and what did not?",
    "What did you try and how did it go?",
    "Is it safe? Who can see it?",
    "Do you like it or do you want another?",
    "What changed and why?",
    "How and when will you ask?",
    "Tell me what you tried and what happened.",
    "Which step was hard and which step would you skip?",
]
SINGLE = [
    "What would you do if the phone were lost and you had no backup?",
    "Which rows and columns do you need?",
    "What do your managers look at first and last?",
    "How would you explain it to someone who asks what to do and how to start?",
    "You asked “Who? And why?”: what would you ask today?",
    "What helps you to stop and look?",
]
LEADING = [
    "Don't you think a form is better?",
    "Have you tried a pivot table?",
    "Why didn’t you finish?",
    "Wouldn't it be easier to share the folder?",
    "You liked it, right?",
    "Why not use a form?",
    "How about asking your boss?",
    "What if you just ask?",
    "Should you perhaps ask first?",
    "Why have you still not called?",
    "Did you forget the promise?",
    "What do you think: you should ask first, isn't it?",
]
UNLEADING = [
    "What should you check before you send it?",
    "What made the first step hard?",
    "Which of the two would you choose for your team?",
    "What got in the way of the test folder?",
    "What would make this promise smaller?",
    "How would you begin the talk?",
    "Why does a second copy matter here?",
    "You wrote “why didn't you call”: what would you write today?",
]


@pytest.mark.parametrize("question", OPEN)
def test_a_question_that_invites_an_account_is_open(question: str) -> None:
    assert is_open(question)
    assert not is_yes_no(question)


@pytest.mark.parametrize("question", CLOSED)
def test_a_question_answered_by_yes_or_no_is_closed(question: str) -> None:
    assert is_yes_no(question)
    assert not is_open(question)


@pytest.mark.parametrize("question", DOUBLE)
def test_two_questions_in_one_are_double_barrelled(question: str) -> None:
    assert is_double_barrelled(question)


@pytest.mark.parametrize("question", SINGLE + OPEN)
def test_one_question_is_single(question: str) -> None:
    assert not is_double_barrelled(question)


@pytest.mark.parametrize("question", LEADING)
def test_a_question_that_carries_its_answer_leads(question: str) -> None:
    assert is_leading(question)


@pytest.mark.parametrize("question", UNLEADING + OPEN)
def test_a_question_that_leaves_the_answer_free_does_not_lead(question: str) -> None:
    assert not is_leading(question)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("What now?", 1, id="one"),
        pytest.param("What? Why?", 2, id="two"),
        pytest.param("You asked “What now?”: what today?", 1, id="quoted marks do not count"),
        pytest.param("Say it.", 0, id="none"),
        pytest.param("何ですか？", 1, id="wide mark"),
    ],
)
def test_question_marks_are_counted_outside_quotations(text: str, count: int) -> None:
    assert question_marks(text) == count


@pytest.mark.parametrize("text", ["", "?", "😀?", "漢字？", "   "])
def test_no_question_at_all_is_neither_open_nor_closed(text: str) -> None:
    assert not is_open(text)
    assert not is_yes_no(text)
    assert not is_leading(text)


@pytest.mark.parametrize(
    "text", ["what " * 40_000, '"' * 200_000, "'a " * 66_000, "how and " * 25_000, ", " * 100_000]
)
def test_any_text_is_read_in_under_two_seconds(text: str) -> None:
    begun = time.process_time()
    is_open(text)
    is_double_barrelled(text)
    is_leading(text)
    assert time.process_time() - begun < 2.0
