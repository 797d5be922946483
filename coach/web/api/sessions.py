"""Sessions: planned, read, and closed when they are over."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.responses import Response

from coach.pairs.sessions import (
    KnownSession,
    SessionOutcome,
    SessionPlan,
    list_sessions,
    load_session,
    save_session,
)
from coach.storage.database import Db
from coach.web.closing import close_session, move_planned
from coach.web.fields import Asked, Day, Items, Text
from coach.web.front import AtResources, AtViewer
from coach.web.idempotency import Answer, AtAttempt, write_once

router = APIRouter(tags=["sessions"])
SESSION = TypeAdapter(KnownSession)
Minutes = Annotated[int, Field(ge=-1, le=100_000)]


class NewSession(Asked):
    """When a session is to be, how long, and what the mentee wishes for."""

    date: Day
    minutes: Minutes
    wish: Text | None = None


class MovedSession(Asked):
    """What changes in the plan of a session; what is left out stays, an empty wish goes."""

    date: Day | None = None
    minutes: Minutes | None = None
    wish: Text | None = None


class Outcome(Asked):
    """What became of a session; None leaves what was planned."""

    state: Literal["held", "cancelled"] = "held"
    minutes: Minutes | None = None
    topics: list[Text] | None = None
    mentee_led_minutes: Minutes | None = None


@router.get("/pairs/{pair_id}/sessions")
async def sessions(pair_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[KnownSession]:
    """List the sessions of one of your pairs in order."""
    return Items(items=list(await resources.read(list_sessions, viewer, pair_id)))


@router.post("/pairs/{pair_id}/sessions", status_code=201, responses={201: {"model": KnownSession}})
async def plan_session(
    pair_id: UUID, asked: NewSession, viewer: AtViewer, resources: AtResources, attempt: AtAttempt
) -> Response:
    """Plan the next session of a pair."""

    def write(db: Db) -> Answer:
        plan = SessionPlan(asked.date, asked.minutes, asked.wish)
        planned = load_session(db, viewer, save_session(db, viewer, pair_id, plan))
        return Answer(201, SESSION.dump_python(planned, mode="json"))

    return await write_once(resources, attempt, write)


@router.get("/sessions/{session_id}")
async def session(session_id: UUID, viewer: AtViewer, resources: AtResources) -> KnownSession:
    """Show one session of one of your pairs."""
    return await resources.read(load_session, viewer, session_id)


@router.patch("/sessions/{session_id}")
async def move_session(
    session_id: UUID, asked: MovedSession, viewer: AtViewer, resources: AtResources
) -> KnownSession:
    """Move a session that was not held yet, or change its length or wish."""
    await resources.transact(
        move_planned, viewer, session_id, asked.date, asked.minutes, asked.wish
    )
    return await resources.read(load_session, viewer, session_id)


@router.post("/sessions/{session_id}/outcome")
async def close(
    session_id: UUID, asked: Outcome, viewer: AtViewer, resources: AtResources
) -> KnownSession:
    """Say that a session was held, or cancelled."""
    outcome = SessionOutcome(
        state=asked.state,
        minutes=asked.minutes,
        topics=None if asked.topics is None else tuple(asked.topics),
        mentee_led_minutes=asked.mentee_led_minutes,
    )
    await resources.transact(close_session, viewer, session_id, outcome)
    return await resources.read(load_session, viewer, session_id)
