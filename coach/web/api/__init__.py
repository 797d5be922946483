"""The API of version 1: JSON in and out, errors as application/problem+json."""

from typing import Any

from fastapi import APIRouter

from coach.web.api import (
    agendas,
    commitments,
    edits,
    embedding_models,
    gaps,
    golden,
    health,
    imports,
    jobs,
    library,
    library_versions,
    memory,
    notes,
    pairs,
    people,
    preps,
    questions,
    recaps,
    reports,
    runs,
    sessions,
    sharing,
    trials,
    uploads,
)
from coach.web.front import DescribesTokens
from coach.web.problems import Problem

MEDIA = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The body cannot be read"},
    401: {"model": Problem, "description": "Not signed in"},
    404: {"model": Problem, "description": "Unknown, or not yours"},
    409: {"model": Problem, "description": "Not possible as things stand"},
    422: {"model": Problem, "description": "Not the form this route takes"},
}

version_1 = APIRouter(prefix="/api/v1", responses=ERRORS, dependencies=[DescribesTokens])
parts = (
    pairs, sessions, agendas, edits, runs, preps, recaps, sharing, questions, memory, notes,
    commitments, library, library_versions, uploads, imports, trials, embedding_models, reports,
    gaps, golden, jobs, people,
)  # fmt: skip
for part in parts:
    version_1.include_router(part.router)

api = APIRouter()
api.include_router(version_1)
api.include_router(health.router)
