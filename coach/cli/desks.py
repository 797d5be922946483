"""Where a command about a pair begins: in whose name it works, on which pair and which session."""

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import click

from coach.cli.databases import choose_programme, open_here
from coach.errors import NotFound
from coach.pairs.pairing import KnownPair, list_pairs
from coach.pairs.sessions import KnownSession, list_sessions
from coach.people.people import load_person_by_email
from coach.people.permissions import Role, Viewer
from coach.rendering.outline import plain
from coach.settings import load_settings
from coach.storage.database import Db

T = TypeVar("T")
in_session = click.option(
    "--session", "number", type=int, help="Which [default: the one under way or last]."
)
SHORTEST_ID = 4
LONGEST_ID = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """In whose name a command works, on which pair, and how it answers."""

    email: str
    pair: str | None
    programme: str | None
    form: Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Seat:
    """The person a command works for, and the pair."""

    viewer: Viewer
    pair: KnownPair


def works_for_pair(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --as, --pair, --programme and --format, and hand it a desk."""

    @click.option("--as", "email", metavar="EMAIL", required=True, help="In whose name.")
    @click.option("--pair", metavar="PAIR", help="Its id or title [default: your only pair].")
    @click.option("--programme", metavar="NAME", help="Which programme, when there are several.")
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
    @functools.wraps(command)
    def seated(
        email: str,
        pair: str | None,
        programme: str | None,
        form: Literal["text", "json"],
        **rest: Any,  # noqa: ANN401  click's values
    ) -> None:
        command(desk=Desk(email, pair, programme, form), **rest)

    return seated


@contextmanager
def sit_down(desk: Desk) -> Iterator[tuple[Db, Seat]]:
    """One transaction in this person's name; an error leaves everything as it was."""
    with open_here(load_settings()) as database, database.transaction() as db:
        yield db, find_seat(db, desk)


def find_seat(db: Db, desk: Desk) -> Seat:
    """The person and the pair a command is for; a foreign pair reads as not there."""
    person = load_person_by_email(db, choose_programme(db, desk.programme), desk.email)
    if person is None:
        raise NotFound(f"Nobody in this programme has the address {desk.email!r}.")
    pairs = list_pairs(db, person.viewer)
    fitting = [one for one in pairs if desk.pair in (None, one.external_id, one.title)]
    if len(fitting) == 1:
        return Seat(person.viewer, fitting[0])
    if not pairs:
        raise NotFound(f"{desk.email} belongs to no pair.")
    names = ", ".join(plain(one.external_id) for one in pairs)
    raise NotFound(f"Choose one pair with --pair: {names}.")


def find_number(db: Db, seat: Seat, number: int) -> KnownSession:
    """The session of the pair with this number, or NotFound."""
    for one in list_sessions(db, seat.viewer, seat.pair.id):
        if one.number == number:
            return one
    raise NotFound(f"This pair has no session {number}: see `coach session list`.")


def find_latest(db: Db, seat: Seat, number: int | None) -> KnownSession:
    """The session named, else the one under way, the latest held, or the first that is planned."""
    if number is not None:
        return find_number(db, seat, number)
    known = list_sessions(db, seat.viewer, seat.pair.id)
    under_way = [one for one in known if one.state == "planned" and one.started_at]
    held = [one for one in known if one.state == "held"]
    for found in (under_way[-1:], held[-1:], [one for one in known if one.state == "planned"]):
        if found:
            return found[0]
    raise NotFound("This pair has no session yet: plan one with `coach session plan`.")


def pick(items: Iterable[T], typed: str, ids_of: Callable[[T], Iterable[str]], missing: str) -> T:
    """The one item of this id, or whose id begins so; else NotFound with this sentence."""
    known, wanted = tuple(items), typed.strip().casefold()
    names = [[one.casefold() for one in ids_of(item)] for item in known]
    for item, ids in zip(known, names, strict=True):
        if wanted in ids:
            return item
    begun = [
        item
        for item, ids in zip(known, names, strict=True)
        if len(wanted) >= SHORTEST_ID and any(one.startswith(wanted) for one in ids)
    ]
    if len(begun) > 1:
        raise NotFound(f"{len(begun)} ids begin with {typed!r}: type more of it.")
    if not begun:
        raise NotFound(missing)
    return begun[0]


def short(one: object) -> str:
    """As much of an id as a person has to type."""
    return str(one)[:LONGEST_ID]


def name_of(pair: KnownPair, role: Role) -> str:
    """The name of one of the two."""
    return plain(pair.mentor_name if role == "mentor" else pair.mentee_name)
