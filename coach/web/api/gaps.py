"""What the library lacks, for admins: clustered, begun as articles, closed and opened again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from coach.gaps import NewArticle, begin_article, cluster_by_meaning
from coach.knowledge.article import LONGEST_TITLE
from coach.knowledge.documents import DocumentKind, Level
from coach.knowledge.library import Saved
from coach.pairs.clusters import GapCluster
from coach.pairs.gaps import Before, KnownGap, close_gap, list_gaps, reopen_gap
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.api.library_versions import SavedRead, name_of, read_saved
from coach.web.clock import now
from coach.web.fields import Asked, Id, Items, Text
from coach.web.front import AtAdmin, AtResources

router = APIRouter(tags=["library"])
MOST_GAPS = 200


class AskedAgainRead(BaseModel):
    """What was said before a publication, and what is answered now, from which passage."""

    before: Before
    answered: bool
    relevance: float
    threshold: float
    at: datetime
    document_id: str | None
    title: str | None
    passage_id: str | None
    heading: str | None
    text: str | None
    told: str | None


class GapRead(BaseModel):
    """One gap: the library's nearest topic and a count; `question` only when it was shared."""

    id: UUID
    reason: str
    topic: str
    question: str | None
    count: int
    last_at: datetime
    article: str | None
    closed_at: datetime | None
    asked_again: AskedAgainRead | None


class ClusterRead(BaseModel):
    """Gaps that ask for much the same, under the topic of the most frequent one."""

    reason: str
    topic: str
    count: int
    questions: tuple[str, ...]
    last_at: datetime
    gaps: list[GapRead]


class ArticleBegun(Asked):
    """Which gaps an article is to answer; a title is made when none is given."""

    gap_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_GAPS)]
    title: Annotated[Text, Field(max_length=LONGEST_TITLE)] = ""
    kind: DocumentKind = "tutorial"
    level: Level = "basic"


@router.get("/library/gaps")
async def gaps(admin: AtAdmin, resources: AtResources, closed: bool = False) -> Items[ClusterRead]:
    """List what the library could not answer, the most frequent first; or what was closed."""
    found = await resources.read(list_gaps, admin, closed)
    clusters = await cluster_by_meaning(found, resources.encoder)
    return Items(items=[_cluster(one) for one in clusters])


@router.post("/library/gaps/articles", status_code=201)
async def article(asked: ArticleBegun, admin: AtAdmin, resources: AtResources) -> SavedRead:
    """Begin a draft that is to answer these gaps: its header and headings, without sentences."""
    new = NewArticle(tuple(asked.gap_ids), asked.title, asked.kind, asked.level)
    return read_saved(await resources.transact(save_begun, admin, new))


@router.post("/library/gaps/{gap_id}/close", status_code=204)
async def close(gap_id: Id, admin: AtAdmin, resources: AtResources) -> None:
    """Close a gap by hand."""
    await resources.transact(close_gap, admin.programme_id, gap_id)


@router.post("/library/gaps/{gap_id}/reopen", status_code=204)
async def reopen(gap_id: Id, admin: AtAdmin, resources: AtResources) -> None:
    """Open a closed gap again, when its answer is none."""
    await resources.transact(reopen_gap, admin.programme_id, gap_id)


def save_begun(db: Db, admin: Viewer, new: NewArticle) -> Saved:
    """Begin an article in this admin's name."""
    return begin_article(db, admin.programme_id, new, name_of(db, admin), now())


def _cluster(one: GapCluster) -> ClusterRead:
    return ClusterRead(
        reason=one.gaps[0].reason,
        topic=one.topic,
        count=one.count,
        questions=one.questions,
        last_at=one.last_at,
        gaps=[_gap(gap) for gap in one.gaps],
    )


def _gap(gap: KnownGap) -> GapRead:
    again = gap.asked_again
    return GapRead(
        id=gap.id,
        reason=gap.reason,
        topic=gap.topic,
        question=gap.question or None,
        count=gap.count,
        last_at=gap.last_at,
        article=gap.article,
        closed_at=gap.closed_at,
        asked_again=AskedAgainRead.model_validate(again, from_attributes=True) if again else None,
    )
