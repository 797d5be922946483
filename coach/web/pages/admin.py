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
from coach.knowledge.trials import KeptTrial, load_trial
from coach.pairs.pairing import Pairing, list_pairings, save_pair
from coach.people.people import KnownPerson, list_people
from coach.resources import Resources
from coach.web.api.library import AtDocument, load_newest, save_archived
from coach.web.api.people import save_welcome
from coach.web.fields import Filled, Typed
from coach.web.front import AtAdminPerson, AtFront, AtResources, today
from coach.web.pages.library import KINDS, PartView, show_parts
from coach.web.pages.new_pair import PairForm, build_pair
from coach.web.rendering import Page, greet, render
from coach.web.signing import sign_in_url
from coach.web.trying import save_publication, try_document

router = APIRouter(prefix="/admin")
STATES = {
    "draft": "Draft",
    "in_review": "In review",
    "published": "Published",
    "needs_check": "Needs a check",
    "archived": "Archived",
}
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


@dataclass(frozen=True, slots=True)
class TrialView:
    """What publishing would change, in words."""

    told: str
    lost: tuple[str, ...]
    won: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratePage(Page):
    """Everything admin/document.html may mention."""

    template: ClassVar[str] = "admin/document.html"
    document: Listed
    state: str
    kind: str
    parts: tuple[PartView, ...]
    trial: TrialView | None
    reason: str
    fault: str | None


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


class PublishForm(Filled):
    """The form that publishes a version; over a loss it asks for a reason."""

    reason: Typed = ""


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


@router.get("/library/{document_id}")
async def curate(document_id: AtDocument, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show a document's newest text."""
    return render(await _curate_page(resources, admin, document_id, "", None))


@router.post("/library/{document_id}/publish")
async def publish(
    document_id: AtDocument,
    filled: Annotated[PublishForm, Form()],
    admin: AtAdminPerson,
    resources: AtResources,
) -> Response:
    """Let pairs read the newest version; over a loss that a trial showed with a reason."""
    try:
        await resources.transact(save_publication, admin.viewer, document_id, filled.reason)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        page = await _curate_page(resources, admin, document_id, filled.reason, error.detail)
        return render(page, error.status)
    return RedirectResponse(f"/admin/library/{document_id}", 303)


@router.post("/library/{document_id}/try")
async def try_out(
    document_id: AtDocument, admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Try out what publishing would change for the golden questions."""
    await try_document(resources, document_id)
    return RedirectResponse(f"/admin/library/{document_id}", 303)


@router.post("/library/{document_id}/archive")
async def archive(
    document_id: AtDocument, admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Take the document out of search."""
    await resources.transact(save_archived, document_id)
    return RedirectResponse(f"/admin/library/{document_id}", 303)


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
        welcomed, link = person.name, sign_in_url(front.settings, secret)
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


async def _curate_page(
    resources: Resources, admin: KnownPerson, document_id: str, reason: str, fault: str | None
) -> CuratePage:
    listed, passages = await resources.read(load_newest, document_id)
    kept = await resources.read(load_trial, document_id)
    return CuratePage(
        you=greet(admin),
        document=listed,
        state=STATES[listed.state],
        kind=KINDS[listed.kind],
        parts=show_parts(passages),
        trial=_show_trial(kept) if kept is not None else None,
        reason=reason,
        fault=fault,
    )


def _show_trial(kept: KeptTrial) -> TrialView:
    found = f"{kept.before:.1%} find their document among the first five now, {kept.after:.1%} then"
    told = f"Of {kept.asked} golden questions {found}." if kept.asked else "No golden question."
    return TrialView(told, kept.lost, kept.won)


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
