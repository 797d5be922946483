"""Publishes what an import brought, tried once as a whole: the golden questions before and after.

When some lose their document nothing is published, unless a reason was given beforehand. What was
tried holds for the library it was tried in: when that changes meanwhile, it is tried again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa

from coach.errors import CoachError
from coach.knowledge.article import UNWRITTEN
from coach.knowledge.comparing import Answer, Comparison, Gate, compare
from coach.knowledge.library import (
    UNSAID,
    Said,
    library_version,
    lock_library,
    publish_versions,
)
from coach.knowledge.stored import IN_CHUNKS, chunks
from coach.knowledge.trial import Tell, Tried, try_versions
from coach.knowledge.trials import save_trial
from coach.llm.embeddings import Encoder
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Database, Db

# Who writes on SQLite waits no longer than these take.
TOGETHER = 10
MOST_ROUNDS = 5
Fate = Literal["publishing", "published", "in_review"]


class LibraryMoves(CoachError):
    """The library changed each time before what was tried could be published."""

    status = 503
    title = "The library changed each time while the golden questions were asked."


@dataclass(frozen=True, slots=True)
class Flip:
    """A golden question that goes wrong, or comes right, and the documents that make it so."""

    question: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchTrial:
    """What publishing so many documents at once changes, and what became of them.

    `version` is the library that this holds for; each part that is published takes it on.
    """

    documents: int
    asked: int
    before: float
    after: float
    lost: tuple[Flip, ...]
    won: tuple[Flip, ...]
    reason: str | None
    fate: Fate
    version: str


def note_nothing(_db: Db, _trial: BatchTrial) -> None:
    """What is kept of a trial where only its documents remember it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Versions to be published together, who wants that, and why a loss would be right.

    `restored` ones come from an export. `note` is part of every transaction; `begun` is what it
    noted before a stop.
    """

    versions: Mapping[str, int]
    author: str | None
    reason: str | None
    note: Callable[[Db, BatchTrial], None] = note_nothing
    begun: BatchTrial | None = None
    restored: bool = False


async def publish_batch(
    database: Database, encoder: Encoder | None, batch: Batch, gate: Gate, tell: Tell
) -> BatchTrial | None:
    """Ask before and after, and publish or leave in review; None when nothing is to be done."""
    found = batch.begun
    for _ in range(MOST_ROUNDS):
        versions = await database.read(list_publishable, batch.versions, batch.restored)
        if not versions:
            return await _end(database, batch, found)
        if found is None or found.fate != "publishing":
            tried = await try_versions(database, encoder, versions, gate, now(), tell)
            found = judge(tried, versions, batch.reason)
        if found.fate == "in_review":
            await database.transact(_keep_back, batch, found, versions)
            return found
        await tell("publishing", 0, len(versions))
        moved = await _publish(database, batch, found, versions, tell)
        if not moved:
            return await _end(database, batch, found)
        found = None
    raise LibraryMoves


def list_publishable(db: Db, versions: Mapping[str, int], restored: bool = False) -> dict[str, int]:
    """Those of these versions that pairs do not read, and that nobody has passed by or taken out.

    A document that was restored waits in review, and may have had newer versions elsewhere.
    """
    document, version = tables.Document, tables.DocumentVersion
    waits = document.state == "in_review"
    is_due = waits if restored else version.id == document.current_version_id
    found: dict[str, int] = {}
    for ids in chunks(sorted(versions), IN_CHUNKS):
        rows = db.execute(
            sa.select(version.document_id, version.number)
            .join(document, document.id == version.document_id)
            .where(
                document.id.in_(ids),
                document.state != "archived",
                is_due,
                sa.or_(
                    document.published_version_id.is_(None),
                    document.published_version_id != version.id,
                ),
                version.text.not_like(f"%{UNWRITTEN}%"),
            )
        )
        found |= {one: number for one, number in rows if versions[one] == number}
    return found


def judge(tried: Tried, versions: Mapping[str, int], reason: str | None) -> BatchTrial:
    """What the answers before and after say, each flip with the documents that cause it."""
    said = compare(tried.befores, tried.afters)
    pairs = list(zip(tried.befores, tried.afters, strict=True))
    lost = tuple(_flip(new, versions) for old, new in pairs if old.is_right and not new.is_right)
    won = tuple(_flip(new, versions) for old, new in pairs if new.is_right and not old.is_right)
    fate: Fate = "publishing" if reason or not lost else "in_review"
    count, asked = len(versions), said.asked
    return BatchTrial(count, asked, said.before, said.after, lost, won, reason, fate, tried.version)


def say_trial(trial: BatchTrial) -> str:
    """The figures and what became of the documents, in a few sentences."""
    some = "question" if trial.asked == 1 else "questions"
    figures = (
        f"{trial.asked} golden {some}: recall@5 {trial.before:.1%} before and "
        f"{trial.after:.1%} after, {len(trial.lost)} lost, {len(trial.won)} won."
        if trial.asked
        else "No golden question is about these documents."
    )
    return f"{figures} {say_fate(trial)}"


def say_fate(trial: BatchTrial) -> str:
    """What became of the documents, and what can be done, in one sentence."""
    one = trial.documents == 1
    if trial.fate == "in_review":
        return (
            f"{_count(trial)} {'stays' if one else 'stay'} unpublished, in review, for golden "
            "questions would go wrong: take out or mend what is named beside them and import the "
            "same files again, or publish all of it with the reason why that is right."
        )
    over = " over that loss" if trial.lost else ""
    return f"{_count(trial)} {'is' if one else 'are'} published{over}."


def _count(trial: BatchTrial) -> str:
    return f"{trial.documents} document{'' if trial.documents == 1 else 's'}"


# --- Below the table --------------------------------------------------------------------------


def _flip(after: Answer, versions: Mapping[str, int]) -> Flip:
    """The question with what this batch puts among its first five, or takes out of them."""
    seen = dict.fromkeys((*after.documents, *after.golden.expected))
    named = tuple(one for one in seen if one in versions)
    if after.is_right:
        named = tuple(one for one in named if one in after.golden.expected) or named
    return Flip(after.golden.question, named)


async def _end(database: Database, batch: Batch, found: BatchTrial | None) -> BatchTrial | None:
    if found is None or found.fate != "publishing":
        return found
    done = replace(found, fate="published")
    await database.transact(batch.note, done)
    return done


def _keep_back(db: Db, batch: Batch, found: BatchTrial, versions: Mapping[str, int]) -> None:
    """Leave drafts in review; those that cost a question show it on their page."""
    moment, document = now(), tables.Document
    for ids in chunks(sorted(versions), IN_CHUNKS):
        drafts = sa.and_(document.id.in_(ids), document.state == "draft")
        db.execute(sa.update(document).where(drafts).values(state="in_review", changed_at=moment))
    for one in sorted(versions):
        of_one = _of(found, one)
        if of_one.lost:
            save_trial(db, one, of_one, moment)
    batch.note(db, found)


async def _publish(
    database: Database,
    batch: Batch,
    found: BatchTrial,
    versions: Mapping[str, int],
    tell: Tell,
) -> bool:
    """Publish part by part; whether something else moved first, so that the rest is untried."""
    done = 0
    for ids in chunks(sorted(versions), TOGETHER):
        part = {one: versions[one] for one in ids}
        went = await database.transact(_publish_part, batch, found, part)
        if went is None:
            return True
        found, done = went, done + len(part)
        await tell("publishing", done, len(versions))
    return False


def _publish_part(
    db: Db, batch: Batch, found: BatchTrial, part: Mapping[str, int]
) -> BatchTrial | None:
    """Publish these with the reason in their history, unless the library is another by now."""
    lock_library(db)
    if library_version(db) != found.version or list_publishable(db, part, batch.restored) != part:
        return None
    moment = now()
    publish_versions(db, part, moment)
    said = Said(batch.author, found.reason if found.asked else None)
    for one, number in part.items() if found.asked or said != UNSAID else ():
        save_trial(db, one, _of(found, one), moment, said, number)
    after = replace(found, version=library_version(db))
    batch.note(db, after)
    return after


def _of(found: BatchTrial, document_id: str) -> Comparison:
    """The figures of all, with the flips that this document causes, or that none causes alone."""

    def of_one(flips: Sequence[Flip]) -> tuple[str, ...]:
        return tuple(
            one.question for one in flips if not one.documents or document_id in one.documents
        )

    return Comparison(
        found.asked, found.before, found.after, 0, 0, of_one(found.lost), of_one(found.won)
    )
