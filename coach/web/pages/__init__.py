"""The pages people see: plain HTML that works without scripts."""

from fastapi import APIRouter

from coach.web.pages import (
    admin,
    agendas,
    cards,
    edits,
    gaps,
    home,
    library,
    notes,
    pairs,
    preps,
    promises,
    questions,
    recaps,
    runs,
    sessions,
    sharing,
    sign_in,
)

pages = APIRouter(include_in_schema=False)
parts = (
    sign_in, home, pairs, sessions, agendas, edits, runs, promises, notes, preps, recaps, sharing,
    questions, cards, library, admin, gaps,
)  # fmt: skip
for part in parts:
    pages.include_router(part.router)
