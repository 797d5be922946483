"""Keeps every row of a database in one file, and brings such a file back into an empty database.

The file is a ZIP with a manifest and one list of rows for each table, one JSON array a line. It
belongs to neither SQLite nor PostgreSQL: what was kept from one may be brought back into the other.
"""

import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.runtime.migration import MigrationContext

from coach.errors import CoachError
from coach.storage.backup_rows import Kept, Tally, kept_tables, read_value, write_value
from coach.storage.database import connected, open_database
from coach.storage.lexical import gather_documents, lexical_tables
from coach.storage.migrate import build_config, knows

FORMAT = "coach.backup/1"
MANIFEST = "manifest.json"
AT_ONCE = 500


class BackupUnread(CoachError):
    """The file is no backup of the coach, or it is damaged."""

    title = "This is no backup of the coach."


class NothingKept(CoachError):
    """There is no database to make a backup of."""

    status = 404
    title = (
        "There is no database yet: name its folder in COACH_DATA, or make it with `coach migrate`."
    )


class DatabaseOlder(CoachError):
    """The database has yet to be brought to this version."""

    status = 409
    title = "This database is not of this version of the coach yet: run `coach migrate` first."


class RestoreFailed(CoachError):
    """What was brought back is not what was kept; nothing of it stays."""

    status = 500
    title = "The rows did not come back as they were kept; nothing was restored."


class BackupExists(CoachError):
    """There is a file of this name already."""

    status = 409
    title = "A file of this name is there already: choose another name."


class PlaceTaken(CoachError):
    """The database to restore into holds something."""

    status = 409
    title = "This database is not empty: restore into a new folder (COACH_DATA) or a new database."


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when it was made, of which version of the tables, and of what."""

    made_at: datetime
    revision: str
    tables: tuple[Kept, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables)


def save_backup(url: str, path: Path, now: datetime) -> Backup:
    """Keep all rows, as of one moment, in a new file that only its owner can read.

    Others may write meanwhile. The file appears under its name once it is whole.
    """
    if path.exists():
        raise BackupExists(f"{path} is there already: choose another name.")
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise NothingKept  # opening it would make an empty one
    half = path.with_name(f".{path.name}.part")
    half.unlink(missing_ok=True)
    database = open_database(url)
    try:
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, database.reader.connect() as connection:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                backup = _write(archive, connection, now)
            file.flush()
            os.fsync(file.fileno())
        os.link(half, path)  # unlike a rename, this never replaces a file that came meanwhile
    except FileExistsError as error:
        raise BackupExists(f"{path} is there already: choose another name.") from error
    finally:
        half.unlink(missing_ok=True)
        database.close()
    return backup


def load_backup(path: Path) -> Backup:
    """What a backup holds, every line of it read and compared with its manifest."""
    with _opened(path) as archive:
        backup = _manifest(archive)
        for kept in backup.tables:
            tally = Tally()
            for row in _rows(archive, kept):
                tally.add(row)
            if tally != kept.tally:
                raise BackupUnread(f"The rows of {kept.name} in {path.name} are not as kept.")
    return backup


def restore_backup(path: Path, url: str) -> Backup:
    """Bring all rows back into an empty database, compare them, and bring it to this version.

    All of it happens or nothing. A backup of a newer version of the coach is refused.
    """
    backup = load_backup(path)
    if not knows(backup.revision):
        raise BackupUnread(
            "This backup was made by a newer version of the coach: install that version."
        )
    with connected(url) as connection:
        if sa.inspect(connection).get_table_names():
            raise PlaceTaken
        command.upgrade(build_config(connection), backup.revision)
        with _opened(path) as archive:
            for kept in backup.tables:
                try:
                    _insert(connection, kept, _rows(archive, kept))
                except sa.exc.DBAPIError as error:
                    raise RestoreFailed(
                        f"The database refused rows of {kept.name}; nothing was restored."
                    ) from error
        _compare(connection, backup)
        _go_on_counting(connection, backup)
        command.upgrade(build_config(connection), "head")
        gather_documents(connection)
    return backup


# --- Below the table --------------------------------------------------------------------------


def _write(archive: zipfile.ZipFile, connection: sa.Connection, now: datetime) -> Backup:
    (revision,) = MigrationContext.configure(connection).get_current_heads() or ("",)
    if not knows(revision):
        raise DatabaseOlder
    tables = []
    for kept in kept_tables():
        tally = Tally()
        with archive.open(f"{kept.name}.jsonl", "w", force_zip64=True) as file:
            for row in _stored(connection, kept):
                tally.add(row)
                file.write(json.dumps(row).encode() + b"\n")
        tables.append(kept.counted(tally))
    backup = Backup(now, revision, tuple(tables))
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "revision": revision,
        "tables": [table.to_json() for table in tables],
    }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return backup


def _stored(connection: sa.Connection, kept: Kept) -> Iterator[list[Any]]:
    """The rows of a table as they are kept."""
    table = kept.table(connection.dialect.name)
    kinds = [kind for _, kind in kept.columns]
    select = sa.select(*table.c).execution_options(yield_per=AT_ONCE)
    for row in connection.execute(select):
        yield [write_value(kind, value) for kind, value in zip(kinds, row, strict=True)]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The file as an archive; what is wrong with it is said in a sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, ValueError, KeyError, TypeError) as error:
        raise BackupUnread(
            f"{path.name} is no backup of the coach, or it is damaged: take another copy."
        ) from error


def _manifest(archive: zipfile.ZipFile) -> Backup:
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise BackupUnread(f"This coach reads {FORMAT}, not {str(manifest['format'])[:40]}.")
    tables = tuple(Kept.from_json(table) for table in manifest["tables"])
    return Backup(datetime.fromisoformat(manifest["made_at"]), str(manifest["revision"]), tables)


def _rows(archive: zipfile.ZipFile, kept: Kept) -> Iterator[list[Any]]:
    with archive.open(f"{kept.name}.jsonl") as file:
        for line in file:
            yield json.loads(line)


def _insert(connection: sa.Connection, kept: Kept, rows: Iterator[list[Any]]) -> None:
    """Put the rows into their table; those of full-text search into each table it has here."""
    dialect = connection.dialect.name
    tables = [kept.table(dialect)]
    if kept.is_lexical:
        tables = [kept.table(dialect, name) for name in lexical_tables(dialect)]
    batch: list[dict[str, Any]] = []
    for row in rows:
        columns = zip(tables[0].c, kept.columns, row, strict=True)
        batch.append({one.name: read_value(kind, value) for one, (_, kind), value in columns})
        if len(batch) == AT_ONCE:
            _insert_batch(connection, tables, batch)
            batch = []
    _insert_batch(connection, tables, batch)


def _insert_batch(
    connection: sa.Connection, tables: Sequence[sa.TableClause], batch: Sequence[dict[str, Any]]
) -> None:
    for table in tables if batch else ():
        if table.name == "library_state":  # the migration has made its one row
            connection.execute(sa.delete(table))
        connection.execute(sa.insert(table), batch)


def _compare(connection: sa.Connection, backup: Backup) -> None:
    """Read back what was put in: a restore that is not the same is no restore."""
    for kept in backup.tables:
        tally = Tally()
        for row in _stored(connection, kept):
            tally.add(row)
        if tally != kept.tally:
            raise RestoreFailed(f"{kept.name} did not come back as it was; nothing was restored.")


def _go_on_counting(connection: sa.Connection, backup: Backup) -> None:
    """Let PostgreSQL number new rows after the restored ones, as SQLite does by itself."""
    if connection.dialect.name == "postgresql":
        highest = connection.scalar(sa.text("SELECT max(key) FROM passages"))
        if highest is not None:
            name = sa.text("SELECT setval(pg_get_serial_sequence('passages', 'key'), :highest)")
            connection.execute(name, {"highest": highest})
