"""Edits of a draft agenda as strangers send them, applied and kept; a late one shows both texts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError

from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import Agenda, BlockKind, build_json, read_agenda
from coach.coaching.editing import (
    EditRefused,
    add_block,
    move_block,
    move_minutes,
    put_words,
    read_words,
    remove_block,
)
from coach.coaching.rewriting import Rewrite, rewrite_block
from coach.errors import NotFound
from coach.llm.usage import Spender
from coach.pairs.drafts import (
    AgendaChanged,
    AgendaSettled,
    KeptAgenda,
    NotOurForm,
    load_agenda,
    save_agenda,
)
from coach.people.permissions import Viewer
from coach.storage.database import Db, Save
from coach.web.drafting import Loaded, build_request, load_up_to
from coach.web.fields import Asked, Text
from coach.web.service import Front

BlockId = Annotated[str, Field(max_length=100)]
Place = Annotated[str, Field(max_length=200)]
Minutes = Annotated[int, Field(ge=-1, le=100_000)]


class Words(Asked):
    """Other words in one place: `purpose`, `b3/title`, `b3/outcome`, `b3/steps/0`, `promises/0`."""

    edit: Literal["words"]
    place: Place
    text: Text


class Move(Asked):
    """A block in another place, counted from 0."""

    edit: Literal["move"]
    block_id: BlockId
    to: Annotated[int, Field(ge=-1, le=1000)]


class Shift(Asked):
    """Minutes moved from one block to another."""

    edit: Literal["minutes"]
    giver_id: BlockId
    taker_id: BlockId
    minutes: Minutes


class Anew(Asked):
    """One block written anew; with a goal or a wish its lesson is about that."""

    edit: Literal["rewrite"]
    block_id: BlockId
    goal_id: BlockId | None = None
    wish: Text | None = None


class Own(Asked):
    """A block of the pair's own, on minutes that another block gives."""

    edit: Literal["add"]
    kind: BlockKind
    title: Text
    lines: Annotated[list[Text], Field(max_length=100)]
    giver_id: BlockId
    minutes: Minutes


class Remove(Asked):
    """A block of the pair's own taken out again; another block takes its minutes."""

    edit: Literal["remove"]
    block_id: BlockId
    taker_id: BlockId


Edit = Annotated[Words | Move | Shift | Anew | Own | Remove, Field(discriminator="edit")]
EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


async def edit_agenda(
    front: Front, viewer: Viewer, session_id: UUID, version: int, edit: Edit
) -> Save[KeptAgenda]:
    """Make this edit; what comes back keeps it, unless the agenda is not the version seen.

    Then it raises AgendaChanged, as this does when the edit cannot be made in what is kept now.
    """
    kept = await front.resources.read(load_agenda, viewer, session_id)
    agenda = open_draft(kept)
    late = AgendaChanged(kept.body, kept.body, kept.version) if kept.version != version else None
    with _both_worded(edit):
        try:
            if isinstance(edit, Anew):
                if late is not None:
                    raise late
                changed = await _rewrite(front, viewer, session_id, agenda, edit)
            else:
                changed = apply_edit(agenda, edit)
        except (NotFound, EditRefused) as refusal:
            raise (late or refusal) from None
    body = build_json(changed)

    def save(db: Db) -> KeptAgenda:
        with _both_worded(edit):
            return save_agenda(db, viewer, session_id, body, version, True)

    return save


def open_draft(kept: KeptAgenda) -> Agenda:
    """The kept agenda as a value that may still change, or AgendaSettled, or NotOurForm."""
    if kept.state == "settled":
        raise AgendaSettled
    try:
        return read_agenda(kept.body)
    except ValidationError:
        raise NotOurForm from None


def apply_edit(agenda: Agenda, edit: Words | Move | Shift | Own | Remove) -> Agenda:
    """The agenda with an edit that needs nobody to think."""
    match edit:
        case Words():
            return put_words(agenda, edit.place, edit.text)
        case Move():
            return move_block(agenda, edit.block_id, edit.to)
        case Shift():
            return move_minutes(agenda, edit.giver_id, edit.taker_id, edit.minutes)
        case Own():
            gift = (edit.giver_id, edit.minutes)
            return add_block(agenda, edit.kind, edit.title, edit.lines, gift)
        case Remove():
            return remove_block(agenda, edit.block_id, edit.taker_id)


@contextmanager
def _both_worded(edit: Edit) -> Iterator[None]:
    """Let a conflict tell the words now kept in the place of an edit, and those offered."""
    try:
        yield
    except AgendaChanged as conflict:
        if isinstance(edit, Words):
            conflict.words = {
                "kept_text": _words_at(edit.place, conflict.kept),
                "offered_text": edit.text,
            }
        raise


def _words_at(place: str, body: Mapping[str, object]) -> str | None:
    try:
        return read_words(read_agenda(body), place)
    except (NotFound, ValidationError):
        return None


async def _rewrite(
    front: Front, viewer: Viewer, session_id: UUID, agenda: Agenda, edit: Anew
) -> Agenda:
    async with front.turns.take(viewer.person_id):
        loaded = await front.resources.read(load_for_rewrite, viewer, session_id)
        coach = front.coach.on_account_of(Spender(viewer.person_id, viewer.programme_id))
        request: AgendaRequest = build_request(loaded.session)
        asked = Rewrite(edit.block_id, _about(loaded, edit))
        return await rewrite_block(coach, loaded.record, request, agenda, asked)


def load_for_rewrite(db: Db, viewer: Viewer, session_id: UUID) -> Loaded:
    """A session with the pair's record up to it, as both may know it."""
    return load_up_to(db, viewer, session_id, "pair")


def _about(loaded: Loaded, edit: Anew) -> str | None:
    """What the block is to be about: a wish in words, or a goal of the pair; or NotFound."""
    if edit.wish is not None and edit.wish.strip():
        return edit.wish.strip()
    if edit.goal_id is None:
        return None
    for goal in loaded.record.goals:
        if goal.id == edit.goal_id:
            return goal.text
    raise NotFound
