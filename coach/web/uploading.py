"""Takes a file from a request, and reads it in a child process before anything is kept."""

from uuid import UUID

import anyio
from starlette.datastructures import UploadFile
from starlette.requests import Request

from coach.errors import CoachError
from coach.knowledge.reading.found import Extracted
from coach.knowledge.reading.heading import Head
from coach.knowledge.reading.process import read_upload
from coach.knowledge.uploads import Upload, name_shown, read_upload_as, save_upload
from coach.web.clock import now
from coach.web.service import Front

MULTIPART = "multipart/form-data"
# What a file is taken for until somebody says what it is.
UNTOLD = Head(kind="tutorial")


class NoFile(CoachError):
    """The request was to hand in a file, and brought none."""

    status = 422
    title = "No file came along: choose one and send it again."


async def take_upload(front: Front, request: Request, name: str = "") -> UUID:
    """Keep what could be read of the file in a request, under an id of our own."""
    given, data = await file_in(request, name)
    shown = name_shown(given)
    found = await _read(front, data, shown)
    return await front.resources.transact(save_upload, shown, found, now())


async def file_in(request: Request, name: str) -> tuple[str, bytes]:
    """The name and bytes of the file: the whole body, or the field `file` of a form."""
    if not request.headers.get("content-type", "").startswith(MULTIPART):
        return name, await request.body()
    async with request.form(max_files=1, max_fields=2) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise NoFile
        return file.filename, await file.read()


async def _read(front: Front, data: bytes, shown: str) -> Extracted:
    """The text of the file; a few are read at a time, for each child may take half a gigabyte."""
    async with front.readers:
        return await anyio.to_thread.run_sync(_read_whole, data, shown)


def _read_whole(data: bytes, shown: str) -> Extracted:
    """The text of the file, once it is sure that a document can be made of it."""
    found = read_upload(data, shown)
    read_upload_as(Upload(UUID(int=0), shown, found.format, found.markdown, ()), UNTOLD)
    return found
