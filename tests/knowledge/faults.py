"""What can happen to the folder of an index, each done to a generation that is in use."""

import fcntl
import os
import pickle
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PLANTED = "planted-pickle-ran"


class Planted:
    """A value whose unpickling leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.mark),)


def lose(path: Path) -> None:
    """The folder is gone."""
    shutil.rmtree(path)


def empty(path: Path) -> None:
    """The folder is there, and nothing in it."""
    shutil.rmtree(path)
    path.mkdir()


def damage(path: Path) -> None:
    """Every file but the database holds random bytes of the same length."""
    dice = random.Random(7)
    for file in path.rglob("*"):
        if file.is_file() and file.name != "chroma.sqlite3":
            file.write_bytes(dice.randbytes(file.stat().st_size))


def lose_database(path: Path) -> None:
    """Its database is gone, what lies beside it is not."""
    for file in path.glob("chroma.sqlite3*"):
        file.unlink()


def overwrite_database(path: Path) -> None:
    """Its database is no database: Chroma panics at it."""
    (path / "chroma.sqlite3").write_bytes(b"not a database at all" * 500)


def cut(path: Path) -> None:
    """A write that stopped in the middle: half of its database is there."""
    file = path / "chroma.sqlite3"
    os.truncate(file, file.stat().st_size // 2)


def plant(path: Path) -> None:
    """Somebody left a pickle where Chroma keeps such files; it must never be loaded."""
    data = pickle.dumps(Planted(path.parent / PLANTED))
    for folder in [path, *(one for one in path.iterdir() if one.is_dir())]:
        (folder / "index_metadata.pickle").write_bytes(data)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another process has the folder of the index."""
    with folder.with_name(f"{folder.name}.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


FAULTS: dict[str, Callable[[Path], None]] = {
    "lost": lose,
    "emptied": empty,
    "damaged": damage,
    "database lost": lose_database,
    "panicking": overwrite_database,
    "half-written": cut,
    "planted": plant,
}
