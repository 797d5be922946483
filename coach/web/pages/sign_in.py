"""Signing in by a one-time link, and signing out."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Path, Request
from pydantic import AfterValidator
from starlette.responses import RedirectResponse, Response

from coach.people.sign_in import LinkUsed, redeem_link, revoke_sign_in
from coach.web.clock import now
from coach.web.fields import clean
from coach.web.front import AtFront, cookie_name
from coach.web.rendering import Page, render
from coach.web.signing import forget_signed_in, keep_signed_in

router = APIRouter()
Secret = Annotated[str, Path(max_length=200), AfterValidator(clean)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPage(Page):
    """Everything sign_in/door.html may mention."""

    template: ClassVar[str] = "sign_in/door.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage(Page):
    """Everything sign_in/link.html may mention."""

    template: ClassVar[str] = "sign_in/link.html"
    secret: str


@router.get("/sign-in")
async def door() -> Response:
    """Say how to sign in."""
    return render(DoorPage())


@router.get("/sign-in/{secret}")
async def link(secret: Secret) -> Response:
    """Show a button; opening a link alone signs nobody in, for mail scanners open links too."""
    return render(LinkPage(secret=secret))


@router.post("/sign-in/{secret}")
async def redeem(secret: Secret, request: Request, front: AtFront) -> Response:
    """Sign in with a one-time link."""
    address = request.client.host if request.client else ""
    before = request.cookies.get(cookie_name(front.settings))
    try:
        signed_in = await front.resources.transact(redeem_link, secret, now(), before)
    except LinkUsed:
        # Behind a proxy many people share an address, so a link that is right always works.
        front.throttle.check(address)
        front.throttle.count_failure(address)
        raise
    response = RedirectResponse("/", 303)
    keep_signed_in(response, front.settings, signed_in)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, front: AtFront) -> Response:
    """End this browser's sign-in."""
    secret = request.cookies.get(cookie_name(front.settings))
    if secret is not None:
        await front.resources.transact(revoke_sign_in, secret, now())
    response = RedirectResponse("/sign-in", 303)
    forget_signed_in(response, front.settings)
    return response
