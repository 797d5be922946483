"""The pages people see: plain HTML that works without scripts."""

from fastapi import APIRouter

from coach.web.pages import (
    admin,
    agendas,
    gaps,
    histories,
    home,
    library,
    pairs,
    preps,
    recaps,
    reports,
    sessions,
    sign_in,
    uploads,
)

pages = APIRouter(include_in_schema=False)
CURATING = (admin, uploads, histories, reports, gaps)
for part in (sign_in, home, pairs, sessions, agendas, preps, recaps, library, *CURATING):
    pages.include_router(part.router)
