"""`coach follow-ups`: a pair's file in, questions to ask next out; nothing is kept."""

from datetime import datetime

import click

from coach.cli.drafting import draft_with, open_drafting, show, shows, takes_pair
from coach.cli.libraries import today
from coach.cli.output import Shown
from coach.coaching.brief import AgendaRequest
from coach.coaching.follow_ups import draft_follow_ups
from coach.pairs.records import PairRecord


@click.command("follow-ups")
@takes_pair
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Day of the next session.",
)
@shows("text", "json", "markdown")
def follow_ups(record: PairRecord, on: datetime | None, shown: Shown) -> None:
    """Draft the follow-up questions of a pair's latest session.

    FILE holds one pair or several in the form coach.pair/1; - reads standard input. Nothing is
    kept.
    """
    request = AgendaRequest(today(), for_date=on.date() if on else None)
    with open_drafting(shown) as coach:
        draft = draft_with(coach, draft_follow_ups, record, request)
    show(draft, shown)
