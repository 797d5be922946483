"""A session's page as one value: loaded in one look, then dressed with what the library says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from coach.coaching.boundaries import is_crisis
from coach.coaching.composer.lines import join_texts
from coach.errors import NotFound
from coach.pairs.commitments import KnownCommitment, latest_promises, list_commitments
from coach.pairs.drafts import KeptAgenda, KeptDraft, list_follow_ups, load_agenda
from coach.pairs.notes import KnownNote, list_notes
from coach.pairs.pairing import KnownPair, load_pair
from coach.pairs.promises import KnownOffer, list_changes, list_offers
from coach.pairs.sessions import KnownSession, load_session
from coach.pairs.suggesting import Suggestion, suggest_promises
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.pages.agenda_view import AgendaView, show_agenda
from coach.web.pages.draft_views import QuestionsView, show_questions
from coach.web.pages.notes import KINDS
from coach.web.pages.promises import tell_stories
from coach.web.rendering import Page, greet
from coach.web.service import Front


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be done, where on the page, and what the person had typed."""

    place: str
    sentence: str
    typed: str = ""
    kept: str | None = None
    block_id: str = ""
    step: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage(Page):
    """Everything sessions/session.html may mention."""

    template: ClassVar[str] = "sessions/session.html"
    session: KnownSession
    pair: KnownPair
    partner: str
    names: dict[str, str]
    agenda: AgendaView | None
    notes: tuple[KnownNote, ...]
    promises: tuple[KnownCommitment, ...]
    waiting: tuple[KnownOffer, ...]
    suggested: tuple[Suggestion, ...]
    stories: dict[str, tuple[str, ...]]
    questions: QuestionsView | None
    trouble: Trouble
    kinds: dict[str, str]
    help: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the database knows for this page."""

    session: KnownSession
    pair: KnownPair
    agenda: KeptAgenda | None
    notes: tuple[KnownNote, ...]
    promises: tuple[KnownCommitment, ...]
    waiting: tuple[KnownOffer, ...]
    stories: dict[str, tuple[str, ...]]
    follow_ups: tuple[KeptDraft, ...]


async def build_session_page(
    front: Front, person: KnownPerson, session_id: UUID, trouble: Trouble | None = None
) -> SessionPage:
    """The page of a session as this person sees it."""
    found = await front.resources.read(load_for_page, person.viewer, session_id)
    library, pair = front.resources.library, found.pair
    return SessionPage(
        you=greet(person),
        session=found.session,
        pair=pair,
        partner=partner_of(pair),
        names={"mentor": pair.mentor_name, "mentee": pair.mentee_name},
        agenda=await show_agenda(library, found.agenda, pair) if found.agenda else None,
        notes=found.notes,
        promises=found.promises,
        waiting=found.waiting,
        suggested=suggest_promises(found.notes, _texts_of(found)),
        stories=found.stories,
        questions=await show_questions(library, found.follow_ups, pair),
        trouble=trouble or Trouble("", ""),
        kinds=KINDS,
        help=find_help(front, found.notes, pair.language),
    )


def _texts_of(found: Loaded) -> tuple[str, ...]:
    """The promises made and those that wait for a word."""
    made = tuple(one.text for one in found.promises)
    return (*made, *(one.text for one in found.waiting))


def find_help(front: Front, notes: Iterable[KnownNote], language: str) -> tuple[str, ...]:
    """Where to find help, in neutral words, when a note this person reads may speak of self-harm.

    A private note is read by its author alone, so nobody else sees these lines for it.
    """
    if not any(is_crisis(note.text) for note in notes):
        return ()
    frames = front.coach.shelves.of(language).agenda
    contacts = join_texts(frames, front.coach.help_contacts)
    told = [frames.fill("help").text]
    if contacts:
        told.append(frames.fill("help_contacts", contacts=contacts).text)
    return tuple(told)


def load_for_page(db: Db, viewer: Viewer, session_id: UUID) -> Loaded:
    """A session with all that hangs on it and this viewer may read; or NotFound."""
    session = load_session(db, viewer, session_id)
    promises = list_commitments(db, viewer, session.pair_id)
    known = [one for one in promises if one.session_number <= session.number]
    return Loaded(
        session=session,
        pair=load_pair(db, viewer, session.pair_id),
        agenda=find_agenda(db, viewer, session_id),
        notes=list_notes(db, viewer, session_id),
        promises=tuple(
            one
            for one in latest_promises(tuple(known))
            if one.session_id == session_id or one.status in ("open", "blocked")
        ),
        waiting=list_offers(db, viewer, session.pair_id),
        stories=tell_stories(list_changes(db, viewer, session.pair_id)),
        follow_ups=list_follow_ups(db, viewer, session_id),
    )


def find_agenda(db: Db, viewer: Viewer, session_id: UUID) -> KeptAgenda | None:
    """The agenda of a session of the viewer's, or None while there is none."""
    try:
        return load_agenda(db, viewer, session_id)
    except NotFound:
        return None


def partner_of(pair: KnownPair) -> str:
    """The name of the other one."""
    return pair.mentee_name if pair.role == "mentor" else pair.mentor_name
