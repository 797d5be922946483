"""The admin's pages: curate the library, know the people, form pairs; never what pairs write."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.knowledge.coverage import Coverage, build_coverage
from coach.knowledge.documents import LEVELS
from coach.knowledge.listing import Listed, list_documents
from coach.knowledge.topic_map import shipped_areas
from coach.pairs.pairing import Pairing, list_pairings, save_pair
from coach.people.people import KnownPerson, list_people
from coach.people.sign_in import sign_in_url
from coach.web.api.people import save_welcome
from coach.web.clock import today
from coach.web.fields import Filled, Typed
from coach.web.front import AtAdminPerson, AtFront, AtResources
from coach.web.pages.curating import STATES
from coach.web.pages.library import KINDS
from coach.web.pages.new_pair import PairForm, build_pair
from coach.web.rendering import Page, greet, render

router = APIRouter(prefix="/admin")
GROUPS = {
    "technology": KINDS["tutorial"],
    "career": KINDS["career"],
    "programme": KINDS["programme"],
    "own": "Beside the map",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfPage(Page):
    """Everything admin/library.html may mention."""

    template: ClassVar[str] = "admin/library.html"
    documents: tuple[Listed, ...]
    states: dict[str, str]
    kinds: dict[str, str]
    coverage: Coverage
    groups: dict[str, str]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(Page):
    """Everything admin/people.html may mention."""

    template: ClassVar[str] = "admin/people.html"
    people: tuple[KnownPerson, ...]
    welcomed: str | None
    link: str | None
    typed: "PersonForm"
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsPage(Page):
    """Everything admin/pairs.html may mention."""

    template: ClassVar[str] = "admin/pairs.html"
    pairings: tuple[Pairing, ...]
    people: tuple[KnownPerson, ...]
    typed: PairForm
    fault: str | None
    formed: bool


class PersonForm(Filled):
    """The form that adds a person."""

    name: Typed = ""
    email: Typed = ""
    is_admin: bool = False


@router.get("/library")
async def shelf(admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show every document with its state."""
    documents = await resources.read(list_documents, today())
    page = ShelfPage(
        you=greet(admin),
        documents=documents,
        states=STATES,
        kinds=KINDS,
        coverage=build_coverage(shipped_areas(), documents, today()),
        groups=GROUPS,
        levels=tuple(level.capitalize() for level in LEVELS),
    )
    return render(page)


@router.get("/people")
async def people(admin: AtAdminPerson, front: AtFront) -> Response:
    """Show the people of the programme."""
    found = await front.resources.read(list_people, admin.viewer)
    page = PeoplePage(
        you=greet(admin), people=found, welcomed=None, link=None, typed=PersonForm(), fault=None
    )
    return render(page)


@router.post("/people")
async def add_person(
    filled: Annotated[PersonForm, Form()], admin: AtAdminPerson, front: AtFront
) -> Response:
    """Add a person, and show their one-time link here and nowhere else."""
    welcomed = link = fault = None
    typed, status = PersonForm(), 200
    try:
        person, secret = await front.resources.transact(
            save_welcome, admin.viewer, filled.name, filled.email.strip() or None, filled.is_admin
        )
        welcomed, link = person.name, sign_in_url(front.settings.base_url, secret)
    except CoachError as error:
        fault, typed, status = error.detail, filled, error.status
    page = PeoplePage(
        you=greet(admin),
        people=await front.resources.read(list_people, admin.viewer),
        welcomed=welcomed,
        link=link,
        typed=typed,
        fault=fault,
    )
    return render(page, status)


@router.get("/pairs")
async def pairs(admin: AtAdminPerson, resources: AtResources, formed: bool = False) -> Response:
    """Show who is paired with whom, and the form for a new pair."""
    return render(await _pairs_page(resources, admin, PairForm(), None, formed))


@router.post("/pairs")
async def form_pair(
    filled: Annotated[PairForm, Form()], admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Form a pair."""
    try:
        mentor_id, mentee_id, file = build_pair(filled)
        await resources.transact(save_pair, admin.viewer, file, mentor_id, mentee_id)
    except CoachError as error:
        page = await _pairs_page(resources, admin, filled, error.detail, False)
        return render(page, error.status)
    return RedirectResponse("/admin/pairs?formed=true", 303)


async def _pairs_page(
    resources: AtResources, admin: KnownPerson, typed: PairForm, fault: str | None, formed: bool
) -> PairsPage:
    return PairsPage(
        you=greet(admin),
        pairings=await resources.read(list_pairings, admin.viewer),
        people=await resources.read(list_people, admin.viewer),
        typed=typed,
        fault=fault,
        formed=formed,
    )
