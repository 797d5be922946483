"""The pages people see: plain HTML that works without scripts."""

from fastapi import APIRouter

from coach.web.pages import (
    admin,
    agendas,
    cards,
    gaps,
    home,
    library,
    pairs,
    preps,
    questions,
    recaps,
    sessions,
    sharing,
    sign_in,
)

pages = APIRouter(include_in_schema=False)
for part in (
    sign_in,
    home,
    pairs,
    sessions,
    agendas,
    preps,
    recaps,
    sharing,
    questions,
    cards,
    library,
    admin,
    gaps,
):
    pages.include_router(part.router)
