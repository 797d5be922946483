"""The page of the recaps a mentee shared with the mentor, and the buttons that share them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.pairs.drafts import KeptDraft
from coach.pairs.pairing import KnownPair
from coach.pairs.sessions import KnownSession
from coach.pairs.sharing import list_shared_recaps, share_recap, unshare_recap
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.fields import Filled
from coach.web.front import AtFront, AtPerson
from coach.web.pages.agendas import load_both
from coach.web.pages.draft_views import RecapView, show_recaps
from coach.web.rendering import Page, greet, render

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRecapsPage(Page):
    """Everything recaps/shared.html may mention."""

    template: ClassVar[str] = "recaps/shared.html"
    session: KnownSession
    pair: KnownPair
    recaps: tuple[RecapView, ...]


class ShareForm(Filled):
    """The form that shares a recap with the mentor, or takes it back."""

    readers: Literal["both", "me"]


@router.get("/sessions/{session_id}/shared-recaps")
async def shared(session_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Show the recaps of a session that its mentee shared."""
    session, pair, drafts = await front.resources.read(load_shared, person.viewer, session_id)
    recaps = await show_recaps(front.resources.library, drafts)
    return render(SharedRecapsPage(you=greet(person), session=session, pair=pair, recaps=recaps))


@router.post("/sessions/{session_id}/recaps/{recap_id}/partner")
async def share(
    session_id: UUID,
    recap_id: UUID,
    filled: Annotated[ShareForm, Form()],
    person: AtPerson,
    front: AtFront,
) -> Response:
    """Share a recap with the mentor, or take it back."""
    work = share_recap if filled.readers == "both" else unshare_recap
    await front.resources.transact(work, person.viewer, session_id, recap_id)
    return RedirectResponse(f"/sessions/{session_id}/recaps#recap-{recap_id}", 303)


def load_shared(
    db: Db, viewer: Viewer, session_id: UUID
) -> tuple[KnownSession, KnownPair, tuple[KeptDraft, ...]]:
    """A session with the recaps its mentee shared, or NotFound."""
    session, pair = load_both(db, viewer, session_id)
    return session, pair, list_shared_recaps(db, viewer, session_id)
