"""`coach session recap list|show|share|unshare`: the mentee's own recaps, and those shared."""

from typing import Literal

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, Seat, find_number, pick, short, sit_down, works_for_pair
from coach.cli.looks import look
from coach.cli.output import say, say_json
from coach.coaching.drafts import Recap
from coach.errors import NotFound
from coach.pairs.drafts import Body, KeptDraft, list_recaps
from coach.pairs.sessions import KnownSession
from coach.pairs.sharing import list_shared_recaps, share_recap, unshare_recap
from coach.rendering.outline import plain
from coach.rendering.text import render_text
from coach.storage.database import Db

RECAP = TypeAdapter(Recap)
KEPT = TypeAdapter(tuple[KeptDraft, ...])


@click.command("list")
@click.argument("number", type=int)
@works_for_pair
def list_(desk: Desk, number: int) -> None:
    """List the recaps of session NUMBER that you may read.

    The mentee reads their own, the mentor those that were shared.
    """
    with sit_down(desk) as (db, seat):
        found = find_readable(db, seat, number)
        session = find_number(db, seat, number)
        shared = {one.id for one in list_shared_recaps(db, seat.viewer, session.id)}
    if desk.form == "json":
        say_json(KEPT.dump_python(found, mode="json"))
        return
    for one in found:
        asked = plain(one.body.get("question") or "the whole session")
        with_whom = "shared with the mentor" if one.id in shared else "yours alone"
        say(f"{short(one.id)}  {one.created_at.astimezone():%Y-%m-%d %H:%M}, {with_whom}: {asked}")


@click.command()
@click.argument("number", type=int)
@click.argument("recap_id", metavar="RECAP")
@works_for_pair
def show(desk: Desk, number: int, recap_id: str) -> None:
    """Show RECAP of session NUMBER again."""
    with sit_down(desk) as (db, seat):
        kept = pick_recap(find_readable(db, seat, number), recap_id, number)
    if desk.form == "json":
        say_json(kept.body)
    else:
        say_recap(kept.body)


@click.command()
@click.argument("number", type=int)
@click.argument("recap_id", metavar="RECAP")
@works_for_pair
def share(desk: Desk, number: int, recap_id: str) -> None:
    """Let your mentor read RECAP of session NUMBER."""
    pass_on(desk, number, recap_id, "shared")


@click.command()
@click.argument("number", type=int)
@click.argument("recap_id", metavar="RECAP")
@works_for_pair
def unshare(desk: Desk, number: int, recap_id: str) -> None:
    """Take RECAP of session NUMBER back from your mentor."""
    pass_on(desk, number, recap_id, "yours alone again")


def pass_on(
    desk: Desk, number: int, recap_id: str, state: Literal["shared", "yours alone again"]
) -> None:
    """Share a recap of one's own with the mentor, or take it back."""
    with sit_down(desk) as (db, seat):
        session = find_own(db, seat, number)
        kept = pick_recap(list_recaps(db, seat.viewer, session.id), recap_id, number)
        work = share_recap if state == "shared" else unshare_recap
        work(db, seat.viewer, session.id, kept.id)
    say(f"Recap {short(kept.id)} is {state}.")


def find_own(db: Db, seat: Seat, number: int) -> KnownSession:
    """A session of the mentee who asks; NotFound for the mentor, who reads what is shared."""
    if seat.pair.role != "mentee":
        raise NotFound("Recaps are the mentee's own; a mentor reads those that were shared.")
    return find_number(db, seat, number)


def find_readable(db: Db, seat: Seat, number: int) -> tuple[KeptDraft, ...]:
    """The recaps of a session this person may read, the latest first."""
    session = find_number(db, seat, number)
    if seat.pair.role == "mentee":
        return list_recaps(db, seat.viewer, session.id)
    return list_shared_recaps(db, seat.viewer, session.id)


def pick_recap(found: tuple[KeptDraft, ...], typed: str, number: int) -> KeptDraft:
    """The recap of this id, or NotFound."""
    missing = f"There is no recap {typed!r} here: see `coach session recap list {number}`."
    return pick(found, typed, lambda one: [str(one.id)], missing)


def say_recap(body: Body) -> None:
    """Print a recap as text."""
    say(render_text(RECAP.validate_python(body), look()).rstrip("\n"))
