"""Work on the database is kept whole or not at all, whoever works beside it and whatever dies."""

import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa

from coach.storage.database import Database, DatabaseUnavailable, Db, open_database
from coach.storage.fresh import create_tables
from coach.storage.tables import Person, Programme, SignInLink

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    create_tables(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()


def add_programme(db: Db, name: str) -> None:
    db.add(Programme(name=name))
    db.flush()


def list_names(db: Db) -> list[str]:
    return list(db.scalars(sa.select(Programme.name).order_by(Programme.name)))


def append_letter(db: Db) -> None:
    programme = db.scalars(sa.select(Programme).with_for_update()).one()
    programme.name += "x"


def fail_after_writing(db: Db) -> None:
    add_programme(db, "half")
    raise RuntimeError("on purpose")


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="on purpose"):
        await database.transact(fail_after_writing)
    assert await database.read(list_names) == []


async def test_a_finished_transaction_is_there_for_the_next_reader(database: Database) -> None:
    await database.transact(add_programme, name="first")
    assert await database.read(list_names) == ["first"]


async def test_twenty_changes_at_once_lose_nothing(database: Database) -> None:
    await database.transact(add_programme, "")
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(database.transact, append_letter)
    assert await database.read(list_names) == ["x" * 20]


async def test_a_reader_writes_nothing(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        await database.read(add_programme, "written by a reader")
    assert await database.read(list_names) == []


def test_a_reader_sees_one_moment_and_holds_nobody_up(database: Database) -> None:
    with database.reading() as before:
        assert list_names(before) == []
        with database.transaction() as db:
            add_programme(db, "meanwhile")
        assert list_names(before) == []
    with database.reading() as after:
        assert list_names(after) == ["meanwhile"]


def test_a_killed_process_leaves_nothing_half_written(database: Database) -> None:
    script = (
        "import os, signal, sys\n"
        "from coach.storage.database import open_database\n"
        "from coach.storage.tables import Programme\n"
        "with open_database(sys.argv[1]).transaction() as db:\n"
        "    db.add_all(Programme(name=str(number)) for number in range(2000))\n"
        "    db.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", script, database.url], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    with database.transaction() as db:
        assert list_names(db) == []
        add_programme(db, "after")


def test_an_owner_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as db:
        db.add(Person(programme_id=uuid4(), name="lost"))


def test_a_time_comes_back_in_utc(database: Database) -> None:
    local = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with database.transaction() as db:
        link_for(db, local)
    with database.reading() as db:
        found = db.scalars(sa.select(SignInLink.expires_at)).one()
    assert found == local
    assert found.tzinfo is UTC


def test_a_time_without_its_zone_is_refused(database: Database) -> None:
    with (
        pytest.raises(sa.exc.StatementError, match="without its zone"),
        database.transaction() as db,
    ):
        link_for(db, datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001  the point of the test


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite:////proc/nowhere/coach.db", id="a folder that is not there"),
        pytest.param("postgresql+psycopg://nobody@127.0.0.1:1/coach", id="no server"),
    ],
)
def test_a_database_that_does_not_open_is_explained(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="COACH_DATABASE_URL"):
        open_database(url)


def test_a_file_that_is_no_database_is_explained(tmp_path: pathlib.Path) -> None:
    (tmp_path / "coach.db").write_bytes(b"not a database" * 500)
    with pytest.raises(DatabaseUnavailable):
        open_database(f"sqlite:///{tmp_path / 'coach.db'}")


def link_for(db: Db, expires_at: datetime) -> None:
    programme = Programme(name="p")
    db.add(programme)
    db.flush()
    person = Person(programme_id=programme.id, name="Ada")
    db.add(person)
    db.flush()
    db.add(SignInLink(hash="h", person_id=person.id, expires_at=expires_at))
    db.flush()
