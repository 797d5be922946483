"""What every request may use, and who is asking; both come in as dependencies."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from coach.errors import CoachError, NotFound
from coach.people.people import KnownPerson, load_person
from coach.people.permissions import Viewer
from coach.people.sign_in import load_viewer_by_sign_in
from coach.people.tokens import load_viewer_by_token
from coach.resources import Resources
from coach.settings import Settings
from coach.storage.database import Db
from coach.web.clock import now
from coach.web.service import Front


class NotSignedIn(CoachError):
    """The request does not say who is asking, or what it says no longer holds."""

    status = 401
    title = "You are not signed in. Open the sign-in link you were sent, or ask for a new one."


def front_of(request: Request) -> Front:
    """The service this request came to."""
    front: Front = request.app.state.front
    return front


def resources_of(request: Request) -> Resources:
    """The open database and library."""
    return front_of(request).resources


AtFront = Annotated[Front, Depends(front_of)]
AtResources = Annotated[Resources, Depends(resources_of)]
# Only for the description of the API; the header is read below, where a wrong one is refused.
_bearer = HTTPBearer(auto_error=False, description="An API token, as `coach token add` prints it.")


async def person_of(request: Request, resources: AtResources) -> KnownPerson:
    """The person whose browser this is, or NotSignedIn."""
    secret = request.cookies.get(cookie_name(front_of(request).settings))
    if secret is None:
        raise NotSignedIn
    return await resources.read(load_signed_in, secret, now())


async def viewer_of(request: Request, resources: AtResources) -> Viewer:
    """The person behind this bearer token or this browser, or NotSignedIn."""
    header = request.headers.get("authorization")
    if header is None:
        return (await person_of(request, resources)).viewer
    scheme, _, token = header.partition(" ")
    viewer = None
    if scheme.lower() == "bearer":
        viewer = await resources.read(load_viewer_by_token, token.strip())
    if viewer is None:
        raise NotSignedIn
    return viewer


AtPerson = Annotated[KnownPerson, Depends(person_of)]
AtViewer = Annotated[Viewer, Depends(viewer_of)]


def admin_person_of(person: AtPerson) -> KnownPerson:
    """The admin whose browser this is; for anyone else the page does not exist."""
    if not person.is_admin:
        raise NotFound
    return person


def admin_of(viewer: AtViewer) -> Viewer:
    """The admin who asks; for anyone else the route does not exist."""
    if not viewer.is_admin:
        raise NotFound
    return viewer


AtAdminPerson = Annotated[KnownPerson, Depends(admin_person_of)]
AtAdmin = Annotated[Viewer, Depends(admin_of)]
DescribesTokens = Depends(_bearer)


def load_signed_in(db: Db, secret: str, moment: datetime) -> KnownPerson:
    """The person this browser belongs to, or NotSignedIn."""
    viewer = load_viewer_by_sign_in(db, secret, moment)
    if viewer is None:
        raise NotSignedIn
    return load_person(db, viewer, viewer.person_id)


def cookie_name(settings: Settings) -> str:
    """The cookie's name; the prefix makes browsers refuse it without https."""
    return "__Host-coach" if settings.secure_cookies else "coach"
