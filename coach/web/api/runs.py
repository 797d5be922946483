"""A session as it goes: begun, its blocks ticked off, the rest fitted to the time, closed."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, TypeAdapter
from starlette.responses import Response

from coach.coaching.drafts import Agenda
from coach.pairs.sessions import KnownSession, load_session
from coach.storage.database import Db
from coach.web.clock import now
from coach.web.fields import Asked
from coach.web.front import AtResources, AtViewer
from coach.web.idempotency import Answer, AtAttempt, write_once
from coach.web.running import (
    Running,
    begin_session,
    close_run,
    fit_session,
    load_run,
    mark_in_session,
)
from coach.web.versions import etag

router = APIRouter(tags=["sessions"])
Minutes = Annotated[int, Field(ge=-1, le=100_000)]
BlockId = Annotated[str, Field(max_length=100)]
RUNNING = TypeAdapter(Running)
SESSION = TypeAdapter(KnownSession)


class Run(BaseModel):
    """A session as it goes; `anchor_at` is when the part now under way began."""

    agenda: Agenda
    started_at: datetime
    anchor_at: datetime
    ends_at: datetime


class Begin(Asked):
    """How many minutes there are, when it is not as many as planned."""

    minutes_left: Minutes | None = None


class MarkBlock(Asked):
    """How long a block took: 0 when it was skipped, null takes the mark back."""

    block_id: BlockId
    minutes: Minutes | None


class TimeLeft(Asked):
    """How many minutes are left."""

    minutes_left: Minutes


class Close(Asked):
    """What was not reached, by block id; minutes null = the minutes of the blocks."""

    missed: Annotated[list[BlockId], Field(max_length=100)] = Field(default_factory=list)
    minutes: Minutes | None = None


DESCRIBED: dict[int | str, dict[str, Any]] = {200: {"model": Run}}


@router.get("/sessions/{session_id}/run", responses=DESCRIBED)
async def run(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Response:
    """Show a session as it goes, or went."""
    return _answer(await resources.read(load_run, viewer, session_id)).respond()


@router.post("/sessions/{session_id}/run", responses=DESCRIBED)
async def begin(
    session_id: UUID, asked: Begin, viewer: AtViewer, resources: AtResources, attempt: AtAttempt
) -> Response:
    """Begin a session; one that has begun goes on as it was."""

    def write(db: Db) -> Answer:
        return _answer(begin_session(db, viewer, session_id, now(), asked.minutes_left))

    return await write_once(resources, attempt, write)


@router.post("/sessions/{session_id}/run/marks", responses=DESCRIBED)
async def mark(
    session_id: UUID, asked: MarkBlock, viewer: AtViewer, resources: AtResources, attempt: AtAttempt
) -> Response:
    """Tick a block off with the minutes it took."""

    def write(db: Db) -> Answer:
        block, minutes = asked.block_id, asked.minutes
        return _answer(mark_in_session(db, viewer, session_id, block, minutes, now()))

    return await write_once(resources, attempt, write)


@router.post("/sessions/{session_id}/run/fit", responses=DESCRIBED)
async def fit(
    session_id: UUID, asked: TimeLeft, viewer: AtViewer, resources: AtResources, attempt: AtAttempt
) -> Response:
    """Fit what is open to the minutes left."""

    def write(db: Db) -> Answer:
        return _answer(fit_session(db, viewer, session_id, asked.minutes_left, now()))

    return await write_once(resources, attempt, write)


@router.post("/sessions/{session_id}/run/close", responses={200: {"model": KnownSession}})
async def close(
    session_id: UUID, asked: Close, viewer: AtViewer, resources: AtResources, attempt: AtAttempt
) -> Response:
    """Close a session under way; closing it twice is one effect."""

    def write(db: Db) -> Answer:
        close_run(db, viewer, session_id, frozenset(asked.missed), asked.minutes)
        closed = load_session(db, viewer, session_id)
        return Answer(200, SESSION.dump_python(closed, mode="json"))

    return await write_once(resources, attempt, write)


def _answer(running: Running) -> Answer:
    body = RUNNING.dump_python(running, mode="json")
    version = body.pop("version")
    return Answer(200, body, {"etag": etag(version)})
