"""`coach session recap …`: what the mentee asks after a session; the mentee's own until shared."""

from typing import Literal
from uuid import UUID

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, Seat, find_number, pick, short, sit_down, works_for_pair
from coach.cli.drafting import look
from coach.cli.output import remark, say, say_json
from coach.cli.recap import STYLES, Style
from coach.cli.thinking import think
from coach.cli.words import Words
from coach.coaching.drafts import Recap
from coach.errors import NotFound
from coach.pairs.drafts import Body, KeptDraft, list_recaps
from coach.pairs.sessions import KnownSession
from coach.pairs.sharing import list_shared_recaps, share_recap, unshare_recap
from coach.rendering.outline import plain
from coach.rendering.text import render_text
from coach.storage.database import Db
from coach.web.drafting import draft_session_recap
from coach.web.front import Front
from coach.web.gaps import question_to_share, share_question

RECAP = TypeAdapter(Recap)
KEPT = TypeAdapter(tuple[KeptDraft, ...])


@click.group()
def recap() -> None:
    """Ask for explanations after a session, as its mentee.

    A recap is the mentee's alone until it is shared with the mentor.
    """


@recap.command()
@click.argument("number", type=int)
@click.option("--question", type=Words(), help="What to explain; without it, the whole session.")
@click.option("--style", type=click.Choice(list(STYLES)), help="Explain it differently.")
@works_for_pair
def ask(desk: Desk, number: int, question: str | None, style: Style | None) -> None:
    """Have session NUMBER explained, or a question about it answered."""

    async def work(front: Front, seat: Seat, found: KnownSession) -> tuple[UUID, Body]:
        wanted = STYLES[style] if style else None
        save = await draft_session_recap(front, seat.viewer, found.id, question, wanted)
        return await front.resources.transact(save)

    recap_id, body = think(desk, lambda db, seat: find_own(db, seat, number), work)
    if desk.form == "json":
        say_json({"id": str(recap_id), "draft": body})
        return
    say_recap(body)
    remark(f"Recap {short(recap_id)} is yours alone.")
    if question_to_share(RECAP.validate_python(body)) is not None:
        told = f"`coach session recap report {number} {short(recap_id)}`"
        remark(
            f"The library lacks this. Hand your words to its admins, without a name, with {told}."
        )


@recap.command("list")
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


@recap.command()
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


@recap.command()
@click.argument("number", type=int)
@click.argument("recap_id", metavar="RECAP")
@works_for_pair
def share(desk: Desk, number: int, recap_id: str) -> None:
    """Let your mentor read RECAP of session NUMBER."""
    pass_on(desk, number, recap_id, "shared")


@recap.command()
@click.argument("number", type=int)
@click.argument("recap_id", metavar="RECAP")
@works_for_pair
def unshare(desk: Desk, number: int, recap_id: str) -> None:
    """Take RECAP of session NUMBER back from your mentor."""
    pass_on(desk, number, recap_id, "yours alone again")


@recap.command()
@click.argument("number", type=int)
@click.argument("recap_id", metavar="RECAP")
@works_for_pair
def report(desk: Desk, number: int, recap_id: str) -> None:
    """Hand the question of RECAP that the library could not answer to its admins.

    They read its words and no name. Without this they learn of a topic and a count only.
    """

    async def work(front: Front, seat: Seat, found: KeptDraft) -> None:
        await share_question(front.resources, seat.viewer, found.session_id, found.id)

    def find(db: Db, seat: Seat) -> KeptDraft:
        session = find_own(db, seat, number)
        return pick_recap(list_recaps(db, seat.viewer, session.id), recap_id, number)

    think(desk, find, work)
    say("The admins of the library read the question now, without your name.")


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
