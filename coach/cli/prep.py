"""`coach prep`: a pair's file in, what one of the two reads before the session out."""

from dataclasses import replace
from typing import Literal

import click

from coach.cli.drafting import draft_with, open_drafting, show, shows, takes_pair
from coach.cli.libraries import today
from coach.cli.output import Shown
from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import PrepBrief
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepRequest, draft_prep
from coach.pairs.records import PairRecord

Person = Literal["mentor", "mentee"]


async def draft_from_file(coach: Coach, record: PairRecord, reader: Person) -> PrepBrief:
    """The brief for the agenda that the coach would write by itself, as a file keeps none."""
    alone = replace(coach, model=None)
    agenda = await draft_agenda(alone, record, AgendaRequest(today()))
    return await draft_prep(coach, record, PrepRequest(today(), reader, agenda))


@click.command()
@takes_pair
@click.option(
    "--for", "reader", type=click.Choice(["mentor", "mentee"]), required=True, help="Who reads it."
)
@shows("text", "json", "markdown")
def prep(record: PairRecord, reader: Person, shown: Shown) -> None:
    """Prepare one of the two for the next session.

    FILE holds one pair or several in the form coach.pair/1; - reads standard input. Nothing is
    kept. The agenda is the one the coach writes by itself for the next session.
    """
    with open_drafting(shown) as coach:
        draft = draft_with(coach, draft_from_file, record, reader)
    show(draft, shown)
