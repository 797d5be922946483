"""Edits of a draft agenda: words, order, minutes, one block written anew, a block of one's own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from starlette.responses import Response

from coach.coaching.drafts import Agenda
from coach.storage.database import Save
from coach.web.api.agendas import tell_agenda
from coach.web.editing import Edit, edit_agenda
from coach.web.front import AtFront, AtViewer
from coach.web.idempotency import Answer, AtAttempt, answer_once
from coach.web.versions import MustStateVersion

router = APIRouter(tags=["agendas"])


@router.post("/sessions/{session_id}/agenda/edits", responses={200: {"model": Agenda}})
async def edit(
    session_id: UUID,
    asked: Annotated[Edit, Body()],
    viewer: AtViewer,
    front: AtFront,
    attempt: AtAttempt,
    version: MustStateVersion,
) -> Response:
    """Change a draft agenda; 409 carries the kept text and yours, 422 says why the contract won't.

    `words` changes any text, `move` a block's place, `minutes` moves minutes between blocks,
    `rewrite` has one block written anew (with `goal_id` or `wish`: about that), `add` puts in a
    block of your own and `remove` takes it out again.
    """

    async def think() -> Save[Answer]:
        return tell_agenda(await edit_agenda(front, viewer, session_id, version, asked))

    return await answer_once(front.resources, attempt, think)
