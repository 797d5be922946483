"""Lets one process at a time work under a name: what it had begun goes on under that name alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import anyio
import sqlalchemy as sa
from anyio import to_thread

from coach.errors import CoachError
from coach.storage.database import Database

ASK_EVERY = 5.0


class WorkerBusy(CoachError):
    """A process works under this name already."""

    status = 409
    title = "A worker of this name is at work already: stop it, or give this one another name."


@asynccontextmanager
async def hold_name(database: Database, worker: str, patient: bool = False) -> AsyncIterator[None]:
    """Be the only worker of this name; wait for the other to end, or raise WorkerBusy.

    On SQLite whoever works holds the data folder, and with it every name.
    """
    if database.writer.dialect.name != "postgresql":
        yield
        return
    connection = await to_thread.run_sync(database.writer.connect)
    try:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        while not await to_thread.run_sync(_take, connection, worker):
            if not patient:
                raise WorkerBusy
            await anyio.sleep(ASK_EVERY)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_watch, connection)
            yield
            tasks.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(partial(_give_up, connection))


async def _watch(connection: sa.Connection) -> None:
    """Fail when the database no longer knows us, for then another may take the name."""
    while True:
        await anyio.sleep(ASK_EVERY)
        await to_thread.run_sync(connection.scalar, sa.text("SELECT 1"))


def _take(connection: sa.Connection, worker: str) -> bool:
    name = sa.func.hashtext(f"coach worker {worker}")
    return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(name))))


def _give_up(connection: sa.Connection) -> None:
    connection.invalidate()  # the lock goes with the connection
    connection.close()
