"""A session's page: notes, promises, questions for next time, and closing it."""

from collections.abc import Awaitable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.pairs.notes import save_note
from coach.pairs.promises import make_promise
from coach.pairs.sessions import SessionFault, SessionOutcome
from coach.people.people import KnownPerson
from coach.web.closing import close_session, move_planned
from coach.web.drafting import draft_session_follow_ups
from coach.web.fields import Filled, Typed
from coach.web.front import AtFront, AtPerson
from coach.web.pages.notes import Written
from coach.web.pages.pairs import Plan, read_plan
from coach.web.pages.session_view import Trouble, build_session_page
from coach.web.rendering import render
from coach.web.service import Front

router = APIRouter()
TO_PUT_RIGHT = (409, 422)


class NoteForm(Filled):
    """The form that writes a note."""

    text: Written = ""
    visibility: Literal["mine", "pair"] = "mine"
    kind: Literal["", "happened", "insight", "question", "worry"] = ""


class PromiseForm(Filled):
    """The form that writes a promise down."""

    owner: Literal["mentor", "mentee"]
    text: Typed = ""
    due: Typed = ""


class OutcomeForm(Filled):
    """The form that closes a session."""

    state: Literal["held", "cancelled"]
    minutes: Typed = ""


@router.get("/sessions/{session_id}")
async def session(session_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Show a session."""
    return render(await build_session_page(front, person, session_id))


@router.post("/sessions/{session_id}/notes")
async def write_note(
    session_id: UUID, filled: Annotated[NoteForm, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Write a note."""
    kind = filled.kind or None
    done = front.resources.transact(
        save_note, person.viewer, session_id, filled.text, filled.visibility, kind
    )
    return await _then(front, person, session_id, done, Trouble("notes", "", filled.text))


@router.post("/sessions/{session_id}/commitments")
async def promise(
    session_id: UUID, filled: Annotated[PromiseForm, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Write a promise down."""
    done = front.resources.transact(
        make_promise, person.viewer, session_id, filled.owner, filled.text, filled.due
    )
    return await _then(front, person, session_id, done, Trouble("promises", "", filled.text))


@router.post("/sessions/{session_id}/follow-ups")
async def ask_follow_ups(session_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Draft questions for next time."""
    done = _ask(front, person, session_id)
    return await _then(front, person, session_id, done, Trouble("questions", ""))


async def _ask(front: Front, person: KnownPerson, session_id: UUID) -> None:
    await front.resources.transact(await draft_session_follow_ups(front, person.viewer, session_id))


@router.post("/sessions/{session_id}/plan")
async def move(
    session_id: UUID, filled: Annotated[Plan, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Move a session that was not held yet, or change its length or wish."""
    return await _then(
        front, person, session_id, _move(front, person, session_id, filled), Trouble("plan", "")
    )


async def _move(front: Front, person: KnownPerson, session_id: UUID, filled: Plan) -> None:
    plan = read_plan(filled)
    await front.resources.transact(
        move_planned, person.viewer, session_id, plan.date, plan.minutes, plan.wish or ""
    )


@router.post("/sessions/{session_id}/outcome")
async def close(
    session_id: UUID, filled: Annotated[OutcomeForm, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Say that a session was held, or cancelled."""
    done = _close(front, person, session_id, filled)
    return await _then(front, person, session_id, done, Trouble("outcome", ""))


async def _close(front: Front, person: KnownPerson, session_id: UUID, filled: OutcomeForm) -> None:
    typed = filled.minutes.strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 7):
        raise SessionFault("Please write the minutes as a number, such as 45.")
    minutes = int(typed) if typed and filled.state == "held" else None
    outcome = SessionOutcome(state=filled.state, minutes=minutes)
    await front.resources.transact(close_session, person.viewer, session_id, outcome)


async def _then(
    front: Front, person: KnownPerson, session_id: UUID, done: Awaitable[Any], trouble: Trouble
) -> Response:
    """Go back to the session; what can be put right is said where it was tried."""
    try:
        await done
    except CoachError as error:
        if error.status not in TO_PUT_RIGHT:
            raise
        said = Trouble(trouble.place, error.detail, trouble.typed)
        return render(await build_session_page(front, person, session_id, said), error.status)
    return RedirectResponse(f"/sessions/{session_id}#{trouble.place}", 303)
