"""Explains every error once: as application/problem+json to programs, as a page to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from coach.errors import CoachError, NotFound
from coach.pairs.drafts import AgendaChanged
from coach.storage.database import DatabaseUnavailable
from coach.web.front import NotSignedIn
from coach.web.limits import too_large
from coach.web.rendering import Page, render

MACHINES = ("/api/", "/healthz", "/readyz")
FORM_FAULT = "Something in this form could not be read: {fields}. Go back, and try once more."
log = structlog.get_logger()


class Problem(BaseModel):
    """An error as the API gives it (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class BadRequest(CoachError):
    """The body or a parameter does not have the form this route takes."""

    status = 422
    title = "This request does not have the form that this route takes."


class OtherStatus(CoachError):
    """An error that the framework noticed before us."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(OF_THE_FRAMEWORK.get(status, self.title))


class OutOfOrder(CoachError):
    """Something inside the service failed; what, the log knows."""

    status = 500
    title = "Something went wrong on our side. What you saved before is safe; please try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(Page):
    """Everything error.html may mention."""

    template: ClassVar[str] = "error.html"
    headline: str
    detail: str


OF_THE_FRAMEWORK = {
    400: "The body of this request cannot be read.",
    405: "This address does not take that method.",
    408: "This request did not arrive in time. Please send it again.",
    415: "This route takes JSON: send the header Content-Type: application/json.",
}
HEADLINES = {
    401: "Please sign in",
    403: "That was not carried out",
    404: "There is nothing here",
    409: "Not quite yet",
    422: "One thing to put right",
    429: "A short pause",
}


def explain_errors(app: FastAPI) -> None:
    """Give the application one answer for each kind of error."""
    app.add_exception_handler(CoachError, _known)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(Exception, _unknown)


def answer(path: str, error: CoachError, extra: Mapping[str, Any] | None = None) -> Response:
    """The error for whoever reads at this path."""
    if path.startswith(MACHINES):
        return _problem(error, extra or {})
    page = ErrorPage(
        headline=HEADLINES.get(error.status, "Something went wrong"), detail=error.detail
    )
    return render(page, error.status)


def problem_body(error: CoachError, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The error as values of application/problem+json."""
    told = {"type": "about:blank", "title": error.title, "status": error.status}
    return {**told, "detail": error.detail, **_both_texts(error), **(extra or {})}


def _problem(error: CoachError, extra: Mapping[str, Any]) -> Response:
    headers = {}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    if error.status in (429, 503):
        headers["retry-after"] = "10"
    body = problem_body(error, extra)
    return JSONResponse(body, error.status, headers, media_type="application/problem+json")


def _both_texts(error: CoachError) -> dict[str, Any]:
    """What a conflict is about: the kept text, the offered one, and the version now kept."""
    if not isinstance(error, AgendaChanged):
        return {}
    whole = {"kept": error.kept, "offered": error.offered, "version": error.version}
    return {**whole, **error.words}


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, CoachError)  # noqa: S101  registered for this type alone
    path = request.url.path
    if isinstance(error, NotSignedIn) and request.method == "GET" and not path.startswith(MACHINES):
        return RedirectResponse("/sign-in", 303)
    return answer(path, error)


async def _of_the_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this type alone
    known: CoachError = OtherStatus(error.status_code)
    if error.status_code == 404:
        known = NotFound()
    elif error.status_code == 413:
        known = too_large(request.url.path)
    response = answer(request.url.path, known)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    """Where the request is wrong, without a word of what it held."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this type alone
    found = [{"type": one["type"], "loc": _place(one)} for one in error.errors()]
    if any(one["loc"][:1] == ["path"] for one in found):
        return answer(request.url.path, NotFound())  # no id looks like that
    if any(one["type"] == "json_invalid" for one in found):
        return answer(request.url.path, OtherStatus(400))
    fields = ", ".join(dict.fromkeys(str(one["loc"][-1]) for one in found if one["loc"]))
    if request.url.path.startswith(MACHINES):
        return answer(request.url.path, BadRequest(), {"errors": found})
    return answer(request.url.path, BadRequest(FORM_FAULT.format(fields=fields)))


def _place(fault: Mapping[str, Any]) -> list[str | int]:
    """The way to the fault; a key that nobody knows stays unsaid."""
    parts = fault["loc"][:-1] if fault["type"] == "extra_forbidden" else fault["loc"]
    return [part for part in parts if isinstance(part, int) or _is_name(part)]


def _is_name(part: str) -> bool:
    return part.isascii() and part.replace("-", "_").isidentifier() and len(part) < 41


async def _database(request: Request, error: Exception) -> Response:
    log.error("database failed", exc_info=error)
    return answer(request.url.path, DatabaseUnavailable())


async def _unknown(request: Request, error: Exception) -> Response:
    return answer(request.url.path, OutOfOrder())
