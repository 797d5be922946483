"""Opens the data folder and the database in it, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coach.errors import CoachError
from coach.settings import Settings
from coach.storage.database import Database, open_database
from coach.storage.migrate import migrate


class FolderUnwritable(CoachError):
    """The data folder cannot be made or written to."""

    status = 500
    title = "The data folder cannot be written to: name another one in COACH_DATA."


@contextmanager
def open_data(settings: Settings) -> Iterator[Database]:
    """The database of these settings, made and brought up to date if need be."""
    ensure_folder(settings.data)
    migrate(settings.database_url)
    database = open_database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def ensure_folder(folder: Path) -> None:
    """Make the data folder if need be, and see that a file can be written in it."""
    probe = folder / ".writable"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise FolderUnwritable(
            f"The data folder {folder} cannot be written to ({error.strerror}): "
            "name another one in COACH_DATA."
        ) from error
