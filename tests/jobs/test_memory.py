"""Work goes on when what its runner remembered is lost: the rows say how far it is."""

from pathlib import Path

import anyio
import pytest

from coach.jobs import runner as running
from coach.jobs.memory import open_memory, remembers
from coach.jobs.rows import FORGOTTEN, Claim, add_job, claim_job, free_held, load_job
from coach.jobs.runner import Runner, Tell
from coach.storage.columns import now
from coach.storage.database import Database

DAMAGED = b"SQLite format 3\0" + bytes(range(256)) * 64


async def nothing() -> None:
    """No job is added by itself."""


@pytest.mark.parametrize("kept", [pytest.param(None, id="gone"), pytest.param(DAMAGED, id="torn")])
async def test_a_job_goes_on_at_once_without_the_memory_of_its_runner(
    database: Database, tmp_path: Path, kept: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_EVERY", 0.05)
    done = anyio.Event()

    async def stage(_claim: Claim, _tell: Tell) -> str:
        done.set()
        return "told"

    job_id = await database.transact(add_job, "import")
    assert job_id is not None
    assert await database.transact(claim_job, job_id, 1, "one", now())  # and then killed
    memory = tmp_path / "jobs.db"
    if kept is not None:
        memory.write_bytes(kept)
    stages = {"import": [("stage", stage)]}
    runner = Runner(database, "one", stages, nothing, f"sqlite:///{memory}")
    with anyio.fail_after(50):  # its lease would have lasted for longer
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(runner.keep)
            await done.wait()
            while (await database.read(load_job, job_id)).state != "done":  # noqa: ASYNC110
                await anyio.sleep(0.02)
            tasks.cancel_scope.cancel()
    assert (await database.read(load_job, job_id)).attempts == 2
    assert memory.with_name("jobs.db.damaged").exists() == (kept is not None)


async def test_of_other_workers_nothing_is_freed(database: Database) -> None:
    job_id = await database.transact(add_job, "import")
    assert job_id is not None
    await database.transact(claim_job, job_id, 1, "one", now())
    assert await database.transact(free_held, "two") == 0
    assert await database.transact(free_held, "one") == 1
    job = await database.read(load_job, job_id)
    assert (job.state, job.hint) == ("waiting", FORGOTTEN)


def test_a_new_memory_remembers_nothing(tmp_path: Path) -> None:
    engine = open_memory(f"sqlite:///{tmp_path / 'jobs.db'}")
    assert not remembers(engine)
    engine.dispose()
