"""Drafts in a terminal."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from coach.coaching.drafts import Draft, Verdict
from coach.rendering.text import Look, render_text
from tests.rendering.drafts import HOSTILE, a_recap, an_agenda, some_follow_ups

Make = Callable[[str], Draft]
EXPECTED = """\
P01: session 2 on 1 December 2026, 20 minutes
Ask how it is done today.

      Before you meet
        Mentor  Ask how it is done today. (5 min)

  0'  Ask how it is done today.
      12 min, mentor leads, mentee at the keys
      Done when: Ask how it is done today.
        ask      Ask how it is done today.
        do       “Fold it once more.” [1]
        explain  Turn it over. [2] [1]

 12'  Swap
      8 min, mentee leads
      Done when: Named.
        ask  Which step comes next?

      To promise at the end
        Mentee  B (by May)

      Fitted to you
        -  Ask how it is done today.

      What the coach left out
        not in library  Ask how it is done today.

      Sources
        [1]  Paper cranes (cranes); its review is overdue, due 31 January 2026:
             check before use
        [2]  Paper boats (boats)

2 clauses checked, all hold (1 does not apply).
A draft by the composer, with quotations; library abc.
"""
DRAFTS = [
    pytest.param(an_agenda, id="agenda"),
    pytest.param(some_follow_ups, id="follow-up questions"),
    pytest.param(a_recap, id="recap"),
]


def test_an_agenda_is_a_timeline() -> None:
    assert render_text(an_agenda(), Look(80)) == EXPECTED


@pytest.mark.parametrize("make", DRAFTS)
@pytest.mark.parametrize("width", [30, 41, 60, 80, 100])
def test_no_line_is_wider_than_the_page(make: Make, width: int) -> None:
    lines = render_text(make(HOSTILE), Look(width)).splitlines()
    assert max(map(len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("make", DRAFTS)
@pytest.mark.parametrize("colour", [False, True])
def test_words_of_others_never_steer_the_terminal(make: Make, colour: bool) -> None:
    text = render_text(make(HOSTILE), Look(80, colour))
    assert "\x1b]" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert ("\x1b[" in text) is colour
    assert "\x1b[31mred" not in text


def test_clauses_that_fail_are_named() -> None:
    failing = (Verdict("AG01", True, "filled"), Verdict("AG05", False, "swap has 2 minutes"))
    text = render_text(replace(an_agenda(), contract=failing), Look(80))
    assert "2 clauses checked, 1 not kept. AG05: swap has 2 minutes" in text
    assert "AG01" not in text


def test_a_draft_changed_since_it_was_checked_says_so() -> None:
    text = render_text(replace(an_agenda(), contract=()), Look(80))
    assert "Its words have changed since its clauses were checked." in text
    assert "clauses checked, all hold" not in text


def test_every_clause_is_listed_when_asked_for() -> None:
    text = render_text(an_agenda(), Look(80, verdicts=True))
    assert "  AG01 holds: filled" in text
    assert "  AG14 does not apply: needs a rater" in text


def test_a_recap_gives_the_answer_first_and_says_what_was_skipped() -> None:
    lines = render_text(a_recap(), Look(80)).splitlines()
    assert lines[:5] == [
        "P01: recap of session 2",
        "You asked: Folded twice.",
        "",
        "In short",
        "  -  “We folded one.” [1]",
    ]
    assert "  … 3  Folded twice." in lines
    assert "  [1]  Notes of session 2" in lines


def test_follow_up_questions_say_who_asks_and_why() -> None:
    text = render_text(some_follow_ups(), Look(80))
    assert "2 questions to ask next." in text
    assert "Mentor asks (recall)" in text
    assert "Mentee asks (recall)" in text
    assert "  answer  “Fold it once more.” [1]" in text
    assert "  when    again on 9 December 2026" in text
