"""The mentee's own page of a session: ask again, in private, as often as needed."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.pairs.drafts import KeptDraft, list_recaps
from coach.pairs.pairing import KnownPair
from coach.pairs.sessions import KnownSession
from coach.pairs.sharing import list_shared_recaps
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.drafting import draft_session_recap, load_for_recap
from coach.web.fields import Filled, Typed
from coach.web.front import AtFront, AtPerson
from coach.web.gaps import share_question
from coach.web.pages.agendas import load_both
from coach.web.pages.draft_views import RecapView, show_recaps
from coach.web.rendering import Page, greet, render
from coach.web.service import Front

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapsPage(Page):
    """Everything recaps/recaps.html may mention."""

    template: ClassVar[str] = "recaps/recaps.html"
    session: KnownSession
    pair: KnownPair
    recaps: tuple[RecapView, ...]
    question: str
    with_mentor: frozenset[UUID]
    shared: bool
    fault: str | None


class QuestionForm(Filled):
    """The form that asks for a recap; without a question it is about the whole session."""

    question: Typed = ""
    style: Literal["", "another_way", "example", "shorter"] = ""


@router.get("/sessions/{session_id}/recaps")
async def recaps(
    session_id: UUID, person: AtPerson, front: AtFront, shared: bool = False
) -> Response:
    """Show the mentee's own recaps of a session, with a box to ask."""
    return render(replace(await _page(front, person, session_id, "", None), shared=shared))


@router.post("/sessions/{session_id}/recaps")
async def ask(
    session_id: UUID, filled: Annotated[QuestionForm, Form()], person: AtPerson, front: AtFront
) -> Response:
    """Draft a recap for the mentee who asks."""
    question, style = filled.question.strip(), filled.style or None
    try:
        save = await draft_session_recap(front, person.viewer, session_id, question, style)
        await front.resources.transact(save)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        page = await _page(front, person, session_id, question, error.detail)
        return render(page, error.status)
    return RedirectResponse(f"/sessions/{session_id}/recaps#answer", 303)


@router.post("/sessions/{session_id}/recaps/{recap_id}/share")
async def share(session_id: UUID, recap_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Hand the words of a question that the library could not answer to those who fill it."""
    await share_question(front.resources, person.viewer, session_id, recap_id)
    return RedirectResponse(f"/sessions/{session_id}/recaps?shared=true", 303)


async def _page(
    front: Front, person: KnownPerson, session_id: UUID, question: str, fault: str | None
) -> RecapsPage:
    session, pair, drafts = await front.resources.read(load_own, person.viewer, session_id)
    shown = await front.resources.read(list_shared_recaps, person.viewer, session_id)
    return RecapsPage(
        you=greet(person),
        session=session,
        pair=pair,
        recaps=await show_recaps(front.resources.library, drafts),
        question=question,
        with_mentor=frozenset(one.id for one in shown),
        shared=False,
        fault=fault,
    )


def load_own(
    db: Db, viewer: Viewer, session_id: UUID
) -> tuple[KnownSession, KnownPair, tuple[KeptDraft, ...]]:
    """A session with the mentee's own recaps of it; NotFound for anyone else."""
    load_for_recap(db, viewer, session_id)
    session, pair = load_both(db, viewer, session_id)
    return session, pair, list_recaps(db, viewer, session_id)
