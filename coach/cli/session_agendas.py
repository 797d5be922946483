"""`coach session show|settle`: the agenda of a session as its pair keeps it."""

import click
from pydantic import TypeAdapter, ValidationError

from coach.cli.desks import Desk, Seat, find_number, sit_down, works_for_pair
from coach.cli.edge import Told
from coach.cli.looks import look
from coach.cli.output import remark, say, say_json
from coach.cli.session_planning import line_of
from coach.cli.session_running import list_parts
from coach.coaching.drafts import Agenda, read_agenda
from coach.coaching.editing import list_places
from coach.errors import NotFound
from coach.pairs.drafts import (
    AgendaChanged,
    KeptAgenda,
    NotOurForm,
    load_agenda,
    settle_agenda,
)
from coach.pairs.sessions import KnownSession, load_session
from coach.rendering.outline import plain
from coach.rendering.text import render_text
from coach.storage.database import Db
from coach.web.running import Running, load_run

SESSION = TypeAdapter(KnownSession)
RUNNING = TypeAdapter(Running)


@click.command()
@click.argument("number", type=int)
@click.option("--places", is_flag=True, help="List what `coach session edit words` can change.")
@works_for_pair
def show(desk: Desk, number: int, places: bool) -> None:
    """Show session NUMBER with its agenda, as it stands."""
    show_session(desk, number, places)


@click.command()
@click.argument("number", type=int)
@click.option("--seen", type=int, metavar="VERSION", help="Only if it is still this version.")
@works_for_pair
def settle(desk: Desk, number: int, seen: int | None) -> None:
    """Make the agenda of session NUMBER what you two go by.

    A settled agenda is history: what changes afterwards is a note.
    """
    try:
        with sit_down(desk) as (db, seat):
            found = find_agenda(db, seat, number)
            kept = load_agenda(db, seat.viewer, found.id)
            settle_agenda(db, seat.viewer, found.id, kept.version if seen is None else seen)
            known = load_session(db, seat.viewer, found.id)
    except AgendaChanged as conflict:
        raise Told(
            f"This agenda was changed in between: it is version {conflict.version} now. Read it "
            f"with `coach session show {number}`, then settle that version."
        ) from None
    if desk.form == "json":
        say_json(SESSION.dump_python(known, mode="json"))
    else:
        say(line_of(known))


def find_agenda(db: Db, seat: Seat, number: int) -> KnownSession:
    """A session that has an agenda, or NotFound."""
    found = find_number(db, seat, number)
    if found.agenda_state is None:
        raise NotFound(
            f"Session {number} has no agenda yet: draft one with `coach session draft {number}`."
        )
    return found


def show_session(desk: Desk, number: int, places: bool = False) -> None:
    """Print a session with its agenda, and how far it has come when it was begun."""
    with sit_down(desk) as (db, seat):
        known = find_number(db, seat, number)
        kept = load_agenda(db, seat.viewer, known.id) if known.agenda_state else None
        run = load_run(db, seat.viewer, known.id) if known.started_at else None
    if desk.form == "json":
        told = {
            "session": SESSION.dump_python(known, mode="json"),
            "agenda": kept and kept.body,
            "run": run and RUNNING.dump_python(run, mode="json"),
        }
        say_json(told)
        return
    say(line_of(known))
    if kept is None:
        remark(f"It has no agenda yet: draft one with `coach session draft {number}`.")
        return
    agenda = run.agenda if run else read_kept(kept)
    say("")
    say(render_text(agenda, look()).rstrip("\n"))
    say("")
    say("Its parts, as `coach session edit` and `coach session mark` name them:")
    list_parts(agenda)
    if places:
        tell_places(agenda)


def read_kept(kept: KeptAgenda) -> Agenda:
    """The kept agenda as a value, or NotOurForm."""
    try:
        return read_agenda(kept.body)
    except ValidationError:
        raise NotOurForm from None


def tell_places(agenda: Agenda) -> None:
    """Print each place whose words can be changed, and what stands there."""
    say("")
    say("Its places, as `coach session edit words` names them:")
    for place, text in list_places(agenda):
        say(f"  {place}: {plain(text)}")
