"""`coach card …`: what the mentee was taught, each thing asked again on its day."""

from typing import Literal

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, Seat, pick, short, sit_down, works_for_pair
from coach.cli.output import remark, say, say_json
from coach.cli.thinking import think
from coach.errors import NotFound
from coach.pairs.memory import KnownItem, forget_item, list_items
from coach.rendering.outline import plain
from coach.storage.database import Db
from coach.web.remembering import Card, answer_card, list_cards
from coach.web.service import Front

CARDS = TypeAdapter(tuple[Card, ...])
Answer = Literal["knew-it", "partly", "not"]
ANSWERS: dict[Answer, Literal["knew_it", "partly", "not"]] = {
    "knew-it": "knew_it",
    "partly": "partly",
    "not": "not",
}


@click.group()
def card() -> None:
    """Answer the cards of what you were taught, as a mentee; nobody else sees them."""


@card.command("list")
@click.option("--all", "with_later", is_flag=True, help="Those that are not due yet too.")
@click.option("--answers", is_flag=True, help="Show what is on the other side.")
@works_for_pair
def list_(desk: Desk, with_later: bool, answers: bool) -> None:
    """List your cards that are due."""

    async def work(front: Front, seat: Seat, _: object) -> tuple[Card, ...]:
        return await list_cards(front, seat.viewer, seat.pair.id)

    known = think(desk, find_own, work)
    found = tuple(one for one in known if with_later or one.is_due)
    if desk.form == "json":
        say_json(CARDS.dump_python(found, mode="json"))
        return
    if not found and known:
        remark(f"No card is due before {known[0].due_on}: --all lists those that come later.")
    for one in found:
        tell(one, answers)


@card.command()
@click.argument("card_id", metavar="CARD")
@click.argument("how", type=click.Choice(list(ANSWERS)))
@works_for_pair
def answer(desk: Desk, card_id: str, how: Answer) -> None:
    """Say how well you knew CARD; it then comes back on another day."""

    async def work(front: Front, seat: Seat, found: KnownItem) -> Card:
        save = await answer_card(front, seat.viewer, found.id, ANSWERS[how], found.due_on)
        return await front.resources.transact(save)

    kept = think(desk, lambda db, seat: pick_item(db, seat, card_id), work)
    if desk.form == "json":
        say_json(CARDS.dump_python((kept,), mode="json"))
    else:
        tell(kept, True)


@card.command()
@click.argument("card_id", metavar="CARD")
@works_for_pair
def delete(desk: Desk, card_id: str) -> None:
    """Delete CARD; it is not asked again."""
    with sit_down(desk) as (db, seat):
        forget_item(db, seat.viewer, pick_item(db, seat, card_id).id)
    say("The card is deleted.")


def find_own(db: Db, seat: Seat) -> tuple[KnownItem, ...]:
    """The cards of the mentee who asks; NotFound for the mentor, who has none."""
    if seat.pair.role != "mentee":
        raise NotFound("Cards are the mentee's own, and a mentor does not see them.")
    return list_items(db, seat.viewer, seat.pair.id)


def pick_item(db: Db, seat: Seat, typed: str) -> KnownItem:
    """One of the mentee's own cards, or NotFound."""
    missing = f"There is no card {typed!r} here: see `coach card list --all`."
    return pick(find_own(db, seat), typed, lambda one: [str(one.id)], missing)


def tell(one: Card, with_answer: bool) -> None:
    """Print a card, with its other side when it is wanted."""
    due = "due" if one.is_due else f"due on {one.due_on}"
    say(f"{short(one.id)}  session {one.session_number}, {due}: {plain(one.question)}")
    if with_answer:
        say(f"    {plain(one.answer)}")
