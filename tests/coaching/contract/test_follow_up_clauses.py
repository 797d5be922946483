"""Follow-up questions: how they are put and what they reach for."""

from dataclasses import replace
from datetime import date

import pytest

from coach.coaching.drafts import Anchor, build_json
from coach.pairs.records import OffLimits
from tests.coaching.contract.make import (
    ADVICE,
    STEPS,
    Row,
    assert_judged,
    brief,
    cases,
    cite,
    meeting,
    note_citation,
    step,
    with_block,
    with_steps,
)
from tests.coaching.contract.make_others import QUESTIONS, asking, follow_ups

GOOD = follow_ups()
LONG = "What would you " + " ".join(["really"] * 28) + "?"
FQ01 = [
    Row("four short ones", True, "4 short", GOOD),
    Row("two after 15 minutes", True, "2 short", follow_ups(*QUESTIONS[:2]), brief(minutes=15)),
    Row("two after an hour", False, "3 to 7", follow_ups(*QUESTIONS[:2])),
    Row("too many", False, "2 to 4", follow_ups(*QUESTIONS, QUESTIONS[0]), brief(minutes=15)),
    Row("a long one", False, "30 at most", asking(1, LONG)),
    Row("one id twice", False, "the id q1", asking(2, id="q1")),
]  # fmt: skip
CLOSED = replace(QUESTIONS[0], text="Did you filter one depot?")
FQ02 = [
    Row("most are open", True, "4 of 4", GOOD),
    Row("one of four is closed", True, "3 of 4", follow_ups(CLOSED, *QUESTIONS[1:])),
    Row("half are closed", False, "2 of 4", follow_ups(CLOSED, CLOSED, *QUESTIONS[2:])),
    Row("none", False, "0 of 1", follow_ups(CLOSED)),
]
FQ03 = [
    Row("one thing each", True, "one thing", GOOD),
    Row("two marks", False, "2 question marks", asking(1, "What happened? What then?")),
    Row("no mark", False, "does not end in one", asking(1, "Tell me what happened.")),
    Row(
        "two things",
        False,
        "asks two things",
        asking(1, "What did you try and how did the team react?"),
    ),
]
FQ04 = [
    Row("none leads", True, "no question leads", GOOD),
    Row("don't you", False, "leads", asking(1, "Don't you think the report is too long?")),
    Row("have you tried", False, "leads", asking(1, "Have you tried sorting the rows?")),
    Row("why didn't you", False, "leads", asking(1, "Why didn't you filter the depot?")),
]
FQ05 = [
    Row("none", True, "at most once", GOOD),
    Row("one", True, "at most once", asking(1, "Why did the depot matter?")),
    Row("two", False, "2 questions ask why", follow_ups(
        replace(QUESTIONS[0], text="Why did the depot matter?"),
        replace(QUESTIONS[1], text="And why is the case short?"), *QUESTIONS[2:])),
    Row("three", False, "3 questions", follow_ups(*[
        replace(QUESTIONS[0], text="Why did it matter?")] * 3)),
]  # fmt: skip
FQ06 = [
    Row("both ask", True, "both ask", GOOD),
    Row("no goal was stated", True, "both", asking(2, anchor=Anchor("note", "n1")),
        brief(career_goal=None)),
    Row("only the mentor asks", False, "the mentee asks nothing", asking(4, asked_by="mentor")),
    Row("nothing for the mentor", False, "mentee's experience", asking(2, purpose="clarify")),
    Row("about something else", False, "mentee's experience",
        asking(2, "What did you learn at sea?", anchor=Anchor("note", "n1"))),
]  # fmt: skip
FQ07 = [
    Row("four purposes", True, "4 different", GOOD),
    Row("two purposes", False, "2 different", follow_ups(*(
        replace(one, purpose="career") for one in QUESTIONS[:3]), QUESTIONS[3])),
    Row("mostly remembering", False, "1 of 4", follow_ups(
        replace(QUESTIONS[0], purpose="recall"), replace(QUESTIONS[1], purpose="clarify"),
        replace(QUESTIONS[2], purpose="reflect"), QUESTIONS[3])),
]  # fmt: skip
FQ08 = [
    Row("all of this pair", True, "4 of 4", GOOD),
    Row("three of four", True, "3 of 4", asking(1, "What surprised the owl?")),
    Row("two of four", False, "2 of 4", follow_ups(
        replace(QUESTIONS[0], text="What surprised the owl?"),
        replace(QUESTIONS[1], text="Where does the river end?"), *QUESTIONS[2:])),
    Row("a word that everybody uses", False, "0 of 1", follow_ups(
        replace(QUESTIONS[0], text="How was your session with the mentor?"))),
]  # fmt: skip
FQ09 = [
    Row("an answer from the library", True, "1 questions", GOOD),
    Row("an answer from a note", True, "1 questions",
        asking(3, model_answer=ADVICE, citations=(note_citation(),))),
    Row("no answer", False, "no answer", asking(3, model_answer=None)),
    Row("no source", False, "no answer with a citation", asking(3, citations=())),
    Row("an invented answer", False, "does not carry", asking(3, model_answer="Call the manager.")),
    Row("a lecture", False, "longer than 60", asking(3, model_answer="word " * 61)),
    Row("a wrong place", False, "does not stand",
        asking(3, citations=(replace(cite(STEPS), start=1),))),
    Row("nothing to recall", None, "no question recalls", follow_ups(
        *(one for one in QUESTIONS if one.purpose != "apply"))),
]  # fmt: skip
ASKED = brief(meetings=(meeting(questions_asked=("Where could the report go wrong?",)),))
PLANNED = brief(meetings=(meeting(agenda=build_json(with_steps(
    "swap", step("ask", "Which case from a panel do you remember best?")))),))  # fmt: skip
LONG_AGO = brief(meetings=(ASKED.meetings[0], meeting(2), meeting(3), meeting(4)))
FQ10 = [
    Row("all new", True, "new", GOOD),
    Row("asked four sessions ago", True, "new", GOOD, LONG_AGO),
    Row("asked before", False, "asked before", GOOD, ASKED),
    Row("in an earlier agenda", False, "earlier agenda", GOOD, PLANNED),
    Row("nearly the same twice", False, "nearly the same",
        asking(1, "Which monthly report could go wrong next?")),
    Row("alike at the start", False, "open alike", asking(1, "How would you name one depot?")),
]  # fmt: skip
FQ11 = [Row("only a rater can say", None, "needs a rater", GOOD)]
FQ12 = [
    Row("within the boundaries", True, "boundaries", GOOD),
    Row("off limits", False, "off-limits", asking(1, "What about the merger?"),
        brief(off_limits=(OffLimits("the merger", ("merger",)),))),
    Row("sensitive", False, "sensitive", asking(1, why="Mentor was diagnosed with cancer.")),
    Row("a third person", False, "not in the room", asking(1, "What did she say of the report?")),
    Row("a judgement", False, "judges performance", asking(1, "Who in the team is lazy?")),
    Row("disrespect", False, "language rules", asking(1, "What is easy, even at your age?")),
]  # fmt: skip
FQ13 = [Row("only a rater can say", None, "needs a rater", GOOD)]
TERM = asking(1, "What did the raw export show?")
FQ14 = [
    Row("no terms", True, "no question", GOOD),
    Row("a confident mentee", True, "confident", TERM, brief(level="confident")),
    Row("taught before", True, "no question", TERM, brief(meetings=(meeting(concepts=(
        replace(meeting().concepts[0], concept="a raw export has all rows"),)),))),
    Row("explained", True, "no question",
        asking(1, "What did the raw export (the untouched rows) show?")),
    Row("a term", False, "“raw export”", TERM),
    Row("its plural", False, "“pivot table”", asking(1, "What do pivot tables hide?")),
]  # fmt: skip
FQ15 = [
    Row("one is", True, "1 questions", GOOD),
    Row("none is", False, "no question has a day", asking(3, ask_again_on=None)),
    Row("on a day that has passed", False, "not after", asking(3, ask_again_on=date(2026, 11, 9))),
]
FRAMED = brief(meetings=(meeting(agenda=build_json(with_block("swap", frame_ids=("fs1",)))),))
REPEATED = brief(meetings=(meeting(agenda=build_json(with_block("swap", frame_ids=("fa1",)))),))
TALK = "Mentee said that the nine files from the nine depots always come too late"
SAID = brief(wish=TALK)
FQ16 = [
    Row("whole, and frames rotate", True, "rotate", GOOD, FRAMED),
    Row("the goal without its label", True, "whole",
        asking(2, "Which panel helped with “build a promotion case”?"), FRAMED),
    Row("a lesson may be named", True, "whole",
        asking(2, "Where did “Group a pivot table by month” help your case?"), FRAMED),
    Row("no frames in the history", None, "no frames", GOOD),
    Row("cut", False, "no whole text", asking(1, "What about “Filter one”?"), FRAMED),
    Row("inflated", False, "no whole text", asking(1, "What of “Filter one depot twice”?"), FRAMED),
    Row("too long to quote", False, "beside the question", asking(1, f"What of “{TALK}”?"), SAID),
    Row("an anchor that is no text", False, "the anchor",
        asking(1, anchor=Anchor("note", "n1", "x y"))),
    Row("a frame twice", False, "used 2 times", asking(1, frame_id="fa1"), FRAMED),
    Row("a frame of last time", False, "last two sessions", GOOD, REPEATED),
]  # fmt: skip
TABLES = cases(
    FQ01=FQ01, FQ02=FQ02, FQ03=FQ03, FQ04=FQ04, FQ05=FQ05, FQ06=FQ06, FQ07=FQ07, FQ08=FQ08,
    FQ09=FQ09, FQ10=FQ10, FQ11=FQ11, FQ12=FQ12, FQ13=FQ13, FQ14=FQ14, FQ15=FQ15, FQ16=FQ16,
)  # fmt: skip


@pytest.mark.parametrize(("clause", "one"), TABLES)
def test_a_clause_about_follow_up_questions_says(clause: str, one: Row) -> None:
    assert_judged(clause, one)
