"""Another embedding model serves once it is complete, and costs no golden question unasked."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from coach.jobs.rows import Job, add_job, load_job
from coach.jobs.runner import Runner
from coach.knowledge.comparing import Gate
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.golden import GoldenQuestion
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.model_changes import NothingAsked, NoWayBack, go_back, load_change, name_of
from coach.knowledge.model_jobs import (
    AlreadyServing,
    ChangeUnderWay,
    accept_loss,
    add_change,
    add_due_change,
    is_change_due,
)
from coach.knowledge.serving import Serving, load_serving
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.work import LibraryWork
from coach.llm.embeddings import HashEncoder, Vectors
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Database
from tests.knowledge.writing import add, written

QUESTIONS = tuple(
    GoldenQuestion(f"How do {word} work?", (f"d{number}",), "covered", "mentee", "plain")
    for number, word in enumerate(("backups", "prompts", "passkeys"))
)


class Named(HashEncoder):
    """A model with a name of its own, which counts what it was given."""

    def __init__(self, name: str, dimension: int = 32) -> None:
        super().__init__(dimension)
        self.model = name
        self.texts = 0

    async def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return await super().encode(texts)


class Backwards(Named):
    """A model under which every text is as far as can be from those that are alike."""

    async def encode(self, texts: Sequence[str]) -> Vectors:
        rows = await super().encode(texts)
        asks = [text.startswith("How do") for text in texts]
        rows[asks] *= -1
        return rows


@pytest.fixture
def filled(database: Database) -> Database:
    """A library in which the first document of each golden question stands, among others."""
    for number, title in enumerate(("Backups", "Prompts", "Passkeys")):
        add(database, written(title), f"d{number}.md")
    for number in range(8):
        add(database, written(f"Calendars {number}"), f"e{number}.md")
    return database


def service(database: Database, place: Place, new: Named, *others: Named) -> Meanings:
    """A service whose settings name the new model; the others are still reached by name."""
    known = {one.model: one for one in others}
    return Meanings(database, Serving(new, known.get), place, by_job=True)


async def work(database: Database, meanings: Meanings, job_id: UUID | None) -> Job:
    """Do one job to its end."""
    assert job_id is not None
    library = LibraryWork(database, meanings, gate=Gate(QUESTIONS))
    await Runner(database, "one", library.stages, library.look, "").perform(job_id, 1)
    return await database.read(load_job, job_id)


async def with_old(database: Database, place: Place, old: Named) -> None:
    """Let the old model serve, from an index."""
    meanings = service(database, place, old)
    await work(database, meanings, await database.transact(add_job, "index"))
    meanings._close()


async def model_asked(database: Database, meanings: Meanings) -> tuple[str, tuple[str, ...]]:
    """The model that serves, and which searches find by it."""
    await meanings.step()
    found = await SqlLibrary(database, meanings.encoder, meanings).search(LibraryQuery("prompts"))
    return meanings.encoder.model, found.hits[0].legs


BOTH = ("lexical", "dense")


async def test_the_old_model_serves_until_the_new_one_is_complete_and_can_serve_again(
    filled: Database, tmp_path: Path
) -> None:
    old, new, place = Named("old"), Named("new", 48), Place(tmp_path / "index")
    await with_old(filled, place, old)
    meanings = service(filled, place, new, old)
    assert await model_asked(filled, meanings) == ("old", BOTH)
    assert await filled.read(is_change_due, "new")
    await filled.transact(add_due_change, "new")
    assert not await filled.read(is_change_due, "new")
    with filled.reading() as db:
        job_id = db.scalars(sa.select(tables.Job.id).where(tables.Job.kind == "re-embed")).one()
    job = await work(filled, meanings, job_id)
    assert job.state == "done"
    assert job.told is not None
    assert "3 golden questions: recall@5 100.0% before and 100.0% after" in job.told
    assert "new serves now. ok: 11 passages by new (index)" in job.told
    assert await model_asked(filled, meanings) == ("new", BOTH)
    asked = old.texts
    await filled.transact(go_back, "Ruth", "slow", now())
    assert await model_asked(filled, meanings) == ("old", BOTH)
    assert old.texts == asked + 1  # the question; no passage was embedded again
    assert not await filled.read(is_change_due, "new")
    meanings._close()


async def test_a_model_that_loses_golden_questions_waits_for_a_reason(filled: Database) -> None:
    old, new, place = Named("old"), Backwards("new"), Place()
    await with_old(filled, place, old)
    meanings = service(filled, place, new, old)
    job_id = await filled.transact(add_change, "new", False, None)
    with pytest.raises(ChangeUnderWay):
        await filled.transact(add_change, "new", False, None)
    job = await work(filled, meanings, job_id)
    assert job.told is not None
    assert "3 lost, 0 won. Lost: How do backups work?" in job.told
    assert "old goes on until somebody decides" in job.told
    assert await model_asked(filled, meanings) == ("old", BOTH)
    assert not await filled.read(is_change_due, "new")
    change = await filled.read(load_change)
    assert change is not None
    assert change.state == "asks"
    embedded = new.texts
    accepted = await filled.transact(accept_loss, "cheaper", "Ruth")
    assert (await work(filled, meanings, accepted)).state == "done"
    change = await filled.read(load_change)
    assert change is not None
    assert (change.state, change.reason, change.author) == ("taken", "cheaper", "Ruth")
    assert new.texts == embedded + 2 * len(QUESTIONS) - len(QUESTIONS)  # only the questions
    assert (await model_asked(filled, meanings))[0] == "new"
    with pytest.raises(NothingAsked):
        await filled.transact(accept_loss, "again", None)
    meanings._close()


async def test_vectors_are_made_anew_beside_those_of_the_same_model(filled: Database) -> None:
    model, place = Named("model"), Place()
    await with_old(filled, place, model)
    meanings = service(filled, place, model)
    with pytest.raises(AlreadyServing):
        await filled.transact(add_change, "model", False, None)
    for turn, label in enumerate(("model#2", "model#3")):
        before = model.texts
        job_id = await filled.transact(add_change, "model", True, None)
        assert (await work(filled, meanings, job_id)).state == "done"
        assert model.texts > before + 11
        assert await model_asked(filled, meanings) == (label, BOTH), turn
    with filled.reading() as db:
        kept = set(db.scalars(sa.select(tables.Vector.model)))
    assert kept == {"model#2", "model#3"}
    meanings._close()


async def test_a_model_that_cannot_be_reached_leaves_words(filled: Database) -> None:
    place = Place()
    await with_old(filled, place, Named("old"))
    new = Named("new")
    meanings = service(filled, place, new)
    assert await filled.read(load_serving) == "old"
    assert await model_asked(filled, meanings) == ("old", ("lexical",))
    job_id = await filled.transact(add_change, "new", False, None)
    assert "new serves now" in str((await work(filled, meanings, job_id)).told)
    assert await model_asked(filled, meanings) == ("new", BOTH)
    meanings._close()


async def test_there_is_no_way_back_before_there_was_a_change(filled: Database) -> None:
    with pytest.raises(NoWayBack):
        await filled.transact(go_back, None, "", now())


@pytest.mark.parametrize(
    ("label", "name"), [("m", "m"), ("m#2", "m"), ("a#b", "a#b"), ("a#b#12", "a#b")]
)
def test_a_label_names_its_model(label: str, name: str) -> None:
    assert name_of(label) == name
