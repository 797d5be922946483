"""The search bench, and the golden questions pinned from it, for admins."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from coach.coaching.bench import Judged, judge_question
from coach.knowledge.documents import Leg
from coach.knowledge.golden import LONGEST
from coach.knowledge.pins import (
    MOST_EXPECTED,
    Pin,
    delete_pin,
    export_pins,
    list_pins,
    save_pin,
)
from coach.knowledge.versions import LONGEST_REASON
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.api.library_versions import name_of
from coach.web.clock import now
from coach.web.fields import Asked, DocumentId, Id, Items, Text
from coach.web.front import AtAdmin, AtResources

router = APIRouter(tags=["library"])
YAML = "application/yaml"
Question = Annotated[Text, Field(min_length=1, max_length=LONGEST)]


class BenchHit(BaseModel):
    """A passage found, with its score and the searches that found it."""

    document_id: str
    document_title: str
    passage_id: str
    heading_path: tuple[str, ...]
    kind: str
    text: str
    score: float
    legs: tuple[Leg, ...]


class BenchRead(BaseModel):
    """What the library makes of a question, and whether the coach would answer it.

    `relevance` is to reach `threshold`; `answered_from` is the passage a recap would quote.
    """

    question: str
    searched_for: str | None
    would_answer: bool
    relevance: float
    threshold: float
    told: str
    answered_from: str | None
    missing_legs: tuple[Leg, ...]
    hits: list[BenchHit]


class NewPin(Asked):
    """A question and the documents that are to be found for it; none when it is to be refused."""

    question: Question
    expected: Annotated[list[DocumentId], Field(max_length=MOST_EXPECTED)]
    reason: Annotated[Text, Field(max_length=LONGEST_REASON)] = ""


class PinRead(BaseModel):
    """A golden question that an admin pinned."""

    id: UUID
    question: str
    expected: tuple[str, ...]
    owner: str | None
    reason: str | None
    created_at: datetime


@router.get("/library/bench")
async def bench(
    q: Annotated[Text, Query(min_length=1, max_length=LONGEST)],
    admin: AtAdmin,
    resources: AtResources,
) -> BenchRead:
    """Ask the library a question as a recap does, and see what it found and why."""
    below = resources.settings.abstain_below
    return _bench(await judge_question(resources.library, q, below))


@router.get("/library/golden")
async def golden(admin: AtAdmin, resources: AtResources) -> Items[PinRead]:
    """List the golden questions that admins pinned, the newest first."""
    return Items(items=[_pin(one) for one in await resources.read(list_pins)])


@router.post("/library/golden", status_code=201)
async def pin(asked: NewPin, admin: AtAdmin, resources: AtResources) -> PinRead:
    """Pin a golden question; from now on it is asked before anything is published."""
    said = (asked.question, asked.expected, asked.reason)
    return _pin(await resources.transact(save_pinned, admin, *said))


@router.get("/library/golden/export", response_class=Response, responses={200: {
    "description": "YAML in the form of knowledge/golden.yaml", "content": {YAML: {}},
}})  # fmt: skip
async def export(admin: AtAdmin, resources: AtResources) -> Response:
    """The pinned questions in the form of knowledge/golden.yaml."""
    return yaml_of(await resources.read(list_pins))


@router.delete("/library/golden/{pin_id}", status_code=204)
async def unpin(pin_id: Id, admin: AtAdmin, resources: AtResources) -> None:
    """Unpin a golden question."""
    await resources.transact(delete_pin, pin_id)


def save_pinned(db: Db, admin: Viewer, question: str, expected: list[str], reason: str) -> Pin:
    """Pin a question in this admin's name."""
    return save_pin(db, question, expected, name_of(db, admin), reason, now())


def yaml_of(pins: tuple[Pin, ...]) -> Response:
    """The pins as a file to keep."""
    headers = {"content-disposition": 'attachment; filename="golden.yaml"'}
    return Response(export_pins(pins), media_type=YAML, headers=headers)


def _pin(one: Pin) -> PinRead:
    return PinRead.model_validate(one, from_attributes=True)


def _bench(judged: Judged) -> BenchRead:
    hits = [
        BenchHit(
            document_id=hit.passage.document_id,
            document_title=hit.passage.document_title,
            passage_id=hit.passage.id,
            heading_path=hit.passage.heading_path,
            kind=hit.passage.kind,
            text=hit.passage.text,
            score=round(hit.score, 4),
            legs=hit.legs,
        )
        for hit in judged.hits
    ]
    return BenchRead(
        question=judged.question,
        searched_for=judged.searched_for,
        would_answer=judged.passage is not None,
        relevance=round(judged.relevance, 4),
        threshold=judged.threshold,
        told=judged.told,
        answered_from=judged.passage.id if judged.passage else None,
        missing_legs=judged.missing_legs,
        hits=hits,
    )
