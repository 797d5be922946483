"""Which follow-up questions of a pair wait for its next agenda, and which nobody wanted."""

from typing import Any, Literal

import sqlalchemy as sa

from coach.pairs.records import KeptQuestion
from coach.storage.database import Db
from coach.storage.tables import FollowUps, MentoringSession, Pair, QuestionTurn

TurnState = Literal["for_next", "asked", "skipped"]


def list_kept(db: Db, pair: Pair) -> tuple[KeptQuestion, ...]:
    """The questions that wait for the pair's next agenda, the oldest first."""
    return tuple(
        KeptQuestion(said["asked_by"], said["text"])
        for _, _, said in find_turns(db, pair, "for_next")
    )


def list_skipped(db: Db, pair: Pair) -> list[tuple[int, str]]:
    """The questions nobody wanted, as (number of the session, text)."""
    return [(session.number, said["text"]) for _, session, said in find_turns(db, pair, "skipped")]


def find_turns(
    db: Db, pair: Pair, state: TurnState
) -> list[tuple[QuestionTurn, MentoringSession, dict[str, Any]]]:
    """Every question of a pair in this state, with the session it grew from."""
    query = (
        sa.select(QuestionTurn, FollowUps, MentoringSession)
        .join(FollowUps, FollowUps.id == QuestionTurn.follow_ups_id)
        .join(MentoringSession, MentoringSession.id == FollowUps.session_id)
        .where(MentoringSession.pair_id == pair.id, QuestionTurn.state == state)
        .order_by(MentoringSession.number, FollowUps.created_at, QuestionTurn.question_id)
    )
    return [
        (turn, session, said)
        for turn, draft, session in db.execute(query)
        for said in questions_of(draft)
        if said["id"] == turn.question_id
    ]


def questions_of(draft: FollowUps) -> list[dict[str, Any]]:
    """The questions of a draft, in the field names of their schema."""
    body: Any = draft.body
    return list(body["questions"])
