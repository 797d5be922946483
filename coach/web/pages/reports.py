"""A reader says that a quotation is wrong, and an admin answers."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.knowledge.reports import (
    LONGEST_REASON,
    Report,
    list_answers,
    list_reports,
    load_quoted,
    settle_report,
)
from coach.people.people import KnownPerson
from coach.storage.database import Db
from coach.web.api.library import AtDocument
from coach.web.clock import now
from coach.web.fields import DocumentId, Filled, Typed
from coach.web.front import AtAdminPerson, AtFront, AtPerson, AtResources
from coach.web.rendering import Page, greet, render
from coach.web.reporting import report_passage
from coach.web.service import Front

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPage(Page):
    """Everything library/wrong.html may mention."""

    template: ClassVar[str] = "library/wrong.html"
    document_id: str
    passage_id: str
    text: str
    answers: tuple[str, ...]
    reason: str
    longest: int
    kept: bool
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPage(Page):
    """Everything admin/reports.html may mention."""

    template: ClassVar[str] = "admin/reports.html"
    reports: tuple[Report, ...]
    settled: tuple[Report, ...]
    troubled: UUID | None
    typed: str
    longest: int
    fault: str | None


class WrongForm(Filled):
    """The form that says what is wrong."""

    passage: DocumentId
    reason: Typed = ""


class AnswerForm(Filled):
    """The form that answers a report."""

    answer: Typed = ""


@router.get("/library/{document_id}/wrong")
async def wrong(
    document_id: AtDocument,
    passage: Annotated[DocumentId, Query()],
    person: AtPerson,
    front: AtFront,
    kept: bool = False,
) -> Response:
    """Show the quoted words, with a box to say what is wrong with them."""
    return render(await _wrong(front, person, (document_id, passage), "", kept))


@router.post("/library/{document_id}/wrong")
async def say_wrong(
    document_id: AtDocument,
    filled: Annotated[WrongForm, Form()],
    person: AtPerson,
    front: AtFront,
) -> Response:
    """Put the quotation into the queue of those who answer for it."""
    place = (document_id, filled.passage)
    try:
        await report_passage(front, person.viewer, *place, filled.reason)
    except CoachError as error:
        if error.status not in (422, 429):
            raise
        page = await _wrong(front, person, place, filled.reason, False, error.detail)
        return render(page, error.status)
    return render(await _wrong(front, person, place, "", True))


@router.get("/admin/reports")
async def reports(admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show what readers say is wrong, and what was answered."""
    found = await resources.read(load_queue, admin)
    return render(_queue(admin, found, None, "", None))


@router.post("/admin/reports/{report_id}/settle")
async def settle(
    report_id: UUID,
    filled: Annotated[AnswerForm, Form()],
    admin: AtAdminPerson,
    resources: AtResources,
) -> Response:
    """Close a report with an answer."""
    work = (admin.programme_id, report_id, filled.answer, now())
    try:
        await resources.transact(settle_report, *work)
    except CoachError as error:
        if error.status != 422:
            raise
        found = await resources.read(load_queue, admin)
        page = _queue(admin, found, report_id, filled.answer, error.detail)
        return render(page, error.status)
    return RedirectResponse("/admin/reports", 303)


def load_queue(db: Db, admin: KnownPerson) -> tuple[tuple[Report, ...], tuple[Report, ...]]:
    """The open reports of an admin's programme, and those with an answer."""
    open_ones = list_reports(db, admin.programme_id)
    return open_ones, list_reports(db, admin.programme_id, settled=True)


def load_passage(
    db: Db, person: KnownPerson, place: tuple[str, str]
) -> tuple[str, tuple[str, ...]]:
    """What stands at a place, and what was answered to those who said before it is wrong."""
    _, text = load_quoted(db, *place)
    return text, list_answers(db, person.programme_id, place[1])


async def _wrong(
    front: Front,
    person: KnownPerson,
    place: tuple[str, str],
    reason: str,
    kept: bool,
    fault: str | None = None,
) -> WrongPage:
    text, answers = await front.resources.read(load_passage, person, place)
    return WrongPage(
        you=greet(person),
        document_id=place[0],
        passage_id=place[1],
        text=text,
        answers=answers,
        reason=reason,
        longest=LONGEST_REASON,
        kept=kept,
        fault=fault,
    )


def _queue(
    admin: KnownPerson,
    found: tuple[tuple[Report, ...], tuple[Report, ...]],
    troubled: UUID | None,
    typed: str,
    fault: str | None,
) -> ReportsPage:
    return ReportsPage(
        you=greet(admin),
        reports=found[0],
        settled=found[1],
        troubled=troubled,
        typed=typed,
        longest=LONGEST_REASON,
        fault=fault,
    )
