"""The first page: one's own pairs, and what is next in each."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from coach.pairs.commitments import list_commitments
from coach.pairs.pairing import KnownPair, list_pairs
from coach.pairs.sessions import KnownSession, list_sessions
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.front import AtPerson, AtResources
from coach.web.rendering import Page, greet, render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PairCard:
    """One of the viewer's pairs at a glance."""

    pair: KnownPair
    partner: str
    following: KnownSession | None
    held: int
    open_promises: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """Everything home/home.html may mention."""

    template: ClassVar[str] = "home/home.html"
    pairs: tuple[PairCard, ...]


@router.get("/")
async def home(person: AtPerson, resources: AtResources) -> Response:
    """Show the viewer's pairs; an admin also finds the way to the library and the people."""
    cards = await resources.read(list_cards, person.viewer)
    return render(HomePage(you=greet(person), pairs=cards))


def list_cards(db: Db, viewer: Viewer) -> tuple[PairCard, ...]:
    """The viewer's pairs with what is next in each."""
    return tuple(_card(db, viewer, pair) for pair in list_pairs(db, viewer))


def _card(db: Db, viewer: Viewer, pair: KnownPair) -> PairCard:
    sessions = list_sessions(db, viewer, pair.id)
    planned = [session for session in sessions if session.state == "planned"]
    promised = {one.external_id: one.status for one in list_commitments(db, viewer, pair.id)}
    return PairCard(
        pair=pair,
        partner=pair.mentee_name if pair.role == "mentor" else pair.mentor_name,
        following=min(planned, key=lambda session: session.date, default=None),
        held=sum(session.state == "held" for session in sessions),
        open_promises=sum(status in ("open", "blocked") for status in promised.values()),
    )
