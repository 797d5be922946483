"""Sources and procedures: citations, support, review dates, whole procedures."""

from dataclasses import replace
from datetime import date

import pytest

from coach.coaching.drafts import Agenda, AgendaStep, Dropped, LibraryCitation, Prep, PrepTask
from tests.coaching.contract.make import (
    IDEA,
    OLD,
    PASSAGES,
    SAFE,
    STEPS,
    Row,
    agenda,
    agenda_blocks,
    assert_judged,
    cases,
    cite,
    material,
    note_citation,
    passage,
    quote,
    step,
    steps_in,
    with_steps,
)

HANDS_ON = steps_in("hands_on")
BEFORE, AFTER = HANDS_ON[:2], HANDS_ON[6:]


def doing(*steps: AgendaStep) -> Agenda:
    """The good agenda with another procedure."""
    return with_steps("hands_on", *BEFORE, *steps, *AFTER)


def citing(**changes: object) -> Agenda:
    """The good agenda whose demo cites its idea a little differently."""
    wrong = replace(cite(IDEA), **changes)  # type: ignore[arg-type]
    return with_steps("demo", *steps_in("demo")[:3], step("explain", cite(IDEA).quote, wrong))


def noting(**changes: object) -> Agenda:
    """The good agenda whose swap cites the mentee's advice a little differently."""
    note = replace(note_citation(), **changes)  # type: ignore[arg-type]
    return with_steps("swap", *steps_in("swap"), step("say", note_citation().quote, note))


AG10 = [
    Row("every step cites", True, "word for word", agenda()),
    Row("a note cited at its place", True, "word for word", noting()),
    Row("a step without a source", False, "cites no passage",
        doing(step("do", "Click the first date."))),
    Row("a note is no library", False, "cites no passage",
        doing(step("do", note_citation().quote, note_citation()))),
    Row("a passage nobody offered", False, "not offered", citing(passage_id="p-other")),
    Row("the wrong document", False, "names document", citing(document_id="promotion")),
    Row("the wrong title", False, "names the title", citing(document_title="Excel for all")),
    Row("the wrong place", False, "does not stand at that place", citing(start=1)),
    Row("other words", False, "does not stand", citing(quote="A pivot table gathers months.")),
    Row("a note nobody wrote", False, "may see nothing", noting(note_id="n9")),
    Row("a note of another session", False, "another session", noting(session_number=3)),
    Row("other words than the note's", False, "in that note", noting(quote="name the tool")),
    Row("not among the sources", False, "not among the sources", agenda(sources=())),
    Row("preparation quotes too", False, "preparation", agenda(
        prep=Prep((PrepTask("Read", 5, (replace(cite(IDEA), start=2),)),)))),
]  # fmt: skip
AG11 = [
    Row("word for word", True, "carried", agenda()),
    Row("nearly word for word", True, "carried", doing(
        step("do", "Click any date in the first column of the pivot table", cite(STEPS)))),
    Row("from another passage", False, "does not carry",
        doing(step("do", SAFE.text, cite(STEPS)))),
    Row("invented", False, "Save the file",
        doing(step("do", "Save the file as a copy.", cite(STEPS)))),
    Row("half invented", False, "thank your manager", doing(
        step("do", f"{cite(STEPS, 1).quote} Then thank your manager.", cite(STEPS, 1)))),
    Row("said beside a source", False, "slack", with_steps("slack",
        step("say", "Everyone saves two hours a week.", cite(SAFE)))),
    Row("nothing to lean on", False, "does not carry", doing(step("do", "Click the first date."))),
]  # fmt: skip
LATE = with_steps("slack", quote("say", OLD))
AG12 = [
    Row("inside the review date", True, "fresh", agenda()),
    Row(
        "marked",
        True,
        "marked",
        replace(LATE, blocks=tuple(replace(one, needs_check=True) for one in LATE.blocks)),
    ),
    Row("unmarked", False, "not marked", LATE),
    Row("the date has passed", False, "not marked", replace(agenda(), date=date(2028, 1, 1))),
]
ONE, TWO, THREE, FOUR = (quote("do", STEPS, number) for number in range(4))
SHORTENED = LibraryCitation("pivot", IDEA.document_title, "p-idea", 0, 13, "A pivot table")
DANGLING = step("say", "This also works for weeks.")
THEN = passage("p-then", "idea", ("Weeks", "Idea"), "Select Weeks.", "This also works for years.")
WITH_THEN = material(offered={one.id: one for one in (*PASSAGES, THEN)})
FOLLOWS = with_steps("slack", quote("say", THEN), quote("say", THEN, 1))
ALONE = with_steps("slack", quote("say", THEN, 1))
AG23 = [
    Row("complete and in order", True, "complete", agenda()),
    Row("cut at a block border", True, "complete", agenda(blocks=tuple(
        replace(one, steps=(*BEFORE, ONE, TWO)) if one.kind == "hands_on"
        else replace(one, steps=(THREE, FOUR)) if one.kind == "slack" else one
        for one in agenda_blocks()))),
    Row("the end fell out of a re-plan", True, "complete", replace(doing(ONE, TWO),
        dropped=(Dropped("hands_on", "Second round"),))),
    Row("the next sentence may follow", True, "complete", FOLLOWS, None, WITH_THEN),
    Row("a sentence torn from its own", False, "not said before", ALONE, None, WITH_THEN),
    Row("a step left out", False, "leave out 1 steps", doing(ONE, TWO, FOUR)),
    Row("the beginning left out of a re-plan", False, "leave out", replace(doing(THREE, FOUR),
        dropped=(Dropped("hands_on", "Second round"),))),
    Row("out of order", False, "not in the order", doing(ONE, THREE, TWO, FOUR)),
    Row("a step twice", False, "repeat", doing(ONE, ONE, TWO, THREE, FOUR)),
    Row("a cut sentence", False, "cuts the sentence", with_steps("demo", *steps_in("demo")[:3],
        step("explain", "A pivot table", SHORTENED))),
    Row("a dangling opener", False, "not said before", with_steps("slack", DANGLING)),
]  # fmt: skip
TABLES = cases(AG10=AG10, AG11=AG11, AG12=AG12, AG23=AG23)


@pytest.mark.parametrize(("clause", "one"), TABLES)
def test_a_clause_about_sources_says(clause: str, one: Row) -> None:
    assert_judged(clause, one)
