"""Runs a session: begin, tick blocks off, say how much time is left, close it; once each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ValidationError

from coach.coaching.drafts import Agenda, build_json, read_agenda
from coach.coaching.replan import replan
from coach.coaching.running import (
    begin_with,
    finish,
    fit_rest,
    mark_block,
    minutes_of,
    open_blocks,
)
from coach.errors import CoachError, NotFound
from coach.pairs.drafts import KeptAgenda, load_agenda, settle_agenda
from coach.pairs.runs import KnownRun, find_run, load_open_run, save_new_run, save_run
from coach.pairs.sessions import SessionOutcome, find_open_session, load_session
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.closing import close_session

LONGEST_RUN = 24 * 60


class NothingToRun(CoachError):
    """A session is run by its agenda, and there is none."""

    status = 409
    title = "This session has no agenda yet. Draft one first; with little time, draft a short one."


@dataclass(frozen=True, slots=True)
class Running:
    """A session as it goes, for those who show it."""

    agenda: Agenda
    version: int
    started_at: datetime
    anchor_at: datetime
    ends_at: datetime


def begin_session(
    db: Db, viewer: Viewer, session_id: UUID, now: datetime, minutes_left: int | None
) -> Running:
    """Begin a session with its agenda, settled by that; late, the rest is fitted to what is left.

    A session that has begun already goes on as it was.
    """
    find_open_session(db, viewer, session_id)
    known = find_run(db, viewer, session_id)
    if known is not None:
        return read_run(known)
    kept = _settled(db, viewer, session_id)
    agenda = read_agenda(kept.body)
    if minutes_left is not None:
        agenda = begin_with(agenda, minutes_left)
    ends = now + timedelta(minutes=sum(one.minutes for one in open_blocks(agenda)))
    return read_run(save_new_run(db, viewer, session_id, build_json(agenda), now, ends))


def _settled(db: Db, viewer: Viewer, session_id: UUID) -> KeptAgenda:
    """The agenda the two go by: whoever begins with a draft says that it counts."""
    try:
        kept = load_agenda(db, viewer, session_id)
        read_agenda(kept.body)
    except (NotFound, ValidationError):
        load_session(db, viewer, session_id)
        raise NothingToRun from None
    if kept.state == "settled":
        return kept
    return settle_agenda(db, viewer, session_id, kept.version)


def mark_in_session(
    db: Db, viewer: Viewer, session_id: UUID, block_id: str, minutes: int | None, now: datetime
) -> Running:
    """Tick a block off with the minutes it took; the same mark again changes nothing."""
    run = load_open_run(db, viewer, session_id)
    agenda = read_agenda(run.body)
    marked = mark_block(agenda, block_id, minutes)
    if marked == agenda:
        return read_run(run)
    return read_run(save_run(db, viewer, session_id, build_json(marked), now))


def fit_session(
    db: Db, viewer: Viewer, session_id: UUID, minutes_left: int, now: datetime
) -> Running:
    """Fit what is open to the minutes left, from this moment on."""
    run = load_open_run(db, viewer, session_id)
    agenda = fit_rest(read_agenda(run.body), minutes_left)
    ends = now + timedelta(minutes=minutes_left)
    return read_run(save_run(db, viewer, session_id, build_json(agenda), now, ends))


def fit_kept(
    db: Db, viewer: Viewer, session_id: UUID, minutes_left: int, done: Mapping[str, int]
) -> Agenda:
    """The agenda fitted to the minutes left; the kept one stays as it is."""
    kept = load_agenda(db, viewer, session_id)
    try:
        agenda = read_agenda(kept.body)
    except ValidationError:
        raise NothingToRun from None
    return replan(agenda, minutes_left, done)


def close_run(
    db: Db,
    viewer: Viewer,
    session_id: UUID,
    missed: Collection[str],
    minutes: int | None,
) -> None:
    """Close a session under way: what was not reached is kept for next time."""
    _, row = find_open_session(db, viewer, session_id)
    if row.state == "held":
        return  # closed by the other one, or twice: one effect
    run = load_open_run(db, viewer, session_id)
    agenda = finish(read_agenda(run.body), missed)
    save_run(db, viewer, session_id, build_json(agenda))
    held = sum(minutes_of(block) for block in agenda.blocks)
    outcome = SessionOutcome(minutes=held if minutes is None else minutes)
    close_session(db, viewer, session_id, outcome)


def load_run(db: Db, viewer: Viewer, session_id: UUID) -> Running:
    """A session as it goes, or NotFound while it has not begun."""
    run = find_run(db, viewer, session_id)
    if run is None:
        raise NotFound
    return read_run(run)


def read_run(run: KnownRun) -> Running:
    """The run with its agenda as a value."""
    agenda = read_agenda(run.body)
    return Running(agenda, run.version, run.started_at, run.anchor_at, run.ends_at)


def minutes_since(began: datetime, now: datetime) -> int:
    """Whole minutes since a session began, within what a session can have."""
    passed = round((now - began) / timedelta(minutes=1))
    return max(0, min(passed, LONGEST_RUN))
