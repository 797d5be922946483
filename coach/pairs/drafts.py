"""Keeps what was drafted for a pair: agendas with version, follow-ups, recaps, prep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.pairs.checking import check_text
from coach.pairs.sessions import check_words, find_open_session
from coach.people.permissions import (
    Viewer,
    find_session,
    follow_ups_of,
    one,
    preps_of,
    recaps_of,
    role_of,
)
from coach.storage.database import Db
from coach.storage.tables import Agenda, FollowUps, MentoringSession, PrepBrief, Recap

Body = dict[str, Any]
SHORTEST_STEP, LONGEST_STEP = 3, 400


class AgendaChanged(CoachError):
    """Somebody changed the agenda in between; carries both texts and the version now kept.

    Who knows in which place the two differ puts the words of both there into `words`.
    """

    status = 409
    title = "Somebody changed this agenda in between. Look at both texts and save again."

    def __init__(
        self, kept: Mapping[str, object], offered: Mapping[str, object], version: int
    ) -> None:
        super().__init__()
        self.kept, self.offered, self.version = kept, offered, version
        self.words: Mapping[str, str | None] = {}


class StepFault(CoachError):
    """A step is empty, or too long to be read in a session."""

    status = 422
    title = f"A step needs some words, {SHORTEST_STEP} to {LONGEST_STEP} characters."


class AgendaSettled(CoachError):
    """The agenda was settled, so it is history."""

    status = 409
    title = "This agenda is settled and can no longer change. Add a note to the session instead."


class NotOurForm(CoachError):
    """An imported agenda is not in the form the coach edits."""

    status = 409
    title = "This agenda came with a file in another form, so it can be read and not changed."


@dataclass(frozen=True, slots=True)
class KeptAgenda:
    """An agenda as kept: coach.agenda/1 JSON, its state, and the version an edit must name."""

    id: UUID
    session_id: UUID
    body: Body
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """Follow-up questions, a recap or a prep brief as kept."""

    id: UUID
    session_id: UUID
    body: Body
    created_at: datetime


def save_agenda(
    db: Db,
    viewer: Viewer,
    session_id: UUID,
    body: Body,
    version: int | None = None,
    edited: bool = False,
) -> KeptAgenda:
    """Keep an agenda of a session, new or changed.

    `version` is the one its author saw; None means a fresh draft, which takes the place of
    another draft but never of one that a person edited. Raises AgendaChanged or AgendaSettled.
    """
    check_text(body, "agenda")
    _, session = find_open_session(db, viewer, session_id)
    agenda = db.scalars(_agenda_of(session)).one_or_none()
    if agenda is None:
        if version is not None:
            raise NotFound
        agenda = Agenda(session_id=session.id, body=body, version=0)
        db.add(agenda)
        db.flush()
    elif agenda.state == "settled":
        raise AgendaSettled
    elif agenda.version != version and (version is not None or agenda.state == "edited"):
        raise AgendaChanged(agenda.body, body, agenda.version)
    return _keep(db, agenda, body, "edited" if edited else "draft")


def save_step(
    db: Db, viewer: Viewer, session_id: UUID, version: int, step: tuple[str, int, str]
) -> KeptAgenda:
    """Change the words of one step: (block id, number of the step from 0, text).

    The verdicts go with the old words: a person's own words are theirs to judge.
    """
    block_id, number, text = step
    check_words("step", text)
    if not SHORTEST_STEP <= len(text.strip()) <= LONGEST_STEP:
        raise StepFault
    kept = load_agenda(db, viewer, session_id)
    blocks = [_with_step(block, number, text, block_id) for block in kept.body["blocks"]]
    if blocks == kept.body["blocks"] and not _has_step(kept.body, block_id, number):
        raise NotFound
    body = {**kept.body, "blocks": blocks, "contract": []}
    return save_agenda(db, viewer, session_id, body, version, True)


def settle_agenda(db: Db, viewer: Viewer, session_id: UUID, version: int) -> KeptAgenda:
    """Make the agenda what the two go by; it then travels with the session's history."""
    _, session = find_open_session(db, viewer, session_id)
    agenda = one(db, _agenda_of(session))
    if agenda.state == "settled":
        raise AgendaSettled
    if agenda.version != version:
        raise AgendaChanged(agenda.body, agenda.body, agenda.version)
    return _keep(db, agenda, agenda.body, "settled")


def load_agenda(db: Db, viewer: Viewer, session_id: UUID) -> KeptAgenda:
    """The agenda of a session of one of the viewer's pairs, or NotFound."""
    _, session = find_session(db, viewer, session_id)
    return _build_agenda(one(db, _agenda_of(session)))


def save_follow_ups(db: Db, viewer: Viewer, session_id: UUID, body: Body) -> UUID:
    """Keep follow-up questions for the pair."""
    check_text(body, "follow_ups")
    _, session = find_open_session(db, viewer, session_id)
    row = FollowUps(session_id=session.id, body=body)
    db.add(row)
    db.flush()
    return row.id


def list_follow_ups(db: Db, viewer: Viewer, session_id: UUID) -> tuple[KeptDraft, ...]:
    """The follow-up questions of a session, the latest first; NotFound for a foreign session."""
    find_session(db, viewer, session_id)
    query = follow_ups_of(viewer).where(FollowUps.session_id == session_id)
    return tuple(
        KeptDraft(row.id, row.session_id, row.body, row.created_at)
        for row in db.scalars(query.order_by(FollowUps.created_at.desc(), FollowUps.id))
    )


def save_recap(db: Db, viewer: Viewer, session_id: UUID, body: Body) -> UUID:
    """Keep a recap for the mentee who asked; NotFound when the viewer is not the mentee.

    A pair that ended or paused does not stop its mentee: asking again adds nothing to the pair.
    """
    check_text(body, "recap")
    pair, session = find_session(db, viewer, session_id, lock=True)
    if role_of(viewer, pair) != "mentee":
        raise NotFound
    row = Recap(session_id=session.id, reader_id=viewer.person_id, body=body)
    db.add(row)
    db.flush()
    return row.id


def load_recap(db: Db, viewer: Viewer, recap_id: UUID) -> KeptDraft:
    """One of the viewer's own recaps, or NotFound."""
    row = one(db, recaps_of(viewer).where(Recap.id == recap_id))
    return KeptDraft(row.id, row.session_id, row.body, row.created_at)


def list_recaps(db: Db, viewer: Viewer, session_id: UUID | None = None) -> tuple[KeptDraft, ...]:
    """The viewer's own recaps, the latest first; of one session when it is named."""
    query = recaps_of(viewer)
    if session_id is not None:
        find_session(db, viewer, session_id)
        query = query.where(Recap.session_id == session_id)
    return tuple(
        KeptDraft(row.id, row.session_id, row.body, row.created_at)
        for row in db.scalars(query.order_by(Recap.created_at.desc(), Recap.id))
    )


def save_prep(db: Db, viewer: Viewer, session_id: UUID, body: Body) -> UUID:
    """Keep a prep brief for the one who asked."""
    check_text(body, "prep")
    _, session = find_open_session(db, viewer, session_id)
    row = PrepBrief(session_id=session.id, reader_id=viewer.person_id, body=body)
    db.add(row)
    db.flush()
    return row.id


def list_preps(db: Db, viewer: Viewer, session_id: UUID) -> tuple[KeptDraft, ...]:
    """The viewer's own prep briefs of a session, the latest first; NotFound for a foreign one."""
    find_session(db, viewer, session_id)
    query = preps_of(viewer).where(PrepBrief.session_id == session_id)
    return tuple(
        KeptDraft(row.id, row.session_id, row.body, row.created_at)
        for row in db.scalars(query.order_by(PrepBrief.created_at.desc(), PrepBrief.id))
    )


def _agenda_of(session: MentoringSession) -> sa.Select[Agenda]:
    # Read anew: the pair was locked after an earlier look, and the agenda may have changed since.
    query = sa.select(Agenda).where(Agenda.session_id == session.id)
    return query.execution_options(populate_existing=True)


def _keep(db: Db, agenda: Agenda, body: Body, state: str) -> KeptAgenda:
    agenda.version += 1
    agenda.state = state
    agenda.body = {**body, "id": str(agenda.id), "state": state}
    db.flush()
    return _build_agenda(agenda)


def _has_step(body: Body, block_id: str, number: int) -> bool:
    return any(
        block["id"] == block_id and 0 <= number < len(block["steps"]) for block in body["blocks"]
    )


def _with_step(block: Body, number: int, text: str, block_id: str) -> Body:
    """The block with one step in a person's words, which cite nothing."""
    if block["id"] != block_id or not 0 <= number < len(block["steps"]):
        return block
    steps = list(block["steps"])
    steps[number] = {**steps[number], "text": text, "origin": "pair", "citations": []}
    return {**block, "steps": steps}


def _build_agenda(agenda: Agenda) -> KeptAgenda:
    return KeptAgenda(agenda.id, agenda.session_id, agenda.body, agenda.state, agenda.version)
