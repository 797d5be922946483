"""Follow-up questions one by one: kept for the next agenda, asked, answered or skipped."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from coach.pairs.questions import KnownQuestion, list_questions, save_question_answer, save_turn
from coach.storage.database import Db
from coach.web.api.pairs import Formed
from coach.web.fields import Asked, Items, Text
from coach.web.front import AtFront, AtResources, AtViewer
from coach.web.idempotency import Answer, AtAttempt, write_once

router = APIRouter(tags=["follow-ups and recaps"])
QuestionId = Annotated[str, Path(max_length=100)]


class Turn(Asked):
    """What becomes of a question; `for_next` puts it into the next agenda."""

    state: Literal["for_next", "asked", "skipped"]


class Said(Asked):
    """An answer; `mine` is for its author alone, `pair` for both."""

    text: Text
    visibility: Literal["mine", "pair"]


@router.get("/sessions/{session_id}/questions")
async def questions(
    session_id: UUID, viewer: AtViewer, resources: AtResources
) -> Items[KnownQuestion]:
    """List the latest follow-up questions of a session with what became of each."""
    return Items(items=list(await resources.read(list_questions, viewer, session_id)))


@router.put("/follow-ups/{draft_id}/questions/{question_id}", status_code=204)
async def turn(
    draft_id: UUID, question_id: QuestionId, asked: Turn, viewer: AtViewer, resources: AtResources
) -> None:
    """Keep a question for the next agenda, or say that it was asked or is skipped."""
    await resources.transact(save_turn, viewer, draft_id, question_id, asked.state)


@router.post(
    "/follow-ups/{draft_id}/questions/{question_id}/answers",
    status_code=201,
    responses={201: {"model": Formed}},
)
async def say(
    draft_id: UUID,
    question_id: QuestionId,
    asked: Said,
    viewer: AtViewer,
    front: AtFront,
    attempt: AtAttempt,
) -> Response:
    """Answer a question in a note, for yourself or for both."""

    def write(db: Db) -> Answer:
        text, visibility = asked.text, asked.visibility
        note_id = save_question_answer(db, viewer, draft_id, question_id, text, visibility)
        return Answer(201, {"id": str(note_id)})

    return await write_once(front.resources, attempt, write)
