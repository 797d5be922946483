"""The search bench: one question judged as the coach does it, and pinned as a golden question."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Form, Query
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from coach.coaching.bench import Judged, judge_question
from coach.errors import CoachError
from coach.knowledge.golden import LONGEST
from coach.knowledge.listing import Listed, list_documents
from coach.knowledge.pins import Pin, PinNotFound, delete_pin, list_pins
from coach.people.people import KnownPerson
from coach.resources import Resources
from coach.web.api.golden import save_pinned, yaml_of
from coach.web.clock import today
from coach.web.fields import DocumentId, Filled, Typed
from coach.web.front import AtAdminPerson, AtResources
from coach.web.rendering import Page, greet, render

router = APIRouter(prefix="/admin")
LEGS = {"lexical": "by its words", "dense": "by its meaning"}


@dataclass(frozen=True, slots=True)
class BenchHit:
    """One passage found, as the bench shows it."""

    title: str
    document_id: str
    href: str
    path: str
    text: str
    score: str
    legs: str
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPage(Page):
    """Everything admin/bench.html may mention."""

    template: ClassVar[str] = "admin/bench.html"
    q: str
    judged: Judged | None
    percent: int
    needed: int
    hits: tuple[BenchHit, ...]
    expected: tuple[tuple[str, str], ...]
    others: tuple[Listed, ...]
    typed: "PinForm"
    longest: int
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenPage(Page):
    """Everything admin/golden.html may mention."""

    template: ClassVar[str] = "admin/golden.html"
    pins: tuple[Pin, ...]


class PinForm(Filled):
    """The form that pins a question: documents that answer it, or that none is to."""

    question: Typed = ""
    expected: list[DocumentId] = Field(default_factory=list)
    other: DocumentId = ""
    not_covered: bool = False
    reason: Typed = ""


class ChoiceMissing(CoachError):
    """The form says neither which document answers the question nor that none is to."""

    status = 422
    title = "Choose the documents that answer it, or “not covered”, and not both."


@router.get("/bench")
async def bench(
    admin: AtAdminPerson, resources: AtResources, q: Annotated[Typed, Query()] = ""
) -> Response:
    """Show what is found for a question, and whether the coach would answer."""
    return render(await _bench(resources, admin, PinForm(question=q.strip()[:LONGEST]), None))


@router.post("/golden")
async def pin(
    filled: Annotated[PinForm, Form()], admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Pin the question as a golden one."""
    expected = [*filled.expected, *([filled.other] if filled.other else [])]
    try:
        if bool(expected) == filled.not_covered:
            raise ChoiceMissing
        said = (filled.question, expected, filled.reason)
        await resources.transact(save_pinned, admin.viewer, *said)
    except CoachError as error:
        if error.status not in (404, 409, 422):
            raise
        page = await _bench(resources, admin, filled, error.detail)
        return render(page, error.status)
    return RedirectResponse("/admin/golden", 303)


@router.get("/golden")
async def golden(admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show the golden questions that admins pinned."""
    return render(GoldenPage(you=greet(admin), pins=await resources.read(list_pins)))


@router.get("/golden/export")
async def export(admin: AtAdminPerson, resources: AtResources) -> Response:
    """The pinned questions as a file."""
    return yaml_of(await resources.read(list_pins))


@router.post("/golden/{pin_id}/unpin")
async def unpin(pin_id: UUID, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Unpin a golden question; another admin may have done so."""
    with suppress(PinNotFound):
        await resources.transact(delete_pin, pin_id)
    return RedirectResponse("/admin/golden", 303)


async def _bench(
    resources: Resources, admin: KnownPerson, typed: PinForm, fault: str | None
) -> BenchPage:
    judged, question = None, typed.question.strip()[:LONGEST]
    if question:
        below = resources.settings.abstain_below
        judged = await judge_question(resources.library, question, below)
    hits = _hits(judged) if judged is not None else ()
    found = {hit.document_id: hit.title for hit in hits}
    documents = await resources.read(list_documents, today())
    return BenchPage(
        you=greet(admin),
        q=question,
        judged=judged,
        percent=round(100 * judged.relevance) if judged else 0,
        needed=round(100 * judged.threshold) if judged else 0,
        hits=hits,
        expected=tuple(found.items()),
        others=tuple(one for one in documents if one.id not in found),
        typed=typed,
        longest=LONGEST,
        fault=fault,
    )


def _hits(judged: Judged) -> tuple[BenchHit, ...]:
    return tuple(
        BenchHit(
            title=hit.passage.document_title,
            document_id=hit.passage.document_id,
            href=f"/library/{hit.passage.document_id}#p{hit.passage.ordinal}",
            path=" › ".join(hit.passage.heading_path),
            text=hit.passage.text,
            score=f"{hit.score:.3f}",
            legs=" and ".join(LEGS[leg] for leg in hit.legs),
            quoted=judged.passage is not None and hit.passage.id == judged.passage.id,
        )
        for hit in judged.hits
    )
