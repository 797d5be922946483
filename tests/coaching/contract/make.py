"""One good agenda by hand, the pair and the library it is for, and small ways to spoil it."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from coach.coaching.brief import (
    Brief,
    DueItem,
    Lesson,
    Material,
    NoteSentence,
    OpenPromise,
    PastMeeting,
)
from coach.coaching.contract import RecapContext, check_agenda, check_follow_ups, check_recap
from coach.coaching.drafts import (
    Agenda,
    AgendaBlock,
    AgendaStep,
    BlockKind,
    Citation,
    FollowUps,
    LibraryCitation,
    NoteCitation,
    Prep,
    PrepTask,
    Promise,
    Provenance,
    Recap,
    Source,
    StepKind,
    Verdict,
)
from coach.knowledge.documents import Headword, Passage, PassageKind, Span
from coach.pairs.records import Commitment, Concept, Constraints, Goal, Mentee, Mentor

SESSION = date(2026, 11, 23)
NEXT = date(2026, 12, 7)
PROVENANCE = Provenance("extractive", "v1", None, None, "2026-11-20T09:00:00+00:00")


def passage(
    id: str, kind: PassageKind, heading: tuple[str, ...], *sentences: str, **changes: Any
) -> Passage:
    """A passage of the tutorial, or of another document by `changes`."""
    glue = "\n" if kind in ("steps", "words", "ask") else " "
    spans, at = [], 0
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + len(glue)
    text = glue.join(sentences)
    plain = Passage(
        id, "pivot", "Pivot tables for reports", "tutorial", kind, heading, 0, 0, len(text),
        text, tuple(spans), ("spreadsheets",), "basic", "published", date(2027, 6, 1),
    )  # fmt: skip
    return replace(plain, **changes)


LESSON = "Group a pivot table by month"
IDEA = passage(
    "p-idea", "idea", (LESSON, "Idea"),
    "A pivot table can gather daily rows into months.",
    "The report then shows one line for each month instead of one for each day.",
)  # fmt: skip
STEPS = passage(
    "p-steps", "steps", (LESSON, "Steps"),
    "Click any date in the first column of the pivot table.",
    "Choose Group in the menu.",
    "Select Months and press OK.",
    "Compare the total with the total of the raw export.",
)  # fmt: skip
SLIP = passage(
    "p-slip", "slip", (LESSON, "Slip"),
    "If the months do not appear, one date is stored as text.",
    "Correct that date and refresh the pivot table.",
)  # fmt: skip
WORDS = passage(
    "p-words", "words", ("Words to know",),
    "pivot table: a summary that adds up the rows of a longer table.",
    "raw export: the rows as they leave another system.",
)  # fmt: skip
SAFE = passage(
    "p-safe", "safe_use", ("Safe use",), "Keep names of people out of a table that you share."
)
CAREER: dict[str, Any] = {
    "document_id": "promotion", "document_title": "A promotion case", "document_kind": "career",
}  # fmt: skip
ASK = passage(
    "c-ask", "ask", ("Questions to ask",),
    "Which result would the panel remember after a week?",
    "Who gained from this result, and how do you know?",
    **CAREER,
)  # fmt: skip
CASE = passage(
    "c-idea", "idea", ("Write the case", "Idea"),
    "A strong case names three results and the people who gained from them.", **CAREER,
)  # fmt: skip
OLD = passage(
    "p-old", "tip", ("Print a sheet", "Tip"), "Set the print area before you print.",
    document_id="old", document_title="Printing", state="needs_check",
    review_by=date(2026, 1, 1),
)  # fmt: skip
PASSAGES = (IDEA, STEPS, SLIP, WORDS, SAFE, ASK, CASE, OLD)
MEANING = "a summary that adds up the rows of a longer table"


def material(**changes: Any) -> Material:
    """What the library offers the good agenda."""
    headwords = {
        "pivot table": Headword("pivot table", MEANING, WORDS, Span(13, 62)),
        "raw export": Headword(
            "raw export", "the rows as they leave another system", WORDS, Span(76, 113)
        ),
    }
    plain = Material(
        "v1", {one.id: one for one in PASSAGES}, headwords,
        Lesson("pivot", "Pivot tables for reports", LESSON, (IDEA, STEPS, SLIP)),
        Lesson("promotion", "A promotion case", "Write the case", (CASE,)),
    )  # fmt: skip
    return replace(plain, **changes)


def cite(source: Passage, number: int = 0) -> LibraryCitation:
    """The citation of one whole sentence, counted from 0."""
    span = source.sentences[number]
    quote = source.text[span.start : span.end]
    return LibraryCitation(
        source.document_id, source.document_title, source.id, span.start, span.end, quote
    )


NOTE = (
    "Mentee sorted and filtered without help. "
    "Mentee's advice: name the decision your analysis changed, not the tool."
)
ADVICE = NOTE[41:]


def said(note_id: str, session: int, start: int, end: int, text: str) -> NoteSentence:
    """A sentence of a note."""
    return NoteSentence(note_id, session, start, end, text, "en")


def meeting(number: int = 1, **changes: Any) -> PastMeeting:
    """A held session of the pair."""
    note = f"n{number}"
    plain = PastMeeting(
        number, date(2026, 11, 9), 60, ("spreadsheets",),
        (said(note, number, 0, 40, NOTE[:40]), said(note, number, 41, len(NOTE), ADVICE)),
        (
            Commitment("c1", "mentee", "Filter one depot", "2026-11-23", "open"),
            Commitment("c2", "mentor", "Send the draft case, one page", None, "open"),
        ),
        (Concept("k1", "a filter hides rows but SUM still counts them", "ok"),),
        ("What surprised you when the rows were hidden?",), 12, None,
    )  # fmt: skip
    return replace(plain, **changes)


def note_citation(session: int = 1) -> NoteCitation:
    """The citation of the mentee's advice."""
    return NoteCitation(f"n{session}", session, 41, len(NOTE), ADVICE)


TECH_GOAL = Goal("g1", "Build the monthly depot report with a pivot table", "tech", 1, ("report",))
CAREER_GOAL = Goal("g2", "Mentor: build a promotion case", "career", 1, ("promotion",))


def brief(**changes: Any) -> Brief:
    """The pair that the good agenda is for."""
    plain = Brief(
        reader="pair", pair_id="P01", title="Pivot tables / promotion", session_number=2,
        date=SESSION, minutes=60, next_date=NEXT, language="en",
        mentor=Mentor("data analyst", tech_strengths=("spreadsheets",)),
        mentee=Mentee("operations director", tech_levels=(("spreadsheets", "basic"),),
                      expertise=("promotion panels",)),
        goals=(TECH_GOAL, CAREER_GOAL), focus_goal=TECH_GOAL, career_goal=CAREER_GOAL,
        wish="Group the report by month", focus=("group by month",), level="basic",
        constraints=Constraints(60, 14, "in person, mentee's laptop", "en", ("18-point text",)),
        off_limits=(), meetings=(meeting(),),
        promises=(
            OpenPromise(("c1",), "mentee", "Filter one depot", "2026-11-23", False),
            OpenPromise(("c2",), "mentor", "Send the draft case, one page", None, False),
        ),
        due=(DueItem("k1", "a filter hides rows but SUM still counts them", 1, False, "filter"),),
    )  # fmt: skip
    return replace(plain, **changes)


def first_brief(**changes: Any) -> Brief:
    """The same pair before it ever met."""
    return brief(meetings=(), promises=(), due=(), session_number=1, **changes)


def step(kind: StepKind, text: str, *citations: Citation, **changes: Any) -> AgendaStep:
    """A step, a quotation when it cites."""
    plain = AgendaStep(kind, text, "quotation" if citations else "template", citations)
    return replace(plain, **changes)


def quote(kind: StepKind, source: Passage, number: int = 0, **changes: Any) -> AgendaStep:
    """A step that says one sentence of the library."""
    citation = cite(source, number)
    return step(kind, citation.quote, citation, **changes)


LEADS: dict[str, tuple[Any, Any]] = {
    "warm_up": ("mentor", "mentee"), "demo": ("mentor", "mentor"), "hands_on": ("mentor", "mentee"),
    "teach_back": ("mentee", "mentee"), "swap": ("mentee", "both"), "explore": ("mentee", "both"),
}  # fmt: skip


def block(
    kind: BlockKind, title: str, minutes: int, outcome: str, *steps: AgendaStep, **changes: Any
) -> AgendaBlock:
    """A block in the right hands, its start not yet known."""
    lead, hands = LEADS.get(kind, ("both", "both"))
    plain = AgendaBlock(kind, kind, title, minutes, 0, lead, hands, outcome, steps)
    return replace(plain, **changes)


def timed(blocks: tuple[AgendaBlock, ...]) -> tuple[AgendaBlock, ...]:
    """The blocks, each starting where the one before it ends."""
    clock, placed = 0, []
    for one in blocks:
        placed.append(replace(one, starts_at_minute=clock))
        clock += one.minutes if one.actual_minutes is None else one.actual_minutes
    return tuple(placed)


def tech_blocks() -> tuple[AgendaBlock, ...]:
    """Demo, hands-on and teach-back of the good agenda."""
    return (
        block("demo", LESSON, 7, "The mentee names what will change in the report",
              step("say", "This serves “Build the monthly depot report with a pivot table”."),
              quote("explain", WORDS), quote("explain", WORDS, 1),
              quote("explain", IDEA, concept="group by month", is_new=True), goal_ids=("g1",)),
        block("hands_on", "Try it on your own report", 15, "The mentee shows a line for each month",
              step("ask", "How do you add up the months today?"),
              step("say", "Work on this, with your own data: “Group the report by month”."),
              *(quote("do", STEPS, number) for number in range(4)), quote("say", SAFE),
              goal_ids=("g1",)),
        block("teach_back", "Show it back", 6, "The mentee explains the grouping in own words",
              step("ask", "How would you explain the grouping to a colleague?"), goal_ids=("g1",)),
    )  # fmt: skip


def agenda_blocks() -> tuple[AgendaBlock, ...]:
    """The blocks of the good agenda."""
    swap_question = "Mentor asks about “build a promotion case”: what would you do first?"
    return timed((
        block("review", "What was promised", 6, "Both say what was done",
              step("ask", "Mentee: “Filter one depot”. How did it go?"),
              step("ask", "Mentor: “Send the draft case, one page”. How did it go?"),
              commitment_ids=("c1", "c2")),
        block("warm_up", "From memory", 5, "The mentee answers without looking",
              step("ask", "Say again: “a filter hides rows but SUM still counts them”?"),
              memory_item_ids=("k1",)),
        *tech_blocks(),
        block("swap", "Advice for the mentor", 12, "The mentor writes down one next step",
              step("ask", swap_question), quote("ask", ASK), quote("say", CASE), goal_ids=("g2",)),
        block("reflection", "Look back", 3, "Both name one thing to keep",
              step("ask", "What would you keep for the coming session?")),
        block("promises", "Promises", 3, "Each writes down one promise",
              step("decide", "Each writes one promise with a day.")),
        block("slack", "Room", 3, "Both end on time", step("say", "Use this if you ran over.")),
    ))  # fmt: skip


def agenda(**changes: Any) -> Agenda:
    """An agenda that meets every clause."""
    plain = Agenda(
        "P01", 2, SESSION, 60, "en", "Group the monthly report and move the promotion case on",
        agenda_blocks(),
        (
            Promise("mentee", "Group the last report and send a picture", "by Monday 7 December"),
            Promise("mentor", "Write one result with a number", "before our next session"),
        ),
        (), ("Setting: in person, mentee's laptop", "Access: 18-point text"),
        Prep((PrepTask("Bring the draft of the case", 5),), (PrepTask("Bring the file", 5),)),
        (
            Source("pivot", "Pivot tables for reports", "published", date(2027, 6, 1)),
            Source("promotion", "A promotion case", "published", date(2027, 6, 1)),
        ),
        (), PROVENANCE,
    )  # fmt: skip
    return replace(plain, **changes)


def with_block(kind: str, **changes: Any) -> Agenda:
    """The good agenda with one block changed; minutes elsewhere stay as they are."""
    blocks = (replace(one, **changes) if one.kind == kind else one for one in agenda_blocks())
    return agenda(blocks=tuple(blocks))


def with_steps(kind: str, *steps: AgendaStep) -> Agenda:
    """The good agenda with the steps of one block replaced."""
    return with_block(kind, steps=steps)


def without_block(kind: str) -> Agenda:
    """The good agenda without one block, the clock set right."""
    return agenda(blocks=timed(tuple(one for one in agenda_blocks() if one.kind != kind)))


def with_minutes(**minutes: int) -> Agenda:
    """The good agenda with other minutes for some kinds of block, the clock set right."""
    blocks = timed(tuple(replace(one, minutes=minutes.get(one.kind, one.minutes))
                         for one in agenda_blocks()))  # fmt: skip
    return agenda(blocks=blocks, minutes=sum(one.minutes for one in blocks))


def steps_in(kind: str) -> tuple[AgendaStep, ...]:
    """The steps of one block of the good agenda."""
    return next(one.steps for one in agenda_blocks() if one.kind == kind)


@dataclass(frozen=True, slots=True)
class Row:
    """One named case: the verdict wanted, words of its detail, the draft, its pair and library."""

    id: str
    holds: bool | None
    says: str
    draft: Agenda | FollowUps | Recap
    of: Brief | None = None
    lib: Material | None = None
    context: RecapContext = field(default_factory=RecapContext)


def cases(**tables: list[Row]) -> list[ParameterSet]:
    """The rows of all tables, each named by its clause."""
    return [
        pytest.param(clause, one, id=f"{clause}: {one.id}")
        for clause, rows in tables.items()
        for one in rows
    ]


def judge_row(clause: str, one: Row) -> Verdict:
    """What one clause says of the draft in a row."""
    pair, library = one.of or brief(), one.lib or material()
    if isinstance(one.draft, Agenda):
        verdicts = check_agenda(one.draft, pair, library)
    elif isinstance(one.draft, FollowUps):
        verdicts = check_follow_ups(one.draft, pair, library)
    else:
        verdicts = check_recap(one.draft, pair, library, **one.context)
    return next(verdict for verdict in verdicts if verdict.clause == clause)


def assert_judged(clause: str, one: Row) -> None:
    """Fail unless the clause says what the row wants, in words that hold its phrase."""
    verdict = judge_row(clause, one)
    assert verdict.holds is one.holds, verdict.detail
    assert one.says in verdict.detail
