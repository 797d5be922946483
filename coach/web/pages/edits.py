"""The page on which two people make a draft agenda their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from coach.coaching.drafts import Agenda
from coach.coaching.editing import OWN, OWN_KINDS, EditRefused
from coach.errors import CoachError
from coach.pairs.drafts import AgendaChanged, KeptAgenda, load_agenda
from coach.pairs.loading import load_record
from coach.pairs.pairing import KnownPair, refuse_closed
from coach.pairs.records import Goal
from coach.pairs.sessions import KnownSession
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.editing import EDIT, Edit, edit_agenda, open_draft
from coach.web.fields import unfold
from coach.web.front import AtFront, AtPerson
from coach.web.pages.agendas import load_both
from coach.web.rendering import Page, greet, render
from coach.web.service import Front

router = APIRouter()
NUMBERS = ("to", "minutes")
KINDS = {
    "check_in": "something to begin with",
    "warm_up": "a question to warm up with",
    "hands_on": "something the mentee tries",
    "teach_back": "something to tell back",
    "reflection": "something to talk over",
}


@dataclass(frozen=True, slots=True)
class TextView:
    """One text that can be changed: where it stands, what it is called, what it says."""

    place: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One block as it is changed; `before` and `after` are the places to move it to."""

    id: str
    title: str
    minutes: int
    lead: str
    is_own: bool
    can_rewrite: bool
    is_lesson: bool
    before: int | None
    after: int | None
    texts: tuple[TextView, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an edit was not made, where, and both texts when somebody was faster."""

    sentence: str = ""
    at: str = ""
    typed: str = ""
    kept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage(Page):
    """Everything sessions/edit.html may mention."""

    template: ClassVar[str] = "sessions/edit.html"
    session: KnownSession
    pair: KnownPair
    version: int
    around: tuple[TextView, ...]
    parts: tuple[PartView, ...]
    goals: tuple[Goal, ...]
    kinds: dict[str, str]
    refusal: Refusal


@router.get("/sessions/{session_id}/agenda/edit")
async def edit_form(session_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Show the draft with everything that can be changed in it."""
    return render(await _page(front, person, session_id, Refusal()))


@router.post("/sessions/{session_id}/agenda/edit")
async def edit(session_id: UUID, request: Request, person: AtPerson, front: AtFront) -> Response:
    """Make one change; what cannot be done is said where it was tried, and nothing is lost."""
    async with request.form() as form:
        typed = {name: unfold(text) for name, text in form.items() if isinstance(text, str)}
    at = typed.get("place") or typed.get("block_id") or typed.get("giver_id") or ""
    refusal = Refusal(at=at, typed=typed.get("text", ""))
    try:
        asked, version = read_edit(typed)
        save = await edit_agenda(front, person.viewer, session_id, version, asked)
        await front.resources.transact(save)
    except AgendaChanged as conflict:
        refusal = replace(refusal, sentence=conflict.detail, kept=conflict.words.get("kept_text"))
        return render(await _page(front, person, session_id, refusal), conflict.status)
    except CoachError as error:
        if error.status not in (409, 422, 429):
            raise
        refusal = replace(refusal, sentence=error.detail)
        return render(await _page(front, person, session_id, refusal), error.status)
    return RedirectResponse(f"/sessions/{session_id}/agenda/edit#{at.partition('/')[0]}", 303)


def read_edit(typed: Mapping[str, str]) -> tuple[Edit, int]:
    """The edit in a form and the version it was made on; EditRefused when it makes no sense."""
    values: dict[str, Any] = {name: text for name, text in typed.items() if name != "version"}
    for name in NUMBERS:
        if name in values:
            values[name] = _number(values[name])
    if values.get("edit") == "add":
        values["lines"] = values.pop("text", "").split("\n")
    if values.get("edit") == "rewrite":
        values = {name: text for name, text in values.items() if text.strip()}
    try:
        return EDIT.validate_python(values), _number(typed.get("version", ""))
    except ValidationError:
        raise EditRefused("This form could not be read. Please choose again.") from None


def _number(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise EditRefused("Please write minutes as a whole number, such as 3.")
    return int(text)


async def _page(front: Front, person: KnownPerson, session_id: UUID, refusal: Refusal) -> EditPage:
    """The draft as it is now."""
    session, pair, kept, goals = await front.resources.read(load_all, person.viewer, session_id)
    agenda = open_draft(kept)
    return EditPage(
        you=greet(person),
        session=session,
        pair=pair,
        version=kept.version,
        around=_around(agenda, pair),
        parts=_parts(agenda, pair),
        goals=goals,
        kinds={kind: KINDS[kind] for kind in OWN_KINDS},
        refusal=refusal,
    )


def load_all(
    db: Db, viewer: Viewer, session_id: UUID
) -> tuple[KnownSession, KnownPair, KeptAgenda, tuple[Goal, ...]]:
    """A session, its pair, its agenda and the goals of the two."""
    session, pair = load_both(db, viewer, session_id)
    refuse_closed(pair.state)
    goals = load_record(db, viewer, session.pair_id, "pair").goals
    return session, pair, load_agenda(db, viewer, session_id), goals


def _around(agenda: Agenda, pair: KnownPair) -> tuple[TextView, ...]:
    """The texts that stand around the blocks."""
    names = {"mentor": pair.mentor_name, "mentee": pair.mentee_name}
    texts = [TextView("purpose", "What this session is for", agenda.purpose)]
    for number, promise in enumerate(agenda.promises):
        who = names[promise.owner]
        texts.append(TextView(f"promises/{number}", f"A promise for {who}", promise.text))
        texts.append(TextView(f"promises/{number}/when", f"By when, {who}", promise.when))
    prepared = (("mentor", agenda.prep.mentor), ("mentee", agenda.prep.mentee))
    for role, tasks in prepared:
        for number, task in enumerate(tasks):
            texts.append(TextView(f"prep/{role}/{number}", f"Before: {names[role]}", task.text))
    return tuple(texts)


def _parts(agenda: Agenda, pair: KnownPair) -> tuple[PartView, ...]:
    names = {"mentor": pair.mentor_name, "mentee": pair.mentee_name, "both": "both of you"}
    last = len(agenda.blocks) - 1
    return tuple(
        PartView(
            id=block.id,
            title=block.title,
            minutes=block.minutes,
            lead=names[block.lead],
            is_own=block.id.startswith(OWN),
            can_rewrite=not block.id.startswith(OWN) and block.kind not in ("break", "slack"),
            is_lesson=block.kind in ("demo", "hands_on", "explore", "teach_back", "swap"),
            before=place - 1 if place else None,
            after=place + 1 if place < last else None,
            texts=(
                TextView(f"{block.id}/title", "Title", block.title),
                *(
                    TextView(f"{block.id}/steps/{number}", f"Line {number + 1}", step.text)
                    for number, step in enumerate(block.steps)
                ),
                TextView(f"{block.id}/outcome", "Done when", block.outcome),
            ),
        )
        for place, block in enumerate(agenda.blocks)
    )
