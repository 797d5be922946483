"""`coach migrate`: brings the database to this version of the coach."""

import click

from coach.cli.databases import open_here
from coach.cli.output import say
from coach.settings import load_settings


@click.command()
def migrate() -> None:
    """Bring the database to this version.

    Makes the data folder and the database when they are not there yet. A database written by a
    newer version is refused.
    """
    with open_here(load_settings()) as database:
        shown = database.writer.url.render_as_string(hide_password=True)
    say(f"up to date: {shown}")
