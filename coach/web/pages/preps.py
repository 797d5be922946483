"""The page on which one of the two prepares for a session, in private."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.responses import RedirectResponse, Response

from coach.coaching.drafts import Cited, Gap, PrepBrief, PrepPromise
from coach.errors import CoachError
from coach.knowledge.documents import Passage
from coach.knowledge.retrieval import Library
from coach.pairs.drafts import KeptDraft, list_preps
from coach.pairs.pairing import KnownPair
from coach.pairs.sessions import KnownSession
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.front import AtFront, AtPerson
from coach.web.pages.agenda_view import Checked, passages_for, say_origin, show_place, sum_up
from coach.web.pages.agendas import load_both
from coach.web.pages.draft_views import Told
from coach.web.preparing import draft_session_prep
from coach.web.rendering import Page, greet, render
from coach.web.service import Front

router = APIRouter()
_PREP = TypeAdapter(PrepBrief)


@dataclass(frozen=True, slots=True)
class PrepView:
    """Everything the page says of one prep brief; its parts by the names of their headings."""

    help: tuple[str, ...]
    parts: tuple[tuple[str, tuple[Told, ...]], ...]
    promises: tuple[PrepPromise, ...]
    gaps: tuple[Gap, ...]
    checked: Checked
    origin: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepPage(Page):
    """Everything preps/prep.html may mention."""

    template: ClassVar[str] = "preps/prep.html"
    session: KnownSession
    pair: KnownPair
    names: dict[str, str]
    prep: PrepView | None
    fault: str | None


@router.get("/sessions/{session_id}/prep")
async def prep(session_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Show the viewer's own latest prep brief of a session."""
    return render(await _page(front, person, session_id, None))


@router.post("/sessions/{session_id}/prep")
async def ask(session_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Draft a prep brief for the one who asks."""
    try:
        save = await draft_session_prep(front, person.viewer, session_id)
        await front.resources.transact(save)
    except CoachError as error:
        if error.status != 409:
            raise
        return render(await _page(front, person, session_id, error.detail), error.status)
    return RedirectResponse(f"/sessions/{session_id}/prep", 303)


async def _page(front: Front, person: KnownPerson, session_id: UUID, fault: str | None) -> PrepPage:
    session, pair, drafts = await front.resources.read(load_own, person.viewer, session_id)
    return PrepPage(
        you=greet(person),
        session=session,
        pair=pair,
        names={"mentor": pair.mentor_name, "mentee": pair.mentee_name},
        prep=await show_prep(front.resources.library, drafts[0]) if drafts else None,
        fault=fault,
    )


def load_own(
    db: Db, viewer: Viewer, session_id: UUID
) -> tuple[KnownSession, KnownPair, tuple[KeptDraft, ...]]:
    """A session with the viewer's own prep briefs of it, or NotFound."""
    session, pair = load_both(db, viewer, session_id)
    return session, pair, list_preps(db, viewer, session_id)


async def show_prep(library: Library, draft: KeptDraft) -> PrepView:
    """A prep brief with the passages it quotes."""
    prep = _PREP.validate_python(draft.body)
    passages = await passages_for(library, (c for line in prep.told() for c in line.citations))
    asked = tuple(
        _told(Cited(one.answer, one.citations), passages, one.question) for one in prep.questions
    )
    parts = (
        ("says", _all(prep.says, passages)),
        ("not_to_promise", _all(prep.not_to_promise, passages)),
        ("expect", asked),
        ("teaching", _all(prep.teaching, passages)),
        ("bring", _all(prep.bring, passages)),
        ("try_before", _all(prep.try_before, passages)),
        ("career", _all(prep.career, passages)),
    )
    return PrepView(
        help=prep.help,
        parts=tuple((title, lines) for title, lines in parts if lines),
        promises=prep.promises,
        gaps=prep.not_covered,
        checked=sum_up(prep.contract),
        origin=say_origin(prep.provenance),
        language=prep.language,
    )


def _all(lines: Iterable[Cited], passages: dict[str, Passage]) -> tuple[Told, ...]:
    return tuple(_told(line, passages) for line in lines)


def _told(line: Cited, passages: dict[str, Passage], label: str = "") -> Told:
    return Told(line.text, tuple(show_place(one, passages) for one in line.citations), label)
