"""Empty databases of either kind, for the suites that restore into a new place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

SERVER = "postgresql+psycopg://127.0.0.1:5432/postgres"


@contextmanager
def place(kind: str, folder: Path, server: str) -> Iterator[str]:
    """An empty database of this kind, gone when the block ends."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / uuid4().hex}.db"
        return
    name = f"coach_backups_{uuid4().hex[:12]}"
    plain = server.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
