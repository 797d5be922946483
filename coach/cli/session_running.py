"""`coach session start|mark|replan|close`: a session as it goes, by its agenda and the clock."""

from collections.abc import Collection

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, find_number, sit_down, works_for_pair
from coach.cli.output import remark, say, say_json
from coach.cli.session_planning import show
from coach.coaching.drafts import Agenda, build_json
from coach.coaching.running import RESCUE, open_blocks
from coach.errors import NotFound
from coach.pairs.sessions import SessionOutcome, load_session
from coach.rendering.outline import plain
from coach.web.clock import now
from coach.web.closing import close_session
from coach.web.running import (
    NothingToRun,
    Running,
    begin_session,
    close_run,
    fit_kept,
    fit_session,
    load_run,
    mark_in_session,
)

RUNNING = TypeAdapter(Running)


@click.command()
@click.argument("number", type=int)
@click.option(
    "--minutes-left", type=int, help=f"How many there are, when late; {RESCUE} make a rescue."
)
@works_for_pair
def start(desk: Desk, number: int, minutes_left: int | None) -> None:
    """Begin session NUMBER, on time, late, or as a rescue.

    Whoever begins with a draft settles it by that. A session that has begun goes on as it was.
    """
    with sit_down(desk) as (db, seat):
        found = find_number(db, seat, number)
        running = begin_session(db, seat.viewer, found.id, now(), minutes_left)
    if found.started_at is not None:
        remark(f"Session {number} had begun already, and goes on as it was.")
    show_running(desk, number, running)


@click.command()
@click.argument("number", type=int)
@click.argument("part")
@click.option("--minutes", type=int, help="How long it took.")
@click.option("--skipped", is_flag=True, help="It was left out.")
@click.option("--undo", is_flag=True, help="Take the mark back.")
@works_for_pair
def mark(
    desk: Desk, number: int, part: str, minutes: int | None, skipped: bool, undo: bool
) -> None:
    """Say how long PART of session NUMBER took.

    PART is its id, as `coach session show` lists it.
    """
    if (minutes is not None) + skipped + undo != 1:
        raise click.UsageError("Say one of --minutes, --skipped and --undo.")
    with sit_down(desk) as (db, seat):
        found = find_number(db, seat, number)
        if found.started_at is not None:
            refuse_strangers(load_run(db, seat.viewer, found.id).agenda, [part])
        took = 0 if skipped else minutes
        running = mark_in_session(db, seat.viewer, found.id, part, took, now())
    show_running(desk, number, running)


@click.command()
@click.argument("number", type=int)
@click.option("--minutes-left", type=int, required=True, help="How many minutes are left.")
@works_for_pair
def replan(desk: Desk, number: int, minutes_left: int) -> None:
    """Fit the rest of session NUMBER to the minutes left.

    Of a session that has not begun it shows what would be left of its agenda, and keeps nothing.
    """
    with sit_down(desk) as (db, seat):
        found = find_number(db, seat, number)
        if found.started_at is None:
            if found.agenda_state is None:
                raise NothingToRun
            agenda = fit_kept(db, seat.viewer, found.id, minutes_left, {})
        else:
            running = fit_session(db, seat.viewer, found.id, minutes_left, now())
    if found.started_at is not None:
        show_running(desk, number, running)
    elif desk.form == "json":
        say_json(build_json(agenda))
    else:
        list_parts(agenda)
        told = f"`coach session start {number} --minutes-left {minutes_left}`"
        remark(f"Session {number} has not begun, so nothing was kept: begin it with {told}.")


@click.command()
@click.argument("number", type=int)
@click.option("--minutes", type=int, help="How long it took [default: what its parts took].")
@click.option("--missed", multiple=True, metavar="PART", help="A part you did not reach.")
@works_for_pair
def close(desk: Desk, number: int, minutes: int | None, missed: tuple[str, ...]) -> None:
    """Say that session NUMBER was held.

    What was skipped or missed is offered first next time; --missed may be given several times.
    """
    with sit_down(desk) as (db, seat):
        found = find_number(db, seat, number)
        if found.started_at is not None:
            refuse_strangers(load_run(db, seat.viewer, found.id).agenda, missed)
            close_run(db, seat.viewer, found.id, frozenset(missed), minutes)
        elif missed:
            raise click.UsageError(
                f"Only a session that was begun knows what it missed: see `coach session start "
                f"{number}`, or close it without --missed."
            )
        else:
            close_session(db, seat.viewer, found.id, SessionOutcome(minutes=minutes))
        known = load_session(db, seat.viewer, found.id)
    show(desk, (known,))


def refuse_strangers(agenda: Agenda, parts: Collection[str]) -> None:
    """Raise NotFound for a part the agenda does not have."""
    known = [block.id for block in agenda.blocks]
    for part in parts:
        if part not in known:
            raise NotFound(f"This session has no part {part!r}; it has {', '.join(known)}.")


def show_running(desk: Desk, number: int, running: Running) -> None:
    """Print how a session goes: its parts, what they took, and when it ends."""
    if desk.form == "json":
        say_json(RUNNING.dump_python(running, mode="json"))
        return
    began, ends = (f"{at.astimezone():%H:%M}" for at in (running.started_at, running.ends_at))
    left = sum(block.minutes for block in open_blocks(running.agenda))
    say(f"Session {number}, begun at {began}, until {ends}; {left} minutes are planned.")
    list_parts(running.agenda)


def list_parts(agenda: Agenda) -> None:
    """Print the parts of an agenda with their ids and minutes, and what fell out."""
    for block in agenda.blocks:
        taken = block.actual_minutes
        minutes = f"{block.minutes} min" if taken is None else f"took {taken} min"
        if taken == 0:
            minutes = "skipped"
        kind = block.kind.replace("_", " ")
        say(f"  {block.id:<8} {minutes:<12} {kind:<12} {plain(block.title)}")
    for gone in agenda.dropped:
        say(f"  {'':<8} {'fell out':<12} {gone.kind.replace('_', ' '):<12} {plain(gone.title)}")
