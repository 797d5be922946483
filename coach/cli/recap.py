"""`coach recap`: a pair's file and a question in, an explanation out; nothing is kept."""

from typing import Literal

import click

from coach.cli.drafting import draft_with, open_drafting, show, shows, takes_pair
from coach.cli.libraries import today
from coach.cli.output import Shown
from coach.cli.words import Words
from coach.coaching.brief import RecapRequest
from coach.coaching.recap import draft_recap
from coach.pairs.records import PairRecord

Style = Literal["another-way", "example", "shorter"]
STYLES: dict[Style, Literal["another_way", "example", "shorter"]] = {
    "another-way": "another_way",
    "example": "example",
    "shorter": "shorter",
}


@click.command()
@takes_pair
@click.option("--question", type=Words(), help="What to explain; without it, the whole session.")
@click.option("--style", type=click.Choice(list(STYLES)), help="Explain it differently.")
@click.option(
    "--session",
    "number",
    type=click.IntRange(min=1),
    help="Which session, by its number. The default is the latest.",
)
@shows("text", "json", "markdown")
def recap(
    record: PairRecord,
    question: str | None,
    style: Style | None,
    number: int | None,
    shown: Shown,
) -> None:
    """Explain a session, or answer a question about it, for the mentee.

    FILE holds one pair or several in the form coach.pair/1; - reads standard input. Nothing is
    kept.
    """
    request = RecapRequest(today(), question, number, STYLES[style] if style else None)
    with open_drafting(shown) as coach:
        draft = draft_with(coach, draft_recap, record, request)
    show(draft, shown)
