"""Scores lie between 0 and 1, and each part falls when what it measures is missing."""

from dataclasses import replace
from typing import Any

import pytest

from coach.coaching.drafts import Agenda, FollowUps, Recap, ScoredDraft
from coach.coaching.pipeline import Coach
from coach.evaluation.scores import open_ids, score_draft
from coach.pairs.records import Commitment, PairRecord
from tests.coaching.make import agenda_of, follow_ups_of, pair, recap_of, session, twelve

OPEN = Commitment("c1", "mentor", "Send the draft", "2026-11-20", "open")


@pytest.fixture(scope="module")
def record() -> PairRecord:
    return twelve()["P01"]


@pytest.fixture(scope="module")
def agenda(starter: Coach, record: PairRecord) -> Agenda:
    return agenda_of(starter, record)


@pytest.fixture(scope="module")
def recap(starter: Coach, record: PairRecord) -> Recap:
    return recap_of(starter, record)


@pytest.fixture(scope="module")
def questions(starter: Coach, record: PairRecord) -> FollowUps:
    return follow_ups_of(starter, record)


def test_the_drafts_of_a_good_pair_score_high(
    agenda: Agenda, recap: Recap, questions: FollowUps, record: PairRecord
) -> None:
    drafts: tuple[ScoredDraft, ...] = (agenda, recap, questions)
    for draft in drafts:
        parts = score_draft(draft, record)
        assert all(0 <= value <= 1 for value in parts.values())
        assert parts["score"] > 0.85


def without(agenda: Agenda, **changes: Any) -> Agenda:
    """The agenda with every block changed."""
    return replace(agenda, blocks=tuple(replace(one, **changes) for one in agenda.blocks))


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        pytest.param("continuity", {"commitment_ids": ()}, id="promises forgotten"),
        pytest.param("balance", {"kind": "demo"}, id="no swap"),
        pytest.param("coverage", {"steps": ()}, id="nothing taught"),
    ],
)
def test_an_agenda_that_lacks_it_scores_less(
    part: str, changes: dict[str, Any], agenda: Agenda, record: PairRecord
) -> None:
    whole, lacking = score_draft(agenda, record), score_draft(without(agenda, **changes), record)
    assert lacking[part] < whole[part]
    assert lacking["score"] < whole["score"]


def test_facts_without_their_place_are_not_grounded(agenda: Agenda, record: PairRecord) -> None:
    bare = [
        replace(block, steps=tuple(replace(step, citations=()) for step in block.steps))
        for block in agenda.blocks
    ]
    assert score_draft(replace(agenda, blocks=tuple(bare)), record)["grounded"] == 0.0


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        pytest.param("actionable", {"try_it": None}, id="nothing to try"),
        pytest.param("learning", {"teach_back": None}, id="no teach-back"),
    ],
)
def test_a_recap_that_lacks_it_scores_less(
    part: str, changes: dict[str, Any], recap: Recap, record: PairRecord
) -> None:
    lacking = score_draft(replace(recap, **changes), record)
    assert lacking[part] < score_draft(recap, record)[part]


def test_a_refusal_without_its_reason_scores_nothing(recap: Recap, record: PairRecord) -> None:
    refusal = replace(recap, refused=True, not_covered=())
    assert score_draft(refusal, record)["score"] == 0.0


def test_questions_asked_before_are_no_news(questions: FollowUps, record: PairRecord) -> None:
    asked = tuple(one.text for one in questions.questions)
    before = pair(session(1, "We met.", questions_asked=asked))
    assert score_draft(questions, before)["novelty"] == 0.0
    one = replace(questions, questions=questions.questions[:1])
    assert score_draft(one, record)["both_ask"] == 0.0


def test_only_what_is_open_by_now_must_come_back() -> None:
    made = session(1, commitments=(OPEN, replace(OPEN, id="c2")))
    kept = session(2, commitments=(replace(OPEN, status="done"),))
    away = replace(session(3, commitments=(replace(OPEN, id="c3"),)), state="cancelled")
    assert open_ids(pair(made, kept, away)) == {"c2"}
