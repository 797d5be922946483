"""The pages people see: plain HTML that works without scripts."""

from fastapi import APIRouter

from coach.web.pages import (
    admin,
    agendas,
    bench,
    cards,
    curating,
    edits,
    gaps,
    histories,
    home,
    imports,
    jobs,
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
CURATING = (admin, curating, uploads, imports, histories, reports, gaps, bench, jobs)
parts = (
    sign_in, home, pairs, sessions, agendas, edits, runs, promises, notes, preps, recaps, sharing,
    questions, cards, library, *CURATING,
)  # fmt: skip
for part in parts:
    pages.include_router(part.router)
