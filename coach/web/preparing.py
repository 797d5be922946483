"""Drafts a prep brief for the one who asks: load for that reader, think, save."""

from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import ValidationError

from coach.coaching.drafts import Agenda, Person, build_json, read_agenda
from coach.coaching.prep import PrepRequest, draft_prep
from coach.errors import CoachError, NotFound
from coach.llm.usage import Spender
from coach.pairs.drafts import Body, load_agenda, save_prep
from coach.pairs.loading import load_record
from coach.pairs.pairing import load_pair
from coach.pairs.records import PairRecord
from coach.pairs.sessions import load_session
from coach.people.permissions import Viewer
from coach.storage.database import Db, Save
from coach.web.clock import today
from coach.web.service import Front


class NoAgendaYet(CoachError):
    """A prep brief is written from the agenda, and there is none."""

    status = 409
    title = "This session has no agenda yet. Draft the agenda first, then prepare for it."


@dataclass(frozen=True, slots=True)
class ForPrep:
    """A session's agenda with the pair's record before it, as this reader may know it."""

    reader: Person
    record: PairRecord
    agenda: Agenda


async def draft_session_prep(
    front: Front, viewer: Viewer, session_id: UUID
) -> Save[tuple[UUID, Body]]:
    """Draft a prep brief for the one who asks; what comes back keeps it for that person alone."""
    async with front.turns.take(viewer.person_id):
        loaded = await front.resources.read(load_for_prep, viewer, session_id)
        coach = front.coach.on_account_of(Spender(viewer.person_id, viewer.programme_id))
        request = PrepRequest(today(), loaded.reader, loaded.agenda)
        body = build_json(await draft_prep(coach, loaded.record, request))

    def save(db: Db) -> tuple[UUID, Body]:
        return save_prep(db, viewer, session_id, body), body

    return save


def load_for_prep(db: Db, viewer: Viewer, session_id: UUID) -> ForPrep:
    """What a prep brief is written from; NoAgendaYet, or NotFound for anyone outside the pair."""
    session = load_session(db, viewer, session_id)
    reader = load_pair(db, viewer, session.pair_id).role
    try:
        agenda = read_agenda(load_agenda(db, viewer, session_id).body)
    except (NotFound, ValidationError):
        raise NoAgendaYet from None
    record = load_record(db, viewer, session.pair_id, reader)
    before = tuple(past for past in record.sessions if past.number < session.number)
    return ForPrep(reader, replace(record, sessions=before), agenda)
