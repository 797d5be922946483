"""What API and pages do alike: load for one reader, think, save; nobody thinks in a transaction."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from coach.coaching.agenda import draft_agenda, stream_agenda
from coach.coaching.brief import AgendaRequest, RecapRequest
from coach.coaching.drafts import Agenda, AgendaBlock, build_json
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.pipeline import Coach
from coach.coaching.recap import draft_recap
from coach.errors import CoachError, NotFound
from coach.llm.usage import Spender
from coach.pairs.building import Reader
from coach.pairs.drafts import (
    AgendaSettled,
    Body,
    KeptAgenda,
    save_agenda,
    save_follow_ups,
    save_recap,
)
from coach.pairs.loading import load_record
from coach.pairs.pairing import load_pair
from coach.pairs.records import PairRecord
from coach.pairs.sessions import (
    KnownSession,
    SessionOver,
    load_session,
)
from coach.people.permissions import Viewer
from coach.storage.database import Db, Save
from coach.web.clock import today
from coach.web.gaps import count_gaps, lacking_for_agenda, lacking_for_recap, near_topics
from coach.web.service import Front

Style = Literal["another_way", "example", "shorter"]


class NothingHeld(CoachError):
    """Follow-up questions grow from what was said, and nothing was said yet."""

    status = 409
    title = (
        "The two of you have not met yet, so there is nothing to follow up. "
        "Once you have met, mark the session as held and ask again."
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session with the pair's record up to it, as one reader may know it."""

    session: KnownSession
    record: PairRecord


def _coach(front: Front, viewer: Viewer) -> Coach:
    """The coach, writing on the account of the one who asks."""
    return front.coach.on_account_of(Spender(viewer.person_id, viewer.programme_id))


async def draft_session_agenda(
    front: Front, viewer: Viewer, session_id: UUID, version: int | None = None
) -> Save[KeptAgenda]:
    """Draft the agenda of a planned session; what comes back keeps it."""
    async with front.turns.take(viewer.person_id):
        loaded = await front.resources.read(load_for_agenda, viewer, session_id)
        request = build_request(loaded.session)
        agenda = await draft_agenda(_coach(front, viewer), loaded.record, request)
    return await _saving_agenda(front, viewer, loaded, agenda, version)


async def stream_session_agenda(
    front: Front, viewer: Viewer, loaded: Loaded, version: int | None = None
) -> AsyncIterator[AgendaBlock | Save[KeptAgenda]]:
    """Each checked block of a new agenda, then what keeps the agenda."""
    request = build_request(loaded.session)
    # Closed with the reader: a stream nobody reads any more must not go on asking a model.
    async with (
        front.turns.take(viewer.person_id),
        aclosing(stream_agenda(_coach(front, viewer), loaded.record, request)) as parts,
    ):
        async for part in parts:
            if isinstance(part, Agenda):
                yield await _saving_agenda(front, viewer, loaded, part, version)
            else:
                yield part


async def _saving_agenda(
    front: Front, viewer: Viewer, loaded: Loaded, agenda: Agenda, version: int | None
) -> Save[KeptAgenda]:
    lacking = lacking_for_agenda(agenda, loaded.record)
    topics = await near_topics(front.resources.library, lacking)

    def save(db: Db) -> KeptAgenda:
        kept = save_agenda(db, viewer, loaded.session.id, build_json(agenda), version)
        count_gaps(db, viewer, topics)
        return kept

    return save


async def draft_session_follow_ups(
    front: Front, viewer: Viewer, session_id: UUID
) -> Save[tuple[UUID, Body]]:
    """Draft questions from the latest session up to this one; what comes back keeps them."""
    async with front.turns.take(viewer.person_id):
        loaded = await front.resources.read(load_up_to, viewer, session_id, "pair")
        if all(session.state != "held" for session in loaded.record.sessions):
            raise NothingHeld
        draft = await draft_follow_ups(_coach(front, viewer), loaded.record, AgendaRequest(today()))
    body = build_json(draft)

    def save(db: Db) -> tuple[UUID, Body]:
        return save_follow_ups(db, viewer, session_id, body), body

    return save


async def draft_session_recap(
    front: Front, viewer: Viewer, session_id: UUID, question: str | None, style: Style | None
) -> Save[tuple[UUID, Body]]:
    """Draft a recap for the mentee who asks; what comes back keeps it for that person alone."""
    async with front.turns.take(viewer.person_id):
        loaded = await front.resources.read(load_for_recap, viewer, session_id)
        held = loaded.session.state == "held"
        number = loaded.session.number if held else None
        request = RecapRequest(today(), question or None, number, style)
        recap = await draft_recap(_coach(front, viewer), loaded.record, request)
    body = build_json(recap)
    topics = await near_topics(front.resources.library, lacking_for_recap(recap))

    def save(db: Db) -> tuple[UUID, Body]:
        recap_id = save_recap(db, viewer, session_id, body)
        count_gaps(db, viewer, topics)
        return recap_id, body

    return save


def build_request(session: KnownSession) -> AgendaRequest:
    """What the session's plan asks of its agenda."""
    return AgendaRequest(
        today(), session.minutes, session.wish, session.date, session_number=session.number
    )


def load_for_agenda(db: Db, viewer: Viewer, session_id: UUID) -> Loaded:
    """A session whose agenda may still be written; raises SessionOver or AgendaSettled."""
    loaded = load_up_to(db, viewer, session_id, "pair")
    if loaded.session.state != "planned":
        raise SessionOver
    if loaded.session.agenda_state == "settled":
        raise AgendaSettled
    return loaded


def load_for_recap(db: Db, viewer: Viewer, session_id: UUID) -> Loaded:
    """A session with all the mentee may know of it; NotFound for anyone but the mentee."""
    session = load_session(db, viewer, session_id)
    if load_pair(db, viewer, session.pair_id).role != "mentee":
        raise NotFound
    return load_up_to(db, viewer, session_id, "mentee")


def load_up_to(db: Db, viewer: Viewer, session_id: UUID, reader: Reader) -> Loaded:
    """A session and its pair's record with nothing of what came later."""
    session = load_session(db, viewer, session_id)
    record = load_record(db, viewer, session.pair_id, reader)
    until = tuple(past for past in record.sessions if past.number <= session.number)
    return Loaded(session, replace(record, sessions=until))
