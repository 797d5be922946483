"""The admin's page of what the library lacks: topics, counts, and questions handed in."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from coach.pairs.gaps import KnownGap, list_gaps
from coach.web.front import AtAdminPerson, AtResources
from coach.web.rendering import Page, greet, render

router = APIRouter(prefix="/admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsPage(Page):
    """Everything admin/gaps.html may mention."""

    template: ClassVar[str] = "admin/gaps.html"
    gaps: tuple[KnownGap, ...]


@router.get("/gaps")
async def gaps(admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show what pairs asked for and the library could not answer."""
    return render(GapsPage(you=greet(admin), gaps=await resources.read(list_gaps, admin.viewer)))
