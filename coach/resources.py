"""Everything the service holds open, in one value that is handed in at the front door."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from coach.coaching.gathering import gather_for_recap
from coach.coaching.lessons import Asked
from coach.errors import CoachError
from coach.fairness import fair_threads
from coach.gaps import Asking
from coach.jobs.runner import Runner
from coach.knowledge.asking import Library
from coach.knowledge.comparing import Gate
from coach.knowledge.following import Follower
from coach.knowledge.golden import load_shipped
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.serving import serving_encoder
from coach.knowledge.sql_library import FEW, SqlLibrary
from coach.knowledge.work import LibraryWork
from coach.llm.embeddings import Encoder
from coach.llm.encoders import choose_encoder
from coach.settings import Settings
from coach.storage.database import Database, Db, P, T, Work
from coach.storage.opening import ensure_folder, open_data


class FolderServed(CoachError):
    """Another process serves this data folder."""

    status = 409
    title = "This data folder is served by another process already."


@dataclass(frozen=True, slots=True)
class Resources:
    """Settings, the open database, and the library as drafts ask it."""

    settings: Settings
    database: Database
    library: SqlLibrary
    meanings: Meanings | Follower | None = None
    embeddings: str = "off: search finds words and word stems"

    @property
    def encoder(self) -> Encoder | None:
        """What turns texts into vectors here, if anything does."""
        return self.meanings.encoder if self.meanings is not None else None

    async def transact(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do this database work as one transaction, in a worker thread."""
        return await self.database.transact(work, *args, **kwargs)

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do this work that only reads, in a worker thread, beside any writer."""
        return await self.database.read(work, *args, **kwargs)

    async def forget(self) -> None:
        """Let nothing that was deleted linger beside the database."""
        await self.database.forget()

    def transaction(self) -> AbstractContextManager[Db]:
        """One transaction that writes, for a command that runs once."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Db]:
        """One consistent look at the database, for a command that runs once."""
        return self.database.reading()


@contextmanager
def open_resources(settings: Settings) -> Iterator[Resources]:
    """Open everything and let go of it at the end; the database is brought up to date first."""
    with open_data(settings) as database:
        yield Resources(settings, database, SqlLibrary(database))


@contextmanager
def open_service(settings: Settings) -> Iterator[Resources]:
    """Everything, with what compares meanings; the service keeps that in step with the library."""
    with fair_threads(), open_resources(settings) as plain:
        choice = choose_encoder(settings, convert=True)
        if choice.encoder is None:
            yield replace(plain, embeddings=choice.told)
            return
        encoder = serving_encoder(settings, choice.encoder, plain.database)
        meanings: Meanings | Follower
        if settings.work_inside:
            meanings = Meanings(plain.database, encoder, place_of(settings), by_job=True)
        else:
            meanings = Follower(plain.database, encoder, place_of(settings))
        library = SqlLibrary(plain.database, encoder, meanings, compared=FEW)
        yield replace(plain, library=library, meanings=meanings, embeddings=choice.told)


async def work(
    resources: Resources, worker: str, first_after: float = 0.0, daily_after: float = 0.0
) -> None:
    """Do the jobs of this database as the worker of this name, until cancelled."""
    database, meanings = resources.database, resources.meanings
    abstain_below = resources.settings.abstain_below

    library = LibraryWork(
        database,
        meanings if isinstance(meanings, Meanings) else None,
        daily_after=daily_after,
        gate=gate_of(resources.settings),
    )
    asking = Asking(database, resources.library, resources.encoder, abstain_below)

    async def look() -> None:
        await library.look()
        await asking.look()

    memory = memory_of(resources.settings)
    runner = Runner(database, worker, {**library.stages, **asking.stages}, look, memory)
    await runner.keep(first_after)


def gate_of(settings: Settings) -> Gate:
    """The golden questions that ship, refused or not as a recap would under these settings."""

    async def refuses(asked: Library, question: str) -> bool:
        said = (Asked(question, 1.0),)
        return (await gather_for_recap(asked, said, settings.abstain_below)).tech is None

    return Gate(load_shipped(), refuses)


def memory_of(settings: Settings) -> str:
    """Where the runner of jobs remembers which stages are over."""
    if settings.database_url.startswith("sqlite"):
        return f"sqlite:///{settings.data / 'jobs.db'}"
    return settings.database_url


def place_of(settings: Settings) -> Place:
    """Where these settings keep the index of meanings."""
    if not settings.index:
        return Place()
    return Place(settings.data / "index", settings.chroma_url)


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Be the only process that serves this data folder, or raise FolderServed naming the other."""
    ensure_folder(folder)
    with (folder / "serving.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise FolderServed(
                f"{folder} is served by process {holder} already: stop it, or name another "
                "folder in COACH_DATA."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
