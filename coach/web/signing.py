"""The cookies of signing in."""

from starlette.responses import Response

from coach.people.sign_in import SIGN_IN_LASTS, SignedIn
from coach.settings import Settings
from coach.web.front import cookie_name


def keep_signed_in(response: Response, settings: Settings, signed_in: SignedIn) -> None:
    """Give the browser the cookie of this sign-in."""
    response.set_cookie(
        cookie_name(settings),
        signed_in.secret,
        max_age=int(SIGN_IN_LASTS.total_seconds()),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def forget_signed_in(response: Response, settings: Settings) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
