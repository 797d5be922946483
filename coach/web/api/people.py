"""People: an admin sees and adds those of the programme, anyone else only themselves."""

from fastapi import APIRouter
from pydantic import BaseModel

from coach.people.people import KnownPerson, list_people, save_person
from coach.people.permissions import Viewer
from coach.people.sign_in import save_sign_in_link, sign_in_url
from coach.storage.database import Db
from coach.web.clock import now
from coach.web.fields import Asked, Items, Text
from coach.web.front import AtAdmin, AtFront, AtResources, AtViewer

router = APIRouter(tags=["people"])


class NewPerson(Asked):
    """Someone who joins the programme."""

    name: Text
    email: Text | None = None
    is_admin: bool = False


class Welcomed(BaseModel):
    """The new person, and the link they sign in with once; it is shown here and nowhere else."""

    person: KnownPerson
    sign_in_link: str


@router.get("/people")
async def people(viewer: AtViewer, resources: AtResources) -> Items[KnownPerson]:
    """List the people you may know."""
    return Items(items=list(await resources.read(list_people, viewer)))


@router.post("/people", status_code=201)
async def add_person(asked: NewPerson, admin: AtAdmin, front: AtFront) -> Welcomed:
    """Add someone to your programme."""
    person, secret = await front.resources.transact(
        save_welcome, admin, asked.name, asked.email, asked.is_admin
    )
    return Welcomed(person=person, sign_in_link=sign_in_url(front.settings.base_url, secret))


def save_welcome(
    db: Db, admin: Viewer, name: str, email: str | None, is_admin: bool
) -> tuple[KnownPerson, str]:
    """Keep a new person of the admin's programme, with the secret of a one-time link."""
    person = save_person(db, admin.programme_id, name, email or None, is_admin)
    return person, save_sign_in_link(db, person.id, now())
