"""`coach balance`: what each of the two gave over the season, counts and no words."""

import click
from pydantic import TypeAdapter

from coach.cli.desks import Desk, name_of, sit_down, works_for_pair
from coach.cli.output import remark, say, say_json
from coach.pairs.balance import Balance, build_balance
from coach.pairs.loading import load_record

BALANCE = TypeAdapter(Balance)
WIDTH = 40


@click.command()
@works_for_pair
def balance(desk: Desk) -> None:
    """Show the minutes each of you led, and the promises each of you kept."""
    with sit_down(desk) as (db, seat):
        found = build_balance(load_record(db, seat.viewer, seat.pair.id, "pair"))
    if desk.form == "json":
        told = BALANCE.dump_python(found, mode="json")
        say_json({**told, "both_minutes": found.both_minutes})
        return
    rows = (
        (name_of(seat.pair, "mentor"), found.mentor.minutes),
        (name_of(seat.pair, "mentee"), found.mentee.minutes),
        ("both", found.both_minutes),
    )
    widest = max(len(name) for name, _ in rows)
    for name, minutes in rows:
        bar = "#" * (round(WIDTH * minutes / found.minutes) if found.minutes else 0)
        say(f"{name:<{widest}}  {bar:<{WIDTH}}  {minutes} minutes".rstrip())
    for name, share in ((rows[0][0], found.mentor), (rows[1][0], found.mentee)):
        say(f"{name} kept {share.kept} of {share.promised} promises.")
    if not found.minutes:
        remark("No session that was held has an agenda yet, so no minutes are counted.")
