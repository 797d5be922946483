"""`coach promise …`: what the two promise each other, and what becomes of it."""

from collections.abc import Iterable

import click
from pydantic import TypeAdapter

from coach.cli.desks import (
    Desk,
    Seat,
    find_latest,
    in_session,
    name_of,
    pick,
    short,
    sit_down,
    works_for_pair,
)
from coach.cli.output import remark, say, say_json
from coach.cli.words import Words
from coach.errors import NotFound
from coach.pairs.commitments import KnownCommitment, latest_promises, list_commitments
from coach.pairs.promises import (
    CHANGE_WORDS,
    KnownChange,
    KnownOffer,
    decide_offer,
    list_changes,
    list_offers,
    make_promise,
    mark_promise,
)
from coach.pairs.records import CommitmentStatus
from coach.people.permissions import Role
from coach.rendering.outline import plain
from coach.storage.database import Db

PROMISES = TypeAdapter(tuple[KnownCommitment, ...])
OFFERS = TypeAdapter(tuple[KnownOffer, ...])
CHANGES = TypeAdapter(tuple[KnownChange, ...])
OTHER: dict[Role, Role] = {"mentor": "mentee", "mentee": "mentor"}


@click.group()
def promise() -> None:
    """Keep the promises of your pair: who promised what, by when, and what came of it."""


@promise.command("list")
@click.option("--all", "with_kept", is_flag=True, help="Those that are settled too.")
@works_for_pair
def list_(desk: Desk, with_kept: bool) -> None:
    """List the promises of your pair, and those that wait for a word."""
    with sit_down(desk) as (db, seat):
        known = list_promises(db, seat)
        offers = list_offers(db, seat.viewer, seat.pair.id)
        changes = list_changes(db, seat.viewer, seat.pair.id)
    shown = tuple(one for one in known if with_kept or one.status in ("open", "blocked"))
    if desk.form == "json":
        say_json(
            {
                "promises": PROMISES.dump_python(shown, mode="json"),
                "offers": OFFERS.dump_python(offers, mode="json"),
                "changes": CHANGES.dump_python(changes, mode="json"),
            }
        )
        return
    tell(desk, seat, shown, changes)
    tell_offers(desk, seat, offers)


@promise.command()
@click.argument("text", type=Words())
@click.option("--by", "due", required=True, metavar="WHEN", help="A day, or an event.")
@in_session
@works_for_pair
def make(desk: Desk, text: str, due: str, number: int | None) -> None:
    """Promise TEXT yourself."""
    write_down(desk, text, due, number, for_other=False)


@promise.command()
@click.argument("text", type=Words())
@click.option("--by", "due", required=True, metavar="WHEN", help="A day, or an event.")
@in_session
@works_for_pair
def offer(desk: Desk, text: str, due: str, number: int | None) -> None:
    """Write TEXT down as your partner's promise; it counts once they accept it."""
    write_down(desk, text, due, number, for_other=True)


@promise.command()
@click.argument("promise_id", metavar="PROMISE")
@works_for_pair
def accept(desk: Desk, promise_id: str) -> None:
    """Accept a PROMISE that your partner wrote down for you."""
    decide(desk, promise_id, True)


@promise.command()
@click.argument("promise_id", metavar="PROMISE")
@works_for_pair
def decline(desk: Desk, promise_id: str) -> None:
    """Decline a PROMISE that your partner wrote down for you."""
    decide(desk, promise_id, False)


@promise.command()
@click.argument("promise_id", metavar="PROMISE")
@works_for_pair
def done(desk: Desk, promise_id: str) -> None:
    """Say that PROMISE was kept."""
    mark(desk, promise_id, "done")


@promise.command("keep-open")
@click.argument("promise_id", metavar="PROMISE")
@works_for_pair
def keep_open(desk: Desk, promise_id: str) -> None:
    """Say that PROMISE still stands."""
    mark(desk, promise_id, "open")


@promise.command()
@click.argument("promise_id", metavar="PROMISE")
@works_for_pair
def block(desk: Desk, promise_id: str) -> None:
    """Say that something stands in the way of PROMISE."""
    mark(desk, promise_id, "blocked")


@promise.command()
@click.argument("promise_id", metavar="PROMISE")
@works_for_pair
def drop(desk: Desk, promise_id: str) -> None:
    """Let PROMISE go."""
    mark(desk, promise_id, "dropped")


def write_down(desk: Desk, text: str, due: str, number: int | None, *, for_other: bool) -> None:
    """Write a promise down, and show it as it is kept."""
    with sit_down(desk) as (db, seat):
        session = find_latest(db, seat, number)
        owner = OTHER[seat.pair.role] if for_other else seat.pair.role
        made = make_promise(db, seat.viewer, session.id, owner, text, due)
        known, offers = list_promises(db, seat), list_offers(db, seat.viewer, seat.pair.id)
    if made.counts:
        tell(desk, seat, [one for one in known if one.id == made.id])
        return
    tell_offers(desk, seat, [one for one in offers if one.id == made.id])
    if desk.form == "text":
        remark(f"It counts once {name_of(seat.pair, owner)} accepts it.")


def decide(desk: Desk, typed: str, is_accepted: bool) -> None:
    """Answer a promise that the other one wrote down, and show what counts now."""
    with sit_down(desk) as (db, seat):
        offers = list_offers(db, seat.viewer, seat.pair.id)
        missing = f"No promise {typed!r} waits for a word: see `coach promise list`."
        found = pick(offers, typed, lambda one: [str(one.id)], missing)
        if not found.is_mine:
            keeper = name_of(seat.pair, found.owner)
            raise NotFound(f"This promise waits for the word of {keeper}, who is to keep it.")
        made = decide_offer(db, seat.viewer, found.id, is_accepted)
        kept = [one for one in list_promises(db, seat) if one.id == made]
    tell(desk, seat, kept)
    if not is_accepted and desk.form == "text":
        say("It is declined, and nobody is bound by it.")


def mark(desk: Desk, typed: str, status: CommitmentStatus) -> None:
    """Say what became of a promise, and show it."""
    with sit_down(desk) as (db, seat):
        missing = f"There is no promise {typed!r} here: see `coach promise list --all`."
        known = list_promises(db, seat)
        found = pick(known, typed, lambda one: [one.external_id, str(one.id)], missing)
        mark_promise(db, seat.viewer, found.id, status)
        kept = [one for one in list_promises(db, seat) if one.id == found.id]
        changes = list_changes(db, seat.viewer, seat.pair.id)
    tell(desk, seat, kept, changes)


def list_promises(db: Db, seat: Seat) -> tuple[KnownCommitment, ...]:
    """Each promise of the pair once, where it stands last."""
    return latest_promises(list_commitments(db, seat.viewer, seat.pair.id))


def tell(
    desk: Desk,
    seat: Seat,
    promises: Iterable[KnownCommitment],
    changes: Iterable[KnownChange] = (),
) -> None:
    """Print promises with what became of them, one line each or as JSON."""
    if desk.form == "json":
        say_json(PROMISES.dump_python(tuple(promises), mode="json"))
        return
    story = list(changes)
    for one in promises:
        told = [line_of(change) for change in story if change.external_id == one.external_id]
        became = f" ({'; '.join(told)})" if told else ""
        by = f", by {plain(one.due)}" if one.due else ""
        say(
            f"{plain(one.external_id)}  {name_of(seat.pair, one.owner)}, session "
            f"{one.session_number}, {one.status}: {plain(one.text)}{by}{became}"
        )


def line_of(change: KnownChange) -> str:
    """What became of a promise, who said so and when."""
    who = f" by {plain(change.who)}" if change.who else ""
    return f"{CHANGE_WORDS[change.change]}{who} on {change.at.astimezone():%Y-%m-%d}"


def tell_offers(desk: Desk, seat: Seat, offers: Iterable[KnownOffer]) -> None:
    """Print promises that wait for their owner's word, one line each or as JSON."""
    if desk.form == "json":
        say_json(OFFERS.dump_python(tuple(offers), mode="json"))
        return
    for one in offers:
        waits = "your word" if one.is_mine else f"the word of {name_of(seat.pair, one.owner)}"
        say(
            f"{short(one.id)}  {name_of(seat.pair, one.owner)}, session {one.session_number}, "
            f"waits for {waits}: {plain(one.text)}, by {plain(one.due)}"
        )
