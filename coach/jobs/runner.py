"""Runs jobs: takes what is due, does it stage by stage, and carries on after a kill -9.

The only module that knows DBOS, which is imported when there is something to do and let go of
when there is nothing. DBOS remembers which stages are over; who may work on what, and all that
people see, stands in our own rows. Its tables hold ids and numbers, never a text.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import anyio
import sqlalchemy as sa
import structlog
from anyio import to_thread

from coach.errors import CoachError
from coach.jobs.faults import ClaimLost
from coach.jobs.memory import open_memory, remembers
from coach.jobs.rows import (
    Claim,
    Due,
    begin_stage,
    claim_job,
    fail_job,
    finish_job,
    free_held,
    hold,
    is_held,
    list_due,
    release_job,
    tell_stage,
)
from coach.storage.columns import now
from coach.storage.database import Database, Db

AT_ONCE = 2
LOOK_EVERY = 1.0
BEAT_EVERY = 2.0
SEND_AGAIN = 30
IDLE_SECONDS = 60.0
QUEUE = "coach"
# Raise it when the stages of a kind change; work begun under another number is not carried on.
APPLICATION_VERSION = "2"
HINT = "`coach jobs retry` goes on from there; the log of the worker says more."
log = structlog.get_logger()

Tell = Callable[[str, int, int], Awaitable[None]]
Stage = Callable[[Claim, Tell], Awaitable[str | None]]
Stages = Mapping[str, Sequence[tuple[str, Stage]]]
Step = Callable[[str, Callable[[], Awaitable[str | None]]], Awaitable[str | None]]


async def at_once(_name: str, work: Callable[[], Awaitable[str | None]]) -> str | None:
    """Do a stage and remember nothing of it."""
    return await work()


@dataclass(slots=True)
class Runner:
    """A worker of this name; `stages` are what each kind of job goes through, in order.

    `look` may add jobs and is called with each look at what is due.
    """

    database: Database
    worker: str
    stages: Stages
    look: Callable[[], Awaitable[None]]
    memory: str
    _engine: sa.Engine | None = None
    _workflow: Any = None
    _sent: dict[Due, float] = field(default_factory=dict)
    _scopes: dict[UUID, anyio.CancelScope] = field(default_factory=dict)
    _looked: bool = False
    _stopping: bool = False

    async def keep(self, first_after: float = 0.0) -> None:
        """Look for work until cancelled; a fault is told, and the next look may go better."""
        idle_since = time.monotonic()
        try:
            await anyio.sleep(first_after)
            while True:
                try:
                    if await self._look() or self._scopes:
                        idle_since = time.monotonic()
                    elif self._workflow is not None:
                        if time.monotonic() - idle_since > IDLE_SECONDS:
                            await self._let_go()
                except Exception as fault:  # the next look may go better
                    log.warning("jobs_waiting", exc_info=fault)
                    await self._begin_anew()
                await anyio.sleep(LOOK_EVERY)
        finally:
            with anyio.CancelScope(shield=True):
                await self._stop()

    async def _look(self) -> bool:
        """Send on what is due; whether there was anything."""
        await self.look()
        due = await self.database.read(list_due, now(), AT_ONCE)
        if self._workflow is None and (due or await self._left_over()):
            await self._launch()
        moment = time.monotonic()
        self._sent = {one: at for one, at in self._sent.items() if moment - at < SEND_AGAIN}
        for one in due:
            if one not in self._sent:
                self._sent[one] = moment
                await self._send(one)
        return bool(due)

    async def _left_over(self) -> bool:
        """Whether a worker of this name was killed while it worked; asked once."""
        if self._looked:
            return False
        self._looked = True
        return await self.database.read(is_held, self.worker)

    async def perform(self, job_id: UUID, turn: int, step: Step = at_once) -> str:
        """Do one turn of a job, from the stage it was at; what became of it, in a word."""
        claim = await self.database.transact(claim_job, job_id, turn, self.worker, now())
        if claim is None:
            return "left to others"
        outcome = "stopped"
        async with anyio.create_task_group() as tasks:
            self._scopes[job_id] = tasks.cancel_scope
            try:
                tasks.start_soon(self._beat, claim, tasks.cancel_scope)
                outcome = await self._do(claim, step)
            finally:
                del self._scopes[job_id]
                tasks.cancel_scope.cancel()
        if self._stopping and outcome == "stopped":
            await self._quietly(partial(release_job, claim=claim))
        return outcome

    async def _do(self, claim: Claim, step: Step) -> str:
        async def tell(stage: str, done: int, total: int) -> None:
            await self.database.transact(tell_stage, claim, stage, done, total)

        told = None
        try:
            for name, stage in self.stages[claim.kind]:
                await self.database.transact(begin_stage, claim, name)
                told = await step(name, partial(stage, claim, tell)) or told
            await self.database.transact(finish_job, claim, told)
        except ClaimLost:
            return "cancelled"
        except Exception as fault:  # a job that fails must not end the worker
            log.warning("job_failed", job=claim.job_id, kind=claim.kind, exc_info=fault)
            error, hint, again = explain(fault)
            await self._quietly(partial(fail_job, claim=claim, error=error, hint=hint, again=again))
            return "failed"
        return "done"

    async def _beat(self, claim: Claim, scope: anyio.CancelScope) -> None:
        """Show that the worker lives, and stop when the claim is gone."""
        while True:
            await anyio.sleep(BEAT_EVERY)
            try:
                await self.database.transact(hold, claim)
            except ClaimLost:
                scope.cancel()
                return
            except Exception as fault:  # the database may be away for a moment
                log.warning("job_not_told", job=claim.job_id, exc_info=fault)

    async def _quietly(self, work: Callable[[Db], None]) -> None:
        """Write how a job ended, unless it is no longer ours to say."""
        try:
            await self.database.transact(work)
        except ClaimLost:
            return

    async def _begin_anew(self) -> None:
        """Let go of DBOS after a fault, unless it works on something: its tables may be gone."""
        if self._workflow is not None and not self._scopes:
            self._looked = False
            await self._let_go()

    # --- DBOS ---------------------------------------------------------------------------------

    async def _launch(self) -> None:
        """Start DBOS; what this worker had begun when it was killed goes on at once."""
        await to_thread.run_sync(_import)
        from dbos import DBOS, DBOSPortableJSONSerializer  # noqa: PLC0415  takes most of a second

        async def job(job_id: str, turn: int) -> str:
            return await self.perform(UUID(job_id), turn, remembered)

        async def remembered(name: str, work: Callable[[], Awaitable[str | None]]) -> str | None:
            async def stage() -> str | None:
                return await work()

            return await DBOS.run_step_async({"name": name}, stage)

        self._engine = await to_thread.run_sync(open_memory, self.memory)
        if not await to_thread.run_sync(remembers, self._engine):
            freed = await self.database.transact(free_held, self.worker)
            if freed:
                log.warning("jobs_memory_lost", begun_again=freed)
        DBOS(
            config={
                "name": "coach",
                "system_database_url": self.memory,
                "system_database_engine": self._engine,
                "executor_id": self.worker,
                "application_version": APPLICATION_VERSION,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "CRITICAL",
                "use_listen_notify": False,
                "notification_listener_polling_interval_sec": 0.5,
            }
        )
        workflow = DBOS.workflow(name="job")(job)
        DBOS.launch()  # inside the loop: its work shares our clients, which belong to the loop
        await DBOS.register_queue_async(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=0.5)
        self._workflow = workflow

    async def _send(self, due: Due) -> None:
        """Queue a turn of a job; several workers may, and only one has it."""
        from dbos import DBOS, SetWorkflowID  # noqa: PLC0415  imported by _launch

        tick = int(time.time()) // SEND_AGAIN
        with SetWorkflowID(f"{due.job_id}:{due.turn}:{tick}"):
            await DBOS.enqueue_workflow_async(QUEUE, self._workflow, str(due.job_id), due.turn)

    async def _stop(self) -> None:
        """Let go of what is being done; it goes on when a worker of this name starts again."""
        self._stopping = True
        for scope in list(self._scopes.values()):
            scope.cancel()
        with anyio.move_on_after(5):
            while self._scopes:  # noqa: ASYNC110  they end one after the other
                await anyio.sleep(0.01)
        if self._workflow is not None:
            await self._let_go()

    async def _let_go(self) -> None:
        """End DBOS while the service goes on."""
        self._workflow = None
        self._sent.clear()
        # DBOS put its threads in the place of the loop's own, and takes them along when it ends:
        # whoever looked up a host name afterwards, such as a model's, would fail.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        await to_thread.run_sync(self._end)

    def _end(self) -> None:
        from dbos import DBOS  # noqa: PLC0415  imported by _launch

        DBOS.destroy(destroy_registry=True)
        if self._engine is not None:
            self._engine.dispose()


def explain(fault: Exception) -> tuple[str, str, bool]:
    """What went wrong in a sentence, what to do about it, and whether waiting may help."""
    if isinstance(fault, CoachError):
        again = fault.status >= 500
        hint = "It is tried again by itself, five times in all." if again else HINT
        return fault.detail, hint, again
    if isinstance(fault, sa.exc.DBAPIError | OSError):
        told = "The database or the disk did not answer as it should."
        return told, "See that there is room and that the database answers; `coach doctor`.", True
    return f"Something went wrong inside the coach ({type(fault).__name__}).", HINT, False


def _import() -> None:
    import dbos  # noqa: F401, PLC0415  in a thread, for it takes most of a second
