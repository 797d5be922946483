"""Brings files into the library: all are read first, then each is one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from coach.errors import CoachError
from coach.knowledge.documents import DocumentText
from coach.knowledge.library import UNSAID, Said, Saved, save_document
from coach.knowledge.likeness import load_likeness
from coach.knowledge.markdown import MAX_BYTES, read_document, read_text
from coach.knowledge.reading.found import Finding
from coach.knowledge.reading.heading import DocumentRead, Head, has_header, read_any
from coach.knowledge.reading.process import MAX_FILE
from coach.knowledge.trial import is_published
from coach.knowledge.trials import sign_publication
from coach.knowledge.versions import check_reason
from coach.storage import tables
from coach.storage.database import Database, Db


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
    findings: tuple[Finding, ...] = ()


def add_paths(
    database: Database,
    paths: Sequence[Path],
    *,
    publish: bool = False,
    now: datetime,
    head: Head | None = None,
    said: Said = UNSAID,
) -> Iterator[tuple[Path, Saved]]:
    """Add every Markdown file among these files and folders, saying what became of each.

    All files are read before this returns; when one is at fault nothing is written. With `head`
    a file that is named may be of another kind, and gets this header.
    """
    check_reason(said.reason)
    files = read_files(paths, head)
    return _save_each(database, files, said, publish, now)


def _save_each(
    database: Database,
    files: Sequence[FileRead],
    said: Said,
    publish: bool,
    now: datetime,
) -> Iterator[tuple[Path, Saved]]:
    with database.reading() as db:
        likeness = load_likeness(db)
    for file in files:
        name, text = file.text.header.id, file.text.text
        with database.transaction() as db:
            waits = publish and _waits(db, name)
            saved = save_document(
                db, file.text, author=said.author, publish=publish, now=now, reason=said.reason
            )
            if waits and saved.outcome == "unchanged":  # no new version tells who published it
                sign_publication(db, name, said, now)
        alike = likeness.find(name, text) if saved.outcome != "unchanged" else None
        likeness.add(name, text)
        yield file.path, replace(saved, alike=alike, findings=file.findings)


def _waits(db: Db, document_id: str) -> bool:
    """Whether the document is there already, and pairs do not read its newest version."""
    return db.get(tables.Document, document_id) is not None and not is_published(db, document_id)


def read_files(paths: Sequence[Path], head: Head | None = None) -> tuple[FileRead, ...]:
    """The documents in these files and folders, or one sentence on the first fault."""
    files = [file for path in paths for file in markdown_in(path)]
    if not files:
        raise NothingToAdd(f"No Markdown file (*.md) was found in {', '.join(map(str, paths))}.")
    seen: dict[str, Path] = {}
    read: list[FileRead] = []
    for path in dict.fromkeys(files):
        found = (
            read_file_as(path, head) if head and path in paths else DocumentRead(read_file(path))
        )
        text = found.text
        other = seen.setdefault(text.header.id, path)
        if other != path:
            raise SameId(
                f"{other} and {path} have the same id {text.header.id!r}: "
                "give one of them an id of its own; nothing was added."
            )
        read.append(FileRead(path, text, found.findings))
    return tuple(read)


def read_file(path: Path) -> DocumentText:
    """The document in this Markdown file."""
    data, size = bytes_of(path, MAX_BYTES)
    return read_document(read_text(data, str(path), size), str(path))


def read_file_as(path: Path, head: Head) -> DocumentRead:
    """The document in a file of any kind; without a header of its own it gets this one."""
    data, _ = bytes_of(path, MAX_FILE)
    if has_header(data):
        return DocumentRead(read_file(path))
    return read_any(data, str(path), head)


def bytes_of(path: Path, most: int) -> tuple[bytes, int]:
    """The bytes of a file, no more than one above the most, and its size."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
            return data, max(path.stat().st_size, len(data))
    except OSError as fault:
        raise NothingToAdd(f"{path} cannot be read: {fault.strerror}.") from None


def markdown_in(path: Path) -> list[Path]:
    """The file itself, or the documents below the folder in order of their names.

    A README.md tells people about its folder, so it is no document unless it is named itself.
    """
    if path.is_dir():
        return sorted(file for file in path.rglob("*.md") if file.is_file() and not _tells(file))
    return [path]


def _tells(file: Path) -> bool:
    return file.stem.casefold() == "readme"
