"""A recap: its answer, its sources, its reading, and what it leaves to do and to remember."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from coach.coaching.contract import RecapContext
from coach.coaching.drafts import (
    Cited,
    Gap,
    RecallQuestion,
    RecapCommitment,
    RecapStep,
    TryIt,
    WordToKnow,
    build_json,
)
from coach.pairs.records import Mentee, OffLimits
from tests.coaching.contract.make import (
    ADVICE,
    IDEA,
    MEANING,
    PASSAGES,
    SAFE,
    STEPS,
    WORDS,
    Row,
    agenda,
    assert_judged,
    brief,
    cases,
    cite,
    material,
    meeting,
    note_citation,
)
from tests.coaching.contract.make_others import HAPPENED, idea, procedure, recap, refusal

GOOD = recap()
REFUSED = refusal()


def answering(text: str, **changes: Any) -> Any:
    """The good recap with another answer, its citation unchanged."""
    return recap(answer=Cited(text, GOOD.answer.citations), **changes)


RC01 = [
    Row("one sentence", True, "first", GOOD),
    Row("three sentences", False, "3 sentences", answering("Group it. Check it. Send it.")),
    Row("fifty-one words", False, "51 words", answering("word " * 51)),
    Row("no answer", False, "no answer", answering("")),
]
ONE_IDEA = GOOD.key_ideas[0]
RC02 = [
    Row("one idea", True, "1 key idea", GOOD),
    Row("four", False, "3 at most", recap(key_ideas=tuple(
        replace(ONE_IDEA, idea=f"Idea {number}") for number in range(4)))),
    Row("one twice", False, "stands twice", recap(key_ideas=(ONE_IDEA, ONE_IDEA))),
    Row("not explained", False, "no explanation", idea(explanation=" ")),
]  # fmt: skip
NEARLY = "A pivot table gathers daily rows into months."
RC03 = [
    Row("every fact is cited", True, "carried", GOOD),
    Row("a refusal states no fact", True, "carried", REFUSED),
    Row("no citation", False, "the answer cites nothing", recap(answer=Cited(NEARLY))),
    Row("invented", False, "does not carry", answering("It saves two hours a week.")),
    Row("from another passage", False, "key idea 1", idea(explanation=SAFE.text)),
    Row("an invented step", False, "step 1", recap(steps=(
        RecapStep(1, "Call the help desk.", (cite(STEPS),)),))),
    Row("an invented meaning", False, "the meaning of", recap(words_to_know=(
        WordToKnow("pivot table", "a wooden desk that turns", (cite(WORDS),)),))),
    Row("an invented past", False, "what you did", recap(what_we_did=(
        Cited("We ate cake.", HAPPENED.citations),))),
    Row("an invented slip", False, "the slip", idea(common_slip=Cited("Never save.", ()))),
    Row("a wrong place", False, "does not stand", recap(answer=Cited(
        IDEA.text, (replace(cite(IDEA), end=9),)))),
]  # fmt: skip
AGAINST = "A pivot table cannot gather daily rows into months."
RC04 = [
    Row("nothing against a source", True, "nothing speaks", GOOD),
    Row("the opposite", False, "against what it cites", answering(AGAINST)),
    Row("another number", False, "step 1", recap(steps=(
        RecapStep(1, "Click 14 dates in the first column of the pivot table.", (cite(STEPS),)),))),
]  # fmt: skip
CRISIS = refusal(answer=Cited("Talk today to someone you trust."),
                 not_covered=(Gap("crisis", "This belongs with trained people."),))  # fmt: skip
RC05 = [
    Row("answered from a source", True, "from a source", GOOD),
    Row("refused plainly", True, "refused plainly", REFUSED),
    Row("pointed to help", True, "refused", CRISIS),
    Row("answered from nothing", False, "cites nothing", recap(answer=Cited(NEARLY))),
    Row("refused with steps", False, "4 steps", refusal(steps=GOOD.steps)),
    Row("refused with ideas", False, "1 key ideas", refusal(key_ideas=GOOD.key_ideas)),
    Row("no gap", False, "no gap", refusal(not_covered=())),
    Row("nobody to ask", False, "whom to ask", refusal(not_covered=(
        Gap("not_in_library", "This is missing."),))),
    Row("not plain", False, "plainly", refusal(answer=Cited("That is an interesting question."))),
]  # fmt: skip
RC06 = [Row("only a rater can say", None, "needs a rater", GOOD)]
NOTHING_SAID = brief(meetings=(meeting(said=(), commitments=(), concepts=(), agenda=None),))
TASK = TryIt("Filter one depot again", 5, "today")
BARE = recap(what_we_did=(), mentee_gave=None, commitments=())
RC07 = [
    Row("a note of the session", True, "speaks of", GOOD),
    Row("its task", True, "speaks of", replace(BARE, try_it=TASK)),
    Row("its promises", True, "speaks of", replace(BARE, commitments=GOOD.commitments)),
    Row("a block of its agenda", True, "speaks of", replace(BARE, teach_back="From memory: tell."),
        brief(meetings=(meeting(agenda=build_json(agenda())),))),
    Row("nothing of it", False, "refers to no note", BARE),
    Row("a past without a note", False, "cites no note", recap(what_we_did=(
        Cited(IDEA.text, (cite(IDEA),)),))),
    Row("no such session", False, "no session 7", recap(session_number=7)),
    Row("nothing was written down", None, "nothing of this session", BARE, NOTHING_SAID),
    Row("refused", None, "not covered", REFUSED),
]  # fmt: skip
HARD = (
    "Notwithstanding considerable organisational complexity, comprehensive multidimensional "
    "aggregation facilitates immediate interpretation."
)
ENDLESS = "the row and " * 11 + "the end."
RC08 = [
    Row("plain for a basic level", True, "words a sentence", GOOD),
    Row("hard words", False, "reading grade", idea(explanation=" ".join([HARD] * 6))),
    Row("an endless sentence", False, "a sentence has 35 words", idea(explanation=ENDLESS)),
    Row("unknown level is judged as novice", False, "15 at most", recap(
        what_we_did=(), key_ideas=(), steps=(), words_to_know=(), mentee_gave=None,
        answer=Cited("You can put each day of the last year in one short row of the "
                     "new list so that all of it is there."),
        recall_questions=(), try_it=None, teach_back=None), brief(level=None)),
    Row("the pair's own words are not judged", True, "words a sentence",
        recap(what_we_did=(Cited(ENDLESS, ()),)), brief(wish=ENDLESS)),
]  # fmt: skip


def acting(action: str) -> Any:
    """The good recap whose first step says this."""
    first = replace(GOOD.steps[0], action=action)
    return recap(steps=(first, *GOOD.steps[1:]))


RC09 = [
    Row("four steps in order", True, "4 steps", GOOD),
    Row("a marked gap", True, "2 steps", recap(steps=(GOOD.steps[0], replace(
        GOOD.steps[2], number=2, skipped_before=True)))),
    Row("out of order", False, "out of the order", procedure(1, 0, 2, 3)),
    Row("an unmarked gap", False, "left out before step 2", procedure(0, 2, 3)),
    Row("numbered wrongly", False, "numbered", recap(steps=GOOD.steps[1:])),
    Row("ten steps", False, "9 at most", procedure(*[0] * 10)),
    Row("no verb first", False, "begin with a verb", acting("The menu has a button.")),
    Row("two actions", False, "more than one action", acting("Open it, then save it.")),
    Row("no procedure", None, "no procedure", procedure()),
]  # fmt: skip
SHORT: RecapContext = {"is_short": True}
ASKED = recap(question="How do I group by month?")
NO_LESSON = material(tech=None)
BARE_BONES = recap(steps=(), key_ideas=(), words_to_know=(), try_it=None)
RC10 = [
    Row("a session", True, "words", GOOD),
    Row("a short refusal", True, "words", REFUSED),
    Row("a question", True, "words", ASKED),
    Row("little to draw on", None, "the notes are as short", BARE_BONES, None, NO_LESSON),
    Row("little drawn from a lesson", False, "80 to 400", BARE_BONES),
    Row("too much of a session", False, "80 to 400", idea(explanation="word " * 400)),
    Row("too much for a question", False, "0 to 250", replace(ASKED, teach_back="word " * 250)),
    Row("too much for a short one", False, "0 to 120", replace(ASKED, teach_back="word " * 99),
        context=SHORT),
]  # fmt: skip
NO_WORDS = recap(words_to_know=())
RC11 = [
    Row("among the words", True, "explained", GOOD),
    Row("known", True, "explained", NO_WORDS,
        brief(mentee=Mentee("director", known_words=("pivot table", "raw export")))),
    Row("in brackets", True, "explained", recap(words_to_know=GOOD.words_to_know[1:],
        teach_back="Show a pivot table (a summary of rows) in your own words.")),
    Row("not explained", False, "“raw export”, not explained",
        recap(words_to_know=GOOD.words_to_know[:1])),
    Row("explained twice", False, "explained twice", recap(
        words_to_know=(*GOOD.words_to_know, GOOD.words_to_know[0]))),
    Row("two words for one thing", False, "two words mean", recap(words_to_know=(
        *GOOD.words_to_know, WordToKnow("summary table", MEANING)))),
    Row("explained at length", False, "more than 20", recap(words_to_know=(
        *GOOD.words_to_know, WordToKnow("row", "one " * 21)))),
]  # fmt: skip
OTHER: RecapContext = {"other_level": answering("Group the rows.")}
RC12 = [
    Row("another text", True, "differs", GOOD, context=OTHER),
    Row("the same text", False, "the same", GOOD, context={"other_level": GOOD}),
    Row("the same but for marks", False, "the same", GOOD, context={
        "other_level": replace(GOOD, session_number=3)}),
    Row("nothing to compare", None, "no recap for another level", GOOD),
]  # fmt: skip
RC13 = [Row("only a rater can say", None, "needs a rater", GOOD)]
NO_SLIP = material(offered={one.id: one for one in PASSAGES if one.kind != "slip"})
RC14 = [
    Row("a slip is named", True, "named", GOOD),
    Row("left out", False, "no slip is named", idea(common_slip=None)),
    Row("left out with the ideas", False, "the library has one", recap(key_ideas=())),
    Row("no procedure", None, "no procedure", procedure()),
    Row("the library names none", None, "names no slip", idea(common_slip=None), None, NO_SLIP),
]
RC15 = [
    Row("a quarter of an hour", True, "15 minutes", GOOD),
    Row("half an hour", False, "20 at most", recap(try_it=TryIt("Group one report", 30, "today"))),
    Row("nothing", False, "nothing to try", recap(try_it=None)),
    Row("on no day", False, "not when", recap(try_it=TryIt("Group one report", 5, " "))),
    Row("refused", None, "not covered", REFUSED),
]
RC16 = [
    Row("in own words", True, "own words", GOOD),
    Row("no invitation", False, "nothing invites", recap(teach_back=None)),
    Row("do you understand", False, "was understood", recap(teach_back="Do you understand?")),
    Row("asked elsewhere", False, "was understood", answering("Group it. Is that clear?")),
    Row("refused", None, "not covered", REFUSED),
]


def recalling(due: date | None, answer: str = "One month.") -> Any:
    """The good recap with one recall question due on this day."""
    return recap(recall_questions=(RecallQuestion("What does a line show?", answer, due),))


RC17 = [
    Row("due before the next session", True, "next session", GOOD),
    Row("due on its day", True, "next session", recalling(brief().next_date)),
    Row("no day", False, "has a day", recalling(None)),
    Row("too late", False, "by the next session", recalling(date(2026, 12, 8))),
    Row("no answer", False, "has no answer", recalling(brief().next_date, " ")),
    Row("refused", None, "not covered", REFUSED),
]
RC18 = [
    Row("another text", True, "earlier explanation", GOOD, context={
        "before": "Sort by day. Copy into twelve sheets. Add the sums by hand."}),
    Row("the same recap", False, "under 60 %", GOOD, context={"before": GOOD}),
    Row("the same words", False, "100%", GOOD, context={"before": IDEA.text}),
    Row("asked for the first time", None, "no earlier", GOOD),
]  # fmt: skip
FILTER, SEND = GOOD.commitments
RC19 = [
    Row("as stored", True, "2 promises", GOOD),
    Row("a question may leave them out", None, "no promise",
        recap(question="What is a month?", commitments=())),
    Row("one left out", False, "left out", recap(commitments=(FILTER,))),
    Row("other words", False, "not the promise", recap(
        commitments=(replace(FILTER, text="Filter a depot"), SEND))),
    Row("another owner", False, "not the promise", recap(
        commitments=(replace(FILTER, owner="mentor"), SEND))),
    Row("another day", False, "promised for 2026-11-23", recap(
        commitments=(replace(FILTER, due=date(2026, 12, 1)), SEND))),
    Row("invented", False, "nobody promised", recap(commitments=(
        FILTER, SEND, RecapCommitment("c9", "mentee", "Buy a cake", None)))),
    Row("twice", False, "stands twice", recap(commitments=(FILTER, FILTER, SEND))),
]  # fmt: skip
CANARY: RecapContext = {"hidden": ("Bluebird 77",)}
RC20 = [
    Row("nothing hidden", True, "nothing hidden", GOOD, context=CANARY),
    Row("a canary", False, "may not see", recap(teach_back="Explain BLUEBIRD 77."), context=CANARY),
    Row("another pair", False, "another pair", recap(pair_id="P07")),
    Row("off limits", False, "off-limits", recap(teach_back="Explain the merger."),
        brief(reader="mentee", off_limits=(OffLimits("the merger", ("merger",)),))),
    Row("no hidden texts given", None, "no hidden texts", GOOD),
]  # fmt: skip
RC21 = [
    Row("said", True, "what the mentee gave", GOOD),
    Row("left out", False, "leaves it out", recap(mentee_gave=None)),
    Row("from the library", False, "no note", recap(mentee_gave=Cited(IDEA.text, (cite(IDEA),)))),
    Row("of another session", False, "no note", recap(
        mentee_gave=Cited(ADVICE, (note_citation(3),)))),
    Row("the notes have none", None, "the notes say of nothing", recap(mentee_gave=None),
        brief(meetings=(meeting(said=meeting().said[:1]),))),
    Row("a question", None, "one question", replace(ASKED, mentee_gave=None)),
    Row("refused", None, "not covered", REFUSED),
]  # fmt: skip
TABLES = cases(
    RC01=RC01, RC02=RC02, RC03=RC03, RC04=RC04, RC05=RC05, RC06=RC06, RC07=RC07, RC08=RC08,
    RC09=RC09, RC10=RC10, RC11=RC11, RC12=RC12, RC13=RC13, RC14=RC14, RC15=RC15, RC16=RC16,
    RC17=RC17, RC18=RC18, RC19=RC19, RC20=RC20, RC21=RC21,
)  # fmt: skip


@pytest.mark.parametrize(("clause", "one"), TABLES)
def test_a_clause_about_recaps_says(clause: str, one: Row) -> None:
    assert_judged(clause, one)
