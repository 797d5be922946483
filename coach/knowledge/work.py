"""What workers do for the library: import files, keep vectors and index in step, look at dates.

Each stage can be begun again at any point: what it has finished it finds in the database.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread

from coach.errors import CoachError
from coach.jobs.rows import ROW, Claim, Kind, add_job, hold, is_open
from coach.jobs.runner import Stage, Tell
from coach.knowledge.archive import INDEX, History, read_archive, save_history
from coach.knowledge.bulk import (
    REASON,
    TOGETHER,
    digest_of,
    known_files,
    read_ahead,
    read_one,
)
from coach.knowledge.changing import Wanted, change_model
from coach.knowledge.comparing import Gate
from coach.knowledge.handed_in import (
    count_told,
    list_done,
    list_waiting,
    load_file,
    save_told,
)
from coach.knowledge.library import library_version, save_document
from coach.knowledge.listing import list_documents
from coach.knowledge.meanings import Meanings
from coach.knowledge.model_jobs import add_due_change, is_change_due
from coach.knowledge.reading.found import Extracted
from coach.knowledge.reading.heading import DocumentRead, Head
from coach.knowledge.reading.process import is_plain
from coach.knowledge.serving import Serving
from coach.knowledge.stored import chunks
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
            "import": (("reading", self.import_files),),
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
        counts = await self.database.read(count_told, claim.job_id)
        total = sum(counts.values())
        await tell("reading", total - counts.get("waiting", 0), total)
        waiting = await self.database.read(list_waiting, claim.job_id)
        if any(name == INDEX for _, name in waiting):
            await self._restore(claim, waiting)
        else:
            await self._import(claim, waiting)
        counts = await self.database.read(count_told, claim.job_id)
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        return f"{sum(counts.values())} files: {told}"

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

    # --- Files --------------------------------------------------------------------------------

    async def _import(self, claim: Claim, waiting: Sequence[tuple[int, str]]) -> None:
        head = head_of(claim)
        known = await self.database.read(known_files)
        taken = await self.database.read(list_taken, claim)
        for run in chunks(waiting, TOGETHER):
            found = await self._read_ahead(claim, run)
            for position, name in run:
                data = await self.database.read(load_file, claim.job_id, position)
                digest = digest_of(data, head)
                same = known.get(digest)
                if same is not None:
                    taken.setdefault(same, name)
                    told = f"already imported as {same}"
                    await self.database.transact(skip_file, claim, position, told)
                    continue
                try:
                    read = await to_thread.run_sync(
                        read_one, data, name, head, taken, found.get(position)
                    )
                except CoachError as fault:
                    told = fault.detail
                    await self.database.transact(skip_file, claim, position, told, "failed")
                    continue
                said = f"{REASON}{name[-200:]}, {digest}"
                known[digest] = await self.database.transact(keep_file, claim, position, read, said)

    async def _read_ahead(
        self, claim: Claim, run: Sequence[tuple[int, str]]
    ) -> dict[int, Extracted]:
        plain = {}
        for position, _ in run:
            data = await self.database.read(load_file, claim.job_id, position)
            if is_plain(data):
                plain[position] = data
        return await to_thread.run_sync(read_ahead, plain)

    async def _restore(self, claim: Claim, waiting: Sequence[tuple[int, str]]) -> None:
        files = {
            name: await self.database.read(load_file, claim.job_id, position)
            for position, name in waiting
        }
        histories = await to_thread.run_sync(lambda: list(read_archive(files)))
        for history in histories:
            await self.database.transact(keep_history_of, claim, history)
        for position, _ in waiting:
            await self.database.transact(skip_file, claim, position, "restored", "done")


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


def head_of(claim: Claim) -> Head:
    """What was said about files without a header."""
    return Head(**cast(dict[str, Any], claim.argument.get("head", {})))


def list_taken(db: Db, claim: Claim) -> dict[str, str]:
    """The documents that files of this import have become already, with the names of these."""
    done = list_done(db, claim.job_id)
    row = sa.select(VERSION.reason, VERSION.document_id).where(VERSION.reason.startswith(REASON))
    found = db.execute(row) if done else ()
    names = {
        document: str(reason).removeprefix(REASON).rsplit(", ", 1)[0] for reason, document in found
    }
    return {document: name for document, name in names.items() if name in done}


def keep_file(db: Db, claim: Claim, position: int, read: DocumentRead, said: str) -> str:
    """Keep a document and the line about its file, both or neither; the id of the document."""
    row = hold(db, claim)
    publish = bool(claim.argument.get("publish"))
    saved = save_document(
        db, read.text, author=claim.author, publish=publish, now=now(), reason=said
    )
    told = f"{saved.outcome}: {saved.document_id}, version {saved.number}, {saved.state}"
    hidden = "".join(f"; {one.kind}: {one.why}" for one in read.findings)
    save_told(db, claim.job_id, position, "done", told + hidden)
    row.done += 1
    return saved.document_id


def skip_file(db: Db, claim: Claim, position: int, told: str, outcome: str = "skipped") -> None:
    """Say that there is nothing to keep of a file, and why."""
    row = hold(db, claim)
    save_told(db, claim.job_id, position, outcome, told)
    row.done += 1


def keep_history_of(db: Db, claim: Claim, history: History) -> None:
    """Bring a document of an exported library back."""
    hold(db, claim)
    save_history(db, history)


def forget_jobs(db: Db, before: datetime) -> None:
    """Delete the jobs that ended before this moment."""
    ended = ROW.state.in_(("done", "failed", "cancelled"))
    db.execute(sa.delete(ROW).where(ended, ROW.changed_at < before))
