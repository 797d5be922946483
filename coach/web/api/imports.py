"""Many files at once: a ZIP, imported in the background, published when nothing is lost."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from coach.jobs.rows import load_job
from coach.knowledge.documents import DocumentKind, Level
from coach.knowledge.reading.heading import Head
from coach.knowledge.versions import LONGEST_REASON
from coach.web.api.jobs import JobRead, read_job
from coach.web.api.uploads import BODY, Short
from coach.web.fields import Day, Text
from coach.web.front import AtAdmin, AtFront
from coach.web.importing import publishing_of, save_import
from coach.web.limits import LARGEST_UPLOAD
from coach.web.uploading import file_in

router = APIRouter(tags=["library"])


class ImportAsked(BaseModel):
    """What is said about a ZIP, and about those of its files that have no header."""

    publish: bool = False
    accept_loss: Annotated[Text, Field(max_length=LONGEST_REASON)] = ""
    kind: DocumentKind | None = None
    topics: Annotated[list[Short], Field(max_length=50)] = Field(default_factory=list)
    level: Level = "basic"
    licence: Short = ""
    review_by: Day | None = None
    language: Short = ""
    owner: Short = ""


@router.post("/library/imports", status_code=202, max_body_size=LARGEST_UPLOAD, openapi_extra=BODY)
async def import_zip(
    request: Request, admin: AtAdmin, front: AtFront, asked: Annotated[ImportAsked, Query()]
) -> JobRead:
    """Hand in a ZIP of files or an exported library; `GET /jobs/{id}` tells what became of each.

    All become drafts. With `publish` the golden questions are asked before and after, once for all
    files: when some are lost, the documents stay in review, unless `accept_loss` says why that is
    right.
    """
    publishing = publishing_of(asked.publish, asked.accept_loss)
    _, data = await file_in(request, "")
    head = Head(
        kind=asked.kind or "",
        topics=tuple(asked.topics),
        level=asked.level,
        licence=asked.licence,
        review_by=asked.review_by.isoformat() if asked.review_by else "",
        language=asked.language,
        owner=asked.owner,
    )
    job_id = await save_import(front, admin, data, head, publishing)
    return read_job(await front.resources.read(load_job, job_id))
