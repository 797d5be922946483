"""`coach note …`: what the two write down in a session, shared or for their author alone."""

import anyio
import click
from pydantic import TypeAdapter

from coach.cli.databases import open_here
from coach.cli.desks import (
    Desk,
    Seat,
    find_latest,
    find_number,
    in_session,
    pick,
    short,
    sit_down,
    works_for_pair,
)
from coach.cli.edge import Told
from coach.cli.output import say, say_json
from coach.cli.words import Typed
from coach.errors import NotFound
from coach.pairs.notes import (
    KINDS,
    KnownNote,
    NoteChanged,
    NoteKind,
    delete_note,
    list_notes,
    load_note,
    save_note,
    save_visibility,
    save_words,
)
from coach.pairs.records import Visibility
from coach.pairs.sessions import list_sessions
from coach.rendering.outline import plain
from coach.settings import load_settings
from coach.storage.database import Db

NOTES = TypeAdapter(tuple[KnownNote, ...])
Row = tuple[int, KnownNote]


@click.group()
def note() -> None:
    """Write down what happens in your sessions, for yourself or for both."""


@note.command()
@click.argument("text", type=Typed())
@in_session
@click.option("--share", "is_shared", is_flag=True, help="Let your partner read it too.")
@click.option("--kind", type=click.Choice(KINDS), help="What sort of note it is.")
@works_for_pair
def add(desk: Desk, text: str, number: int | None, is_shared: bool, kind: NoteKind | None) -> None:
    """Write TEXT down in a session; - reads standard input."""
    readers: Visibility = "pair" if is_shared else "mine"
    with sit_down(desk) as (db, seat):
        session = find_latest(db, seat, number)
        note_id = save_note(db, seat.viewer, session.id, text, readers, kind)
        kept = load_note(db, seat.viewer, note_id)
    tell(desk, [(session.number, kept)])


@note.command("list")
@click.option("--session", "number", type=int, help="Only those of this session.")
@works_for_pair
def list_(desk: Desk, number: int | None) -> None:
    """List the notes you may read: your own, and those that were shared."""
    with sit_down(desk) as (db, seat):
        if number is not None:
            find_number(db, seat, number)
        found = [row for row in list_rows(db, seat) if number in (None, row[0])]
    tell(desk, found)


@note.command()
@click.argument("note_id", metavar="NOTE")
@click.argument("text", type=Typed())
@click.option("--kind", type=click.Choice(KINDS), help="What sort of note it is now.")
@click.option("--seen", metavar="MARK", help="Only if it still says what you saw.")
@works_for_pair
def edit(desk: Desk, note_id: str, text: str, kind: NoteKind | None, seen: str | None) -> None:
    """Say your NOTE in other words: TEXT.

    What the old words left in drafts goes with them. The MARK of a note is its `seen` in
    `coach note list --format json`.
    """
    try:
        with sit_down(desk) as (db, seat):
            number, known = find_own(db, seat, note_id)
            said = kind or known.kind
            kept = save_words(db, seat.viewer, known.id, text, said, seen or known.seen)
    except NoteChanged as conflict:
        raise Told(
            f"This note was changed in between and was left as it is. There it says "
            f"“{plain(conflict.kept)}”. You wrote “{plain(conflict.offered)}”. To put your words "
            f"in its place say --seen {conflict.seen}."
        ) from None
    forget()
    tell(desk, [(number, kept)])


@note.command()
@click.argument("note_id", metavar="NOTE")
@works_for_pair
def share(desk: Desk, note_id: str) -> None:
    """Let your partner read your NOTE."""
    make_readable(desk, note_id, "pair")


@note.command()
@click.argument("note_id", metavar="NOTE")
@works_for_pair
def unshare(desk: Desk, note_id: str) -> None:
    """Take your NOTE back, with what it left in drafts."""
    make_readable(desk, note_id, "mine")


@note.command()
@click.argument("note_id", metavar="NOTE")
@works_for_pair
def delete(desk: Desk, note_id: str) -> None:
    """Delete your NOTE, and what it left in drafts."""
    with sit_down(desk) as (db, seat):
        delete_note(db, seat.viewer, find_own(db, seat, note_id)[1].id)
    forget()
    say("The note is deleted.")


def make_readable(desk: Desk, note_id: str, readers: Visibility) -> None:
    """Say who may read a note of one's own from now on."""
    with sit_down(desk) as (db, seat):
        number, known = find_own(db, seat, note_id)
        save_visibility(db, seat.viewer, known.id, readers)
        kept = load_note(db, seat.viewer, known.id)
    forget()
    tell(desk, [(number, kept)])


def forget() -> None:
    """Let nothing that was deleted linger beside the database."""
    with open_here(load_settings()) as database:
        anyio.run(database.forget)


def find_own(db: Db, seat: Seat, typed: str) -> Row:
    """A note of one's own by its id, or NotFound."""
    missing = f"There is no note {typed!r} here: see `coach note list`."
    found = pick(list_rows(db, seat), typed, lambda row: [str(row[1].id)], missing)
    if not found[1].is_mine:
        raise NotFound("This note is your partner's, and only its author changes it.")
    return found


def list_rows(db: Db, seat: Seat) -> list[Row]:
    """Every note this person may read, with the number of its session."""
    known = list_sessions(db, seat.viewer, seat.pair.id)
    return [(one.number, kept) for one in known for kept in list_notes(db, seat.viewer, one.id)]


def tell(desk: Desk, rows: list[Row]) -> None:
    """Print notes, one line each or as JSON."""
    if desk.form == "json":
        say_json(NOTES.dump_python(tuple(kept for _, kept in rows), mode="json"))
        return
    for number, kept in rows:
        whose = "yours" if kept.is_mine else "your partner's"
        readers = "shared" if kept.visibility == "pair" else "private"
        kind = f", {kept.kind}" if kept.kind else ""
        say(f"{short(kept.id)}  session {number}, {whose}, {readers}{kind}: {plain(kept.text)}")
