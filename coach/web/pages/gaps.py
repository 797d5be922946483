"""The admin's page of what the library lacks: clusters, articles begun, and what closed them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.gaps import NewArticle, cluster_by_meaning
from coach.knowledge.article import LONGEST_TITLE
from coach.knowledge.documents import DOCUMENT_KINDS, LEVELS, DocumentKind, Level
from coach.pairs.clusters import GapCluster
from coach.pairs.gaps import UNHEARD, KnownGap, close_gap, list_gaps, reopen_gap
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.api.gaps import MOST_GAPS, save_begun
from coach.web.fields import Filled, Typed
from coach.web.front import AtAdminPerson, AtResources
from coach.web.pages.library import KINDS
from coach.web.rendering import Page, greet, render

router = APIRouter(prefix="/admin/gaps")
MOST_CLOSED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsPage(Page):
    """Everything admin/gaps.html may mention."""

    template: ClassVar[str] = "admin/gaps.html"
    clusters: tuple[GapCluster, ...]
    closed: tuple[KnownGap, ...]
    unheard: str
    kinds: dict[str, str]
    levels: dict[str, str]
    longest: int
    fault: str | None


class ArticleForm(Filled):
    """The form that begins an article for the gaps of a cluster."""

    gap: list[UUID] = Field(default_factory=list, max_length=MOST_GAPS)
    title: Typed = ""
    kind: DocumentKind = "tutorial"
    level: Level = "basic"


@router.get("")
async def gaps(admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show what pairs asked for and the library could not answer."""
    return await _show(admin, resources, None, 200)


@router.post("/article")
async def article(
    filled: Annotated[ArticleForm, Form()], admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Begin an article, and go on to its text."""
    title = filled.title[:LONGEST_TITLE]
    new = NewArticle(tuple(filled.gap), title, filled.kind, filled.level)
    try:
        saved = await resources.transact(save_begun, admin.viewer, new)
    except CoachError as error:
        if error.status not in (404, 409, 422):
            raise
        return await _show(admin, resources, error.detail, error.status)
    return RedirectResponse(f"/admin/library/{saved.document_id}/edit", 303)


@router.post("/{gap_id}/close")
async def close(gap_id: UUID, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Close a gap by hand."""
    await resources.transact(close_gap, admin.programme_id, gap_id)
    return RedirectResponse("/admin/gaps", 303)


@router.post("/{gap_id}/reopen")
async def reopen(gap_id: UUID, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Open a closed gap again."""
    await resources.transact(reopen_gap, admin.programme_id, gap_id)
    return RedirectResponse("/admin/gaps", 303)


async def _show(
    admin: AtAdminPerson, resources: AtResources, fault: str | None, status: int
) -> Response:
    open_ones, closed = await resources.read(load_both, admin.viewer)
    page = GapsPage(
        you=greet(admin),
        clusters=await cluster_by_meaning(open_ones, resources.encoder),
        closed=closed[:MOST_CLOSED],
        unheard=UNHEARD,
        kinds={kind: KINDS[kind] for kind in DOCUMENT_KINDS},
        levels={level: level.capitalize() for level in LEVELS},
        longest=LONGEST_TITLE,
        fault=fault,
    )
    return render(page, status)


def load_both(db: Db, admin: Viewer) -> tuple[tuple[KnownGap, ...], tuple[KnownGap, ...]]:
    """The open gaps of an admin's programme, and those that were closed."""
    return list_gaps(db, admin), list_gaps(db, admin, closed=True)
