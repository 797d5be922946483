"""Takes a ZIP from a request, and keeps its files with the job that imports them."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from anyio import to_thread

from coach.errors import CoachError
from coach.knowledge.bulk import list_bulk
from coach.knowledge.handed_in import Publishing, hand_in
from coach.knowledge.reading.heading import Head
from coach.knowledge.versions import check_reason
from coach.people.people import load_person
from coach.people.permissions import Viewer
from coach.storage.database import Database
from coach.web.service import Front


class ReasonAlone(CoachError):
    """A reason for a loss was given, and nothing is to be published."""

    status = 422
    title = "A reason to accept a loss goes with publishing: ask for that too, or leave it out."


class ZipUnread(CoachError):
    """What was handed in is no ZIP that can be imported."""

    status = 422
    title = "This is no ZIP with files to import."


def publishing_of(publish: bool, reason: str) -> Publishing | None:
    """Whether an import publishes, and why a loss would be right; or what is wrong with that."""
    check_reason(reason)
    if reason.strip() and not publish:
        raise ReasonAlone
    return Publishing(reason) if publish else None


async def save_import(
    front: Front, admin: Viewer, data: bytes, head: Head, publishing: Publishing | None
) -> UUID:
    """Keep the files of a ZIP and the job that imports them, in this admin's name."""
    person = await front.resources.read(load_person, admin, admin.person_id)
    async with front.readers:
        return await to_thread.run_sync(
            _keep, front.resources.database, data, head, person.name, publishing
        )


def _keep(
    database: Database, data: bytes, head: Head, author: str, publishing: Publishing | None
) -> UUID:
    with TemporaryDirectory(prefix="coach-import-") as folder:
        packed = Path(folder) / "the ZIP"
        packed.write_bytes(data)
        try:
            return hand_in(database, list_bulk(packed), head, author, publishing)
        except CoachError as fault:
            # Where it lay for a moment says nothing to anybody.
            raise ZipUnread(fault.detail.replace(str(packed), "This")) from None
