"""Brings a pair back whole, for one reader: as a record for drafting, or as coach.pair/1 JSON."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from coach.errors import NotFound
from coach.pairs.building import Reader, build_record
from coach.pairs.memory import load_due_days
from coach.pairs.records import PairRecord
from coach.pairs.rows import (
    export_commitment,
    export_concept,
    export_goal,
    export_notes,
    export_session,
)
from coach.pairs.turns import list_kept, list_skipped
from coach.people.permissions import Viewer, find_pair, one, role_of
from coach.storage.database import Db
from coach.storage.tables import (
    Agenda,
    Commitment,
    Concept,
    Goal,
    MentoringSession,
    Note,
    Pair,
    QuestionAsked,
    SessionRun,
)

Hanging = TypeVar("Hanging", Note, Commitment, Concept, QuestionAsked)
SHARED = Note.visibility == "pair"


def load_record(db: Db, viewer: Viewer, pair_id: UUID, reader: Reader) -> PairRecord:
    """What this reader may know of one of the viewer's pairs, or NotFound.

    The pair as reader gets shared notes alone. A person as reader gets their own private notes
    too, and only the viewer's own role may be named.
    """
    pair = find_pair(db, viewer, pair_id)
    raw = build_export(db, pair, _readable(viewer, pair, reader))
    _forget_answered_wish(raw)
    for number, text in list_skipped(db, pair):
        _pass_over(raw["history"], number, text)
    return replace(
        build_record(raw),
        recall_days=load_due_days(db, pair),
        kept_questions=list_kept(db, pair),
    )


def _pass_over(history: list[dict[str, Any]], number: int, text: str) -> None:
    """Count a question that was skipped among those put, so that it is not drafted again."""
    for session in history:
        if session["session_number"] == number:
            session["questions_asked"] = [*session.get("questions_asked", ()), text]


def export_pair(db: Db, viewer: Viewer, pair_id: UUID, own: bool = False) -> dict[str, Any]:
    """One of the viewer's pairs as coach.pair/1: shared rows, with `own` their private notes."""
    pair = find_pair(db, viewer, pair_id)
    reader = role_of(viewer, pair) if own else "pair"
    return build_export(db, pair, _readable(viewer, pair, reader))


def export_shared_pair(db: Db, programme_id: UUID, external_id: str) -> dict[str, Any]:
    """A pair's shared rows by its id in the file, for those who run the service; or NotFound."""
    known = sa.select(Pair).where(
        Pair.programme_id == programme_id, Pair.external_id == external_id
    )
    return build_export(db, one(db, known), SHARED)


def build_export(db: Db, pair: Pair, readable: sa.ColumnElement[bool]) -> dict[str, Any]:
    """The pair as coach.pair/1 with the notes this clause lets through."""
    goals = db.scalars(sa.select(Goal).where(Goal.pair_id == pair.id).order_by(Goal.position))
    values = {
        "id": pair.external_id,
        "title": pair.title,
        **pair.profile,
        "goals": [export_goal(goal) for goal in goals],
        "history": _export_history(db, pair, readable),
    }
    keys = pair.keys if pair.keys is not None else list(values)
    late = [key for key in values if key not in keys and values[key]]
    return {key: values[key] for key in [*keys, *late] if key in values}


def _readable(viewer: Viewer, pair: Pair, reader: Reader) -> sa.ColumnElement[bool]:
    """The clause that leaves the notes this reader may know."""
    if reader == "pair":
        return SHARED
    if reader != role_of(viewer, pair):
        raise NotFound
    return sa.or_(SHARED, Note.author_id == viewer.person_id)


def _export_history(
    db: Db, pair: Pair, readable: sa.ColumnElement[bool]
) -> list[dict[str, object]]:
    order = (MentoringSession.position, MentoringSession.number)
    sessions = db.scalars(
        sa.select(MentoringSession).where(MentoringSession.pair_id == pair.id).order_by(*order)
    ).all()
    ids = [session.id for session in sessions]
    notes = _hanging(db, Note, ids, readable)
    commitments = _hanging(db, Commitment, ids)
    concepts = _hanging(db, Concept, ids)
    questions = _hanging(db, QuestionAsked, ids)
    agendas = _settled_agendas(db, ids)
    history = []
    for session in sessions:
        parts: dict[str, object] = {
            "notes": export_notes(notes[session.id]),
            "commitments": [export_commitment(row) for row in commitments[session.id]],
            "concepts": [export_concept(row) for row in concepts[session.id]],
            "questions_asked": [row.text for row in questions[session.id]],
        }
        if session.id in agendas:
            parts["agenda"] = agendas[session.id]
        history.append(export_session(session, parts))
    return history


def _hanging(
    db: Db, kind: type[Hanging], sessions: Iterable[UUID], *clauses: sa.ColumnElement[bool]
) -> dict[UUID, list[Hanging]]:
    """Rows of this kind by their session, in their order."""
    query = sa.select(kind).where(kind.session_id.in_(sessions), *clauses)
    found: dict[UUID, list[Hanging]] = defaultdict(list)
    for row in db.scalars(query.order_by(kind.position, kind.id)):
        found[row.session_id].append(row)
    return found


def _settled_agendas(db: Db, sessions: Iterable[UUID]) -> dict[UUID, dict[str, object]]:
    settled = sa.select(Agenda.session_id, Agenda.body).where(
        Agenda.session_id.in_(sessions), Agenda.state == "settled"
    )
    return {session_id: body for session_id, body in db.execute(settled)} | _as_held(db, sessions)


def _as_held(db: Db, sessions: Iterable[UUID]) -> dict[UUID, dict[str, object]]:
    """The agendas of sessions that were run from here, with the minutes that blocks really took."""
    query = sa.select(SessionRun.session_id, SessionRun.body).join(MentoringSession)
    held = query.where(SessionRun.session_id.in_(sessions), MentoringSession.state == "held")
    return {session_id: body for session_id, body in db.execute(held)}


def _forget_answered_wish(raw: dict[str, Any]) -> None:
    """A wish for a day on or before the latest session was heard then; it is not a wish today."""
    day = raw.get("request", {}).get("for_date")
    held = [
        date.fromisoformat(session["date"])
        for session in raw["history"]
        if session.get("state", "held") == "held"
    ]
    if day and held and date.fromisoformat(day) <= max(held):
        raw.pop("request")
        raw.pop("wish", None)
