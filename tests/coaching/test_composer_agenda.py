"""Agendas of the twelve pairs at every length: no clause false, no word from nowhere."""

import asyncio
import json
import pathlib
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import Agenda, build_json
from coach.coaching.gathering import gather_material
from coach.coaching.pipeline import Coach, brief_for
from coach.pairs.exchange import read_pairs
from coach.pairs.records import PairRecord, Role
from tests.coaching.closure import Origins, strangers_in
from tests.coaching.conftest import Drafted
from tests.coaching.make import (
    PAIR_IDS,
    TODAY,
    agenda_of,
    false_clauses,
    pair,
    pair_texts,
    promise,
    schema_of,
    session,
    step_texts,
    twelve,
    undated,
)

LENGTHS = (10, 15, 20, 30, 45, 60, 75, 90, 120, 180)
RECORDS = twelve()
NULLS: list[dict[str, Any]] = json.loads(
    (pathlib.Path(__file__).parents[1] / "data" / "null_clauses.json").read_text("utf-8")
)
SCHEMA = Draft202012Validator(schema_of("agenda"))

each_pair = pytest.mark.parametrize("pair_id", PAIR_IDS)
each_length = pytest.mark.parametrize("minutes", LENGTHS)


@each_length
@each_pair
def test_no_clause_is_false(pair_id: str, minutes: int, drafted: Drafted) -> None:
    assert false_clauses(drafted(pair_id, minutes)) == []


@each_length
@each_pair
def test_a_clause_is_null_only_for_a_reason_we_wrote_down(
    pair_id: str, minutes: int, drafted: Drafted
) -> None:
    nulls = [one.clause for one in drafted(pair_id, minutes).contract if one.holds is None]
    assert [clause for clause in nulls if not may_be_null(clause, pair_id, minutes)] == []


def may_be_null(clause: str, pair_id: str, minutes: int) -> bool:
    return any(
        row["clause"] == clause
        and pair_id in row["pairs"]
        and minutes <= row.get("most_minutes", 180)
        for row in NULLS
    )


@pytest.mark.parametrize("row", NULLS, ids=lambda row: f"{row['clause']} {len(row['pairs'])}")
def test_every_reason_for_a_null_is_needed(row: dict[str, Any], drafted: Drafted) -> None:
    for pair_id in row["pairs"]:
        verdicts = {one.clause: one for one in drafted(pair_id, 10).contract}
        assert verdicts[row["clause"]].holds is None


@each_length
@each_pair
def test_an_agenda_is_what_its_schema_promises(
    pair_id: str, minutes: int, drafted: Drafted
) -> None:
    values = build_json(drafted(pair_id, minutes))
    assert [error.message for error in SCHEMA.iter_errors(values)] == []


@each_pair
def test_the_same_request_gives_the_same_agenda(
    pair_id: str, drafted: Drafted, starter: Coach
) -> None:
    again = agenda_of(starter, RECORDS[pair_id], minutes=45)
    assert json.dumps(undated(again)) == json.dumps(undated(drafted(pair_id, 45)))


def origins_of(coach: Coach, record: PairRecord, minutes: int) -> Origins:
    brief = asyncio.run(brief_for(coach, record, AgendaRequest(TODAY, minutes=minutes)))
    fillers = {str(word) for word in coach.shelves.of("en").agenda.listed("fillers")}
    material = asyncio.run(gather_material(coach.library, brief, coach.abstain_below, fillers))
    return Origins(brief, material)


@each_pair
def test_every_visible_string_is_the_librarys_the_pairs_or_a_frame(
    pair_id: str, drafted: Drafted, starter: Coach
) -> None:
    origins = origins_of(starter, RECORDS[pair_id], 45)
    for minutes in LENGTHS:
        assert strangers_in(build_json(drafted(pair_id, minutes)), origins) == []


@pytest.mark.parametrize(
    "invented",
    [
        pytest.param("Press the red button first.", id="an invented step"),
        pytest.param("A pivot table can group dates by month", id="half a sentence"),
        pytest.param("Why this, for you: it is a step towards “win the lottery”.", id="a goal"),
        pytest.param("The mentor promised: “Buy lunch”. What came of it?", id="a promise"),
        pytest.param("Here “pivot table” means a kind of chair.", id="a meaning"),
        pytest.param("", id="nothing"),
    ],
)
def test_the_closure_knows_a_stranger(invented: str, starter: Coach) -> None:
    assert not origins_of(starter, RECORDS["P01"], 45).know(invented)


def test_ten_pairs_or_more_find_the_library_in_tech_and_in_the_swap(drafted: Drafted) -> None:
    served = [one for one in PAIR_IDS if is_served(drafted(one, 45))]
    assert len(served) >= 10, served


def is_served(agenda: Agenda) -> bool:
    quoting = {b.kind for b in agenda.blocks for s in b.steps if s.origin == "quotation"}
    return "swap" in quoting and bool(quoting & {"demo", "hands_on", "teach_back"})


def test_only_the_topic_of_x06_is_not_in_the_library(drafted: Drafted) -> None:
    gaps = {
        pair_id
        for pair_id in PAIR_IDS
        for gap in drafted(pair_id, 45).gaps
        if gap.reason == "not_in_library"
    }
    assert gaps == {"X06"}


@each_pair
def test_a_draft_never_reads_the_labels(pair_id: str, drafted: Drafted, starter: Coach) -> None:
    raw = next(one for one in pair_texts() if one["id"] == pair_id)
    canary = {"library_topics": ["canary"], "expected": [{"check": "canary"}]}
    spoilt = read_pairs(json.dumps(raw | canary), "p.json")[0].record
    assert spoilt == RECORDS[pair_id]
    assert not hasattr(spoilt, "expected")
    assert undated(agenda_of(starter, spoilt, minutes=45)) == undated(drafted(pair_id, 45))


FOREIGN_WISHES = {
    "P01": "I want to protect my account with a passkey",
    "P03": "Help me make a pivot table",
    "P05": "Show me how to publish my first post",
    "X06": "Help me make a pivot table",
}


@pytest.mark.parametrize(("pair_id", "wish"), FOREIGN_WISHES.items())
def test_a_lesson_that_only_the_wish_asked_for_is_not_said_to_serve_the_goal(
    starter: Coach, pair_id: str, wish: str
) -> None:
    record = twelve()[pair_id]
    agenda = agenda_of(starter, record, minutes=45, wish=wish)
    taught = [block for block in agenda.blocks if block.kind in ("demo", "hands_on")]
    said = " ".join((agenda.purpose, *(step.text for block in taught for step in block.steps)))
    goals = [goal.text for goal in record.goals if goal.kind == "tech"]
    assert [goal for goal in goals if goal in said] == []
    assert f"“{wish}”" in said
    assert [verdict for verdict in agenda.contract if verdict.holds is False] == []


def test_a_wish_for_the_goal_keeps_the_goal_in_sight(starter: Coach) -> None:
    record = twelve()["P01"]
    agenda = agenda_of(starter, record, minutes=45, wish="Help me make a pivot table")
    taught = [block for block in agenda.blocks if block.kind in ("demo", "hands_on")]
    said = " ".join(step.text for block in taught for step in block.steps)
    assert "“Build the monthly depot report with a pivot table" in said


@pytest.mark.parametrize(
    ("promised", "owner", "is_debriefed"),
    [
        pytest.param(
            "Copy the promotion rules into a list", "mentor", True, id="their own promise"
        ),
        pytest.param("Bring the printed map", "mentor", False, id="about something else"),
        pytest.param("Name one promotion panel", "mentee", False, id="the other's promise"),
    ],
)
def test_the_swap_comes_back_to_what_the_mentor_promised_about_the_goal(
    promised: str, owner: Role, is_debriefed: bool, starter: Coach
) -> None:
    record = pair(session(1, "We met.", commitments=(promise("c1", promised, owner),)))
    frames = starter.shelves.of("en").agenda.by_purpose["swap_debrief"]
    asked = step_texts(agenda_of(starter, record), "swap")
    assert any(frame.text in asked for frame in frames) is is_debriefed
    short = step_texts(agenda_of(starter, record, minutes=15), "swap")
    assert not any(frame.text in short for frame in frames)


def test_a_session_after_the_review_date_of_its_sources_says_so(starter: Coach) -> None:
    record, day = RECORDS["P01"], date(TODAY.year + 9, 1, 5)
    agenda = agenda_of(starter, record, for_date=day, minutes=45)
    assert false_clauses(agenda) == []
    assert {one.state for one in agenda.sources} == {"needs_check"}
    assert any(block.needs_check for block in agenda.blocks)
