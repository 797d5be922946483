"""`coach demo`: a programme with three pairs and the starter library, ready to click through."""

import json
import pathlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import click
import sqlalchemy as sa

from coach.cli.libraries import today
from coach.cli.output import say
from coach.cli.serve import open_door, run
from coach.cli.writing import open_writing
from coach.knowledge.adding import add_paths
from coach.pairs.exchange import PairFile, read_pairs
from coach.pairs.imports import save_new_pair
from coach.people.people import KnownPerson, load_person_by_email, save_person, save_programme
from coach.people.sign_in import save_sign_in_link, sign_in_url
from coach.resources import Resources, hold_folder
from coach.settings import Settings, load_settings
from coach.shipped import shipped
from coach.storage import tables
from coach.storage.database import Db

PROGRAMME = "Demonstration"
PAIRS = pathlib.Path(__file__).with_name("demo_pairs.json")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone of the demonstration, with the link that signs them in."""

    person: KnownPerson
    part: str
    secret: str


@click.command()
@click.option("--no-serve", is_flag=True, help="Only fill the data folder and print the links.")
def demo(no_serve: bool) -> None:
    """Try the coach with three pairs and the starter library.

    Fills the folder named in COACH_DATA, or a fresh one in the folder for temporary files, serves
    it and prints a sign-in link for each part: admin, mentor, mentee. A folder that is filled
    already is kept as it is and gets new links.
    """
    settings = load_settings()
    if "data" not in settings.model_fields_set:
        settings = load_settings(data=tempfile.mkdtemp(prefix="coach-demo-"))
    if no_serve:
        show(settings, seed(settings))
        return
    door, settings = open_door(settings)
    with door:
        with hold_folder(settings.data):
            guests = seed(settings)
        show(settings, guests)
        run(settings, door)


def seed(settings: Settings) -> tuple[Guest, ...]:
    """Fill the data folder as far as it is empty; everyone with a fresh link."""
    with open_writing(settings) as resources:
        _seed_library(resources)
        with resources.transaction() as db:
            programme = save_programme(db, PROGRAMME)
            admin = _save_guest(db, programme, "Ada", True)
            guests = [_invite(db, admin, "admin")]
            for pair in read_demo_pairs(today()):
                guests += _seed_pair(db, programme, pair)
    return tuple(guests)


def show(settings: Settings, guests: tuple[Guest, ...]) -> None:
    """Print where the data is, and each link."""
    say(f"Data: {settings.data}")
    say("Sign-in links (each works once, within 24 hours):")
    for guest in guests:
        link = sign_in_url(settings.base_url, guest.secret)
        say(f"  {guest.part:<14} {guest.person.name:<8} {link}")


def read_demo_pairs(day: date) -> tuple[PairFile, ...]:
    """The three pairs, their days moved so that the next session of each is tomorrow."""
    raw = json.loads(PAIRS.read_text(encoding="utf-8"))
    moved = [
        _moved(pair, day + timedelta(days=1) - date.fromisoformat(pair["request"]["for_date"]))
        for pair in raw["pairs"]
    ]
    return read_pairs(json.dumps(moved), PAIRS.name)


def _moved(value: Any, by: timedelta) -> Any:  # noqa: ANN401  JSON
    """The same JSON with every day moved."""
    if isinstance(value, dict):
        return {name: _moved(item, by) for name, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        return (date.fromisoformat(value) + by).isoformat()
    return value


def _seed_library(resources: Resources) -> None:
    """Publish the starter documents, unless somebody looks after a library here."""
    with resources.reading() as db:
        kept = db.scalar(sa.select(tables.Document.id).limit(1))
    if kept is None:
        now = datetime.now(UTC)
        starter = [shipped("knowledge")]
        for _ in add_paths(resources.database, starter, publish=True, now=now):
            pass


def _seed_pair(db: Db, programme: UUID, file: PairFile) -> Iterator[Guest]:
    """The two people of a pair; the pair itself when it is not there yet."""
    record = file.record
    mentor = _save_guest(db, programme, str(record.mentor.name))
    mentee = _save_guest(db, programme, str(record.mentee.name))
    known = sa.select(tables.Pair.id).where(
        tables.Pair.programme_id == programme, tables.Pair.external_id == record.id
    )
    if db.scalar(known) is None:
        save_new_pair(db, programme, file, mentor.id, mentee.id)
    yield _invite(db, mentor, f"{record.id} mentor")
    yield _invite(db, mentee, f"{record.id} mentee")


def _save_guest(db: Db, programme: UUID, name: str, admin: bool = False) -> KnownPerson:
    email = f"{name.lower()}@example.org"
    known = load_person_by_email(db, programme, email)
    return known or save_person(db, programme, name, email, admin)


def _invite(db: Db, person: KnownPerson, part: str) -> Guest:
    return Guest(person, part, save_sign_in_link(db, person.id, datetime.now(UTC)))
