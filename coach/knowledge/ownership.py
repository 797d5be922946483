"""Lets one process at a time use the folder of the index."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from coach.errors import CoachError


class IndexBusy(CoachError):
    """Another process owns the folder of the index."""

    status = 409
    title = "The search index is in use by another process."


class IndexFolderUnusable(CoachError):
    """The folder of the index cannot be written."""

    status = 500
    title = "The folder of the search index cannot be written."


@contextmanager
def own(folder: Path) -> Iterator[Path]:
    """The folder as the only process that uses it, or IndexBusy with the holder's number."""
    path = folder.resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        file = path.with_name(path.name + ".lock").open("a+", encoding="utf-8")
    except OSError as fault:
        raise IndexFolderUnusable(
            f"The search index cannot be kept in {path}: {fault.strerror}."
        ) from None
    with file:
        _lock(file, path)
        yield path


def _lock(file: TextIOWrapper, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        raise IndexBusy(
            f"The search index in {path} is in use by process {holder}: stop it, or let it work."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
