"""Opens the database, and runs each piece of work as one whole transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from typing import Concatenate, ParamSpec, TypeVar

import anyio
import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from coach.errors import CoachError
from coach.storage.lexical import FOR_A_CONNECTION

P = ParamSpec("P")
T = TypeVar("T")
Db = Session
Work = Callable[Concatenate[Db, P], T]
Save = Callable[[Db], T]  # what is left to write once the thinking is done
LANES = 8
PRAGMAS = (
    "busy_timeout=5000",  # first, for even the next one may have to wait
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
# What a reader on PostgreSQL asks for, so that all it sees is of one moment.
SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class DatabaseUnavailable(CoachError):
    """The database cannot be opened or has gone away."""

    status = 503
    title = (
        "The database cannot be opened: check COACH_DATABASE_URL, and that its server answers or "
        "its file can be written."
    )


class DriverMissing(CoachError):
    """PostgreSQL was named, and what speaks to it is not installed."""

    status = 503
    title = "PostgreSQL needs the extra: pip install 'reverse-mentoring-coach[postgres]'."


def make_engine(url: str, write: bool = True) -> sa.Engine:
    """An engine for this address; on SQLite a writer takes its lock at the beginning.

    Without BEGIN IMMEDIATE two transactions that read and then write lose updates silently; a
    reader that began so would queue behind every writer.
    """
    is_sqlite = sa.make_url(url).get_backend_name() == "sqlite"
    try:
        engine = sa.create_engine(url, pool_size=LANES, max_overflow=0, pool_pre_ping=not is_sqlite)
    except ModuleNotFoundError as error:
        raise DriverMissing from error
    if not is_sqlite:
        return engine

    def prepare(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
        pragmas = [f"PRAGMA {one}" for one in PRAGMAS]
        last = f"PRAGMA query_only={'OFF' if write else 'ON'}"
        for statement in (*pragmas, *FOR_A_CONNECTION, last):
            connection.execute(statement)

    sa.event.listen(engine, "connect", prepare)
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Work is handed in as a function that takes `db` first and never commits."""

    url: str
    writer: sa.Engine
    reader: sa.Engine
    lanes: anyio.CapacityLimiter

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        """One transaction that writes: all of it is kept, or nothing."""
        with Session(self.writer, expire_on_commit=False) as db, db.begin():
            yield db

    @contextmanager
    def reading(self) -> Iterator[Db]:
        """One consistent look at the database; nothing it does is kept."""
        with Session(self.reader, expire_on_commit=False, autoflush=False) as db:
            yield db

    async def transact(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do this work as one transaction, in a worker thread."""

        def whole() -> T:
            with self.transaction() as db:
                return work(db, *args, **kwargs)

        return await to_thread.run_sync(whole, limiter=self.lanes)

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do this work that only reads, in a worker thread, beside any writer."""

        def whole() -> T:
            with self.reading() as db:
                return work(db, *args, **kwargs)

        return await to_thread.run_sync(whole, limiter=self.lanes)

    async def forget(self) -> None:
        """Bring the log of a SQLite file into it and empty it, so that deleted rows are gone.

        A reader at work keeps a part of the log until the next time.
        """
        if self.writer.dialect.name != "sqlite":
            return

        def empty_log() -> None:
            connection = self.writer.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                connection.close()

        await to_thread.run_sync(empty_log, limiter=self.lanes)

    def close(self) -> None:
        """Let go of every connection."""
        self.writer.dispose()
        self.reader.dispose()


def open_database(url: str) -> Database:
    """The database at this address; on SQLite readers and writers have an engine each."""
    url = full_url(url)
    writer = make_engine(url)
    with _explained():
        writer.connect().close()
    if writer.dialect.name == "sqlite":
        reader = make_engine(url, write=False)
    else:
        reader = writer.execution_options(**SNAPSHOT)  # the same connections, in another mood
    return Database(url, writer, reader, anyio.CapacityLimiter(LANES))


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """One transaction on a connection of its own, for work on the tables themselves."""
    engine = make_engine(full_url(url))
    try:
        with _explained():
            connection = engine.connect()
        with connection:
            with _explained():
                transaction = connection.begin()
            with transaction:
                yield connection
    finally:
        engine.dispose()


def full_url(url: str) -> str:
    """The address with our driver named: `postgresql://` means psycopg here."""
    parsed = sa.make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn a driver's refusal to open into our own sentence."""
    try:
        yield
    except (sa.exc.DBAPIError, SqliteError) as error:
        raise DatabaseUnavailable from error
