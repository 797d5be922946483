"""Stands around the whole application: who may send what, security headers, and the last catch."""

import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.errors import CoachError
from coach.web.limits import largest_body, too_large
from coach.web.patience import BODY_WITHIN, Body
from coach.web.problems import OutOfOrder, answer

READ_UNASKED = 64_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: on plain http it makes our own forms send `Origin: null`.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
log = structlog.get_logger()


class CrossSite(CoachError):
    """Another site tried to send something in this person's name."""

    status = 403
    title = "This request came from another site, so it was not carried out."


class Guards:
    """Lets through what may come in, and dresses everything that goes out."""

    def __init__(self, app: ASGIApp, base_url: str, body_within: float = BODY_WITHIN) -> None:
        self.app = app
        self.body_within = body_within
        self.origin = base_url
        self.headers = dict(HEADERS)
        if base_url.startswith("https://"):
            self.headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Guard one request; the lifespan passes untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        body = Body(receive, self.body_within)

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, message)
                if not body.whole and _may_be_long(Headers(scope=scope)):
                    # Nobody reads it any more, so nobody need send it.
                    MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        try:
            await self._let_in(scope, body.receive, dressed)
        except Exception as error:  # noqa: BLE001  the edge of every request
            _note_failure(scope, error)
            if not status:
                await answer(scope["path"], OutOfOrder())(scope, receive, dressed)
        elapsed = round((time.perf_counter() - started) * 1000)
        log.info("request", method=scope["method"], route=_route(scope), status=status, ms=elapsed)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refused: CoachError | None = None
        if scope["method"] not in SAFE and not is_ours(headers, (self.origin,)):
            refused = CrossSite()
        elif _declared(headers) > largest_body(scope["path"]):
            refused = too_large(scope["path"])
        app = self.app if refused is None else answer(scope["path"], refused)
        await app(scope, receive, send)

    def _dress(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self.headers.items():
            headers[name] = value
        if not scope["path"].startswith("/static/"):
            headers.setdefault("cache-control", "no-store")


def is_ours(headers: Headers, trusted: Iterable[str]) -> bool:
    """Whether a request that changes something was made by our own pages or by no browser."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin in trusted:
        return True
    if site is not None:
        return site in {"same-origin", "none"}
    if origin is None:
        return True
    host = headers.get("host")
    return host is not None and urlsplit(origin).netloc == host


def _declared(headers: Headers) -> int:
    """How long the body says it is; a body that lies is stopped while it is read."""
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _may_be_long(headers: Headers) -> bool:
    """Whether a body comes that is not soon over."""
    return "transfer-encoding" in headers or _declared(headers) > READ_UNASKED


def _note_failure(scope: Scope, error: Exception) -> None:
    """Log where it failed; what was said in the error may be a pair's own words."""
    log.error("request failed", exc_info=error, route=_route(scope))


def _route(scope: Scope) -> str:
    """The route's pattern, for a path may hold the secret of a sign-in link."""
    pattern = str(getattr(scope.get("route"), "path", "unknown"))
    return pattern.replace("{", ":").replace("}", "")
