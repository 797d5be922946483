"""Plans sessions and closes them: when, how long, what was wished for, what was done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.pairs.checking import LONGEST, SHORTEST, check_text
from coach.pairs.memory import save_taught
from coach.pairs.pairing import find_open_pair, refuse_closed
from coach.pairs.records import RecallResult, SessionState
from coach.people.permissions import Viewer, find_pair, find_session, sessions_of
from coach.storage.database import Db
from coach.storage.tables import (
    Agenda,
    Commitment,
    Concept,
    MentoringSession,
    Note,
    Pair,
    QuestionAsked,
    SessionRun,
)

LONGEST_TEXT = 20_000
LONGEST_HELD = 1440
MOVED_FROM = "moved_from"
Day = date  # inside KnownSession the name is taken by its field


class SessionFault(CoachError):
    """A session cannot be kept as described."""

    status = 422
    title = f"A session is planned for {SHORTEST} to {LONGEST} minutes."


class SessionOver(CoachError):
    """The session was held or cancelled, so its plan is history."""

    status = 409
    title = "This session is over, so its plan can no longer change."


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """When a session is to be, how long, and what was wished for; wishes may be empty."""

    date: date
    minutes: int
    wish: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionOutcome:
    """What became of a session; None leaves what was planned or said before."""

    state: SessionState = "held"
    minutes: int | None = None
    topics: tuple[str, ...] | None = None
    mentee_led_minutes: int | None = None
    concepts: tuple[tuple[str, RecallResult], ...] = ()
    questions_asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session as its pair sees it in a list; agenda state and version are None without one.

    `started_at` is when it was begun here; a planned session with it is under way. `moved_from` is
    the day first planned of a session that was moved.
    """

    id: UUID
    pair_id: UUID
    number: int
    date: date
    minutes: int
    state: SessionState
    wish: str | None
    topics: tuple[str, ...]
    mentee_led_minutes: int | None
    agenda_state: str | None
    agenda_version: int | None
    started_at: datetime | None = None
    moved_from: Day | None = None


def save_session(db: Db, viewer: Viewer, pair_id: UUID, plan: SessionPlan) -> UUID:
    """Plan the next session of a pair; its number follows the last."""
    check_plan(plan)
    pair = find_open_pair(db, viewer, pair_id)
    query = sa.select(
        sa.func.coalesce(sa.func.max(MentoringSession.number), 0),
        sa.func.coalesce(sa.func.max(MentoringSession.position), -1),
    ).where(MentoringSession.pair_id == pair.id)
    number, position = db.execute(query).one()
    session = MentoringSession(
        pair_id=pair.id,
        number=number + 1,
        position=position + 1,
        date=plan.date,
        minutes=plan.minutes,
        wish=plan.wish or None,
        topics=list(plan.topics),
    )
    db.add(session)
    db.flush()
    return session.id


def save_session_plan(db: Db, viewer: Viewer, session_id: UUID, plan: SessionPlan) -> None:
    """Change the plan of a session that has not been held; raises SessionOver."""
    check_plan(plan)
    _, session = find_open_session(db, viewer, session_id)
    if session.state != "planned":
        raise SessionOver
    _remember_move(session, plan.date)
    session.date, session.minutes = plan.date, plan.minutes
    session.wish, session.topics = plan.wish or None, list(plan.topics)
    db.flush()


def _remember_move(session: MentoringSession, day: date) -> None:
    """Keep the day first planned when a session goes to another; back on it, nothing moved."""
    first = _moved_from(session) or session.date
    rest = {key: value for key, value in session.extra.items() if key != MOVED_FROM}
    session.extra = rest if day == first else {**rest, MOVED_FROM: first.isoformat()}


def _moved_from(session: MentoringSession) -> date | None:
    """The day first planned, None for a session that stayed; a file may say anything here."""
    try:
        return date.fromisoformat(str(session.extra.get(MOVED_FROM)))
    except ValueError:
        return None


def save_outcome(db: Db, viewer: Viewer, session_id: UUID, outcome: SessionOutcome) -> None:
    """Close a session: held or cancelled, its minutes, what was taught and asked."""
    check_outcome(outcome)
    pair, session = find_open_session(db, viewer, session_id)
    session.state = outcome.state
    if outcome.minutes is not None:
        session.minutes = outcome.minutes
    if outcome.topics is not None:
        session.topics = list(outcome.topics)
    if outcome.mentee_led_minutes is not None:
        session.mentee_led_minutes = outcome.mentee_led_minutes
    _save_concepts(db, session, outcome.concepts)
    if session.state == "held":
        save_taught(db, pair, session, list_taught(db, session))
    place = next_position(db, QuestionAsked, session.id)
    db.add_all(
        QuestionAsked(session_id=session.id, text=text, position=place + number)
        for number, text in enumerate(outcome.questions_asked)
    )
    db.flush()


def load_session(db: Db, viewer: Viewer, session_id: UUID) -> KnownSession:
    """One session of one of the viewer's pairs, or NotFound."""
    _, session = find_session(db, viewer, session_id)
    agenda = db.scalars(sa.select(Agenda).where(Agenda.session_id == session.id)).one_or_none()
    began = sa.select(SessionRun.started_at).where(SessionRun.session_id == session.id)
    return _build_session(session, agenda, db.scalar(began))


def list_sessions(db: Db, viewer: Viewer, pair_id: UUID) -> tuple[KnownSession, ...]:
    """The sessions of one of the viewer's pairs in order of number; NotFound for a foreign one."""
    find_pair(db, viewer, pair_id)
    known = sessions_of(viewer).where(MentoringSession.pair_id == pair_id)
    query = known.order_by(MentoringSession.number).add_columns(Agenda, SessionRun.started_at)
    query = query.outerjoin(Agenda, Agenda.session_id == MentoringSession.id)
    found = db.execute(query.outerjoin(SessionRun, SessionRun.session_id == MentoringSession.id))
    return tuple(_build_session(session, agenda, began) for session, agenda, began in found)


def find_open_session(db: Db, viewer: Viewer, session_id: UUID) -> tuple[Pair, MentoringSession]:
    """A session, locked to be written to; raises NotFound, PairEnded or PairPaused."""
    pair, session = find_session(db, viewer, session_id, lock=True)
    refuse_closed(pair.state)
    return pair, session


def next_position(
    db: Db, kind: type[Note | Commitment | Concept | QuestionAsked], session_id: UUID
) -> int:
    """The place after the last row of this kind."""
    last = sa.select(sa.func.max(kind.position)).where(kind.session_id == session_id)
    found = db.scalar(last)
    return 0 if found is None else int(found) + 1


def check_plan(plan: SessionPlan) -> None:
    """Raise SessionFault or PairFault for a plan that cannot be kept."""
    if not SHORTEST <= plan.minutes <= LONGEST:
        raise SessionFault(
            f"A session is planned for {SHORTEST} to {LONGEST} minutes, not {plan.minutes}."
        )
    check_words("wish", plan.wish, *plan.topics)


def check_outcome(outcome: SessionOutcome) -> None:
    """Raise SessionFault or PairFault for an outcome that cannot be kept."""
    for minutes in (outcome.minutes, outcome.mentee_led_minutes):
        if minutes is not None and not 0 <= minutes <= LONGEST_HELD:
            raise SessionFault(f"A session lasts from 0 to {LONGEST_HELD} minutes.")
    concepts = [text for text, _ in outcome.concepts]
    check_words("outcome", *(outcome.topics or ()), *concepts, *outcome.questions_asked)


def check_words(place: str, *texts: str | None) -> None:
    """Raise SessionFault or PairFault for text that is too long or cannot be stored."""
    for text in texts:
        check_text(text, place)
        if text is not None and len(text) > LONGEST_TEXT:
            raise SessionFault(f"The {place} may have at most {LONGEST_TEXT} characters.")


def _save_concepts(
    db: Db, session: MentoringSession, concepts: tuple[tuple[str, RecallResult], ...]
) -> None:
    """Add what was taught; a concept that is already there gets its new result."""
    query = sa.select(Concept).where(Concept.session_id == session.id)
    known = {row.concept: row for row in db.scalars(query)}
    place = next_position(db, Concept, session.id)
    for number, (text, result) in enumerate(concepts):
        if text in known:
            known[text].last_result = result
        else:
            db.add(
                Concept(
                    session_id=session.id,
                    external_id=f"k{session.number}-{place + number + 1}",
                    concept=text,
                    last_result=result,
                    position=place + number,
                )
            )


def list_taught(db: Db, session: MentoringSession) -> list[tuple[str, str]]:
    """What a session taught, as (id, words)."""
    query = sa.select(Concept.external_id, Concept.concept).where(Concept.session_id == session.id)
    found = db.execute(query.order_by(Concept.position, Concept.id))
    return [(concept_id, words) for concept_id, words in found if concept_id and words]


def _build_session(
    session: MentoringSession, agenda: Agenda | None, began: datetime | None
) -> KnownSession:
    state: Any = session.state
    return KnownSession(
        id=session.id,
        pair_id=session.pair_id,
        number=session.number,
        date=session.date,
        minutes=session.minutes,
        state=state,
        wish=session.wish,
        topics=tuple(session.topics),
        mentee_led_minutes=session.mentee_led_minutes,
        agenda_state=agenda.state if agenda else None,
        agenda_version=agenda.version if agenda else None,
        started_at=began,
        moved_from=_moved_from(session),
    )
