"""What the runner of jobs remembers, in tables of DBOS: opened, and put aside when damaged.

It may be lost at any time: which jobs there are, and how far they are, stands in our own rows.
"""

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
import structlog

TABLE = "workflow_status"
BESIDE = ("-wal", "-shm")
log = structlog.get_logger()


def open_memory(url: str) -> sa.Engine:
    """An engine for what DBOS remembers, which on SQLite is a file of its own.

    A damaged file is put aside under another name, and a new one takes its place.
    """
    engine = _engine(url)
    if not url.startswith("sqlite"):
        return engine
    try:
        with engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok":
                return engine
    except sa.exc.DatabaseError as fault:
        if isinstance(fault, sa.exc.OperationalError):
            raise  # locked, or no room: not the file is at fault
    engine.dispose()
    _put_aside(Path(str(sa.make_url(url).database)))
    return _engine(url)


def remembers(engine: sa.Engine) -> bool:
    """Whether DBOS has its tables there."""
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    return sa.inspect(engine).has_table(TABLE, schema=schema)


def _put_aside(path: Path) -> None:
    log.warning("jobs_memory_damaged", put_aside=f"{path.name}.damaged")
    path.replace(path.with_name(f"{path.name}.damaged"))
    for end in BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).unlink()


def _engine(url: str) -> sa.Engine:
    """An engine for what DBOS remembers, which on SQLite is a file of its own."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=4, max_overflow=4, pool_pre_ping=True)
    engine = sa.create_engine(url)

    def prepare(connection: sqlite3.Connection, _entry: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        if sqlite3.sqlite_version_info < (3, 42):  # DBOS asks for it, and an older one lacks it
            connection.create_function("unixepoch", -1, lambda *_: time.time())
        for pragma in (
            "busy_timeout=30000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", prepare)
    return engine
