"""Quotations that readers say are wrong: said by anyone signed in, answered by admins."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from coach.knowledge.reports import LONGEST_REASON, Report, list_reports, settle_report
from coach.web.clock import now
from coach.web.fields import Asked, DocumentId, Items, Text
from coach.web.front import AtAdmin, AtFront, AtResources, AtViewer
from coach.web.reporting import report_passage

router = APIRouter(tags=["library"])
Said = Annotated[Text, Field(min_length=1, max_length=LONGEST_REASON)]


class NewReport(Asked):
    """What is wrong with a passage, as its citation names it."""

    document_id: DocumentId
    passage_id: DocumentId
    reason: Said


class Answering(Asked):
    """What became of it; readers of the passage see this."""

    answer: Said


class ReportRead(BaseModel):
    """A quotation that somebody says is wrong; nothing tells who."""

    id: UUID
    document_id: str
    owner: str | None
    passage_id: str
    version: int
    text: str
    reason: str
    created_at: datetime
    answer: str | None


@router.post("/library/reports", status_code=204)
async def report(asked: NewReport, viewer: AtViewer, front: AtFront) -> None:
    """Say that a quotation is wrong; only the passage and the reason are kept."""
    await report_passage(front, viewer, asked.document_id, asked.passage_id, asked.reason)


@router.get("/library/reports")
async def reports(
    admin: AtAdmin, resources: AtResources, settled: bool = False
) -> Items[ReportRead]:
    """List the quotations that readers say are wrong, the oldest first."""
    found = await resources.read(list_reports, admin.programme_id, settled)
    return Items(items=[_read(one) for one in found])


@router.post("/library/reports/{report_id}/settle", status_code=204)
async def settle(report_id: UUID, asked: Answering, admin: AtAdmin, resources: AtResources) -> None:
    """Close a report with an answer."""
    await resources.transact(settle_report, admin.programme_id, report_id, asked.answer, now())


def _read(one: Report) -> ReportRead:
    return ReportRead(
        id=one.id,
        document_id=one.document_id,
        owner=one.owner,
        passage_id=one.passage_id,
        version=one.version,
        text=one.text,
        reason=one.reason,
        created_at=one.created_at,
        answer=one.answer,
    )
