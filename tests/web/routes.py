"""Every route of the service, and who may use it; a route that is not listed here fails a test."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from fastapi import FastAPI
from starlette.routing import Mount

from coach.knowledge.adding import read_file
from coach.shipped import shipped

Right = Literal["anyone", "person", "pair", "mentee", "admin"]
Thing = Literal[
    "", "pair", "session", "held", "running", "commitment", "offer", "note", "recap", "card",
    "question", "document", "upload", "report", "link", "job", "gap", "pin",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One route: who may use it on what, and a request it accepts."""

    right: Right
    thing: Thing = ""
    json: dict[str, Any] | None = None
    form: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""


PASSAGE = read_file(shipped("knowledge") / "pivot-tables.md").passages[0].id
QUOTED = quote(PASSAGE)
PLACE = {"document_id": "pivot-tables", "passage_id": PASSAGE}
VERSION = {"if-match": '"1"'}
STEP = {"block_id": "b1", "step": 0, "text": "Hello"}
WORDS = {"place": "purpose", "text": "What the two of us are here for"}
NOTE = {"text": "A note", "visibility": "pair"}
PROMISE = {"owner": "mentor", "text": "Send it", "due": "by Friday"}
API: dict[str, Row] = {
    "GET /api/v1/pairs": Row("person"),
    "GET /api/v1/pairings": Row("admin"),
    "POST /api/v1/pairs": Row("admin", json={"mentor_id": "x", "mentee_id": "y", "pair": {}}),
    "GET /api/v1/pairs/{pair_id}": Row("pair", "pair"),
    "PATCH /api/v1/pairs/{pair_id}": Row("pair", "pair", json={"state": "active"}),
    "GET /api/v1/pairs/{pair_id}/export": Row("pair", "pair"),
    "GET /api/v1/pairs/{pair_id}/sessions": Row("pair", "pair"),
    "POST /api/v1/pairs/{pair_id}/sessions": Row(
        "pair", "pair", json={"date": "2027-03-01", "minutes": 45}
    ),
    "GET /api/v1/pairs/{pair_id}/commitments": Row("pair", "pair"),
    "GET /api/v1/pairs/{pair_id}/commitments/changes": Row("pair", "pair"),
    "GET /api/v1/pairs/{pair_id}/offers": Row("pair", "pair"),
    "POST /api/v1/offers/{offer_id}": Row("mentee", "offer", json={"accept": True}),
    "GET /api/v1/sessions/{session_id}": Row("pair", "session"),
    "PATCH /api/v1/sessions/{session_id}": Row("pair", "session", json={"minutes": 60}),
    "POST /api/v1/sessions/{session_id}/outcome": Row("pair", "session", json={"state": "held"}),
    "POST /api/v1/sessions/{session_id}/agenda": Row("pair", "session"),
    "GET /api/v1/sessions/{session_id}/agenda": Row("pair", "held"),
    "PATCH /api/v1/sessions/{session_id}/agenda": Row("pair", "held", json=STEP, headers=VERSION),
    "POST /api/v1/sessions/{session_id}/agenda/edits": Row(
        "pair", "held", json={"edit": "words", **WORDS}, headers=VERSION
    ),
    "POST /api/v1/sessions/{session_id}/agenda/settle": Row("pair", "held", headers=VERSION),
    "POST /api/v1/sessions/{session_id}/agenda/replan": Row(
        "pair", "held", json={"minutes_left": 20}
    ),
    "GET /api/v1/sessions/{session_id}/run": Row("pair", "running"),
    "POST /api/v1/sessions/{session_id}/run": Row("pair", "running", json={"minutes_left": 30}),
    "POST /api/v1/sessions/{session_id}/run/marks": Row(
        "pair", "running", json={"block_id": "b1", "minutes": 4}
    ),
    "POST /api/v1/sessions/{session_id}/run/fit": Row("pair", "running", json={"minutes_left": 20}),
    "POST /api/v1/sessions/{session_id}/run/close": Row("pair", "running", json={}),
    "POST /api/v1/sessions/{session_id}/follow-ups": Row("pair", "held"),
    "GET /api/v1/sessions/{session_id}/follow-ups": Row("pair", "session"),
    "POST /api/v1/sessions/{session_id}/prep": Row("pair", "held"),
    "GET /api/v1/sessions/{session_id}/prep": Row("pair", "session"),
    "POST /api/v1/sessions/{session_id}/recaps": Row(
        "mentee", "held", json={"question": "What is a pivot table?"}
    ),
    "GET /api/v1/sessions/{session_id}/recaps": Row("mentee", "session"),
    "POST /api/v1/sessions/{session_id}/recaps/{recap_id}/share": Row("mentee", "recap"),
    "GET /api/v1/sessions/{session_id}/shared-recaps": Row("pair", "session"),
    "PUT /api/v1/sessions/{session_id}/recaps/{recap_id}/partner": Row("mentee", "recap"),
    "DELETE /api/v1/sessions/{session_id}/recaps/{recap_id}/partner": Row("mentee", "recap"),
    "GET /api/v1/sessions/{session_id}/questions": Row("pair", "held"),
    "PUT /api/v1/follow-ups/{draft_id}/questions/{question_id}": Row(
        "pair", "held", json={"state": "for_next"}
    ),
    "POST /api/v1/follow-ups/{draft_id}/questions/{question_id}/answers": Row(
        "pair", "held", json=NOTE
    ),
    "GET /api/v1/pairs/{pair_id}/memory": Row("mentee", "pair"),
    "POST /api/v1/memory/{item_id}/answers": Row("mentee", "card", json={"answer": "partly"}),
    "DELETE /api/v1/memory/{item_id}": Row("mentee", "card"),
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
    "GET /api/v1/library/documents/{document_id}/versions": Row("admin", "document"),
    "GET /api/v1/library/documents/{document_id}/versions/{number}": Row("admin", "document"),
    "GET /api/v1/library/documents/{document_id}/diff": Row(
        "admin", "document", query="?before=1&after=1"
    ),
    "POST /api/v1/library/documents/{document_id}/versions/{number}/restore": Row(
        "admin", "document"
    ),
    "POST /api/v1/library/documents/{document_id}/try": Row("admin", "document"),
    "GET /api/v1/library/documents/{document_id}/trial": Row("admin", "document"),
    "POST /api/v1/library/documents/{document_id}/versions": Row(
        "admin", "document", json={"source": "No header", "seen": 1}
    ),
    "POST /api/v1/library/documents/{document_id}/submit": Row("admin", "document"),
    "POST /api/v1/library/documents/{document_id}/return": Row("admin", "document"),
    "POST /api/v1/library/uploads": Row("admin", json={}),
    "POST /api/v1/library/imports": Row("admin", json={}),
    "GET /api/v1/library/uploads/{upload_id}": Row("admin", "upload"),
    "POST /api/v1/library/uploads/{upload_id}/draft": Row("admin", "upload", json={"seen": 7}),
    "POST /api/v1/library/reports": Row("person", json={**PLACE, "reason": "It says Insert now"}),
    "GET /api/v1/library/reports": Row("admin"),
    "POST /api/v1/library/reports/{report_id}/settle": Row("admin", "report", json={"answer": ""}),
    "GET /api/v1/library/embedding-model": Row("admin"),
    "POST /api/v1/library/embedding-model/change": Row("admin", json={}),
    "POST /api/v1/library/embedding-model/back": Row("admin", json={}),
    "GET /api/v1/library/gaps": Row("admin"),
    "POST /api/v1/library/gaps/articles": Row("admin", json={"gap_ids": []}),
    "POST /api/v1/library/gaps/{gap_id}/close": Row("admin", "gap"),
    "POST /api/v1/library/gaps/{gap_id}/reopen": Row("admin", "gap"),
    "GET /api/v1/library/bench": Row("admin", query="?q=pivot"),
    "GET /api/v1/library/golden": Row("admin"),
    "POST /api/v1/library/golden": Row("admin", json={"question": "Who?", "expected": []}),
    "GET /api/v1/library/golden/export": Row("admin"),
    "DELETE /api/v1/library/golden/{pin_id}": Row("admin", "pin"),
    "GET /api/v1/jobs": Row("admin"),
    "GET /api/v1/jobs/{job_id}": Row("admin", "job"),
    "POST /api/v1/jobs/{job_id}/cancel": Row("admin", "job"),
    "POST /api/v1/jobs/{job_id}/retry": Row("admin", "job"),
    "POST /api/v1/jobs/{job_id}/publish": Row("admin", "job", json={"accept_loss": "It moved"}),
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
    "POST /pairs/{pair_id}/state": Row("pair", "pair", form={"state": "active"}),
    "GET /pairs/{pair_id}/sessions/new": Row("pair", "pair"),
    "POST /pairs/{pair_id}/sessions/new": Row(
        "pair", "pair", form={"day": "2027-03-01", "minutes": "45"}
    ),
    "POST /pairs/{pair_id}/commitments/{commitment_id}": Row(
        "pair", "commitment", form={"status": "done"}
    ),
    "GET /notes/{note_id}": Row("pair", "note"),
    "POST /notes/{note_id}": Row("pair", "note", form={"act": "share"}),
    "POST /offers/{offer_id}": Row(
        "mentee", "offer", form={"accept": "yes", "pair_id": "00000000-0000-0000-0000-000000000000"}
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
    "GET /sessions/{session_id}/agenda/edit": Row("pair", "held"),
    "POST /sessions/{session_id}/agenda/edit": Row(
        "pair", "held", form={"edit": "words", "version": 1, **WORDS}
    ),
    "POST /sessions/{session_id}/agenda/settle": Row("pair", "held", form={"version": 1}),
    "GET /sessions/{session_id}/run": Row("pair", "running"),
    "POST /sessions/{session_id}/run": Row("pair", "running", form={"act": "fit", "minutes": "9"}),
    "GET /sessions/{session_id}/replan": Row("pair", "held"),
    "POST /sessions/{session_id}/replan": Row("pair", "held", form={"minutes_left": "20"}),
    "GET /sessions/{session_id}/prep": Row("pair", "session"),
    "POST /sessions/{session_id}/prep": Row("pair", "held"),
    "GET /sessions/{session_id}/recaps": Row("mentee", "session"),
    "POST /sessions/{session_id}/recaps": Row(
        "mentee", "held", form={"question": "What is a pivot table?"}
    ),
    "POST /sessions/{session_id}/recaps/{recap_id}/share": Row("mentee", "recap"),
    "GET /sessions/{session_id}/shared-recaps": Row("pair", "session"),
    "POST /sessions/{session_id}/recaps/{recap_id}/partner": Row(
        "mentee", "recap", form={"readers": "both"}
    ),
    "GET /sessions/{session_id}/questions": Row("pair", "held"),
    "POST /sessions/{session_id}/questions": Row("pair", "question", form={"state": "skipped"}),
    "GET /pairs/{pair_id}/cards": Row("mentee", "pair"),
    "POST /pairs/{pair_id}/cards/{item_id}": Row(
        "mentee", "card", form={"answer": "knew_it", "due_on": "2026-01-01"}
    ),
    "POST /pairs/{pair_id}/cards/{item_id}/delete": Row("mentee", "card"),
    "GET /library": Row("person"),
    "GET /library/{document_id}": Row("person", "document"),
    "GET /library/{document_id}/wrong": Row("person", "document", query=f"?passage={QUOTED}"),
    "POST /library/{document_id}/wrong": Row(
        "person", "document", form={"passage": PASSAGE, "reason": "It says Insert now"}
    ),
    "GET /admin/reports": Row("admin"),
    "POST /admin/reports/{report_id}/settle": Row("admin", "report", form={"answer": ""}),
    "GET /admin/library": Row("admin"),
    "GET /admin/library/{document_id}": Row("admin", "document"),
    "POST /admin/library/{document_id}/publish": Row("admin", "document"),
    "POST /admin/library/{document_id}/archive": Row("admin", "document"),
    "GET /admin/library/{document_id}/versions": Row("admin", "document"),
    "POST /admin/library/{document_id}/versions/{number}/restore": Row("admin", "document"),
    "POST /admin/library/{document_id}/try": Row("admin", "document"),
    "POST /admin/library/{document_id}/submit": Row("admin", "document"),
    "POST /admin/library/{document_id}/return": Row("admin", "document"),
    "GET /admin/upload": Row("admin"),
    "POST /admin/upload": Row("admin"),
    "GET /admin/import": Row("admin"),
    "POST /admin/import": Row("admin"),
    "GET /admin/uploads/{upload_id}": Row("admin", "upload"),
    "POST /admin/uploads/{upload_id}/draft": Row("admin", "upload", form={"id": "kept"}),
    "GET /admin/library/{document_id}/edit": Row("admin", "document"),
    "POST /admin/library/{document_id}/edit": Row(
        "admin", "document", form={"source": "No header", "seen": "1"}
    ),
    "GET /admin/bench": Row("admin", query="?q=pivot"),
    "GET /admin/golden": Row("admin"),
    "POST /admin/golden": Row("admin", form={"question": "Who?", "not_covered": "true"}),
    "GET /admin/golden/export": Row("admin"),
    "POST /admin/golden/{pin_id}/unpin": Row("admin", "pin"),
    "GET /admin/jobs": Row("admin"),
    "GET /admin/jobs/{job_id}": Row("admin", "job"),
    "POST /admin/jobs/{job_id}/cancel": Row("admin", "job"),
    "POST /admin/jobs/{job_id}/retry": Row("admin", "job"),
    "POST /admin/jobs/{job_id}/publish": Row("admin", "job", form={"reason": "It moved"}),
    "GET /admin/gaps": Row("admin"),
    "POST /admin/gaps/article": Row("admin", form={"title": "Annealers"}),
    "POST /admin/gaps/{gap_id}/close": Row("admin", "gap"),
    "POST /admin/gaps/{gap_id}/reopen": Row("admin", "gap"),
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
