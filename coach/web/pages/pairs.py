"""A pair's page: its season, its promises and what it says about itself; and planning a session."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.pairs.balance import Balance, build_balance
from coach.pairs.checking import LONGEST, SHORTEST
from coach.pairs.commitments import KnownCommitment, latest_promises, list_commitments
from coach.pairs.loading import load_record
from coach.pairs.pairing import KnownPair, load_pair, save_own_state
from coach.pairs.promises import KnownOffer, list_changes, list_offers, mark_promise
from coach.pairs.records import PairRecord
from coach.pairs.sessions import (
    SessionFault,
    SessionPlan,
    list_sessions,
    save_session,
)
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.clock import today
from coach.web.fields import Filled, Typed, read_day
from coach.web.front import AtPerson, AtResources
from coach.web.pages.promises import tell_stories
from coach.web.pages.season import SeasonView, draw_season
from coach.web.rendering import Page, You, greet, render

router = APIRouter()
PICTURE_WIDTH = 600


@dataclass(frozen=True, slots=True)
class BarView:
    """A stretch of the picture of who led how long, in the units of the picture."""

    lead: str
    x: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPage(Page):
    """Everything pairs/pair.html may mention."""

    template: ClassVar[str] = "pairs/pair.html"
    pair: KnownPair
    season: SeasonView
    promises: tuple[KnownCommitment, ...]
    kept: tuple[KnownCommitment, ...]
    waiting: tuple[KnownOffer, ...]
    stories: dict[str, tuple[str, ...]]
    names: dict[str, str]
    profile: PairRecord
    balance: Balance
    bars: tuple[BarView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage(Page):
    """Everything pairs/plan.html may mention."""

    template: ClassVar[str] = "pairs/plan.html"
    pair: KnownPair
    day: str
    minutes: str
    wish: str
    shortest: int
    longest: int
    fault: str | None


class Plan(Filled):
    """The form that plans a session."""

    day: Typed = ""
    minutes: Typed = ""
    wish: Typed = ""


class StateForm(Filled):
    """The form that pauses, resumes or ends a pair."""

    state: Literal["active", "paused", "ended"]


class Mark(Filled):
    """The form that marks a promise; from a session's page it names the way back."""

    status: Literal["open", "done", "blocked", "dropped"]
    session_id: UUID | None = None


@router.get("/pairs/{pair_id}")
async def pair(pair_id: UUID, person: AtPerson, resources: AtResources) -> Response:
    """Show a pair's season."""
    page = await resources.read(load_pair_page, person.viewer, pair_id, greet(person))
    return render(page)


@router.get("/pairs/{pair_id}/sessions/new")
async def plan(pair_id: UUID, person: AtPerson, resources: AtResources) -> Response:
    """Show the form that plans a session, filled with what the pair usually does."""
    usual = await resources.read(load_usual_plan, person.viewer, pair_id)
    page = await resources.read(load_plan_page, person, pair_id, usual, None)
    return render(page)


@router.post("/pairs/{pair_id}/sessions/new")
async def plan_session(
    pair_id: UUID, filled: Annotated[Plan, Form()], person: AtPerson, resources: AtResources
) -> Response:
    """Plan the next session of a pair."""
    try:
        planned = read_plan(filled)
        session_id = await resources.transact(save_session, person.viewer, pair_id, planned)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        page = await resources.read(load_plan_page, person, pair_id, filled, error.detail)
        return render(page, error.status)
    return RedirectResponse(f"/sessions/{session_id}", 303)


@router.post("/pairs/{pair_id}/commitments/{commitment_id}")
async def mark(
    pair_id: UUID,
    commitment_id: UUID,
    filled: Annotated[Mark, Form()],
    person: AtPerson,
    resources: AtResources,
) -> Response:
    """Mark a promise as done, open, blocked or dropped."""
    await resources.transact(mark_promise, person.viewer, commitment_id, filled.status)
    back = f"/sessions/{filled.session_id}" if filled.session_id else f"/pairs/{pair_id}"
    return RedirectResponse(f"{back}#promises", 303)


@router.post("/pairs/{pair_id}/state")
async def change_state(
    pair_id: UUID, filled: Annotated[StateForm, Form()], person: AtPerson, resources: AtResources
) -> Response:
    """Pause a pair, resume it or end it."""
    await resources.transact(save_own_state, person.viewer, pair_id, filled.state)
    return RedirectResponse(f"/pairs/{pair_id}", 303)


def read_plan(filled: Plan) -> SessionPlan:
    """The plan in a form, or SessionFault."""
    day = read_day(filled.day.strip())
    if not isinstance(day, date):
        raise SessionFault("Please choose the day of the session.")
    minutes = filled.minutes.strip()
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 7):
        raise SessionFault(
            f"Please write the minutes as a number from {SHORTEST} to {LONGEST}, such as 45."
        )
    return SessionPlan(day, int(minutes), filled.wish.strip() or None)


def load_usual_plan(db: Db, viewer: Viewer, pair_id: UUID) -> Plan:
    """When and how long the pair would usually meet next."""
    constraints = load_record(db, viewer, pair_id, "pair").constraints
    days = [session.date for session in list_sessions(db, viewer, pair_id)]
    cadence = timedelta(days=max(constraints.cadence_days, 1))
    following = max(max(days) + cadence, today()) if days else today() + timedelta(days=7)
    return Plan(day=following.isoformat(), minutes=str(constraints.session_minutes))


def load_plan_page(
    db: Db,
    person: KnownPerson,
    pair_id: UUID,
    filled: Plan,
    fault: str | None,
) -> PlanPage:
    """The planning form with what was typed so far."""
    return PlanPage(
        you=greet(person),
        pair=load_pair(db, person.viewer, pair_id),
        day=filled.day,
        minutes=filled.minutes,
        wish=filled.wish,
        shortest=SHORTEST,
        longest=LONGEST,
        fault=fault,
    )


def load_pair_page(db: Db, viewer: Viewer, pair_id: UUID, you: You) -> PairPage:
    """A pair's page for one of its two people, or NotFound."""
    pair = load_pair(db, viewer, pair_id)
    made = list_commitments(db, viewer, pair_id)
    promises = latest_promises(made)
    profile = load_record(db, viewer, pair_id, "pair")
    balance = build_balance(profile)
    return PairPage(
        you=you,
        pair=pair,
        season=draw_season(
            list_sessions(db, viewer, pair_id), made, profile.constraints.session_minutes, today()
        ),
        promises=tuple(one for one in promises if one.status in ("open", "blocked")),
        kept=tuple(one for one in promises if one.status not in ("open", "blocked")),
        waiting=list_offers(db, viewer, pair_id),
        stories=tell_stories(list_changes(db, viewer, pair_id)),
        names={"mentor": pair.mentor_name, "mentee": pair.mentee_name},
        profile=profile,
        balance=balance,
        bars=tuple(draw_balance(balance)),
    )


def draw_balance(balance: Balance) -> Iterator[BarView]:
    """The minutes of each direction side by side; nothing while no session says who led."""
    left = 0
    shares = (
        ("mentor", balance.mentor.minutes),
        ("mentee", balance.mentee.minutes),
        ("both", balance.both_minutes),
    )
    for lead, minutes in shares:
        if minutes:
            width = round(PICTURE_WIDTH * minutes / balance.minutes)
            yield BarView(lead, left, max(width - 2, 1))
            left += width
