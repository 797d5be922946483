"""What workers do for the library: import files, keep vectors and index in step, look at dates.

Each stage can be begun again at any point: what it has finished it finds in the database.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import cast

import sqlalchemy as sa

from coach.jobs.rows import ROW, Claim, Kind, add_job, is_open
from coach.jobs.runner import Stage, Tell
from coach.knowledge.changing import Wanted, change_model
from coach.knowledge.comparing import Gate
from coach.knowledge.importing import FileImport
from coach.knowledge.library import library_version
from coach.knowledge.listing import list_documents
from coach.knowledge.meanings import Meanings
from coach.knowledge.model_jobs import add_due_change, is_change_due
from coach.knowledge.serving import Serving
from coach.knowledge.trying import try_as_job
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Database, Db

INDEXING: tuple[Kind, ...] = ("index", "re-embed")
KEPT = timedelta(days=30)
WHILE_IMPORTING = timedelta(seconds=20)
VERSION = tables.DocumentVersion
WORDS_ALONE = "There is no embedding model here, so search finds words; nothing was to be done."


@dataclass(slots=True)
class LibraryWork:
    """The stages of each kind of job, and the look that adds the jobs nobody asks for."""

    database: Database
    meanings: Meanings | None = None
    today: Callable[[], date] = lambda: datetime.now(UTC).date()
    daily_after: float = 0.0
    gate: Gate = Gate(())
    _looked_on: date | None = None
    _begun: float = field(default_factory=time.monotonic)
    stages: dict[str, Sequence[tuple[str, Stage]]] = field(init=False)

    def __post_init__(self) -> None:
        index: Sequence[tuple[str, Stage]] = (("index", self.index),)
        self.stages = {
            "import": (("reading", self.import_files), ("publishing", self.publish_files)),
            "index": index,
            "re-embed": (("re-embed", self.re_embed),),
            "trial": (("trying", self.try_publishing),),
            "freshness": (("looking", self.look_at_dates), ("tidying", self.tidy)),
        }

    async def look(self) -> None:
        """Add what is to be done each day, and when the index has fallen behind."""
        day = self.today()
        if day != self._looked_on and time.monotonic() - self._begun >= self.daily_after:
            once = f"freshness {day.isoformat()}"
            await self.database.transact(add_job, "freshness", once=once)
            self._looked_on = day
        meanings = self.meanings
        if meanings is not None and meanings.behind:
            if await self.database.read(needs_index):
                await self.database.transact(add_index)
        if meanings is not None and isinstance(meanings.encoder, Serving):
            configured = meanings.encoder.configured.model
            if await self.database.read(is_change_due, configured):
                await self.database.transact(add_due_change, configured)

    # --- Stages -------------------------------------------------------------------------------

    async def index(self, _claim: Claim, tell: Tell) -> str:
        """Embed what has no vector, put it into the index, and read it back."""
        if self.meanings is None:
            return WORDS_ALONE
        return await self.meanings.bring(tell)

    async def try_publishing(self, claim: Claim, tell: Tell) -> str:
        """Find out what publishing a document would change for the golden questions."""
        encoder = self.meanings.encoder if self.meanings is not None else None
        return await try_as_job(self.database, encoder, self.gate, claim, tell)

    async def re_embed(self, claim: Claim, tell: Tell) -> str:
        """Bring another model in, compare it with the one that serves, and swap when it may."""
        if self.meanings is None:
            return WORDS_ALONE
        said = cast(dict[str, str], claim.argument)
        label = said.get("label", self.meanings.encoder.model)
        wanted = Wanted(label, said.get("reason"), claim.author)
        return await change_model(self.meanings, wanted, self.gate, tell)

    async def import_files(self, claim: Claim, tell: Tell) -> str:
        """Read each file that is left, and keep it together with the line that says so."""
        return await FileImport(self.database, claim, tell).read()

    async def publish_files(self, claim: Claim, tell: Tell) -> str | None:
        """Ask the golden questions before and after for all that an import brought, and publish."""
        encoder = self.meanings.encoder if self.meanings is not None else None
        return await FileImport(self.database, claim, tell).publish(encoder, self.gate)

    async def look_at_dates(self, _claim: Claim, _tell: Tell) -> str:
        """Say which published documents are past their review date, and whose they are."""
        listed = await self.database.read(list_documents, self.today())
        late = [one for one in listed if one.state == "needs_check"]
        if not late:
            return "No published document is past its review date."
        names = "; ".join(f"{one.id} ({one.header.owner or 'no owner'})" for one in late[:50])
        return f"{len(late)} past their review date: {names}"

    async def tidy(self, _claim: Claim, _tell: Tell) -> None:
        """Let go of jobs that ended a month ago, with the files of theirs."""
        await self.database.transact(forget_jobs, now() - KEPT)


def needs_index(db: Db) -> bool:
    """Whether no job for the index is open, and none for this version was cancelled or failed.

    While an import runs, which publishes all the time, there is one only now and then.
    """
    if is_open(db, INDEXING):
        return False
    row = (
        sa.select(ROW.state, ROW.argument, ROW.changed_at)
        .where(ROW.kind.in_(INDEXING))
        .order_by(ROW.created_at.desc())
    )
    last = db.execute(row.limit(1)).one_or_none()
    if last is None:
        return True
    if last.state == "done":
        return last.changed_at < now() - WHILE_IMPORTING or not is_open(db, ("import",))
    return bool(last.argument.get("version") != library_version(db))


def add_index(db: Db) -> None:
    """Add the job that brings the index up to date."""
    add_job(db, "index", {"version": library_version(db)}, once="index")


def forget_jobs(db: Db, before: datetime) -> None:
    """Delete the jobs that ended before this moment."""
    ended = ROW.state.in_(("done", "failed", "cancelled"))
    db.execute(sa.delete(ROW).where(ended, ROW.changed_at < before))
