"""`coach session draft|prep`: what the coach thinks up for a session before it is held."""

from uuid import UUID

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, Seat, find_number, sit_down, works_for_pair
from coach.cli.edge import Told
from coach.cli.looks import look
from coach.cli.output import say, say_json
from coach.cli.session_agendas import find_agenda, show_session
from coach.cli.thinking import think
from coach.coaching.drafts import PrepBrief
from coach.pairs.drafts import AgendaChanged, Body, KeptAgenda
from coach.pairs.sessions import KnownSession
from coach.rendering.text import render_text
from coach.web.drafting import draft_session_agenda
from coach.web.preparing import draft_session_prep
from coach.web.service import Front

PREP = TypeAdapter(PrepBrief)


@click.command()
@click.argument("number", type=int)
@click.option("--seen", type=int, metavar="VERSION", help="Draft anew in place of this version.")
@works_for_pair
def draft(desk: Desk, number: int, seen: int | None) -> None:
    """Draft the agenda of session NUMBER, and keep it.

    It takes the place of an earlier draft; of one that somebody edited only when --seen names the
    version, as `coach session show` tells it.
    """

    async def work(front: Front, seat: Seat, found: KnownSession) -> KeptAgenda:
        save = await draft_session_agenda(front, seat.viewer, found.id, seen)
        return await front.resources.transact(save)

    if seen is not None:
        expect_agenda(desk, number)
    try:
        think(desk, lambda db, seat: find_number(db, seat, number), work)
    except AgendaChanged as conflict:
        raise Told(
            f"This agenda was edited: it is version {conflict.version} now, and was left as it is. "
            f"To put a new draft in its place say --seen {conflict.version}."
        ) from None
    show_session(desk, number)


@click.command()
@click.argument("number", type=int)
@works_for_pair
def prep(desk: Desk, number: int) -> None:
    """Prepare yourself for session NUMBER; nobody else sees it."""

    async def work(front: Front, seat: Seat, found: KnownSession) -> tuple[UUID, Body]:
        save = await draft_session_prep(front, seat.viewer, found.id)
        return await front.resources.transact(save)

    _, body = think(desk, lambda db, seat: find_agenda(db, seat, number), work)
    if desk.form == "json":
        say_json(body)
    else:
        say(render_text(PREP.validate_python(body), look()).rstrip("\n"))


def expect_agenda(desk: Desk, number: int) -> None:
    """Raise NotFound for a session that has no agenda."""
    with sit_down(desk) as (db, seat):
        find_agenda(db, seat, number)
