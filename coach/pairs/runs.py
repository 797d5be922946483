"""Keeps a session as it goes: when it began, what is under way, how long each block took."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.pairs.checking import check_text
from coach.pairs.sessions import SessionOver, find_open_session
from coach.people.permissions import Viewer, find_session, one
from coach.storage.database import Db
from coach.storage.tables import MentoringSession, SessionRun

Body = dict[str, Any]


class NotBegun(CoachError):
    """The session has not been begun."""

    status = 409
    title = "This session has not begun. Begin it, and it can be run from here."


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A session as it goes; `body` is its agenda with the minutes that blocks took."""

    session_id: UUID
    body: Body
    version: int
    started_at: datetime
    anchor_at: datetime
    ends_at: datetime


def find_run(db: Db, viewer: Viewer, session_id: UUID) -> KnownRun | None:
    """A session of the viewer's as it goes or went; None when it was never begun, or NotFound."""
    _, session = find_session(db, viewer, session_id)
    row = db.scalars(_run_of(session)).one_or_none()
    return None if row is None else _build_run(row)


def load_open_run(db: Db, viewer: Viewer, session_id: UUID) -> KnownRun:
    """A session under way, locked to be changed; raises NotBegun, SessionOver or NotFound."""
    _, session = find_open_session(db, viewer, session_id)
    if session.state != "planned":
        raise SessionOver
    try:
        return _build_run(one(db, _run_of(session)))
    except NotFound:
        raise NotBegun from None


def save_new_run(
    db: Db, viewer: Viewer, session_id: UUID, body: Body, began: datetime, ends: datetime
) -> KnownRun:
    """Begin a session; one that has begun already goes on as it was."""
    _, session = find_open_session(db, viewer, session_id)
    known = db.scalars(_run_of(session)).one_or_none()
    if known is not None:
        return _build_run(known)
    if session.state != "planned":
        raise SessionOver
    row = SessionRun(
        session_id=session.id, body=body, started_at=began, anchor_at=began, ends_at=ends
    )
    db.add(row)
    db.flush()
    return _build_run(row)


def save_run(
    db: Db,
    viewer: Viewer,
    session_id: UUID,
    body: Body,
    anchor: datetime | None = None,
    ends: datetime | None = None,
) -> KnownRun:
    """Keep how a session goes; None leaves a moment as it was."""
    check_text(body, "agenda")
    _, session = find_open_session(db, viewer, session_id)
    row = one(db, _run_of(session))
    row.body = body
    row.version += 1
    row.anchor_at = anchor or row.anchor_at
    row.ends_at = ends or row.ends_at
    db.flush()
    return _build_run(row)


def _run_of(session: MentoringSession) -> sa.Select[SessionRun]:
    query = sa.select(SessionRun).where(SessionRun.session_id == session.id)
    return query.execution_options(populate_existing=True)


def _build_run(row: SessionRun) -> KnownRun:
    return KnownRun(
        row.session_id, row.body, row.version, row.started_at, row.anchor_at, row.ends_at
    )
