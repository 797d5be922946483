"""`coach session edit …`: what two people may do to a draft agenda before they settle it."""

import functools
from collections.abc import Callable
from typing import Any

import click

from coach.cli.desks import Desk, Seat, works_for_pair
from coach.cli.edge import Told
from coach.cli.session_agendas import find_agenda, show_session
from coach.cli.thinking import think
from coach.cli.words import Words
from coach.coaching.editing import OWN_KINDS
from coach.errors import NotFound
from coach.pairs.drafts import AgendaChanged, KeptAgenda
from coach.pairs.sessions import KnownSession
from coach.rendering.outline import plain
from coach.web.editing import EDIT, edit_agenda
from coach.web.service import Front

MINUTES, PLACES = click.IntRange(0, 1440), click.IntRange(1, 100)


def edits(command: Callable[..., dict[str, object]]) -> Callable[..., None]:
    """Give a command NUMBER, --seen and a desk, and put the edit it describes into the agenda."""

    @click.argument("number", type=int)
    @functools.wraps(command)
    def editing(desk: Desk, number: int, seen: int, **rest: Any) -> None:  # noqa: ANN401  click's
        put_edit(desk, number, seen, command(**rest))

    seeing = click.option(
        "--seen",
        type=int,
        required=True,
        metavar="VERSION",
        help="The version you saw, as `coach session show` tells it.",
    )
    return seeing(works_for_pair(editing))


@click.group()
def edit() -> None:
    """Change the draft agenda of a session.

    Parts and places go by the names that `coach session show NUMBER --places` lists.
    """


@edit.command()
@edits
@click.argument("place")
@click.argument("text", type=Words())
def words(place: str, text: str) -> dict[str, object]:
    """Say PLACE of the agenda of session NUMBER in other words: TEXT."""
    return {"edit": "words", "place": place, "text": text}


@edit.command()
@edits
@click.argument("part")
@click.option(
    "--to", type=PLACES, required=True, metavar="PLACE", help="Its new place; the first is 1."
)
def move(part: str, to: int) -> dict[str, object]:
    """Put PART of the agenda of session NUMBER in another place."""
    return {"edit": "move", "block_id": part, "to": to - 1}


@edit.command()
@edits
@click.argument("count", metavar="MINUTES", type=MINUTES)
@click.option("--from", "giver", metavar="PART", required=True, help="The part that gives them.")
@click.option("--to", "taker", metavar="PART", required=True, help="The part that takes them.")
def minutes(count: int, giver: str, taker: str) -> dict[str, object]:
    """Move MINUTES of session NUMBER from one part to another."""
    return {"edit": "minutes", "giver_id": giver, "taker_id": taker, "minutes": count}


@edit.command()
@edits
@click.argument("part")
@click.option("--about", "wish", type=Words(), metavar="TEXT", help="What it is to be about.")
@click.option("--goal", "goal_id", metavar="GOAL", help="The goal of the pair it is to serve.")
def rewrite(part: str, wish: str | None, goal_id: str | None) -> dict[str, object]:
    """Have PART of the agenda of session NUMBER written anew."""
    return {"edit": "rewrite", "block_id": part, "wish": wish, "goal_id": goal_id}


@edit.command()
@edits
@click.argument("kind", metavar="KIND", type=click.Choice(OWN_KINDS))
@click.argument("title", type=Words())
@click.option("--line", "lines", type=Words(), multiple=True, required=True, help="A line of it.")
@click.option("--from", "giver", metavar="PART", required=True, help="The part that gives time.")
@click.option("--minutes", "count", type=MINUTES, required=True, help="How long it is.")
def add(kind: str, title: str, lines: tuple[str, ...], giver: str, count: int) -> dict[str, object]:
    """Add a part of your own to session NUMBER: its KIND and its TITLE."""
    own = {"edit": "add", "kind": kind, "title": title, "lines": list(lines)}
    return {**own, "giver_id": giver, "minutes": count}


@edit.command()
@edits
@click.argument("part")
@click.option("--to", "taker", metavar="PART", required=True, help="The part that takes its time.")
def remove(part: str, taker: str) -> dict[str, object]:
    """Take a PART of your own out of session NUMBER again."""
    return {"edit": "remove", "block_id": part, "taker_id": taker}


def put_edit(desk: Desk, number: int, seen: int, asked: dict[str, object]) -> None:
    """Change a draft as asked and show it; a late edit is told with both texts."""
    edit = EDIT.validate_python(asked)

    async def work(front: Front, seat: Seat, found: KnownSession) -> KeptAgenda:
        save = await edit_agenda(front, seat.viewer, found.id, seen, edit)
        return await front.resources.transact(save)

    try:
        think(desk, lambda db, seat: find_agenda(db, seat, number), work)
    except AgendaChanged as conflict:
        raise Told(tell_conflict(conflict, number)) from None
    except NotFound as fault:
        if fault.detail != NotFound.title:
            raise
        raise NotFound(
            f"The agenda of session {number} has no such part or place: "
            f"see `coach session show {number} --places`."
        ) from None
    show_session(desk, number)


def tell_conflict(conflict: AgendaChanged, number: int) -> str:
    """The sentence for an edit that came too late, with the words of both where it has any."""
    kept, offered = conflict.words.get("kept_text"), conflict.words.get("offered_text")
    there = f" There it says “{plain(kept)}”." if kept else ""
    yours = f" You wrote “{plain(offered)}”." if offered else ""
    return (
        f"Somebody changed this agenda in between: it is version {conflict.version} now, and was "
        f"left as it is.{there}{yours} Look at it with `coach session show {number}`, then say "
        f"--seen {conflict.version}."
    )
