"""Minutes, order, leaders and shares: what passes, what fails, what cannot be judged."""

from dataclasses import replace

import pytest

from coach.coaching.drafts import Agenda
from tests.coaching.contract.make import (
    CAREER_GOAL,
    SLIP,
    Row,
    agenda,
    agenda_blocks,
    assert_judged,
    block,
    brief,
    cases,
    quote,
    step,
    steps_in,
    timed,
    with_block,
    with_minutes,
    with_steps,
    without_block,
)


def only_promises() -> Agenda:
    """A re-plan with five minutes left: all else is done, but the swap fell out."""
    blocks = [one for one in agenda_blocks() if one.kind not in ("swap", "hands_on", "slack")]
    done = [replace(one, actual_minutes=11) for one in blocks if one.kind != "promises"]
    last = block("promises", "Promises", 5, "Each writes down one promise")
    return agenda(blocks=timed((*done, last)))


def short_session(**changes: object) -> Agenda:
    """A quarter of an hour, slack inside the promises."""
    last = block("promises", "Promises", 4, "Each writes down one promise", merged_kinds=("slack",))
    return agenda(
        minutes=15,
        blocks=timed((
            block("review", "What was promised", 3, "Both say what was done"),
            block("hands_on", "Try it", 5, "The mentee shows the result"),
            block("swap", "Advice", 3, "The mentor writes down one step",
                  *steps_in("swap"), goal_ids=("g2",)),
            replace(last, **changes),  # type: ignore[arg-type]
        )),
    )  # fmt: skip


def at_work(actual: int) -> Agenda:
    """The good agenda after its first block, which took longer or shorter than planned."""
    first, *rest = agenda_blocks()
    return agenda(blocks=timed((replace(first, actual_minutes=actual), *rest)))


QUARTER = brief(minutes=15)

AG01 = [
    Row("an hour filled exactly", True, "60 minutes", agenda()),
    Row("one minute is enough in a short session", True, "15", short_session(), QUARTER),
    Row("a block done keeps its actual minutes", True, "60", at_work(6)),
    Row("minutes left over", False, "60 minutes", agenda(minutes=61), brief(minutes=61)),
    Row("a gap between blocks", False, "starts at minute 50",
        with_block("slack", starts_at_minute=50)),
    Row("a block of one minute", False, "at least 2", with_minutes(reflection=1)),
    Row("a block that overran", False, "the session has 60", at_work(9)),
]  # fmt: skip
AG02 = [
    Row("as long as asked", True, "60 minutes", agenda()),
    Row("shorter than asked", False, "45 were asked for", agenda(), brief(minutes=45)),
    Row("blocks run over", False, "blocks take 63", replace(with_minutes(slack=6), minutes=60)),
]
AG03 = [
    Row("in order", True, "order", agenda()),
    Row("a short session may merge", True, "order", short_session(), QUARTER),
    Row("below the floor only promises stay", True, "order", only_promises()),
    Row("swap before teach-back", False, "too late or twice",
        agenda(blocks=timed(tuple(sorted(agenda_blocks(), key=lambda one: one.kind != "swap"))))),
    Row("two reflections", False, "twice", agenda(blocks=timed((*agenda_blocks()[:7],
        *agenda_blocks()[6:])))),
    Row("no swap", False, "no swap", without_block("swap")),
    Row("nothing to try", False, "no hands-on", without_block("hands_on")),
    Row("no promises", False, "no block for promises", without_block("promises")),
    Row("a break in an hour", False, "no break belongs", agenda(blocks=timed((
        *agenda_blocks()[:4], block("break", "Break", 5, "Both rest"), *agenda_blocks()[4:])))),
    Row("an hour shares no minutes", False, "shares its minutes",
        with_block("promises", merged_kinds=("slack",))),
    Row("an endless hands-on", False, "longer than 45", with_minutes(hands_on=50)),
]  # fmt: skip
AG04 = [
    Row("everyone leads what is theirs", True, "right person", agenda()),
    Row("the mentor leads the swap", False, "belongs to mentee", with_block("swap", lead="mentor")),
    Row("the mentor has the mouse", False, "in the hands", with_block("hands_on", hands="mentor")),
]
ASKED_FOR = steps_in("swap")[1:]
NO_GOAL = brief(career_goal=None, goals=brief().goals[:1])
AG05 = [
    Row("a fifth of the hour on the goal", True, "career goal", agenda()),
    Row("the label may be quoted too", True, "career goal", with_steps("swap",
        step("ask", f"What would help with “{CAREER_GOAL.text}”?"), *ASKED_FOR)),
    Row("too few minutes", False, "15 %", with_minutes(swap=7, hands_on=20)),
    Row("the goal is cut", False, "quotes", with_steps("swap",
        step("ask", "Mentor asks about “a promotion case”: what comes first?"), *ASKED_FOR)),
    Row("the goal is not linked", False, "does not name", with_block("swap", goal_ids=())),
    Row("a second demo", False, "tutorial",
        with_steps("swap", *steps_in("swap"), quote("say", SLIP))),
    Row("no swap", False, "no swap", without_block("swap")),
    Row("no goal stated, one is asked for", None, "no career goal", with_steps("swap",
        step("ask", "What career goal would the mentor like help with?")), NO_GOAL),
    Row("no goal stated, none is asked for", False, "does not ask", with_steps("swap",
        step("ask", "Tell a story.")), NO_GOAL),
    Row("below the floor", None, "fewer than 6", only_promises()),
]  # fmt: skip
AG06 = [
    Row("the mentee's hands", True, "21 of 28", agenda()),
    Row("a demo longer than hands-on", False, "the demo 20", with_minutes(demo=20)),
    Row("the mentor's hands", False, "40 %", with_block("hands_on", hands="mentor")),
    Row("no tech minutes", None, "no demo", agenda(blocks=timed(tuple(
        one for one in agenda_blocks() if one.kind not in ("demo", "hands_on", "teach_back"))))),
]  # fmt: skip
AG17 = [
    Row("three minutes of sixty", True, "3 minutes", agenda()),
    Row("inside the last block of a short session", True, "last block", short_session(), QUARTER),
    Row("two minutes of sixty-one", False, "5 %", with_minutes(slack=2, swap=13)),
    Row("none", False, "0 of 57", without_block("slack")),
    Row("none in a short session", False, "no slack", short_session(merged_kinds=()), QUARTER),
    Row("below the floor", None, "fewer than 6", only_promises()),
]


TABLES = cases(AG01=AG01, AG02=AG02, AG03=AG03, AG04=AG04, AG05=AG05, AG06=AG06, AG17=AG17)


@pytest.mark.parametrize(("clause", "one"), TABLES)
def test_a_clause_about_the_shape_says(clause: str, one: Row) -> None:
    assert_judged(clause, one)
