"""`coach pairs …`: pairs from files into the database and back as shared rows; how they go on."""

import click
from pydantic import TypeAdapter

from coach.cli.databases import choose_programme, open_here
from coach.cli.desks import Desk, sit_down, works_for_pair
from coach.cli.existing import open_existing
from coach.cli.output import say, say_json
from coach.cli.pair_files import read_pair_files
from coach.errors import NotFound
from coach.pairs.imports import save_pairs
from coach.pairs.loading import export_shared_pair
from coach.pairs.pairing import KnownPair, PairState, load_pair, save_own_state
from coach.rendering.outline import plain
from coach.settings import load_settings

PAIR = TypeAdapter(KnownPair)
STATES: dict[PairState, str] = {
    "active": "The pair {name} goes on.",
    "paused": "The pair {name} is paused: what it wrote can be read, and nothing new is written.",
    "ended": "The pair {name} has ended: what it wrote can be read by its two, and stays closed.",
}


@click.group()
def pairs() -> None:
    """Take pairs in from files, give them back, and pause or end your own."""


@pairs.command("import")
@click.argument("file", metavar="FILE")
@click.option("--programme", metavar="NAME", help="Which programme, when there are several.")
@click.option("--replace", is_flag=True, help="Let the file replace what differs.")
def import_(file: str, programme: str | None, replace: bool) -> None:
    """Take in the pairs of a file, all of them or none.

    FILE holds one pair or several in the form coach.pair/1; - reads standard input. Their people
    are placeholders until an invitation links them.
    """
    files = read_pair_files(file)
    with open_here(load_settings()) as database:
        with database.transaction() as db:
            saved = save_pairs(db, choose_programme(db, programme, make=True), files, replace)
        for one in saved:
            say(f"{one.outcome}: {one.external_id}")


@pairs.command()
@click.argument("pair_id", metavar="ID")
@click.option("--programme", metavar="NAME", help="Which programme, when there are several.")
def export(pair_id: str, programme: str | None) -> None:
    """Print a pair as coach.pair/1: what both may read, no private note."""
    with open_existing(load_settings()) as database:
        if database is None:
            raise NotFound("There is no database yet, and so no pair in it.")
        with database.reading() as db:
            try:
                pair = export_shared_pair(db, choose_programme(db, programme), pair_id)
            except NotFound:
                raise NotFound(f"There is no pair {pair_id!r} in this programme.") from None
    say_json(pair)


@pairs.command()
@works_for_pair
def pause(desk: Desk) -> None:
    """Pause your pair: what it wrote can be read, and nothing new is written."""
    change_state(desk, "paused")


@pairs.command()
@works_for_pair
def resume(desk: Desk) -> None:
    """Let your paused pair go on."""
    change_state(desk, "active")


@pairs.command()
@works_for_pair
def end(desk: Desk) -> None:
    """End your pair for good; its two people can still read what they wrote."""
    change_state(desk, "ended")


def change_state(desk: Desk, state: PairState) -> None:
    """Say whether a pair goes on, and show what counts now."""
    with sit_down(desk) as (db, seat):
        save_own_state(db, seat.viewer, seat.pair.id, state)
        kept = load_pair(db, seat.viewer, seat.pair.id)
    if desk.form == "json":
        say_json(PAIR.dump_python(kept, mode="json"))
    else:
        say(STATES[kept.state].format(name=plain(kept.external_id)))
