"""What an agenda carries over and asks for: promises, agreement, preparation, recall, needs."""

from dataclasses import replace

import pytest

from coach.coaching.brief import OpenPromise
from coach.coaching.drafts import Agenda, AgendaStep, Prep, PrepTask, Promise
from coach.pairs.records import Constraints
from tests.coaching.contract.make import (
    Row,
    agenda,
    agenda_blocks,
    assert_judged,
    block,
    brief,
    cases,
    first_brief,
    step,
    timed,
    with_block,
    with_steps,
)

AGREED = (
    "Decide what stays between you: what is confidential?",
    "Decide which topics are off-limits for both.",
    "Decide how often and how long you meet.",
    "Decide who prepares what.",
    "Decide how either of you can stop at any time.",
)


def first_agenda(*settled: str, minutes: int = 60, **changes: object) -> Agenda:
    """A first session that settles these things."""
    steps = tuple(step("decide", text) for text in settled)
    blocks = (
        block("agreement", "How you work together", 11, "Both agree aloud", *steps),
        *agenda_blocks()[2:],
    )
    return replace(agenda(blocks=timed(blocks), minutes=minutes), **changes)  # type: ignore[arg-type]


def reviewed(*steps: AgendaStep, ids: tuple[str, ...] = ("c1", "c2")) -> Agenda:
    """The good agenda with another review."""
    return with_block("review", steps=steps, commitment_ids=ids)


FILTER = step("ask", "Mentee: “Filter one depot”. How did it go?")
DRAFT = step("ask", "Mentor: “Send the draft case, one page”. How did it go?")
TWICE = brief(promises=(
    OpenPromise(("c1", "c9"), "mentee", "Filter one depot", None, False),
    OpenPromise(("c2",), "mentor", "Send the draft case, one page", None, True),
))  # fmt: skip
AG08 = [
    Row("each promise once", True, "2 open promises", agenda()),
    Row("one text with two ids", True, "3 open", reviewed(FILTER, DRAFT, ids=("c1", "c9", "c2")),
        TWICE),
    Row("several to a step", True, "2 open", reviewed(step("ask",
        "Mentee: “Filter one depot”. Mentor: “Send the draft case, one page”. How did it go?"))),
    Row("nothing open", True, "0 open", reviewed(step("ask", "What went well?"), ids=()),
        brief(promises=())),
    Row("one forgotten", False, "c2 stands 0 times", reviewed(FILTER, ids=("c1",))),
    Row("one asked twice", False, "written out 2 times", reviewed(FILTER, FILTER, DRAFT)),
    Row("one shortened", False, "written out 0 times",
        reviewed(FILTER, step("ask", "Mentor: “Send the draft case”. How did it go?"))),
    Row("one without its owner", False, "without its owner",
        reviewed(FILTER, step("ask", "“Send the draft case, one page”: how did it go?"))),
    Row("an unknown id", False, "c7 is not an open one", reviewed(FILTER, DRAFT,
        ids=("c1", "c2", "c7"))),
    Row("an invented one", False, "nobody promised",
        reviewed(FILTER, DRAFT, step("ask", "Mentor: “Buy a cake”. How did it go?"))),
    Row("a first session", None, "first session", reviewed(ids=()), first_brief()),
    Row("a first session with promises", False, "not an open one", reviewed(), first_brief()),
]  # fmt: skip
AG09 = [
    Row("all five settled", True, "covers", first_agenda(*AGREED), first_brief()),
    Row("three in a short session", True, "covers",
        first_agenda(AGREED[0], AGREED[1], AGREED[4], minutes=15), first_brief(minutes=15)),
    Row("no way to stop", False, "how to stop", first_agenda(*AGREED[:4]), first_brief()),
    Row("no confidence", False, "confidentiality", first_agenda(*AGREED[1:]), first_brief()),
    Row("nothing settled", False, "off-limits topics", agenda(), first_brief()),
    Row("an invented history", False, "last time",
        first_agenda(*AGREED, purpose="Go on where the report stopped last time"), first_brief()),
    Row("they have met before", None, "met before", agenda()),
]  # fmt: skip


def promising(text: str, when: str) -> Agenda:
    """The good agenda with another promise for the mentee."""
    return agenda(promises=(Promise("mentee", text, when), agenda().promises[1]))


UNSEEN = brief(wish="Understand the report")
ACTION = "Group the report and send it"
AG18 = [
    Row("one each", True, "one promise each", agenda()),
    Row("a date", True, "one", promising(ACTION, "2026-12-07")),
    Row("an event", True, "one", promising(ACTION, "before the next session")),
    Row("a weekday", True, "one", promising(ACTION, "on Friday")),
    Row("a goal may say more than an action", True, "one", promising(
        "Towards “Understand the report”: write one line", "on Friday"), UNSEEN),
    Row("two for one person", False, "asked for 0", agenda(
        promises=(agenda().promises[0], agenda().promises[0]))),
    Row("no day", False, "neither a day", promising(ACTION, "as soon as possible")),
    Row("no action", False, "names no action", promising("The report", "on Friday")),
    Row("nothing to see", False, "nobody can see", promising("Understand the report", "on Friday")),
]  # fmt: skip


def preparing(*minutes: int) -> Agenda:
    """The good agenda with tasks of these minutes for the mentee."""
    return agenda(prep=Prep((), tuple(PrepTask("Bring a file", one) for one in minutes)))


AG19 = [
    Row("one task each", True, "two things", agenda()),
    Row("nothing to prepare", True, "two things", preparing()),
    Row("three tasks", False, "3 things", preparing(2, 2, 2)),
    Row("twelve minutes", False, "12 minutes", preparing(6, 6)),
    Row("a task without minutes", False, "no minutes", preparing(0)),
]
AG21 = [
    Row("one due question", True, "1 due", agenda()),
    Row("no question", False, "no warm-up step", with_steps("warm_up", step("say", "Welcome."))),
    Row("a question about something else", False, "no warm-up step",
        with_steps("warm_up", step("ask", "How was your week?"))),
    Row("no link", False, "no warm-up step", with_block("warm_up", memory_item_ids=())),
    Row("not a due item", False, "k7 is not due", with_block("warm_up", memory_item_ids=("k7",))),
    Row("nothing is due", None, "nothing is due", with_block("warm_up", memory_item_ids=()),
        brief(due=())),
    Row("a short session", None, "shorter than 20", agenda(minutes=15)),
]  # fmt: skip
AG25 = [
    Row("setting and access need", True, "adaptations", agenda()),
    Row("no setting", False, "in person", agenda(adaptations=("Access: 18-point text",))),
    Row("another access need", False, "18-point", agenda(
        adaptations=("Setting: in person, mentee's laptop", "large text"))),
    Row("none stated", None, "neither", agenda(), brief(constraints=Constraints())),
]  # fmt: skip
TABLES = cases(AG08=AG08, AG09=AG09, AG18=AG18, AG19=AG19, AG21=AG21, AG25=AG25)


@pytest.mark.parametrize(("clause", "one"), TABLES)
def test_a_clause_about_what_is_carried_over_says(clause: str, one: Row) -> None:
    assert_judged(clause, one)
