"""Follow-up questions of the twelve pairs: no clause false, no word from nowhere, no repeats."""

import asyncio
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import build_json
from coach.coaching.follow_ups import build_queries
from coach.coaching.gathering import gather_for_recap
from coach.coaching.pipeline import Coach, brief_for
from tests.coaching.closure import Origins, strangers_in
from tests.coaching.make import (
    CAREER,
    PAIR_IDS,
    TECH,
    TODAY,
    concept,
    false_clauses,
    follow_ups_of,
    note,
    pair,
    schema_of,
    session,
    twelve,
    undated,
)

RECORDS = twelve()
SCHEMA = Draft202012Validator(schema_of("follow_ups"))


@pytest.mark.parametrize("minutes", [None, 10, 15, 60, 180])
@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_no_clause_is_false(pair_id: str, minutes: int | None, starter: Coach) -> None:
    drafted = follow_ups_of(starter, RECORDS[pair_id], minutes=minutes)
    assert false_clauses(drafted) == []
    assert [error.message for error in SCHEMA.iter_errors(build_json(drafted))] == []


@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_every_visible_string_is_the_librarys_the_pairs_or_a_frame(
    pair_id: str, starter: Coach
) -> None:
    record = RECORDS[pair_id]
    drafted = follow_ups_of(starter, record)
    brief = asyncio.run(brief_for(starter, record, AgendaRequest(TODAY)))
    material = asyncio.run(
        gather_for_recap(starter.library, build_queries(brief), starter.abstain_below)
    )
    assert strangers_in(build_json(drafted), Origins(brief, material)) == []


@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_the_same_request_gives_the_same_questions(pair_id: str, starter: Coach) -> None:
    first, again = (follow_ups_of(starter, RECORDS[pair_id]) for _ in range(2))
    assert undated(first) == undated(again)


@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_questions_asked_before_do_not_come_back(pair_id: str, starter: Coach) -> None:
    record = RECORDS[pair_id]
    if not record.sessions:
        pytest.skip("this pair has not met yet, so nothing was asked")
    first = follow_ups_of(starter, record)
    asked = tuple(question.text for question in first.questions)
    last = replace(record.sessions[-1], questions_asked=asked)
    second = follow_ups_of(starter, replace(record, sessions=(*record.sessions[:-1], last)))
    assert not set(asked) & {question.text for question in second.questions}


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(
            pair(session(1, "The totals matched at last."), goals=(TECH,)), id="only a tech goal"
        ),
        pytest.param(
            pair(session(1, "We met.", concepts=(concept("k1", "sorting needs a header"),))),
            id="a concept",
        ),
        pytest.param(pair(), id="never met"),
        pytest.param(pair(goals=(CAREER,)), id="only a career goal"),
    ],
)
def test_pairs_that_wrote_little_are_asked_well(record: object, starter: Coach) -> None:
    assert false_clauses(follow_ups_of(starter, record)) == []  # type: ignore[arg-type]


def test_a_private_note_is_never_asked_about(starter: Coach) -> None:
    canaries = (note("The canary sings.", "mine", "mentor"), note("A linnet.", "mine", "mentee"))
    text = str(build_json(follow_ups_of(starter, pair(session(1, *canaries), goals=(TECH,)))))
    assert "canary" not in text
    assert "linnet" not in text


def test_what_was_noted_last_is_asked_about_when_nothing_else_is_there(starter: Coach) -> None:
    drafted = follow_ups_of(starter, pair(session(1, "The totals matched at last."), goals=(TECH,)))
    noted = [one for one in drafted.questions if one.anchor.type == "note"]
    assert [one.anchor.quote for one in noted] == ["The totals matched at last."]


def test_the_frames_of_one_set_are_out_of_step_and_move_on_with_each_session(
    starter: Coach,
) -> None:
    frames = starter.shelves.of("en").follow_ups.by_purpose
    place = {one.id: number for group in frames.values() for number, one in enumerate(group)}
    held = {number: session(number, "The totals matched at last.") for number in (1, 2)}
    first, second = (follow_ups_of(starter, pair(one)).questions for one in held.values())
    assert len({place[one.frame_id] for one in first if one.frame_id}) > 1
    assert not {one.frame_id for one in first} & {one.frame_id for one in second}
    other = follow_ups_of(starter, replace(pair(held[1]), id="T2")).questions
    assert [one.frame_id for one in other] != [one.frame_id for one in first]
