"""Whether the service lives, and whether it can work."""

from typing import Literal

import sqlalchemy as sa
from fastapi import APIRouter
from pydantic import BaseModel

from coach.storage.database import Db
from coach.storage.tables import Document
from coach.web.front import AtFront
from coach.web.service import Front

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """What the service works with; counts alone."""

    status: Literal["ok"] = "ok"
    database: Literal["ok"] = "ok"
    published_documents: int
    index: str


@router.get("/healthz")
async def healthz() -> Alive:
    """Say that the process answers."""
    return Alive()


@router.get("/readyz")
async def readyz(front: AtFront) -> Ready:
    """Say that the database answers, how much is published, and how search works."""
    published = await front.resources.read(count_published)
    return Ready(published_documents=published, index=index_state(front))


def count_published(db: Db) -> int:
    """How many documents pairs can be taught from."""
    query = sa.select(sa.func.count()).select_from(Document)
    return db.scalar(query.where(Document.state == "published")) or 0


def index_state(front: Front) -> str:
    """How search compares meanings now, or why it looks for words alone."""
    meanings = front.resources.meanings
    return front.resources.embeddings if meanings is None else meanings.state
