"""`coach pairs …`: pairs from files into the database, and back as shared rows."""

import click

from coach.cli.libraries import open_existing
from coach.cli.output import say, say_json
from coach.cli.pair_files import read_pair_files
from coach.cli.writing import choose_programme, open_writing
from coach.errors import NotFound
from coach.pairs.imports import save_pairs
from coach.pairs.loading import export_shared_pair
from coach.settings import load_settings


@click.group()
def pairs() -> None:
    """Take pairs in from files, and give them back."""


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
    with open_writing(load_settings()) as resources:
        with resources.transaction() as db:
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
