"""Notes: shared with the partner, or for their author alone."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from coach.pairs.notes import KnownNote, delete_note, list_notes, save_note, save_visibility
from coach.web.api.pairs import Formed
from coach.web.fields import Asked, Items, Text
from coach.web.front import AtResources, AtViewer

router = APIRouter(tags=["notes"])


class NewNote(Asked):
    """What someone writes down; `mine` is for its author alone, `pair` for both."""

    text: Text
    visibility: Literal["mine", "pair"]


class Shared(Asked):
    """Who may read a note from now on."""

    visibility: Literal["mine", "pair"]


@router.get("/sessions/{session_id}/notes")
async def notes(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[KnownNote]:
    """List the notes of a session that you may read."""
    return Items(items=list(await resources.read(list_notes, viewer, session_id)))


@router.post("/sessions/{session_id}/notes", status_code=201)
async def write_note(
    session_id: UUID, asked: NewNote, viewer: AtViewer, resources: AtResources
) -> Formed:
    """Write a note in a session."""
    note_id = await resources.transact(save_note, viewer, session_id, asked.text, asked.visibility)
    return Formed(id=note_id)


@router.patch("/notes/{note_id}", status_code=204)
async def share_note(
    note_id: UUID, asked: Shared, viewer: AtViewer, resources: AtResources
) -> None:
    """Share your own note, or take it back."""
    await resources.transact(save_visibility, viewer, note_id, asked.visibility)


@router.delete("/notes/{note_id}", status_code=204)
async def remove_note(note_id: UUID, viewer: AtViewer, resources: AtResources) -> None:
    """Delete your own note."""
    await resources.transact(delete_note, viewer, note_id)
