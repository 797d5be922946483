"""Notes: shared with the partner, or for their author alone."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from starlette.responses import Response

from coach.pairs.notes import (
    KnownNote,
    NoteChanged,
    NoteKind,
    delete_note,
    list_notes,
    save_note,
    save_visibility,
    save_words,
)
from coach.storage.database import Db
from coach.web.api.pairs import Formed
from coach.web.fields import Asked, Items
from coach.web.front import AtResources, AtViewer
from coach.web.idempotency import Answer, AtAttempt, write_once
from coach.web.problems import problem_body
from coach.web.versions import VersionMissing

router = APIRouter(tags=["notes"])


class NewNote(Asked):
    """What someone writes down; `mine` is for its author alone, `pair` for both."""

    text: str
    visibility: Literal["mine", "pair"]
    kind: NoteKind | None = None


class ChangedNote(Asked):
    """Who may read a note from now on, or what it says instead; what is left out stays."""

    visibility: Literal["mine", "pair"] | None = None
    text: str | None = None
    kind: NoteKind | None = None


def seen_of(
    if_match: Annotated[str | None, Header(alias="If-Match", max_length=40)] = None,
) -> str | None:
    """The mark of the words the client saw, or None when it does not say."""
    return None if if_match is None else if_match.strip().strip('"')


@router.get("/sessions/{session_id}/notes")
async def notes(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[KnownNote]:
    """List the notes of a session that you may read."""
    return Items(items=list(await resources.read(list_notes, viewer, session_id)))


@router.post("/sessions/{session_id}/notes", status_code=201, responses={201: {"model": Formed}})
async def write_note(
    session_id: UUID, asked: NewNote, viewer: AtViewer, resources: AtResources, attempt: AtAttempt
) -> Response:
    """Write a note in a session."""

    def write(db: Db) -> Answer:
        note_id = save_note(db, viewer, session_id, asked.text, asked.visibility, asked.kind)
        return Answer(201, {"id": str(note_id)})

    return await write_once(resources, attempt, write)


@router.patch("/notes/{note_id}", status_code=204, response_class=Response)
async def change_note(
    note_id: UUID,
    asked: ChangedNote,
    viewer: AtViewer,
    resources: AtResources,
    seen: Annotated[str | None, Depends(seen_of)],
) -> Response:
    """Share your own note, take it back, or say it in other words.

    Other words need If-Match with the note's `seen`; 409 carries the kept text and yours.
    """
    if asked.text is not None:
        if seen is None:
            raise VersionMissing("Send the note's `seen` in the header If-Match.")
        try:
            await resources.transact(save_words, viewer, note_id, asked.text, asked.kind, seen)
        except NoteChanged as conflict:
            texts = {"kept_text": conflict.kept, "offered_text": conflict.offered}
            body = problem_body(conflict, {**texts, "seen": conflict.seen})
            return Answer(conflict.status, body).respond()
        await resources.forget()
    if asked.visibility is not None:
        await resources.transact(save_visibility, viewer, note_id, asked.visibility)
        await resources.forget()
    return Response(status_code=204)


@router.delete("/notes/{note_id}", status_code=204)
async def remove_note(note_id: UUID, viewer: AtViewer, resources: AtResources) -> None:
    """Delete your own note; what it left in drafts goes with it."""
    await resources.transact(delete_note, viewer, note_id)
    await resources.forget()
