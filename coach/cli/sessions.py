"""`coach session …`: the sessions of a pair in the database, in the name of one of the two."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import click
from pydantic import TypeAdapter

from coach.cli.drafting import Words
from coach.cli.output import say, say_json
from coach.cli.writing import choose_programme, open_writing
from coach.errors import NotFound
from coach.pairs.pairing import KnownPair, list_pairs
from coach.pairs.sessions import (
    KnownSession,
    SessionOutcome,
    SessionPlan,
    list_sessions,
    load_session,
    save_session,
)
from coach.people.people import load_person_by_email
from coach.people.permissions import Viewer
from coach.rendering.outline import plain
from coach.resources import Resources
from coach.settings import load_settings
from coach.storage.database import Db
from coach.web.drafting import close_session, move_planned

SESSIONS = TypeAdapter(tuple[KnownSession, ...])


@dataclass(frozen=True, slots=True)
class Desk:
    """In whose name a command works, on which pair, and how it answers."""

    email: str
    pair: str | None
    programme: str | None
    form: Literal["text", "json"]


def works_for_pair(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --as, --pair, --programme and --format, and hand it a desk."""

    @click.option("--as", "email", metavar="EMAIL", required=True, help="In whose name.")
    @click.option("--pair", metavar="PAIR", help="Its id or title [default: your only pair].")
    @click.option("--programme", metavar="NAME", help="Which programme, when there are several.")
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
    @functools.wraps(command)
    def seated(
        email: str,
        pair: str | None,
        programme: str | None,
        form: Literal["text", "json"],
        **rest: Any,  # noqa: ANN401  click's values
    ) -> None:
        command(desk=Desk(email, pair, programme, form), **rest)

    return seated


@click.group()
def session() -> None:
    """Plan, move, cancel and close sessions of your pair."""


@session.command("list")
@works_for_pair
def list_(desk: Desk) -> None:
    """List the sessions of your pair in order."""
    with open_writing(load_settings()) as resources, resources.reading() as db:
        viewer, pair = find_place(db, desk)
        known = list_sessions(db, viewer, pair.id)
    show(desk, known)


@session.command()
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--minutes", type=int, required=True, help="How long it is to be.")
@click.option("--wish", type=Words(), help="What the mentee wishes for.")
@works_for_pair
def plan(desk: Desk, on: datetime, minutes: int, wish: str | None) -> None:
    """Plan the next session of your pair."""
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        viewer, pair = find_place(db, desk)
        kept = save_session(db, viewer, pair.id, SessionPlan(on.date(), minutes, wish))
        known = load_session(db, viewer, kept)
    show(desk, (known,))


@session.command()
@click.argument("number", type=int)
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Its new day.")
@click.option("--minutes", type=int, help="Its new length.")
@works_for_pair
def move(desk: Desk, number: int, on: datetime | None, minutes: int | None) -> None:
    """Move session NUMBER to another day, or change its length."""
    if on is None and minutes is None:
        raise click.UsageError("Say what changes, with --date or --minutes.")
    with open_writing(load_settings()) as resources:
        day = on.date() if on else None
        change(
            resources,
            desk,
            number,
            lambda db, viewer, at: move_planned(db, viewer, at, day, minutes, None),
        )


@session.command()
@click.argument("number", type=int)
@click.argument("text", type=Words())
@works_for_pair
def wish(desk: Desk, number: int, text: str) -> None:
    """Keep TEXT as what the mentee wishes for in session NUMBER."""
    with open_writing(load_settings()) as resources:
        change(
            resources,
            desk,
            number,
            lambda db, viewer, at: move_planned(db, viewer, at, None, None, text),
        )


@session.command()
@click.argument("number", type=int)
@works_for_pair
def cancel(desk: Desk, number: int) -> None:
    """Say that session NUMBER will not be held."""
    outcome = SessionOutcome(state="cancelled")
    with open_writing(load_settings()) as resources:
        change(
            resources, desk, number, lambda db, viewer, at: close_session(db, viewer, at, outcome)
        )


@session.command()
@click.argument("number", type=int)
@click.option("--minutes", type=int, help="How long it took [default: as planned].")
@works_for_pair
def close(desk: Desk, number: int, minutes: int | None) -> None:
    """Say that session NUMBER was held."""
    outcome = SessionOutcome(minutes=minutes)
    with open_writing(load_settings()) as resources:
        change(
            resources, desk, number, lambda db, viewer, at: close_session(db, viewer, at, outcome)
        )


def change(resources: Resources, desk: Desk, number: int, work: Callable[..., object]) -> None:
    """Change one session in a transaction of its own, and show what it became."""
    with resources.transaction() as db:
        viewer, pair = find_place(db, desk)
        fitting = [one.id for one in list_sessions(db, viewer, pair.id) if one.number == number]
        if not fitting:
            raise NotFound(f"This pair has no session {number}: see `coach session list`.")
        work(db, viewer, fitting[0])
        known = load_session(db, viewer, fitting[0])
    show(desk, (known,))


def find_place(db: Db, desk: Desk) -> tuple[Viewer, KnownPair]:
    """The person and the pair a command is for; a foreign pair reads as not there."""
    person = load_person_by_email(db, choose_programme(db, desk.programme), desk.email)
    if person is None:
        raise NotFound(f"Nobody in this programme has the address {desk.email!r}.")
    pairs = list_pairs(db, person.viewer)
    fitting = [one for one in pairs if desk.pair in (None, one.external_id, one.title)]
    if len(fitting) == 1:
        return person.viewer, fitting[0]
    if not pairs:
        raise NotFound(f"{desk.email} belongs to no pair.")
    names = ", ".join(plain(one.external_id) for one in pairs)
    raise NotFound(f"Choose one pair with --pair: {names}.")


def show(desk: Desk, known: Sequence[KnownSession]) -> None:
    """Print the sessions, one line each or as JSON."""
    if desk.form == "json":
        say_json(SESSIONS.dump_python(tuple(known), mode="json"))
        return
    for one in known:
        wished = f", wish: {plain(one.wish)}" if one.wish else ""
        say(f"{one.number}. {one.date}, {one.minutes} minutes, {one.state}{wished}")
