"""What the library lacks, from both sides: begun as articles, and asked again once published.

Pairs know what was asked, and the library what it answers; neither knows the other.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from anyio import to_thread

from coach.coaching.bench import Judged, judge_question
from coach.errors import CoachError
from coach.jobs.rows import ROW, Claim, Kind, add_job, hold, is_open
from coach.jobs.runner import Stage, Tell
from coach.knowledge.article import Outline, build_article, free_id, title_from
from coach.knowledge.documents import DocumentKind, Level
from coach.knowledge.library import Saved, save_document
from coach.knowledge.markdown import read_document
from coach.knowledge.retrieval import Library
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import Encoder, EncoderFault, encode_checked
from coach.pairs.clusters import GapCluster, asked_texts, cluster_gaps
from coach.pairs.gaps import (
    UNHEARD,
    AskedAgain,
    KnownGap,
    choose_gaps,
    is_behind,
    library_asked,
    list_behind,
    save_article,
    save_asked_again,
)
from coach.storage import tables
from coach.storage.database import Database, Db

REASK: Kind = "re-ask"
# A page waits for the vectors of these, a second or two; where there are more, words are compared.
MOST_COMPARED = 150
BY_TOPIC = "Only its topic could be asked, and what answers that was there before."
AS_BEFORE = "It is answered by the same passage as when it was opened again."
NOT_TO_ASK = "Its words were not shared and no topic is near it, so it cannot be asked again."


class ArticleBegun(CoachError):
    """Somebody has begun the article for these gaps already."""

    status = 409
    title = "An article for this was begun already."


@dataclass(frozen=True, slots=True)
class NewArticle:
    """What an admin says of an article that is to answer gaps; what is empty is prefilled."""

    gap_ids: tuple[UUID, ...]
    title: str = ""
    kind: DocumentKind = "tutorial"
    level: Level = "basic"


async def cluster_by_meaning(
    gaps: Sequence[KnownGap], encoder: Encoder | None
) -> tuple[GapCluster, ...]:
    """The gaps that ask for much the same together; by words where meanings cannot be compared."""
    texts = asked_texts(gaps)
    meanings = None
    if encoder is not None and 0 < len(texts) <= MOST_COMPARED:
        with suppress(EncoderFault):
            meanings = dict(zip(texts, await encode_checked(encoder, texts), strict=True))
    return await to_thread.run_sync(cluster_gaps, gaps, meanings)


def begin_article(
    db: Db, programme_id: UUID | None, asked: NewArticle, owner: str | None, now: datetime
) -> Saved:
    """A new draft with the header and the headings of an article that is to answer these gaps.

    Raises ArticleBegun while a draft that was begun for all of them waits to be published.
    """
    gaps = choose_gaps(db, programme_id, asked.gap_ids)
    refuse_begun(db, gaps)
    questions = tuple(dict.fromkeys(gap.question for gap in gaps if gap.question))
    topics = tuple(dict.fromkeys(gap.topic for gap in gaps if gap.topic != UNHEARD))
    title = " ".join(asked.title.split()) or title_from(next(iter(topics), None), questions)
    document_id = free_id(title, db.scalars(sa.select(tables.Document.id)).all())
    outline = Outline(title, asked.kind, asked.level, topics, questions, owner)
    source = build_article(outline, document_id, now.date())
    text = read_document(source, f"{document_id}.md")
    count = sum(gap.count for gap in gaps)
    times = "once" if count == 1 else f"{count} times"
    reason = f"Begun for what was asked {times} and the library lacked"
    saved = save_document(db, text, author=owner, now=now, reason=reason)
    save_article(db, asked.gap_ids, document_id)
    return saved


def refuse_begun(db: Db, gaps: Sequence[KnownGap]) -> None:
    """Raise ArticleBegun when all of these name one draft that is still there."""
    named = {gap.article for gap in gaps}
    begun = named.pop() if len(named) == 1 else None
    document = db.get(tables.Document, begun) if begun is not None else None
    if document is not None and document.state in ("draft", "in_review"):
        raise ArticleBegun(
            f"An article for this was begun already: go on with {document.id!r}, or publish it."
        )


# --- Asked again ------------------------------------------------------------------------------


def add_asking(db: Db) -> None:
    """Add the job that asks open gaps again, when the library is another since they were asked."""
    if not is_behind(db) or is_open(db, (REASK,)):
        return
    version = library_asked(db)
    query = sa.select(ROW.state, ROW.argument).where(ROW.kind == REASK)
    last = db.execute(query.order_by(ROW.created_at.desc()).limit(1)).one_or_none()
    # What failed at this version, or was stopped, is not begun again by itself.
    if last is None or last.state == "done" or last.argument.get("version") != version:
        add_job(db, REASK, {"version": version}, once=REASK)


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks every open gap again, with its words where they were shared, else with its topic."""

    database: Database
    library: Library
    encoder: Encoder | None
    abstain_below: float

    async def look(self) -> None:
        """Add the job when there is something to ask again."""
        if await self.database.read(is_behind):
            await self.database.transact(add_asking)

    @property
    def stages(self) -> dict[str, Sequence[tuple[str, Stage]]]:
        """What a job of this kind goes through."""
        return {REASK: (("embedding", self.embed), ("asking", self.ask))}

    async def embed(self, _claim: Claim, tell: Tell) -> None:
        """Give what was published its vectors first, so that its meaning can be found."""

        async def told(done: int, total: int) -> None:
            await tell("embedding", done, total)

        if self.encoder is not None:
            try:
                await embed_published(self.database, self.encoder, told)
            except EncoderFault:
                return  # words are compared, as drafts do meanwhile

    async def ask(self, claim: Claim, tell: Tell) -> str:
        """Ask each gap, and close those that are answered now."""
        behind = await self.database.read(list_behind)
        closed = 0
        for number, gap in enumerate(behind):
            await tell("asking", number, len(behind))
            version = await self.database.read(library_asked)
            found = await self._ask_one(gap)
            closes = await self.database.transact(keep_asked, claim, gap, found, version)
            closed += closes
        await tell("asking", len(behind), len(behind))
        count = "1 gap" if len(behind) == 1 else f"{len(behind)} gaps"
        return f"{count} asked again: {closed} closed, {len(behind) - closed} open"

    async def _ask_one(self, gap: KnownGap) -> AskedAgain:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        if gap.asked is None:
            return AskedAgain(gap.before, False, 0.0, self.abstain_below, at, told=NOT_TO_ASK)
        judged = await judge_question(self.library, gap.asked, self.abstain_below)
        return _told(gap, judged, at)


def keep_asked(db: Db, claim: Claim, gap: KnownGap, found: AskedAgain, version: str) -> bool:
    """Keep what came of asking a gap again; whether it closes."""
    hold(db, claim)
    closes = found.answered and _is_new(db, gap, found)
    if found.answered and not closes:
        found = replace(found, told=AS_BEFORE if gap.question else BY_TOPIC)
    save_asked_again(db, gap.id, found, version, closes)
    return closes


def _told(gap: KnownGap, judged: Judged, at: str) -> AskedAgain:
    passage = judged.passage
    answered = passage is not None
    return AskedAgain(
        before=gap.before,
        answered=answered,
        relevance=round(judged.relevance, 3),
        threshold=judged.threshold,
        at=at,
        document_id=passage.document_id if passage else None,
        title=passage.document_title if passage else None,
        passage_id=passage.id if passage else None,
        heading=" › ".join(passage.heading_path) if passage else None,
        text=passage.text if passage else None,
    )


def _is_new(db: Db, gap: KnownGap, found: AskedAgain) -> bool:
    """Whether this answer was not there when the gap was asked, or when it was opened again.

    A topic is the library's own word, so the library always speaks of it: only what was published
    since can be what was lacking.
    """
    if gap.question:
        last = gap.asked_again
        return last is None or not last.answered or last.passage_id != found.passage_id
    changed = db.scalar(
        sa.select(tables.Document.changed_at).where(tables.Document.id == found.document_id)
    )
    return changed is not None and changed > gap.last_at
