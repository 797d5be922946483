"""The agenda of a session: drafted whole or as a stream, edited, settled, planned anew."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field, TypeAdapter
from starlette.responses import JSONResponse, Response

from coach.coaching.drafts import Agenda, AgendaBlock, build_json
from coach.pairs.drafts import (
    AgendaChanged,
    Body,
    KeptAgenda,
    load_agenda,
    save_step,
    settle_agenda,
)
from coach.people.idempotency import Attempt
from coach.people.permissions import Viewer
from coach.storage.database import Db, Save
from coach.web.drafting import (
    Loaded,
    draft_session_agenda,
    load_for_agenda,
    stream_session_agenda,
)
from coach.web.fields import Asked, Text
from coach.web.front import AtFront, AtResources, AtViewer
from coach.web.idempotency import (
    Answer,
    AtAttempt,
    answer_once,
    find_answer,
    free_key,
    write_answer,
)
from coach.web.running import fit_kept
from coach.web.service import Front
from coach.web.streaming import Event, stream
from coach.web.versions import MayStateVersion, MustStateVersion, etag

router = APIRouter(tags=["agendas"])
BLOCK = TypeAdapter(AgendaBlock)
STREAM = "text/event-stream"
DESCRIBED: dict[int | str, dict[str, Any]] = {
    201: {
        "model": Agenda,
        "description": "The agenda; with Accept: text/event-stream the events progress, block "
        "(each whole and checked), then done or interrupted.",
        "content": {STREAM: {"schema": {"type": "string"}}},
    }
}


class NewWords(Asked):
    """One step in a person's own words; steps are counted from 0."""

    block_id: Annotated[str, Field(max_length=100)]
    step: Annotated[int, Field(ge=0, le=1000)]
    text: Text


class TimeLeft(Asked):
    """How a running session stands: minutes left, and the minutes each finished block took."""

    minutes_left: Annotated[int, Field(ge=-1, le=100_000)]
    blocks_done: dict[
        Annotated[str, Field(max_length=100)], Annotated[int, Field(ge=-1, le=100_000)]
    ] = Field(default_factory=dict)


@router.post("/sessions/{session_id}/agenda", status_code=201, responses=DESCRIBED)
async def draft(
    session_id: UUID,
    request: Request,
    viewer: AtViewer,
    front: AtFront,
    attempt: AtAttempt,
    version: MayStateVersion,
) -> Response:
    """Draft the agenda of a planned session and keep it."""
    if STREAM in request.headers.get("accept", ""):
        return await _streamed(front, viewer, session_id, attempt, version)

    async def think() -> Save[Answer]:
        return tell_agenda(await draft_session_agenda(front, viewer, session_id, version), 201)

    return await answer_once(front.resources, attempt, think)


@router.get("/sessions/{session_id}/agenda", responses={200: {"model": Agenda}})
async def agenda(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Response:
    """Show the agenda of a session; the ETag is what an edit must name."""
    return _answer(await resources.read(load_agenda, viewer, session_id)).respond()


@router.patch("/sessions/{session_id}/agenda", responses={200: {"model": Agenda}})
async def edit_step(
    session_id: UUID,
    asked: NewWords,
    viewer: AtViewer,
    resources: AtResources,
    version: MustStateVersion,
) -> Response:
    """Change the words of one step; 409 carries the kept text and yours."""
    step = (asked.block_id, asked.step, asked.text)
    try:
        kept = await resources.transact(save_step, viewer, session_id, version, step)
    except AgendaChanged as conflict:
        kept_text = step_text(conflict.kept, asked.block_id, asked.step)
        conflict.words = {"kept_text": kept_text, "offered_text": asked.text}
        raise
    return _answer(kept).respond()


@router.post("/sessions/{session_id}/agenda/settle", responses={200: {"model": Agenda}})
async def settle(
    session_id: UUID, viewer: AtViewer, resources: AtResources, version: MustStateVersion
) -> Response:
    """Make the agenda what the two go by."""
    kept = await resources.transact(settle_agenda, viewer, session_id, version)
    return _answer(kept).respond()


@router.post("/sessions/{session_id}/agenda/replan", responses={200: {"model": Agenda}})
async def replan_rest(
    session_id: UUID, asked: TimeLeft, viewer: AtViewer, resources: AtResources
) -> Response:
    """Fit the agenda to the minutes left; the kept agenda stays as it is."""
    agenda = await resources.read(
        fit_kept, viewer, session_id, asked.minutes_left, asked.blocks_done
    )
    return JSONResponse(build_json(agenda))


def step_text(body: Any, block_id: str, number: int) -> str | None:  # noqa: ANN401  JSON values
    """The words of one step in a kept agenda, None when it has no such step."""
    for block in body["blocks"]:
        if block["id"] == block_id and number < len(block["steps"]):
            return str(block["steps"][number]["text"])
    return None


async def _streamed(
    front: Front, viewer: Viewer, session_id: UUID, attempt: Attempt | None, version: int | None
) -> Response:
    """The draft as events; what can be refused is refused before the first of them."""
    if attempt is not None:
        saved = await find_answer(front.resources, attempt)
        if saved is not None and saved.status >= 400:
            return saved.respond()
        if saved is not None:
            return stream(_told_again(saved), front.closing)
    done = False
    try:
        loaded = await front.resources.read(load_for_agenda, viewer, session_id)
        done = True
    finally:
        if not done:
            await free_key(front.resources, attempt)
    return stream(_told(front, viewer, loaded, attempt, version), front.closing)


async def _told(
    front: Front, viewer: Viewer, loaded: Loaded, attempt: Attempt | None, version: int | None
) -> AsyncIterator[Event]:
    """The events of a draft as it is written."""
    answered: Answer | None = None
    minutes = loaded.session.minutes
    try:
        yield Event("progress", {"minutes": minutes, "planned": 0})
        async for part in stream_session_agenda(front, viewer, loaded, version):
            if isinstance(part, AgendaBlock):
                yield Event("block", BLOCK.dump_python(part, mode="json"))
                planned = part.starts_at_minute + part.minutes
                yield Event("progress", {"minutes": minutes, "planned": planned})
            else:
                answered = await write_answer(front.resources, attempt, tell_agenda(part, 201))
        if answered is not None:
            yield _done(answered)
    finally:
        if answered is None:
            await free_key(front.resources, attempt)


async def _told_again(saved: Answer) -> AsyncIterator[Event]:
    """The events of a draft that was written before under the same key."""
    for block in saved.body["blocks"]:
        yield Event("block", block)
    yield _done(saved)


def _done(answered: Answer) -> Event:
    return Event("done", {"agenda": answered.body, "etag": answered.headers["etag"]})


def tell_agenda(save: Save[KeptAgenda], status: int = 200) -> Save[Answer]:
    """What keeps an agenda and tells it as it was kept."""

    def write(db: Db) -> Answer:
        return _answer(save(db), status)

    return write


def _answer(kept: KeptAgenda, status: int = 200) -> Answer:
    body: Body = kept.body
    return Answer(status, body, {"etag": etag(kept.version)})
