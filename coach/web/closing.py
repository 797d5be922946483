"""How a session is moved and closed, and what its agenda leaves behind; pages and API alike."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from pydantic import ValidationError

from coach.coaching.drafts import read_agenda
from coach.coaching.running import minutes_of
from coach.errors import CoachError, NotFound
from coach.knowledge.chunking import split_sentences
from coach.pairs.drafts import load_agenda
from coach.pairs.memory import save_asked
from coach.pairs.questions import mark_put
from coach.pairs.runs import find_run
from coach.pairs.sessions import (
    SessionOutcome,
    SessionOver,
    SessionPlan,
    find_open_session,
    load_session,
    save_outcome,
    save_session_plan,
)
from coach.people.permissions import Viewer
from coach.storage.database import Db


class SessionBegun(CoachError):
    """A session that has begun is not moved."""

    status = 409
    title = "This session has begun, so it cannot be moved. Close it, or say it did not take place."


def move_planned(
    db: Db,
    viewer: Viewer,
    session_id: UUID,
    day: date | None = None,
    minutes: int | None = None,
    wish: str | None = None,
) -> None:
    """Change the plan of a session not held yet; None leaves a part as it is, "" clears a wish."""
    session = load_session(db, viewer, session_id)
    if find_run(db, viewer, session_id) is not None and session.state == "planned":
        raise SessionBegun
    plan = SessionPlan(
        day or session.date,
        session.minutes if minutes is None else minutes,
        session.wish if wish is None else wish.strip() or None,
        session.topics,
    )
    save_session_plan(db, viewer, session_id, plan)


def close_session(db: Db, viewer: Viewer, session_id: UUID, outcome: SessionOutcome) -> None:
    """Close a session, once; what its agenda taught and gave back is remembered with it.

    Closing it again the same way changes nothing; raises SessionOver for another way.
    """
    _, session = find_open_session(db, viewer, session_id)
    if session.state != "planned":
        if session.state == outcome.state:
            return
        raise SessionOver
    if outcome.state == "held":
        outcome = learn_from_agenda(db, viewer, session_id, outcome)
    save_outcome(db, viewer, session_id, outcome)
    if outcome.state == "held":
        save_asked(db, viewer, session_id, _asked_from_memory(db, viewer, session_id))
    mark_put(db, viewer, session_id, _lines_reached(db, viewer, session_id))


def learn_from_agenda(
    db: Db, viewer: Viewer, session_id: UUID, outcome: SessionOutcome
) -> SessionOutcome:
    """The outcome with what the agenda taught anew and the minutes the mentee led the swap."""
    try:
        run = find_run(db, viewer, session_id)
        agenda = read_agenda((run or load_agenda(db, viewer, session_id)).body)
    except (NotFound, ValidationError):
        return outcome
    taught = [step for block in agenda.blocks for step in block.steps if step.is_new]
    led = sum(minutes_of(block) for block in agenda.blocks if block.kind == "swap")
    topics = tuple(dict.fromkeys(step.concept for step in taught if step.concept))
    return replace(
        outcome,
        topics=topics if outcome.topics is None else outcome.topics,
        mentee_led_minutes=led
        if outcome.mentee_led_minutes is None
        else outcome.mentee_led_minutes,
        concepts=tuple((_first_sentence(step.text), "new") for step in taught),
    )


def _asked_from_memory(db: Db, viewer: Viewer, session_id: UUID) -> tuple[str, ...]:
    """The ids of what the session's warm-up asked; none without an agenda."""
    try:
        agenda = read_agenda(load_agenda(db, viewer, session_id).body)
    except (NotFound, ValidationError):
        return ()
    return tuple(one for block in agenda.blocks for one in block.memory_item_ids)


def _lines_reached(db: Db, viewer: Viewer, session_id: UUID) -> tuple[str, ...]:
    """The lines of the agenda as it was held, without the parts that were skipped."""
    try:
        run = find_run(db, viewer, session_id)
        agenda = read_agenda((run or load_agenda(db, viewer, session_id)).body)
    except (NotFound, ValidationError):
        return ()
    return tuple(step.text for block in agenda.blocks if minutes_of(block) for step in block.steps)


def _first_sentence(text: str) -> str:
    span = split_sentences(text)[0]
    return text[span.start : span.end]
