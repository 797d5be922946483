"""`coach session recap ask|report`: what the mentee has explained, and what the library lacked."""

from uuid import UUID

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, Seat, short, works_for_pair
from coach.cli.output import remark, say, say_json
from coach.cli.recap import STYLES, Style
from coach.cli.session_recaps import find_own, pick_recap, say_recap
from coach.cli.thinking import think
from coach.cli.words import Words
from coach.coaching.drafts import Recap
from coach.pairs.drafts import Body, KeptDraft, list_recaps
from coach.pairs.sessions import KnownSession
from coach.storage.database import Db
from coach.web.drafting import draft_session_recap
from coach.web.gaps import question_to_share, share_question
from coach.web.service import Front

RECAP = TypeAdapter(Recap)


@click.command()
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


@click.command()
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
