"""Brings a folder or a ZIP into the library: file by file, so that a broken one hurts only itself.

What was imported once is known again by the digest of the file, so a run that was stopped goes on.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

import sqlalchemy as sa

from coach.errors import CoachError
from coach.knowledge.adding import NothingToAdd, bytes_of
from coach.knowledge.archive import INDEX, History, read_archive, save_history
from coach.knowledge.library import (
    EMPTY,
    Saved,
    find_document,
    library_version,
    save_document,
)
from coach.knowledge.reading.found import Extracted, FileUnread, Finding
from coach.knowledge.reading.heading import DocumentRead, Head, has_header, read_any
from coach.knowledge.reading.process import MAX_FILE, is_plain, read_plain
from coach.knowledge.stored import chunks
from coach.storage import tables
from coach.storage.database import Database, Db

T = TypeVar("T")
TOGETHER, FEW = 40, 3
Load = Callable[[], bytes]
MAX_FILES = 5_000
MAX_UNPACKED = 500_000_000
REASON = "Imported from "


@dataclass(frozen=True, slots=True)
class Brought:
    """The version of a document that a file of an import holds."""

    document_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file; `told` is the line for it, `brought` what may be published of it."""

    name: str
    outcome: Literal["done", "skipped", "failed"]
    told: str
    findings: tuple[Finding, ...] = ()
    brought: Brought | None = None


class _Taken(CoachError):
    status = 409
    title = "Another file of this import has the same id."


def list_bulk(path: Path) -> Mapping[str, Load]:
    """The files in a folder or ZIP by name, each with the way to its bytes."""
    if path.is_dir():
        return {
            str(file.relative_to(path)): lambda file=file: bytes_of(file, MAX_FILE)[0]  # type: ignore[misc]
            for file in sorted(path.rglob("*"))
            if file.is_file() and not file.is_symlink() and not file.name.startswith(".")
        }
    try:
        with zipfile.ZipFile(path) as packed:
            parts = sorted(packed.infolist(), key=lambda part: part.filename)
    except OSError as fault:
        raise NothingToAdd(f"{path} cannot be read: {fault.strerror}.") from None
    except zipfile.BadZipFile:
        raise NothingToAdd(f"{path} is neither a folder nor a whole ZIP file.") from None
    if len(parts) > MAX_FILES or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise NothingToAdd(f"{path} holds too much for one import: split it.")
    return {
        part.filename: lambda part=part: _unpacked(path, part)  # type: ignore[misc]
        for part in parts
        if not part.is_dir()
    }


def import_bulk(
    database: Database,
    path: Path,
    head: Head,
    author: str | None,
    now: datetime,
    publish: bool = False,
) -> Iterator[Imported]:
    """Take every file in, and say of each what became of it, in order of their names.

    Nothing is published here; with `publish` the lines leave open in which state a document ends.
    """
    files = list_bulk(path)
    if not files:
        raise NothingToAdd(f"No file was found in {path}.")
    if INDEX in files:
        yield from restore_all(database, files)
        return
    yield from _take(database, files, head, (author, now, publish))


def tell_saved(saved: Saved, publish: bool) -> str:
    """The line for a file that became a version; its state is open while it may be published."""
    state = "" if publish else f", {saved.standing}"
    return f"{saved.outcome}: {saved.document_id}, version {saved.number}{state}"


def tell_known(same: Brought) -> str:
    """The line for a file that was imported before."""
    return f"already imported as {same.document_id}"


def plain_of(loads: Iterable[tuple[T, Load]]) -> dict[T, bytes]:
    """The short plain files among these; of the rest nothing is kept in memory."""
    found = {}
    for key, load in loads:
        with suppress(CoachError):  # it is told when its turn comes
            data = load()
            if is_plain(data):
                found[key] = data
    return found


def read_ahead(files: Mapping[T, bytes]) -> dict[T, Extracted]:
    """The texts of plain files, read by one child for all; what it left comes alone."""
    if len(files) < FEW:
        return {}
    found = zip(files, read_plain(list(files.values())), strict=True)
    return {key: text for key, text in found if text is not None}


def read_one(
    data: bytes,
    name: str,
    head: Head,
    taken: dict[str, str],
    found: Extracted | None = None,
) -> DocumentRead:
    """The document in a file, whose id is then taken; or a CoachError that says what is wrong."""
    if len(data) > MAX_FILE:
        raise FileUnread(name, "too_large")
    if Path(name).stem.casefold() == "readme" and not has_header(data):
        raise NothingToAdd(f"{name} tells about its folder and is no document.")
    read = read_any(data, name, head, found)
    other = taken.setdefault(read.text.header.id, name)
    if other != name:
        raise _Taken(f"{name} has the same id as {other}: {read.text.header.id}.")
    return read


def restore_all(database: Database, files: Mapping[str, Load]) -> Iterator[Imported]:
    """Bring an exported library back; each document is one transaction.

    Where pairs read something already, what was published elsewhere waits in review to be tried.
    """
    histories = list(read_archive({name: load() for name, load in files.items()}))
    with database.reading() as db:
        in_review = is_read(db)
    for history in histories:
        with database.transaction() as db:
            told, brought = restore_one(db, history, in_review)
        count = len(history.texts)
        done = told == "restored"
        versions = f"{count} version{'s' if count > 1 else ''}"
        outcome: Literal["done", "skipped"] = "done" if done else "skipped"
        yield Imported(history.kept.id, outcome, f"{told}: {versions}", (), brought)


def restore_one(db: Db, history: History, in_review: bool) -> tuple[str, Brought | None]:
    """Bring a document back; what became of it, and the version that pairs read elsewhere."""
    number, document_id = history.kept.published_version, history.kept.id
    told = save_history(db, history, in_review)
    # What was here before stays as it is, unless an earlier run was stopped on its way.
    waits = find_document(db, document_id).state == "in_review"
    due = told == "restored" or (told == "unchanged" and waits)
    return told, Brought(document_id, number) if due and number is not None else None


def is_read(db: Db) -> bool:
    """Whether pairs read anything in this library."""
    return library_version(db) != EMPTY


def known_files(db: Db) -> dict[str, Brought]:
    """The version that each file became which was imported before."""
    row = tables.DocumentVersion
    found = db.execute(
        sa.select(row.reason, row.document_id, row.number).where(row.reason.startswith(REASON))
    )
    return {str(one.reason).rsplit(", ", 1)[-1]: Brought(one[1], one[2]) for one in found}


def digest_of(data: bytes, head: Head) -> str:
    """What stands for these bytes under this header; another header is another import."""
    said = "" if has_header(data) else repr(head)
    return hashlib.sha256(said.encode() + b"\0" + data).hexdigest()[:32]


def _take(
    database: Database,
    files: Mapping[str, Load],
    head: Head,
    told: tuple[str | None, datetime, bool],
) -> Iterator[Imported]:
    author, now, publish = told
    with database.reading() as db:
        known = known_files(db)
    taken: dict[str, str] = {}
    for names in chunks(list(files), TOGETHER):
        found = read_ahead(plain_of((name, files[name]) for name in names))
        for name in names:
            try:
                data = files[name]()
                digest = digest_of(data, head)
                same = known.get(digest)
                if same is not None:
                    taken.setdefault(same.document_id, name)
                    yield Imported(name, "skipped", tell_known(same), (), same)
                    continue
                read = read_one(data, name, head, taken, found.get(name))
                said = f"{REASON}{name[-200:]}, {digest}"
                with database.transaction() as db:
                    saved = save_document(db, read.text, author=author, now=now, reason=said)
            except CoachError as fault:
                yield Imported(name, "failed", fault.detail)
                continue
            known[digest] = Brought(saved.document_id, saved.number)
            line = tell_saved(saved, publish)
            yield Imported(name, "done", line, read.findings, known[digest])


def _unpacked(path: Path, part: zipfile.ZipInfo) -> bytes:
    """The bytes of one part, and no more than a file may have, whatever the directory says."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open(part) as file:
            return file.read(MAX_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise FileUnread(part.filename, "corrupt") from None
    except RuntimeError:
        raise FileUnread(part.filename, "encrypted") from None
