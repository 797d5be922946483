"""A programme with two pairs, an admin and an open database, on SQLite and PostgreSQL."""

import json
import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from coach.pairs.exchange import PairFile, read_pair, read_pairs
from coach.pairs.pairing import save_pair
from coach.pairs.sessions import SessionPlan, save_session
from coach.people.people import save_person, save_programme
from coach.people.permissions import Viewer
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables

PAIRS = pathlib.Path(__file__).resolve().parents[1] / "data" / "pairs" / "pairs.json"
PLAN = SessionPlan(date(2026, 12, 7), 45, "Group the pivot table by month")


@dataclass(frozen=True, slots=True)
class World:
    """Who is there, and the pair and session most tests speak of."""

    database: Database
    programme_id: UUID
    mentor: Viewer
    mentee: Viewer
    stranger: Viewer
    admin: Viewer
    pair_id: UUID
    session_id: UUID
    other_pair_id: UUID


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One database of each kind for all tests here; each test has a programme of its own."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path_factory.mktemp('pairs') / 'coach.db'}")
        return
    server = make_url(request.getfixturevalue("postgres_server"))
    name = f"coach_test_{uuid4().hex}"
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as postgres:
        postgres.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield from opened(server.set(database=name).render_as_string(hide_password=False))
        finally:
            postgres.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def opened(url: str) -> Iterator[Database]:
    create_tables(url)
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture
def programme_id(database: Database) -> UUID:
    with database.transaction() as db:
        return save_programme(db, f"Both ways {uuid4()}")


@pytest.fixture
def world(database: Database, programme_id: UUID) -> World:
    with database.transaction() as db:
        names = ("mentor", "mentee", "stranger", "partner")
        people = {
            name: save_person(db, programme_id, name, f"{name}@example.org").viewer
            for name in names
        }
        admin = save_person(db, programme_id, "admin", is_admin=True).viewer
        pair_id = save_pair(
            db, admin, new_pair("W01"), people["mentor"].person_id, people["mentee"].person_id
        )
        other = save_pair(
            db, admin, new_pair("W02"), people["stranger"].person_id, people["partner"].person_id
        )
        session_id = save_session(db, people["mentee"], pair_id, PLAN)
    return World(
        database=database,
        programme_id=programme_id,
        mentor=people["mentor"],
        mentee=people["mentee"],
        stranger=people["stranger"],
        admin=admin,
        pair_id=pair_id,
        session_id=session_id,
        other_pair_id=other,
    )


@pytest.fixture(scope="session")
def twelve() -> tuple[PairFile, ...]:
    return read_pairs(PAIRS.read_text(encoding="utf-8"), "pairs.json")


@pytest.fixture
def first() -> dict[str, Any]:
    """The JSON of one whole pair, free to change."""
    found: dict[str, Any] = json.loads(PAIRS.read_text(encoding="utf-8"))["pairs"][0]
    return found


def new_pair(external_id: str) -> PairFile:
    return read_pair(
        {
            "id": external_id,
            "mentor": {"role": "analyst", "growth_goals": ["be promoted"]},
            "mentee": {"role": "director", "tech_levels": {"spreadsheets": "basic"}},
            "goals": [{"id": "g1", "text": "Make a pivot table", "kind": "tech", "priority": 1}],
            "constraints": {"session_minutes": 45},
            "history": [],
        }
    )
