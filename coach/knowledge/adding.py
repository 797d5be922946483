"""Brings files into the library: all are read first, then each is one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from coach.errors import CoachError
from coach.knowledge.documents import DocumentText
from coach.knowledge.library import Saved, save_document
from coach.knowledge.likeness import load_likeness
from coach.knowledge.markdown import MAX_BYTES, read_document, read_text
from coach.storage.database import Database


class SameId(CoachError):
    """Two files claim to be the same document."""

    status = 409
    title = "Two of these files have the same id."


class NothingToAdd(CoachError):
    """No file was found where one was named."""

    status = 404
    title = "There is no Markdown file to add."


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file and the document it holds."""

    path: Path
    text: DocumentText


def add_paths(
    database: Database,
    paths: Sequence[Path],
    *,
    author: str | None,
    publish: bool = False,
    now: datetime,
) -> Iterator[tuple[Path, Saved]]:
    """Add every Markdown file among these files and folders, saying what became of each.

    All files are read before this returns; when one is at fault nothing is written.
    """
    files = read_files(paths)
    return _save_each(database, files, author, publish, now)


def _save_each(
    database: Database,
    files: Sequence[FileRead],
    author: str | None,
    publish: bool,
    now: datetime,
) -> Iterator[tuple[Path, Saved]]:
    with database.reading() as db:
        likeness = load_likeness(db)
    for file in files:
        name, text = file.text.header.id, file.text.text
        with database.transaction() as db:
            saved = save_document(db, file.text, author=author, publish=publish, now=now)
        alike = likeness.find(name, text) if saved.outcome != "unchanged" else None
        likeness.add(name, text)
        yield file.path, replace(saved, alike=alike)


def read_files(paths: Sequence[Path]) -> tuple[FileRead, ...]:
    """The documents in these files and folders, or one sentence on the first fault."""
    files = [file for path in paths for file in markdown_in(path)]
    if not files:
        raise NothingToAdd(f"No Markdown file (*.md) was found in {', '.join(map(str, paths))}.")
    seen: dict[str, Path] = {}
    read: list[FileRead] = []
    for path in dict.fromkeys(files):
        text = read_file(path)
        other = seen.setdefault(text.header.id, path)
        if other != path:
            raise SameId(
                f"{other} and {path} have the same id {text.header.id!r}: "
                "give one of them an id of its own; nothing was added."
            )
        read.append(FileRead(path, text))
    return tuple(read)


def read_file(path: Path) -> DocumentText:
    """The document in this file."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            size = max(path.stat().st_size, len(data))
    except OSError as fault:
        raise NothingToAdd(f"{path} cannot be read: {fault.strerror}.") from None
    return read_document(read_text(data, str(path), size), str(path))


def markdown_in(path: Path) -> list[Path]:
    """The file itself, or the documents below the folder in order of their names.

    A README.md tells people about its folder, so it is no document unless it is named itself.
    """
    if path.is_dir():
        return sorted(file for file in path.rglob("*.md") if file.is_file() and not _tells(file))
    return [path]


def _tells(file: Path) -> bool:
    return file.stem.casefold() == "readme"
