"""`coach session list|plan|move|wish|cancel`: when the two meet, how long, and what for."""

from collections.abc import Callable, Sequence
from datetime import datetime

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, find_number, sit_down, works_for_pair
from coach.cli.output import say, say_json
from coach.cli.words import Words
from coach.pairs.sessions import (
    KnownSession,
    SessionOutcome,
    SessionPlan,
    list_sessions,
    load_session,
    save_session,
)
from coach.rendering.outline import plain
from coach.web.closing import close_session, move_planned

SESSIONS = TypeAdapter(tuple[KnownSession, ...])


@click.command("list")
@works_for_pair
def list_(desk: Desk) -> None:
    """List the sessions of your pair in order."""
    with sit_down(desk) as (db, seat):
        known = list_sessions(db, seat.viewer, seat.pair.id)
    show(desk, known)


@click.command()
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--minutes", type=int, required=True, help="How long it is to be.")
@click.option("--wish", type=Words(), help="What the mentee wishes for.")
@works_for_pair
def plan(desk: Desk, on: datetime, minutes: int, wish: str | None) -> None:
    """Plan the next session of your pair."""
    with sit_down(desk) as (db, seat):
        plan = SessionPlan(on.date(), minutes, wish)
        known = load_session(db, seat.viewer, save_session(db, seat.viewer, seat.pair.id, plan))
    show(desk, (known,))


@click.command()
@click.argument("number", type=int)
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Its new day.")
@click.option("--minutes", type=int, help="Its new length.")
@works_for_pair
def move(desk: Desk, number: int, on: datetime | None, minutes: int | None) -> None:
    """Move session NUMBER to another day, or change its length."""
    if on is None and minutes is None:
        raise click.UsageError("Say what changes, with --date or --minutes.")
    day = on.date() if on else None
    change(desk, number, lambda db, viewer, at: move_planned(db, viewer, at, day, minutes, None))


@click.command()
@click.argument("number", type=int)
@click.argument("text", type=Words())
@works_for_pair
def wish(desk: Desk, number: int, text: str) -> None:
    """Keep TEXT as what the mentee wishes for in session NUMBER."""
    change(desk, number, lambda db, viewer, at: move_planned(db, viewer, at, None, None, text))


@click.command()
@click.argument("number", type=int)
@works_for_pair
def cancel(desk: Desk, number: int) -> None:
    """Say that session NUMBER will not be held."""
    outcome = SessionOutcome(state="cancelled")
    change(desk, number, lambda db, viewer, at: close_session(db, viewer, at, outcome))


def change(desk: Desk, number: int, work: Callable[..., object]) -> None:
    """Change one session in a transaction of its own, and show what it became."""
    with sit_down(desk) as (db, seat):
        found = find_number(db, seat, number)
        work(db, seat.viewer, found.id)
        known = load_session(db, seat.viewer, found.id)
    show(desk, (known,))


def show(desk: Desk, known: Sequence[KnownSession]) -> None:
    """Print the sessions, one line each or as JSON."""
    if desk.form == "json":
        say_json(SESSIONS.dump_python(tuple(known), mode="json"))
        return
    for one in known:
        say(line_of(one))


def line_of(one: KnownSession) -> str:
    """A session in one line, with what its agenda is and what was wished for."""
    state = "under way" if one.state == "planned" and one.started_at else one.state
    drawn = one.agenda_state and f", agenda {one.agenda_state}, version {one.agenda_version}"
    wished = f", wish: {plain(one.wish)}" if one.wish else ""
    return f"{one.number}. {one.date}, {one.minutes} minutes, {state}{drawn or ''}{wished}"
