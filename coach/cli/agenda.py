"""`coach agenda`: a pair's file in, an agenda out; nothing is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

import click

from coach.cli.drafting import draft_with, open_drafting, show, shows, takes_pair
from coach.cli.lazy import load
from coach.cli.libraries import today
from coach.cli.output import Shown, say_bytes
from coach.cli.words import Words
from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.minutes import LONGEST, SHORTEST
from coach.pairs.records import PairRecord


@dataclass(frozen=True, slots=True)
class Starts:
    """The hour of the calendar entry, and its time zone when one was named."""

    hour: time
    zone: ZoneInfo | None


class Zone(click.ParamType[ZoneInfo]):
    """The name of a time zone."""

    name = "zone"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        """The zone, or one sentence that it is unknown."""
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            self.fail(f"{value!r} is no time zone such as Europe/Berlin.", param, ctx)


def takes_start(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --at and --zone, for the calendar entry."""

    @click.option(
        "--at",
        type=click.DateTime(["%H:%M"]),
        default="09:00",
        help="Hour of the calendar entry [default: 09:00, of whatever zone the reader is in].",
    )
    @click.option("--zone", type=Zone(), help="Time zone of that hour, such as Europe/Berlin.")
    @wraps(command)
    def starting(at: datetime, zone: ZoneInfo | None, **rest: Any) -> None:  # noqa: ANN401
        command(starts=Starts(at.time(), zone), **rest)

    return starting


@click.command()
@takes_pair
@click.option(
    "--minutes",
    type=click.IntRange(SHORTEST, LONGEST),
    help="Length of the session. The default is the pair's own.",
)
@click.option("--wish", type=Words(), help="What the mentee asks for this time.")
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Day of the session.",
)
@takes_start
@shows("text", "json", "markdown", "ics")
def agenda(
    record: PairRecord,
    minutes: int | None,
    wish: str | None,
    on: datetime | None,
    starts: Starts,
    shown: Shown,
) -> None:
    """Draft the agenda of a pair's next session.

    FILE holds one pair or several in the form coach.pair/1; - reads standard input. Nothing is
    kept. The library is the one in the data folder, or the starter library while there is none.
    """
    request = AgendaRequest(today(), minutes, wish, on.date() if on else None)
    with open_drafting(shown) as coach:
        draft = draft_with(coach, draft_agenda, record, request)
    if shown.form == "ics":
        at = datetime.combine(draft.date, starts.hour, starts.zone)
        say_bytes(load("coach.rendering.ics:render_ics")(draft, at))
    else:
        show(draft, shown)
