"""What is learned and for whom: concepts, the own task, goals, novelty."""

from dataclasses import replace
from typing import Any

import pytest

from coach.coaching.brief import Brief, DueItem, Material
from coach.coaching.contract.learning_clauses import concept_budget
from coach.coaching.drafts import Agenda, Gap, build_json
from coach.coaching.drafts.parts import GapReason
from tests.coaching.contract.make import (
    PASSAGES,
    Row,
    agenda,
    agenda_blocks,
    assert_judged,
    brief,
    cases,
    material,
    meeting,
    passage,
    quote,
    step,
    steps_in,
    timed,
    with_block,
    with_steps,
    without_block,
)

CHART = passage("p-chart", "steps", ("Draw a chart", "Steps"), "Mark the months.", "Choose Insert.")
WITH_CHART = material(offered={one.id: one for one in (*PASSAGES, CHART)})
CHARTED = with_steps("demo", *steps_in("demo"), quote("show", CHART), quote("show", CHART, 1))
NEW = {"concept": "charts", "is_new": True}
TAUGHT = brief(meetings=(meeting(concepts=(
    replace(meeting().concepts[0], concept="draw a chart of the months"),)),))  # fmt: skip
AG13 = [
    Row("one in an hour", True, "1 new concepts", agenda()),
    Row("a procedure met before is not new", True, "1 new", CHARTED, TAUGHT, WITH_CHART),
    Row("two in an hour", False, "2 new concepts", with_steps(
        "demo", *steps_in("demo"), step("say", "Charts come too.", **NEW))),
    Row("two procedures in an hour", False, "2 new procedures", CHARTED, None, WITH_CHART),
    Row("new without a name", False, "names no concept",
        with_steps("slack", step("say", "Something new.", is_new=True))),
]  # fmt: skip

HANDS_ON = steps_in("hands_on")
NO_WHY = tuple(replace(one, steps=one.steps[1:]) if one.kind == "demo"
               else replace(one, steps=(HANDS_ON[0], *HANDS_ON[2:6], HANDS_ON[1]))
               if one.kind == "hands_on" else one for one in agenda_blocks())  # fmt: skip
AG15 = [
    Row("the mentee's wish", True, "own task", agenda()),
    Row("a stand-in from the role", True, "own task", with_steps("hands_on", HANDS_ON[0], step(
        "say", "Take a report such as an operations director reads."), *HANDS_ON[2:])),
    Row("exploring counts", True, "own task", agenda(blocks=timed(tuple(
        replace(one, kind="explore") if one.kind == "hands_on" else one
        for one in agenda_blocks())))),
    Row("nobody's task", False, "names no task",
        with_steps("hands_on", HANDS_ON[0], *HANDS_ON[2:])),
    Row("how before why", False, "why this matters", agenda(blocks=NO_WHY)),
    Row("today is not asked about", False, "does it today", with_steps("hands_on", *HANDS_ON[1:])),
    Row("nothing to try", False, "tries something", without_block("hands_on")),
    Row("below the floor", None, "fewer than 6", agenda(blocks=tuple(
        replace(one, actual_minutes=one.minutes) for one in agenda_blocks()
        if one.kind != "hands_on"))),
]  # fmt: skip


def missing(goal: str, reason: GapReason = "not_in_library") -> Agenda:
    """The good agenda without one goal, which is named as a gap."""
    blocks = tuple(replace(one, goal_ids=tuple(other for other in one.goal_ids if other != goal))
                   for one in agenda_blocks())  # fmt: skip
    return agenda(blocks=blocks, gaps=(Gap(reason, "The library has nothing on this.", (goal,)),))


NO_TECH: Material = material(tech=None)
AG24 = [
    Row("both goals covered", True, "covered", agenda()),
    Row("a gap where the library has nothing", True, "gaps", missing("g1"), None, NO_TECH),
    Row("a gap for another reason", True, "gaps", missing("g1", "off_topic")),
    Row("a gap although the library has it", False, "covers it", missing("g1")),
    Row("the career goal forgotten", False, "neither covered", replace(missing("g2"), gaps=())),
    Row("covered without a source", False, "neither covered",
        with_steps("swap", steps_in("swap")[0])),
    Row("a goal nobody has", False, "g9", with_block("slack", goal_ids=("g9",))),
    Row("a purpose of its own", False, "none of the pair's goals", agenda(purpose="Bake bread")),
    Row("no goals", None, "stated no goal", agenda(blocks=tuple(
        replace(one, goal_ids=()) for one in agenda_blocks())),
        brief(goals=(), focus_goal=None, career_goal=None)),
]  # fmt: skip


def after(*agendas: Agenda, **changes: Any) -> Brief:
    """The pair after sessions that had these agendas."""
    met = tuple(meeting(number, agenda=build_json(one)) for number, one in enumerate(agendas, 1))
    return brief(meetings=met, **changes)


FRESH = with_steps("hands_on", *HANDS_ON[:2], quote("do", CHART), quote("do", CHART, 1))
EARLIER = agenda(blocks=tuple(
    replace(one, steps=()) if one.kind in ("demo", "hands_on", "swap") else one
    for one in agenda_blocks()))  # fmt: skip
MISSED = DueItem("k1", "click a date in the column of the pivot table", 1, True, None)
AG22 = [
    Row("something new", True, "something new", agenda(), after(EARLIER)),
    Row("two agendas ago counts, three do not", True, "new", agenda(),
        after(agenda(), EARLIER, EARLIER)),
    Row("missed, so it returns", True, "new", without_block("swap"),
        after(agenda(), due=(MISSED,))),
    Row("the same again", False, "with an earlier agenda", agenda(), after(agenda())),
    Row("the same swap", False, "swap", agenda(), after(agenda(), EARLIER, stalled=True)),
    Row("no earlier agenda", None, "no earlier agenda", agenda()),
]  # fmt: skip
TABLES = cases(AG13=AG13, AG15=AG15, AG22=AG22, AG24=AG24)


@pytest.mark.parametrize(("clause", "one"), TABLES)
def test_a_clause_about_learning_says(clause: str, one: Row) -> None:
    assert_judged(clause, one)


@pytest.mark.parametrize(("minutes", "most"), [(10, 1), (60, 1), (61, 2), (120, 2), (121, 3)])
def test_longer_sessions_carry_more_new_concepts(minutes: int, most: int) -> None:
    assert concept_budget(minutes) == most
