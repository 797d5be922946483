"""`coach question draft`: what the coach asks from what a session left open."""

from uuid import UUID

import click

from coach.cli.desks import Desk, Seat, find_latest, in_session, sit_down, works_for_pair
from coach.cli.questions import tell
from coach.cli.thinking import think
from coach.pairs.drafts import Body
from coach.pairs.questions import list_questions
from coach.pairs.sessions import KnownSession
from coach.web.drafting import draft_session_follow_ups
from coach.web.service import Front


@click.command()
@in_session
@works_for_pair
def draft(desk: Desk, number: int | None) -> None:
    """Draft questions that grow from what a session left open."""

    async def work(front: Front, seat: Seat, found: KnownSession) -> tuple[UUID, Body]:
        save = await draft_session_follow_ups(front, seat.viewer, found.id)
        return await front.resources.transact(save)

    think(desk, lambda db, seat: find_latest(db, seat, number), work)
    with sit_down(desk) as (db, seat):
        session = find_latest(db, seat, number)
        found = list_questions(db, seat.viewer, session.id)
    tell(desk, seat, found)
