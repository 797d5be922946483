"""`coach person` and `coach token`: who may sign in, and which programs may."""

from datetime import UTC, datetime

import click

from coach.cli.databases import choose_programme, open_here
from coach.cli.output import remark, say
from coach.errors import NotFound
from coach.people.people import load_person_by_email, save_person
from coach.people.sign_in import LINK_LASTS, save_sign_in_link, sign_in_url
from coach.people.tokens import save_token
from coach.settings import load_settings

HOURS = int(LINK_LASTS.total_seconds() // 3600)


@click.group()
def person() -> None:
    """Add people who may sign in."""


@person.command("add")
@click.argument("name")
@click.option("--email", required=True, help="By which the programme knows them.")
@click.option("--admin", is_flag=True, help="Let them run the programme and its library.")
@click.option("--programme", metavar="NAME", help="Which programme, when there are several.")
def add_person(name: str, email: str, admin: bool, programme: str | None) -> None:
    """Add someone who may sign in, and print their one-time sign-in link.

    For somebody known already under this address a new link is printed, and nothing changed.
    """
    settings = load_settings()
    with open_here(settings) as database, database.transaction() as db:
        programme_id = choose_programme(db, programme, make=True)
        known = load_person_by_email(db, programme_id, email)
        if known is None:
            known = save_person(db, programme_id, name, email, admin)
        else:
            remark(f"{email} is known already; this is a new link, and nothing was changed.")
        secret = save_sign_in_link(db, known.id, datetime.now(UTC))
    say(sign_in_url(settings.base_url, secret))
    remark(f"This link works once and for {HOURS} hours. It is not shown again.")


@click.group()
def token() -> None:
    """Add tokens for programs."""


@token.command("add")
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option("--programme", metavar="NAME", help="Which programme, when there are several.")
def add_token(email: str, name: str, programme: str | None) -> None:
    """Print a new token for a program that works with someone's rights."""
    with open_here(load_settings()) as database, database.transaction() as db:
        known = load_person_by_email(db, choose_programme(db, programme), email)
        if known is None:
            raise NotFound(f"Nobody in this programme has the address {email!r}.")
        secret = save_token(db, known.id, name)
    say(secret)
    remark("This token is not shown again.")
