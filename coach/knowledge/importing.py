"""An import as a job: each file read once, then what it brought tried and published together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from anyio import to_thread

from coach.errors import CoachError
from coach.jobs.rows import FILE, ROW, Claim, Job, hold, load_job, resume_job
from coach.jobs.runner import Tell
from coach.knowledge.archive import INDEX, History, read_archive
from coach.knowledge.batches import (
    Batch,
    BatchTrial,
    Flip,
    list_publishable,
    publish_batch,
    say_trial,
)
from coach.knowledge.bulk import (
    REASON,
    TOGETHER,
    Brought,
    Imported,
    digest_of,
    is_read,
    known_files,
    read_ahead,
    read_one,
    restore_one,
    tell_known,
    tell_saved,
)
from coach.knowledge.comparing import Gate
from coach.knowledge.handed_in import (
    count_told,
    list_brought,
    list_done,
    list_waiting,
    load_file,
    save_told,
)
from coach.knowledge.library import save_document
from coach.knowledge.reading.found import Extracted
from coach.knowledge.reading.heading import DocumentRead, Head
from coach.knowledge.reading.process import is_plain
from coach.knowledge.stored import chunks
from coach.knowledge.versions import check_reason
from coach.llm.embeddings import Encoder
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Database, Db

VERSION = tables.DocumentVersion


@dataclass(frozen=True, slots=True)
class FileImport:
    """One import at work; each stage finds in the database what it finished before."""

    database: Database
    claim: Claim
    tell: Tell

    async def read(self) -> str:
        """Read each file that is left, and keep it together with the line that says so."""
        job_id = self.claim.job_id
        counts = await self.database.read(count_told, job_id)
        total = sum(counts.values())
        await self.tell("reading", total - counts.get("waiting", 0), total)
        waiting = await self.database.read(list_waiting, job_id)
        if any(name == INDEX for _, name in waiting):
            await self._restore(waiting)
        else:
            await self._import(waiting)
        return await self.database.read(say_counts, job_id)

    async def publish(self, encoder: Encoder | None, gate: Gate) -> str | None:
        """Try and publish what was brought, where that is asked for; the figures in a sentence."""
        argument, job_id = self.claim.argument, self.claim.job_id
        brought = await self.database.read(list_brought, job_id)
        restored = await self.database.read(is_archive, job_id)
        if not (brought and (argument.get("publish") or restored)):
            return None

        def note(db: Db, trial: BatchTrial) -> None:
            hold(db, self.claim).found = asdict(trial)

        batch = Batch(
            brought,
            self.claim.author,
            str(argument.get("accept_loss") or "") or None,
            note,
            await self.database.read(load_found, job_id),
            restored,
        )
        found = await publish_batch(self.database, encoder, batch, gate, self.tell)
        total = sum((await self.database.read(count_told, job_id)).values())
        await self.tell("ending", total, total)  # of a job at its end people want to know the files
        counts = await self.database.read(say_counts, job_id)
        return f"{counts}. {say_trial(found)}" if found is not None else None

    async def _import(self, waiting: Sequence[tuple[int, str]]) -> None:
        head = head_of(self.claim)
        known = await self.database.read(known_files)
        taken = await self.database.read(list_taken, self.claim)
        for run in chunks(waiting, TOGETHER):
            found = await self._read_ahead(run)
            for position, name in run:
                data = await self.database.read(load_file, self.claim.job_id, position)
                digest = digest_of(data, head)
                same = known.get(digest)
                if same is not None:
                    taken.setdefault(same.document_id, name)
                    imported = Imported(name, "skipped", tell_known(same), (), same)
                    await self.database.transact(keep_told, self.claim, position, imported)
                    continue
                try:
                    read = await to_thread.run_sync(
                        read_one, data, name, head, taken, found.get(position)
                    )
                except CoachError as fault:
                    failed = Imported(name, "failed", fault.detail)
                    await self.database.transact(keep_told, self.claim, position, failed)
                    continue
                said = f"{REASON}{name[-200:]}, {digest}"
                known[digest] = await self.database.transact(
                    keep_file, self.claim, position, read, said
                )

    async def _read_ahead(self, run: Sequence[tuple[int, str]]) -> dict[int, Extracted]:
        plain = {}
        for position, _ in run:
            data = await self.database.read(load_file, self.claim.job_id, position)
            if is_plain(data):
                plain[position] = data
        return await to_thread.run_sync(read_ahead, plain)

    async def _restore(self, waiting: Sequence[tuple[int, str]]) -> None:
        files = {
            name: await self.database.read(load_file, self.claim.job_id, position)
            for position, name in waiting
        }
        histories = await to_thread.run_sync(lambda: list(read_archive(files)))
        in_review, brought = await self.database.read(is_read), dict[str, Brought | None]()
        for history in histories:
            brought[history.kept.id] = await self.database.transact(
                keep_restored, self.claim, history, in_review
            )
        for position, name in waiting:
            mine = brought.get(name.split("/")[1]) if name.count("/") == 2 else None
            imported = Imported(name, "done", "restored", (), mine)
            await self.database.transact(keep_told, self.claim, position, imported)


class NothingHeld(CoachError):
    """An import that left nothing in review was to be published all the same."""

    status = 409
    title = "This job holds nothing back that could be published."


class ReasonWanted(CoachError):
    """What costs golden questions was to be published without a word on why."""

    status = 422
    title = "Say why the loss is right: the reason stands in the history of each document."


def accept_loss(db: Db, job_id: UUID, reason: str, author: str) -> Job:
    """Let an import go on and publish what it held back; the questions are asked once more.

    Raises JobNotFound, NothingHeld, ReasonWanted or ReasonFault.
    """
    load_job(db, job_id)
    found = load_found(db, job_id)
    if found is None or found.fate != "in_review":
        raise NothingHeld
    if not list_publishable(db, list_brought(db, job_id), is_archive(db, job_id)):
        raise NothingHeld  # each was published, changed or taken out on its own page
    if not reason.strip():
        raise ReasonWanted
    check_reason(reason)
    return resume_job(db, job_id, {"publish": True, "accept_loss": reason.strip()}, author)


def load_found(db: Db, job_id: UUID) -> BatchTrial | None:
    """What an import found when what it brought was tried, if it came so far."""
    values = db.scalar(sa.select(ROW.found).where(ROW.id == job_id))
    return read_found(values) if values else None


def read_found(values: dict[str, object]) -> BatchTrial:
    """The trial that was kept as these values."""
    named = cast(dict[str, Any], values)
    flips = {
        name: tuple(Flip(one["question"], tuple(one["documents"])) for one in named[name])
        for name in ("lost", "won")
    }
    return BatchTrial(**{**named, **flips})


def say_counts(db: Db, job_id: UUID) -> str:
    """How many files there are of each outcome, in words."""
    counts = count_told(db, job_id)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    return f"{sum(counts.values())} files: {told}"


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


def keep_file(db: Db, claim: Claim, position: int, read: DocumentRead, said: str) -> Brought:
    """Keep a document and the line about its file, both or neither; the version it became."""
    row = hold(db, claim)
    saved = save_document(db, read.text, author=claim.author, now=now(), reason=said)
    brought = Brought(saved.document_id, saved.number)
    told = tell_saved(saved, bool(claim.argument.get("publish")))
    hidden = "".join(f"; {one.kind}: {one.why}" for one in read.findings)
    save_told(db, claim.job_id, position, Imported("", "done", told + hidden, (), brought))
    row.done += 1
    return brought


def keep_told(db: Db, claim: Claim, position: int, imported: Imported) -> None:
    """Say of a file what became of it, where no document is to be kept."""
    row = hold(db, claim)
    save_told(db, claim.job_id, position, imported)
    row.done += 1


def keep_restored(db: Db, claim: Claim, history: History, in_review: bool) -> Brought | None:
    """Bring a document of an exported library back; the version that may be published."""
    hold(db, claim)
    return restore_one(db, history, in_review)[1]


def is_archive(db: Db, job_id: UUID) -> bool:
    """Whether these files are an exported library."""
    found = sa.select(FILE.position).where(FILE.job_id == job_id, FILE.name == INDEX)
    return db.scalar(found) is not None
