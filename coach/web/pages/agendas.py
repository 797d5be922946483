"""What people do with an agenda: have it drafted, change a step, settle it, plan the rest anew."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from coach.coaching.replan import ReplanRefused
from coach.errors import CoachError, NotFound
from coach.pairs.drafts import AgendaChanged, load_agenda, save_step, settle_agenda
from coach.pairs.pairing import KnownPair, load_pair
from coach.pairs.sessions import KnownSession, load_session
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.api.agendas import step_text
from coach.web.drafting import draft_session_agenda
from coach.web.fields import Filled, Typed
from coach.web.front import AtFront, AtPerson
from coach.web.pages.agenda_view import AgendaView, show, show_agenda
from coach.web.pages.session_view import Trouble, build_session_page
from coach.web.rendering import Page, greet, render
from coach.web.running import fit_kept
from coach.web.service import Front

router = APIRouter()
Version = Annotated[int, Field(ge=0, le=10**9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanPage(Page):
    """Everything sessions/replan.html may mention."""

    template: ClassVar[str] = "sessions/replan.html"
    session: KnownSession
    pair: KnownPair
    agenda: AgendaView
    planned: AgendaView | None
    minutes_left: str
    took: dict[str, str]
    fault: str | None


class DraftForm(Filled):
    """The form that asks for a draft; starting over names the version it replaces."""

    version: Version | None = None


class StepForm(Filled):
    """The form that changes the words of a step."""

    version: Version
    block_id: Typed
    step: Annotated[int, Field(ge=0, le=1000)]
    text: Typed = ""


class SettleForm(Filled):
    """The form that settles an agenda."""

    version: Version


@router.post("/sessions/{session_id}/agenda")
async def draft(
    session_id: UUID, filled: Annotated[DraftForm, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Draft the agenda of a session."""
    try:
        save = await draft_session_agenda(front, person.viewer, session_id, filled.version)
        await front.resources.transact(save)
    except CoachError as error:
        return await _refuse(front, person, session_id, error, Trouble("agenda", ""))
    return RedirectResponse(f"/sessions/{session_id}#agenda", 303)


@router.post("/sessions/{session_id}/agenda/steps")
async def edit_step(
    session_id: UUID, filled: Annotated[StepForm, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Change the words of one step; a conflict shows both texts."""
    words = (filled.block_id, filled.step, filled.text)
    trouble = Trouble("step", "", filled.text, None, filled.block_id, filled.step)
    try:
        if not filled.text.strip():
            raise EmptyStep
        await front.resources.transact(save_step, person.viewer, session_id, filled.version, words)
    except AgendaChanged as conflict:
        kept = step_text(conflict.kept, filled.block_id, filled.step)
        both = Trouble("step", "", filled.text, kept or "", filled.block_id, filled.step)
        return await _refuse(front, person, session_id, conflict, both)
    except CoachError as error:
        return await _refuse(front, person, session_id, error, trouble)
    return RedirectResponse(f"/sessions/{session_id}#{filled.block_id}", 303)


@router.post("/sessions/{session_id}/agenda/settle")
async def settle(
    session_id: UUID, filled: Annotated[SettleForm, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Settle the agenda."""
    try:
        await front.resources.transact(settle_agenda, person.viewer, session_id, filled.version)
    except CoachError as error:
        return await _refuse(front, person, session_id, error, Trouble("agenda", ""))
    return RedirectResponse(f"/sessions/{session_id}#agenda", 303)


@router.get("/sessions/{session_id}/replan")
async def replan_form(session_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Ask how many minutes are left and what is done."""
    return render(await _replan_page(front, person, session_id, {}, None))


@router.post("/sessions/{session_id}/replan")
async def replan_rest(
    session_id: UUID, request: Request, person: AtPerson, front: AtFront
) -> Response:
    """Show the rest of the session planned anew; nothing is kept."""
    async with request.form() as form:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        return render(await _replan_page(front, person, session_id, typed, None))
    except ReplanRefused as error:
        page = await _replan_page(front, person, session_id, typed, error.detail)
        return render(page, error.status)


class EmptyStep(CoachError):
    """A step without words helps nobody."""

    status = 422
    title = "A step needs some words."


async def _refuse(
    front: Front, person: KnownPerson, session_id: UUID, error: CoachError, trouble: Trouble
) -> Response:
    """The session's page, with what went wrong said where it was tried."""
    if error.status not in (409, 422):
        raise error
    said = Trouble(
        trouble.place, error.detail, trouble.typed, trouble.kept, trouble.block_id, trouble.step
    )
    return render(await build_session_page(front, person, session_id, said), error.status)


async def _replan_page(
    front: Front, person: KnownPerson, session_id: UUID, typed: dict[str, str], fault: str | None
) -> ReplanPage:
    """The form, and below it the rest of the session when minutes were given."""
    session, pair = await front.resources.read(load_both, person.viewer, session_id)
    kept = await front.resources.read(load_agenda, person.viewer, session_id)
    agenda = await show_agenda(front.resources.library, kept, pair)
    if agenda is None:
        raise NotFound
    took = {block.id: typed.get(f"took-{block.id}", "").strip() for block in agenda.blocks}
    left, planned = typed.get("minutes_left", "").strip(), None
    if left and fault is None:
        done = {block_id: read_minutes(text) for block_id, text in took.items() if text}
        viewer = person.viewer
        anew = await front.resources.read(fit_kept, viewer, session_id, read_minutes(left), done)
        planned = await show(front.resources.library, anew, pair, kept.version, "settled")
    return ReplanPage(
        you=greet(person),
        session=session,
        pair=pair,
        agenda=agenda,
        planned=planned,
        minutes_left=left,
        took=took,
        fault=fault,
    )


def load_both(db: Db, viewer: Viewer, session_id: UUID) -> tuple[KnownSession, KnownPair]:
    """A session of the viewer's and its pair, or NotFound."""
    session = load_session(db, viewer, session_id)
    return session, load_pair(db, viewer, session.pair_id)


def read_minutes(typed: str) -> int:
    """The minutes somebody typed, or ReplanRefused."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 5):
        raise ReplanRefused("Please write minutes as whole numbers, such as 12.")
    return int(typed)
