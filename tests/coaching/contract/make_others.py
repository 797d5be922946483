"""One good set of follow-up questions and one good recap by hand, and small ways to spoil them."""

from dataclasses import replace
from datetime import date
from typing import Any

from coach.coaching.drafts import (
    Anchor,
    Cited,
    FollowUpQuestion,
    FollowUps,
    Gap,
    KeyIdea,
    NoteCitation,
    RecallQuestion,
    Recap,
    RecapCommitment,
    RecapSource,
    RecapStep,
    TryIt,
    WordToKnow,
)
from tests.coaching.contract.make import (
    IDEA,
    MEANING,
    NEXT,
    NOTE,
    PROVENANCE,
    SLIP,
    STEPS,
    WORDS,
    cite,
    note_citation,
)

QUESTIONS = (
    FollowUpQuestion(
        "q1", "What happened when you did “Filter one depot”?", "mentor", "commitment",
        Anchor("commitment", "c1", "Filter one depot"), "It was promised.", frame_id="fc1",
    ),
    FollowUpQuestion(
        "q2", "Which promotion case do you remember best from a panel?", "mentor", "experience",
        Anchor("goal", "g2"), "The mentee has read many cases.", frame_id="fe1",
    ),
    FollowUpQuestion(
        "q3", "How would you group the rows of another file?", "mentor", "apply",
        Anchor("passage", "p-steps"), "It was shown last.", cite(STEPS).quote, (cite(STEPS),),
        NEXT, "fa1",
    ),
    FollowUpQuestion(
        "q4", "Where could the monthly report still go wrong?", "mentee", "obstacle",
        Anchor("goal", "g1"), "Trust is what the mentee wants.", frame_id="fo1",
    ),
)  # fmt: skip


def follow_ups(*questions: FollowUpQuestion) -> FollowUps:
    """The good questions, or these."""
    return FollowUps("P01", 2, "en", questions or QUESTIONS, (), PROVENANCE)


def asking(number: int, text: str | None = None, **changes: Any) -> FollowUps:
    """The good questions with one of them, counted from 1, changed."""
    new = list(QUESTIONS)
    new[number - 1] = replace(new[number - 1], **changes)
    if text is not None:
        new[number - 1] = replace(new[number - 1], text=text)
    return follow_ups(*new)


FIRST_NOTE = NoteCitation("n1", 1, 0, 40, NOTE[:40])
HAPPENED = Cited(FIRST_NOTE.quote, (FIRST_NOTE,))
SLIPPED = Cited(cite(SLIP).quote, (cite(SLIP),))


def recap(**changes: Any) -> Recap:
    """A recap of session 1 that meets every clause."""
    plain = Recap(
        "P01", 1, "en", None,
        Cited(cite(IDEA).quote, (cite(IDEA),)), False, (HAPPENED,),
        (KeyIdea("One line for each month", cite(IDEA, 1).quote, (cite(IDEA, 1),), SLIPPED),),
        tuple(RecapStep(number + 1, cite(STEPS, number).quote, (cite(STEPS, number),))
              for number in range(4)),
        (
            WordToKnow("pivot table", MEANING, (cite(WORDS),)),
            WordToKnow("raw export", "the rows as they leave another system", (cite(WORDS, 1),)),
        ),
        TryIt("Group one report of your own by month", 15, "before 7 December"),
        (RecallQuestion("What does each line show?", "One month.", date(2026, 11, 20)),),
        "Tell a colleague in your own words how the months came about.",
        Cited(note_citation().quote, (note_citation(),)),
        (
            RecapCommitment("c1", "mentee", "Filter one depot", date(2026, 11, 23)),
            RecapCommitment("c2", "mentor", "Send the draft case, one page", None),
        ),
        (), (RecapSource("pivot", "Pivot tables for reports"),), (), PROVENANCE,
    )  # fmt: skip
    return replace(plain, **changes)


def refusal(**changes: Any) -> Recap:
    """A plain refusal of a question."""
    plain = recap(
        question="How do I bake bread?", refused=True, what_we_did=(), key_ideas=(), steps=(),
        words_to_know=(), try_it=None, recall_questions=(), teach_back=None, mentee_gave=None,
        commitments=(), answer=Cited("The library does not cover this question."),
        not_covered=(Gap("not_in_library", "Ask the mentor about it."),),
    )  # fmt: skip
    return replace(plain, **changes)


def idea(**changes: Any) -> Recap:
    """The good recap with its key idea changed."""
    return recap(key_ideas=(replace(recap().key_ideas[0], **changes),))


def procedure(*numbers: int, **changes: Any) -> Recap:
    """The good recap with these steps of the source, counted from 0, renumbered from 1."""
    steps = (RecapStep(place, cite(STEPS, number).quote, (cite(STEPS, number),))
             for place, number in enumerate(numbers, start=1))  # fmt: skip
    return replace(recap(), steps=tuple(steps), **changes)
