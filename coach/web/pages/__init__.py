"""The pages people see: plain HTML that works without scripts."""

from fastapi import APIRouter

from coach.web.pages import (
    admin,
    agendas,
    cards,
    edits,
    gaps,
    histories,
    home,
    library,
    notes,
    pairs,
    preps,
    promises,
    questions,
    recaps,
    reports,
    runs,
    sessions,
    sharing,
    sign_in,
    uploads,
)

pages = APIRouter(include_in_schema=False)
CURATING = (admin, uploads, histories, reports, gaps)
parts = (
    sign_in, home, pairs, sessions, agendas, edits, runs, promises, notes, preps, recaps, sharing,
    questions, cards, library, *CURATING,
)  # fmt: skip
for part in parts:
    pages.include_router(part.router)
