"""Every route of the service, and who may use it; a route that is not listed here fails a test."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import FastAPI
from starlette.routing import Mount

Right = Literal["anyone", "person", "pair", "mentee", "admin"]
Thing = Literal[
    "", "pair", "session", "held", "commitment", "note", "recap", "document", "link", "job"
]


@dataclass(frozen=True, slots=True)
class Row:
    """One route: who may use it on what, and a request it accepts."""

    right: Right
    thing: Thing = ""
    json: dict[str, Any] | None = None
    form: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""


VERSION = {"if-match": '"1"'}
STEP = {"block_id": "b1", "step": 0, "text": "Hello"}
NOTE = {"text": "A note", "visibility": "pair"}
PROMISE = {"owner": "mentor", "text": "Send it"}
API: dict[str, Row] = {
    "GET /api/v1/pairs": Row("person"),
    "GET /api/v1/pairings": Row("admin"),
    "POST /api/v1/pairs": Row("admin", json={"mentor_id": "x", "mentee_id": "y", "pair": {}}),
    "GET /api/v1/pairs/{pair_id}": Row("pair", "pair"),
    "GET /api/v1/pairs/{pair_id}/export": Row("pair", "pair"),
    "GET /api/v1/pairs/{pair_id}/sessions": Row("pair", "pair"),
    "POST /api/v1/pairs/{pair_id}/sessions": Row(
        "pair", "pair", json={"date": "2027-03-01", "minutes": 45}
    ),
    "GET /api/v1/pairs/{pair_id}/commitments": Row("pair", "pair"),
    "GET /api/v1/sessions/{session_id}": Row("pair", "session"),
    "PATCH /api/v1/sessions/{session_id}": Row("pair", "session", json={"minutes": 60}),
    "POST /api/v1/sessions/{session_id}/outcome": Row("pair", "session", json={"state": "held"}),
    "POST /api/v1/sessions/{session_id}/agenda": Row("pair", "session"),
    "GET /api/v1/sessions/{session_id}/agenda": Row("pair", "held"),
    "PATCH /api/v1/sessions/{session_id}/agenda": Row("pair", "held", json=STEP, headers=VERSION),
    "POST /api/v1/sessions/{session_id}/agenda/settle": Row("pair", "held", headers=VERSION),
    "POST /api/v1/sessions/{session_id}/agenda/replan": Row(
        "pair", "held", json={"minutes_left": 20}
    ),
    "POST /api/v1/sessions/{session_id}/follow-ups": Row("pair", "held"),
    "GET /api/v1/sessions/{session_id}/follow-ups": Row("pair", "session"),
    "POST /api/v1/sessions/{session_id}/prep": Row("pair", "held"),
    "GET /api/v1/sessions/{session_id}/prep": Row("pair", "session"),
    "POST /api/v1/sessions/{session_id}/recaps": Row(
        "mentee", "held", json={"question": "What is a pivot table?"}
    ),
    "GET /api/v1/sessions/{session_id}/recaps": Row("mentee", "session"),
    "POST /api/v1/sessions/{session_id}/recaps/{recap_id}/share": Row("mentee", "recap"),
    "GET /api/v1/sessions/{session_id}/notes": Row("pair", "session"),
    "POST /api/v1/sessions/{session_id}/notes": Row("pair", "session", json=NOTE),
    "PATCH /api/v1/notes/{note_id}": Row("pair", "note", json={"visibility": "mine"}),
    "DELETE /api/v1/notes/{note_id}": Row("pair", "note"),
    "POST /api/v1/sessions/{session_id}/commitments": Row("pair", "session", json=PROMISE),
    "PATCH /api/v1/commitments/{commitment_id}": Row("pair", "commitment", json={"status": "done"}),
    "GET /api/v1/library/search": Row("person", query="?q=pivot"),
    "GET /api/v1/library/documents": Row("person"),
    "GET /api/v1/library/documents/{document_id}": Row("person", "document"),
    "POST /api/v1/library/documents/{document_id}/publish": Row("admin", "document"),
    "POST /api/v1/library/documents/{document_id}/archive": Row("admin", "document"),
    "GET /api/v1/library/gaps": Row("admin"),
    "GET /api/v1/jobs": Row("admin"),
    "GET /api/v1/jobs/{job_id}": Row("admin", "job"),
    "POST /api/v1/jobs/{job_id}/cancel": Row("admin", "job"),
    "POST /api/v1/jobs/{job_id}/retry": Row("admin", "job"),
    "GET /api/v1/people": Row("person"),
    "POST /api/v1/people": Row("admin", json={"name": "Kim"}),
    "GET /api/v1/openapi.json": Row("anyone"),
    "GET /healthz": Row("anyone"),
    "GET /readyz": Row("anyone"),
}
PAGES: dict[str, Row] = {
    "GET /sign-in": Row("anyone"),
    "GET /sign-in/{secret}": Row("anyone", "link"),
    "POST /sign-in/{secret}": Row("anyone", "link"),
    "POST /sign-out": Row("anyone"),
    "GET /": Row("person"),
    "GET /pairs/{pair_id}": Row("pair", "pair"),
    "GET /pairs/{pair_id}/sessions/new": Row("pair", "pair"),
    "POST /pairs/{pair_id}/sessions/new": Row(
        "pair", "pair", form={"day": "2027-03-01", "minutes": "45"}
    ),
    "POST /pairs/{pair_id}/commitments/{commitment_id}": Row(
        "pair", "commitment", form={"status": "done"}
    ),
    "GET /sessions/{session_id}": Row("pair", "session"),
    "POST /sessions/{session_id}/notes": Row("pair", "session", form=NOTE),
    "POST /sessions/{session_id}/commitments": Row("pair", "session", form=PROMISE),
    "POST /sessions/{session_id}/follow-ups": Row("pair", "held"),
    "POST /sessions/{session_id}/plan": Row(
        "pair", "session", form={"day": "2027-03-01", "minutes": "60"}
    ),
    "POST /sessions/{session_id}/outcome": Row("pair", "session", form={"state": "held"}),
    "POST /sessions/{session_id}/agenda": Row("pair", "session"),
    "POST /sessions/{session_id}/agenda/steps": Row("pair", "held", form={**STEP, "version": 1}),
    "POST /sessions/{session_id}/agenda/settle": Row("pair", "held", form={"version": 1}),
    "GET /sessions/{session_id}/replan": Row("pair", "held"),
    "POST /sessions/{session_id}/replan": Row("pair", "held", form={"minutes_left": "20"}),
    "GET /sessions/{session_id}/prep": Row("pair", "session"),
    "POST /sessions/{session_id}/prep": Row("pair", "held"),
    "GET /sessions/{session_id}/recaps": Row("mentee", "session"),
    "POST /sessions/{session_id}/recaps": Row(
        "mentee", "held", form={"question": "What is a pivot table?"}
    ),
    "POST /sessions/{session_id}/recaps/{recap_id}/share": Row("mentee", "recap"),
    "GET /library": Row("person"),
    "GET /library/{document_id}": Row("person", "document"),
    "GET /admin/library": Row("admin"),
    "GET /admin/library/{document_id}": Row("admin", "document"),
    "POST /admin/library/{document_id}/publish": Row("admin", "document"),
    "POST /admin/library/{document_id}/archive": Row("admin", "document"),
    "GET /admin/gaps": Row("admin"),
    "GET /admin/people": Row("admin"),
    "POST /admin/people": Row("admin", form={"name": "Kim"}),
    "GET /admin/pairs": Row("admin"),
    "POST /admin/pairs": Row("admin", form={"mentor_id": "x"}),
}
MATRIX = API | PAGES
MOUNTS = {"/static"}


def routes_of(app: FastAPI) -> set[str]:
    """Every route as `METHOD /path`, walked out of the application itself."""
    return {f"{method} {path}" for path, method in _walk(app.router.routes, "")}


def _walk(routes: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            assert route.path in MOUNTS, route.path
            continue
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _walk(inner.routes, prefix + route.include_context.prefix)
            continue
        for method in route.methods - {"HEAD"}:
            yield f"{prefix}{route.path}", method
