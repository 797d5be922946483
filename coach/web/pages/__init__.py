"""The pages people see: plain HTML that works without scripts."""

from fastapi import APIRouter

from coach.web.pages import (
    admin,
    agendas,
    edits,
    gaps,
    home,
    library,
    pairs,
    preps,
    recaps,
    runs,
    sessions,
    sign_in,
)

pages = APIRouter(include_in_schema=False)
parts = (sign_in, home, pairs, sessions, agendas, edits, runs, preps, recaps, library, admin, gaps)
for part in parts:
    pages.include_router(part.router)
