"""Jobs are done stage by stage, finished once, and stopped when somebody says so."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import anyio
import pytest
import sqlalchemy as sa

from coach.errors import CoachError
from coach.jobs import runner as running
from coach.jobs.rows import Claim, Job, add_job, cancel_job, load_job, retry_job
from coach.jobs.runner import Runner, Stage, Tell
from coach.knowledge.handed_in import Publishing, hand_in, list_told
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.reading.heading import Head
from coach.knowledge.work import LibraryWork
from coach.llm.embeddings import HashEncoder
from coach.storage import tables
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables
from coach.storage.migrate import migrate
from tests.knowledge.writing import add, written

FILES = {f"d{number}.md": written(f"Lesson {number}").encode() for number in range(3)}


async def nothing() -> None:
    """No job is added by itself."""


@pytest.fixture
def small(sqlite_url: str) -> Iterator[Database]:
    """An empty library on SQLite alone, for what reads many files."""
    create_tables(sqlite_url)
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


def worker(database: Database, *stages: Stage, name: str = "one") -> Runner:
    """A worker whose imports go through these stages."""
    named: Sequence[tuple[str, Stage]] = [(one.__name__, one) for one in stages]
    return Runner(database, name, {"import": named}, nothing, "")


def librarian(database: Database, meanings: Meanings | None = None, name: str = "one") -> Runner:
    """A worker that does what the real one does."""
    work = LibraryWork(database, meanings)
    return Runner(database, name, work.stages, work.look, "")


async def added(database: Database, *args: object, **named: object) -> UUID:
    job_id = await database.transact(add_job, *args, **named)  # type: ignore[arg-type]
    assert job_id is not None
    return job_id


def handed_in(database: Database, files: dict[str, bytes]) -> UUID:
    loads = {name: lambda data=data: data for name, data in files.items()}
    return hand_in(database, loads, Head(), "ada", Publishing())


async def seen(database: Database, job_id: UUID) -> Job:
    return await database.read(load_job, job_id)


def count_documents(database: Database) -> tuple[int, int]:
    with database.reading() as db:
        count = sa.func.count()
        documents = db.scalar(sa.select(count).select_from(tables.Document)) or 0
        return documents, db.scalar(sa.select(count).select_from(tables.DocumentVersion)) or 0


async def test_two_workers_never_do_one_job_twice(database: Database) -> None:
    done: list[str] = []

    async def once(_claim: Claim, _tell: Tell) -> str:
        done.append("once")
        await anyio.sleep(0.05)
        return "told"

    job_id = await added(database, "import")
    outcomes: list[str] = []

    async def perform(name: str) -> None:
        outcomes.append(await worker(database, once, name=name).perform(job_id, 1))

    async with anyio.create_task_group() as tasks:
        for name in ("one", "two", "three"):
            tasks.start_soon(perform, name)
    assert sorted(outcomes) == ["done", "left to others", "left to others"]
    assert done == ["once"]
    assert (await seen(database, job_id)).told == "told"


async def test_a_cancelled_job_stops_in_the_middle_of_a_stage(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BEAT_EVERY", 0.02)
    begun = anyio.Event()

    async def endless(_claim: Claim, _tell: Tell) -> None:
        begun.set()
        await anyio.sleep_forever()

    job_id = await added(database, "import")
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(worker(database, endless).perform, job_id, 1)
            await begun.wait()
            await database.transact(cancel_job, job_id)
    assert (await seen(database, job_id)).state == "cancelled"


async def test_the_service_keeps_its_threads_when_there_is_no_more_work(
    small: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model's host name is looked up in them."""
    monkeypatch.setattr(running, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(running, "LOOK_EVERY", 0.05)

    async def short(_claim: Claim, _tell: Tell) -> str:
        return "told"

    runner = worker(small, short)
    runner.memory = f"sqlite:///{tmp_path / 'jobs.db'}"
    job_id = await added(small, "import")
    let_go = anyio.Event()
    end = runner._let_go

    async def watched() -> None:
        await end()
        let_go.set()

    monkeypatch.setattr(Runner, "_let_go", lambda _self: watched())
    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(runner.keep)
            await let_go.wait()
            assert (await seen(small, job_id)).state == "done"
            assert await asyncio.get_running_loop().run_in_executor(None, int) == 0
            tasks.cancel_scope.cancel()


class Away(CoachError):
    status = 503
    title = "The embedding server is away."


class Wrong(CoachError):
    status = 422
    title = "The export is not whole."


@pytest.mark.parametrize(
    ("fault", "state", "error"),
    [
        pytest.param(Away(), "waiting", "The embedding server is away.", id="away"),
        pytest.param(Wrong(), "failed", "The export is not whole.", id="wrong"),
        pytest.param(KeyError("secret"), "failed", "Something went wrong inside", id="a slip"),
        pytest.param(OSError(28, "full"), "waiting", "The database or the disk", id="disk full"),
    ],
)
async def test_a_fault_is_told_with_what_to_do(
    fault: Exception, state: str, error: str, database: Database
) -> None:
    async def fails(_claim: Claim, _tell: Tell) -> None:
        raise fault

    job_id = await added(database, "import")
    assert await worker(database, fails).perform(job_id, 1) == "failed"
    job = await seen(database, job_id)
    assert job.state == state
    assert (job.error or "").startswith(error)
    assert "secret" not in f"{job.error} {job.hint}"
    assert job.hint


async def test_an_import_gives_each_file_a_line_and_a_broken_one_hurts_only_itself(
    small: Database,
) -> None:
    job_id = handed_in(small, {**FILES, "bad.pdf": b"%PDF-1.7 cut", "d9.txt": b"No header."})
    runner = librarian(small)
    assert await runner.perform(job_id, 1) == "done"
    job = await seen(small, job_id)
    assert (job.done, job.total) == (5, 5)
    assert job.told is not None
    assert job.told.startswith("5 files: 3 done, 2 failed. No golden question is about these")
    lines = {name: outcome for name, outcome, _ in await small.read(list_told, job_id)}
    assert lines == {
        "d0.md": "done",
        "d1.md": "done",
        "d2.md": "done",
        "bad.pdf": "failed",
        "d9.txt": "failed",
    }
    with small.reading() as db:  # what is done with is not kept twice
        row = tables.JobFile
        kept = db.scalars(sa.select(row.name).where(row.data.is_not(None)))
        assert set(kept) == {"bad.pdf", "d9.txt"}
    again = handed_in(small, FILES)
    assert await runner.perform(again, 1) == "done"
    assert (await seen(small, again)).told == "3 files: 3 skipped"
    assert count_documents(small) == (3, 3)


async def test_a_cancelled_import_goes_on_from_where_it_was(small: Database) -> None:
    job_id = handed_in(small, FILES)
    await small.transact(cancel_job, job_id)
    runner = librarian(small)
    assert await runner.perform(job_id, 1) == "left to others"
    assert count_documents(small) == (0, 0)
    await small.transact(retry_job, job_id)
    assert await runner.perform(job_id, 1) == "done"
    assert count_documents(small) == (3, 3)


async def test_an_index_job_ends_when_the_index_was_read_back(
    small: Database, tmp_path: Path
) -> None:
    database = small
    for number in range(3):
        add(database, written(f"Lesson {number}"), f"d{number}.md")
    meanings = Meanings(database, HashEncoder(32), Place(tmp_path / "index"), by_job=True)
    await meanings.step()
    assert meanings.behind
    assert meanings.state.startswith("waiting for a job")
    runner = librarian(database, meanings)
    await runner.look()
    with database.reading() as db:
        job = db.scalars(sa.select(tables.Job).where(tables.Job.kind == "index")).one()
    assert await runner.perform(job.id, 1) == "done"
    assert (await seen(database, job.id)).told == "ok: 3 passages by hash-32 (index)"
    assert not meanings.behind
    meanings._close()
    after = Meanings(database, HashEncoder(32), Place(tmp_path / "index"), by_job=True)
    await after.step()  # what a job has read back needs no other
    assert after.state == "ok: 3 passages by hash-32 (index)"
    after._close()


async def test_the_day_is_looked_at_once_and_names_what_is_past_its_date(
    database: Database,
) -> None:
    add(database, written("Old", review_by="2020-01-01", owner="ruth"), "old.md")
    runner = librarian(database)
    await runner.look()
    await runner.look()
    with database.reading() as db:
        (job_id,) = db.scalars(sa.select(tables.Job.id))
    assert await runner.perform(job_id, 1) == "done"
    assert (await seen(database, job_id)).told == "1 past their review date: old (ruth)"


def test_a_worker_killed_in_the_middle_of_an_import_finishes_it_once(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/coach.db"
    migrate(url)
    database = open_database(url)
    files = {f"d{number}.md": written(f"Lesson {number}").encode() for number in range(5)}
    job_id = handed_in(database, files)
    environment = {**os.environ, "COACH_DATA": str(tmp_path), "COACH_EMBEDDINGS": "off"}
    words = [sys.executable, "-m", "coach", "worker", "--id", "one"]

    def begin() -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL)
        request.addfinalizer(worker.kill)  # it must not outlive a test that fails
        return worker

    def wait_for(count: int, state: str) -> Job:
        end = time.monotonic() + 90
        while True:
            with database.reading() as db:
                job = load_job(db, job_id)
            if job.done >= count and job.state == state:
                return job
            assert time.monotonic() < end, job
            time.sleep(0.02)

    first = begin()
    wait_for(2, "running")
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = begin()
    job = wait_for(5, "done")
    second.terminate()
    assert second.wait(30) == 0
    assert job.attempts == 2
    assert job.told is not None
    assert job.told.endswith(
        "No golden question is about these documents. 5 documents are published."
    )
    assert count_documents(database) == (5, 5)
    database.close()
