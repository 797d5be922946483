"""One's own note: shared, taken back, said in other words, deleted."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import AfterValidator
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.pairs.notes import (
    KnownNote,
    NoteChanged,
    delete_note,
    load_note,
    save_visibility,
    save_words,
)
from coach.pairs.records import Visibility
from coach.people.people import KnownPerson
from coach.web.fields import Filled, unfold
from coach.web.front import AtPerson, AtResources
from coach.web.rendering import Page, greet, render

router = APIRouter()
KINDS = {
    "": "just a note",
    "happened": "what happened",
    "insight": "an insight",
    "question": "a question",
    "worry": "a worry",
}


def showable(text: str) -> str:
    """The text as a page can show it again, whatever the database says to it."""
    return unfold(text).encode("utf-8", "replace").decode("utf-8")


# Not the usual field: a text that is too long is answered in a sentence, and not lost.
Written = Annotated[str, AfterValidator(showable)]


class NoteWords(Filled):
    """The form that changes a note."""

    act: Literal["words", "share", "keep", "delete"]
    text: Written = ""
    kind: Literal["", "happened", "insight", "question", "worry"] = ""
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage(Page):
    """Everything notes/note.html may mention."""

    template: ClassVar[str] = "notes/note.html"
    note: KnownNote
    kinds: dict[str, str]
    typed: str
    kept: str | None
    fault: str | None


@router.get("/notes/{note_id}")
async def note(note_id: UUID, person: AtPerson, resources: AtResources) -> Response:
    """Show one's own note, to be changed or deleted."""
    found = await resources.read(load_note, person.viewer, note_id)
    return render(_page(person, found, found.text))


@router.post("/notes/{note_id}")
async def change(
    note_id: UUID, filled: Annotated[NoteWords, Form()], person: AtPerson, resources: AtResources
) -> Response:
    """Change one's own note, or delete it; a late change shows both texts."""
    viewer, found = person.viewer, await resources.read(load_note, person.viewer, note_id)
    try:
        if filled.act == "words":
            kind = filled.kind or None
            await resources.transact(save_words, viewer, note_id, filled.text, kind, filled.seen)
        elif filled.act == "delete":
            await resources.transact(delete_note, viewer, note_id)
        else:
            shown: Visibility = "pair" if filled.act == "share" else "mine"
            await resources.transact(save_visibility, viewer, note_id, shown)
    except NoteChanged as conflict:
        found = await resources.read(load_note, viewer, note_id)
        page = _page(person, found, filled.text, conflict.kept, conflict.detail)
        return render(page, conflict.status)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        return render(_page(person, found, filled.text, None, error.detail), error.status)
    await resources.forget()
    return RedirectResponse(f"/sessions/{found.session_id}#notes", 303)


def _page(
    person: KnownPerson,
    found: KnownNote,
    typed: str,
    kept: str | None = None,
    fault: str | None = None,
) -> NotePage:
    return NotePage(you=greet(person), note=found, kinds=KINDS, typed=typed, kept=kept, fault=fault)
