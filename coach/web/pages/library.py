"""The library as pairs read it: what is published, searched and opened at a passage."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from starlette.responses import Response

from coach.errors import NotFound
from coach.knowledge.documents import Hit, LibraryQuery, Passage
from coach.knowledge.listing import Listed, list_documents
from coach.web.api.library import AtDocument
from coach.web.clock import today
from coach.web.fields import Typed
from coach.web.front import AtPerson, AtResources
from coach.web.rendering import Page, greet, render

router = APIRouter()
KINDS = {
    "tutorial": "Technology",
    "career": "Career conversations",
    "programme": "Working as a pair",
}
PARTS = {
    "idea": "The idea",
    "steps": "Steps",
    "slip": "A common slip",
    "check": "A check",
    "tip": "A tip",
    "words": "Words to know",
    "safe_use": "Safe use",
    "ask": "Questions to ask",
    "example": "An example",
    "other_words": "In other words",
    "text": "",
}


@dataclass(frozen=True, slots=True)
class PartView:
    """One passage as a page shows it; `lesson` is empty when the lesson goes on."""

    ordinal: int
    lesson: str
    part: str
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HitView:
    """One passage found."""

    title: str
    href: str
    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPage(Page):
    """Everything library/library.html may mention."""

    template: ClassVar[str] = "library/library.html"
    q: str
    hits: tuple[HitView, ...]
    shelves: tuple[tuple[str, tuple[Listed, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage(Page):
    """Everything library/document.html may mention."""

    template: ClassVar[str] = "library/document.html"
    title: str
    kind: str
    needs_check: bool
    parts: tuple[PartView, ...]


@router.get("/library")
async def library(
    person: AtPerson, resources: AtResources, q: Annotated[Typed, Query()] = ""
) -> Response:
    """Show what is published, and what a search finds."""
    hits: tuple[Hit, ...] = ()
    if q.strip():
        hits = (await resources.library.search(LibraryQuery(q.strip()))).hits
    listed = await resources.read(list_documents, today())
    published = [one for one in listed if one.published_number is not None]
    shelves = (
        (name, tuple(one for one in published if one.kind == kind)) for kind, name in KINDS.items()
    )
    page = LibraryPage(
        you=greet(person),
        q=q.strip(),
        hits=tuple(_hit(hit.passage) for hit in hits),
        shelves=tuple(shelf for shelf in shelves if shelf[1]),
    )
    return render(page)


@router.get("/library/{document_id}")
async def document(document_id: AtDocument, person: AtPerson, resources: AtResources) -> Response:
    """Show a published document."""
    passages = await resources.library.passages_of(document_id)
    if not passages:
        raise NotFound
    first = passages[0]
    page = DocumentPage(
        you=greet(person),
        title=first.document_title,
        kind=KINDS[first.document_kind],
        needs_check=first.state == "needs_check",
        parts=show_parts(passages),
    )
    return render(page)


def show_parts(passages: tuple[Passage, ...]) -> tuple[PartView, ...]:
    """The passages in order, each lesson named once."""
    parts: list[PartView] = []
    lesson = ""
    for passage in passages:
        inside = len(passage.heading_path) > 1
        named = passage.heading_path[0] if inside else ""
        parts.append(
            PartView(
                ordinal=passage.ordinal,
                lesson=named if named != lesson else "",
                part=PARTS[passage.kind] or "".join(passage.heading_path[-1:]),
                kind=passage.kind,
                lines=passage.quotes() if passage.kind != "text" else (passage.text,),
            )
        )
        lesson = named
    return tuple(parts)


def _hit(passage: Passage) -> HitView:
    return HitView(
        passage.document_title,
        f"/library/{passage.document_id}#p{passage.ordinal}",
        " › ".join(passage.heading_path),
        passage.text,
    )
