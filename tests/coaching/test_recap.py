"""Recaps: answered from library and notes or refused plainly, for one reader alone."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from coach.coaching.drafts import LibraryCitation, Recap, build_json
from coach.coaching.pipeline import Coach
from coach.coaching.recap import NothingToRecap, QuestionTooLong
from coach.knowledge.words import overlap
from coach.pairs.records import Mentee, OffLimits, PairRecord, Role
from tests.coaching.make import (
    PAIR_IDS,
    false_clauses,
    note,
    pair,
    promise,
    recap_of,
    schema_of,
    session,
    twelve,
    undated,
)

RECORDS = twelve()
MET = tuple(one for one in PAIR_IDS if RECORDS[one].sessions)
SCHEMA = Draft202012Validator(schema_of("recap"))
COVERED = (
    "How do I group a pivot table by month?",
    "How can I check that a total is right?",
    "What is a pivot table?",
    "How do I create a passkey?",
    "What happens to my passkey if I lose my phone?",
    "How do I share a folder so that others can only view it?",
    "How do I undo a change in version control?",
    "What is a commit?",
    "How do I publish my first post?",
    "How should I answer an unfriendly comment?",
    "How do I record a voice note on the phone?",
    "How do I keep a backup?",
    "How do I schedule a weekly summary?",
    "How do I get an alert when a run fails?",
    "What belongs in a promotion case?",
    "How do I prepare for a pay negotiation?",
)
UNCOVERED = (
    "How do I tune the chain strength on a quantum annealer?",
    "How do I bake sourdough bread?",
    "How do I graft an apple tree?",
    "Which lens should I buy for portraits?",
    "How do I configure a Kubernetes ingress?",
    "How do I solder a circuit board?",
    "What does the offside rule say?",
    "How do I write a smart contract in Solidity?",
    "How do I tile a bathroom floor?",
    "How do I translate a novel into French?",
    "How do I calibrate a 3D printer?",
    "How do I restore a piano?",
    "How do I train a neural network on images?",
)
# Its everyday words stand in the library, so that it is answered where words alone are searched.
NEAR_MISS = "How do I edit a video with green screen?"
STYLES = (None, "another_way", "example", "shorter")


def ask(coach: Coach, question: str, record: PairRecord | None = None, **more: Any) -> Recap:
    return recap_of(coach, record or pair(session(1, "We met.")), question=question, **more)


@pytest.mark.parametrize("reader", ["mentor", "mentee"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("pair_id", MET)
def test_no_clause_is_false_for_a_session(
    pair_id: str, style: str | None, reader: Role, starter: Coach
) -> None:
    recap = recap_of(starter, RECORDS[pair_id], reader, style=style)
    assert false_clauses(recap) == []
    assert [error.message for error in SCHEMA.iter_errors(build_json(recap))] == []


LEVELS_AND_STYLES = [
    pytest.param(style, level, id=f"{style} {level}")
    for style in STYLES
    for level in (None, "novice", "basic", "working", "confident")
]


@pytest.mark.parametrize(("style", "level"), LEVELS_AND_STYLES)
def test_no_clause_is_false_for_a_question_at_any_level(
    style: str | None, level: str | None, starter: Coach
) -> None:
    levels = (("everything", level),) if level else ()
    record = pair(session(1, "We met."), mentee=Mentee("director", tech_levels=levels))  # type: ignore[arg-type]
    for question in COVERED:
        recap = recap_of(starter, record, question=question, style=style)
        assert false_clauses(recap) == [], question


@pytest.mark.parametrize("question", UNCOVERED)
def test_what_the_library_lacks_is_refused_plainly(question: str, starter: Coach) -> None:
    recap = ask(starter, question)
    assert recap.refused
    assert (recap.steps, recap.key_ideas, recap.try_it) == ((), (), None)
    assert {gap.reason for gap in recap.not_covered} == {"not_in_library"}
    assert false_clauses(recap) == []


@pytest.mark.xfail(reason="coverage counts everyday words that the library happens to use")
def test_a_near_miss_is_refused(starter: Coach) -> None:
    assert ask(starter, NEAR_MISS).refused


@pytest.mark.parametrize("question", COVERED)
def test_what_the_library_has_is_answered_with_its_source(question: str, starter: Coach) -> None:
    recap = ask(starter, question)
    assert not recap.refused
    assert recap.answer.citations


@pytest.mark.parametrize(
    ("question", "said"),
    [
        pytest.param(
            "What was the difference between SUM and SUBTOTAL?",
            "A filter hides rows, but SUM still counts the hidden rows. "
            "SUBTOTAL counts only the rows that the filter leaves visible.",
            id="a comparison is answered by both sides",
        ),
        pytest.param(
            "Why does my pivot table count instead of sum?",
            "A common slip is a pivot table that counts the rows",
            id="trouble is answered by the slip",
        ),
    ],
)
def test_the_answer_says_what_was_asked(question: str, said: str, starter: Coach) -> None:
    assert ask(starter, question).answer.text.startswith(said)


@pytest.mark.parametrize(
    ("question", "reason", "told"),
    [
        pytest.param("I want to end my life.", "crisis", "help is there", id="crisis"),
        pytest.param("What about the merger?", "off_topic", "not one the coach", id="off-limits"),
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_some_questions_get_help_or_a_refusal_and_no_coaching(
    question: str, reason: str, told: str, style: str | None, starter: Coach
) -> None:
    record = pair(session(1, "We met."), off_limits=(OffLimits("the merger", ("merger",)),))
    recap = recap_of(starter, record, question=question, style=style)
    assert recap.refused
    assert {gap.reason for gap in recap.not_covered} >= {reason}
    assert (recap.steps, recap.key_ideas, recap.recall_questions) == ((), (), ())
    assert recap.teach_back is None


def test_a_recap_sees_its_readers_notes_and_never_the_others(starter: Coach) -> None:
    mine = replace(note("The linnet sat on the depot table.", "mine", "mentee"), id="n1")
    theirs = replace(note("The canary sang in the depot yard.", "mine", "mentor"), id="n2")
    record = pair(session(1, mine, theirs))
    for reader, seen, hidden in (("mentee", "linnet", "canary"), ("mentor", "canary", "linnet")):
        for question in (None, "Where did the depot table and the yard bird sit or sing?"):
            text = str(build_json(recap_of(starter, record, reader, question=question)))  # type: ignore[arg-type]
            assert hidden not in text
        assert seen in str(build_json(recap_of(starter, record, reader)))  # type: ignore[arg-type]


def test_the_same_question_reads_differently_at_another_level(starter: Coach) -> None:
    question = "How do I group a pivot table by month?"
    texts = []
    for level in ("novice", "working"):
        mentee = Mentee("director", tech_levels=(("pivot table", level),))
        values = undated(ask(starter, question, pair(session(1, "We met."), mentee=mentee)))
        texts.append(f"{values['key_ideas']} {values['try_it']}")
    assert texts[0] != texts[1]


def test_another_way_says_it_differently(starter: Coach) -> None:
    question = "How do I group a pivot table by month?"
    plain, other = (ask(starter, question, style=s) for s in (None, "another_way"))
    assert overlap(plain.answer.text, other.answer.text) < 0.6


def test_a_question_recap_still_speaks_of_the_session(starter: Coach) -> None:
    recap = ask(starter, COVERED[0], pair(session(1, "We drank tea. Then we left.")))
    assert [one.text for one in recap.what_we_did] == ["We drank tea."]


def test_lines_without_a_stop_are_not_made_one_sentence(starter: Coach) -> None:
    recap = recap_of(starter, pair(session(1, "Made the pivot table\nSorted the report\n")))
    assert recap.answer.text == "Made the pivot table"
    assert false_clauses(recap) == []


def test_a_session_nobody_noted_and_the_library_lacks_is_refused(starter: Coach) -> None:
    recap = recap_of(starter, pair(session(1), goals=()))
    assert recap.refused
    assert false_clauses(recap) == []


def test_promises_are_shown_as_stored(starter: Coach) -> None:
    made = (promise("c1", "Sort the list", due="2026-11-20"), promise("c2", "Call", due="soon"))
    recap = recap_of(starter, pair(session(1, "We met.", commitments=made)))
    assert [(c.id, c.text, str(c.due)) for c in recap.commitments] == [
        ("c1", "Sort the list", "2026-11-20"),
        ("c2", "Call", "None"),
    ]


@pytest.mark.parametrize(
    ("record", "number"),
    [
        pytest.param(pair(), None, id="never met"),
        pytest.param(pair(session(1)), 7, id="no such session"),
        pytest.param(pair(session(1, state="planned")), None, id="only planned"),
    ],
)
def test_there_is_nothing_to_recap_of_a_session_never_held(
    record: PairRecord, number: int | None, starter: Coach
) -> None:
    with pytest.raises(NothingToRecap):
        recap_of(starter, record, session_number=number)


def test_a_pair_that_never_met_may_ask_a_question(starter: Coach) -> None:
    assert not ask(starter, COVERED[0], pair()).refused


def test_a_question_of_3000_characters_is_refused_in_one_sentence(starter: Coach) -> None:
    with pytest.raises(QuestionTooLong) as fault:
        ask(starter, "How? " * 600)
    assert str(fault.value) == "Ask one question of at most 2000 characters."


@pytest.mark.parametrize("question", ["{{7*7}}", "{x.__mro__}", "🎉", "؟كيف", "?"])
def test_strange_questions_stay_text(question: str, starter: Coach) -> None:
    recap = ask(starter, question)
    assert recap.question == question
    assert recap.refused
    assert "49" not in recap.answer.text


def test_the_same_request_gives_the_same_recap(starter: Coach) -> None:
    first, again = (ask(starter, COVERED[1]) for _ in range(2))
    assert undated(first) == undated(again)
    assert asyncio.run(starter.library.version()) == first.provenance.library_version


def test_a_recap_shows_what_a_session_taught_before_what_it_only_recalled(starter: Coach) -> None:
    known = "a filter hides rows but SUM still counts them; SUBTOTAL counts the visible rows"
    recalled = replace(RECORDS["P01"], sessions=RECORDS["P01"].sessions[-2:])
    assert known in {one.concept for one in recalled.sessions[0].concepts}
    drafted = recap_of(starter, recalled)
    steps = " ".join(step.action for step in drafted.steps)
    assert "to Values" in steps
    assert "filter" not in steps


@pytest.mark.parametrize(
    "question", ["What do I do when I lose my phone?", "How do I create a passkey?"]
)
def test_a_comparison_is_told_whole_however_short_the_answer(question: str, starter: Coach) -> None:
    citation = ask(starter, question, style="shorter").answer.citations[0]
    assert isinstance(citation, LibraryCitation)
    passages = asyncio.run(starter.library.passages_of(citation.document_id))
    passage = next(one for one in passages if one.id == citation.passage_id)
    assert passage.kind == "other_words"
    assert citation.quote == passage.text
