"""What the library lacks is asked again after a publication, and closes with before and after."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from coach.gaps import BY_TOPIC, NOT_TO_ASK, Asking, add_asking
from coach.jobs.rows import cancel_job, list_jobs
from coach.jobs.runner import Runner
from coach.knowledge.library import archive_document, save_document
from coach.knowledge.markdown import read_document
from coach.knowledge.sql_library import SqlLibrary
from coach.llm.embeddings import Encoder, HashEncoder
from coach.pairs.gaps import UNHEARD, KnownGap, list_gaps_of, reopen_gap, save_gap
from coach.people.people import save_programme
from coach.storage.columns import now
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables
from tests.knowledge.writing import add, written

QUESTION = "How is a napkin folded?"
PIVOT = written("Pivot tables", body="## Group\n\nA pivot table groups rows by month.")
NAPKINS = written("Napkins", body="## Fold one\n\nA napkin is folded twice.", name="b.md")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A library with one document, on either database."""
    create_tables(database_url)
    opened = open_database(database_url)
    add(opened, PIVOT)
    yield opened
    opened.close()


@pytest.fixture
def programme(database: Database) -> UUID:
    with database.transaction() as db:
        return save_programme(db, "Both ways")


def lack(database: Database, programme: UUID, topic: str, question: str | None = None) -> None:
    with database.transaction() as db:
        save_gap(db, programme, "not_in_library", topic, question)


def gaps(database: Database, closed: bool = False) -> tuple[KnownGap, ...]:
    with database.reading() as db:
        return list_gaps_of(db, None, closed)


async def ask_again(database: Database, encoder: Encoder | None = None) -> str | None:
    """Let a worker look, and do the job it adds; what the job told, None when there is none."""
    asking = Asking(database, SqlLibrary(database, encoder), encoder, 0.45)
    await asking.look()
    with database.reading() as db:
        waiting = [job for job in list_jobs(db) if job.state == "waiting"]
    if not waiting:
        return None
    runner = Runner(database, "one", asking.stages, asking.look, "")
    assert await runner.perform(waiting[0].id, 1) == "done"
    with database.reading() as db:
        return next(job.told for job in list_jobs(db) if job.id == waiting[0].id)


@pytest.mark.parametrize("encoder", [None, HashEncoder()], ids=["words", "meanings"])
async def test_a_shared_question_closes_when_what_is_published_answers_it(
    database: Database, programme: UUID, encoder: Encoder | None
) -> None:
    lack(database, programme, UNHEARD, QUESTION)
    assert await ask_again(database, encoder) is None  # nothing was published since
    add(database, NAPKINS, "b.md")
    assert await ask_again(database, encoder) == "1 gap asked again: 1 closed, 0 open"
    assert gaps(database) == ()
    (gap,) = gaps(database, closed=True)
    again = gap.asked_again
    assert again is not None
    assert (again.before, again.answered, again.document_id) == ("refused", True, "b")
    assert again.text == "A napkin is folded twice."
    assert await ask_again(database, encoder) is None


async def test_what_is_published_beside_it_leaves_a_gap_open_and_says_so(
    database: Database, programme: UUID
) -> None:
    lack(database, programme, UNHEARD, "Who tunes an annealer?")
    add(database, NAPKINS, "b.md")
    assert await ask_again(database) == "1 gap asked again: 0 closed, 1 open"
    (gap,) = gaps(database)
    assert gap.asked_again is not None
    assert (gap.asked_again.answered, gap.closed_at) == (False, None)


async def test_a_gap_opened_again_closes_only_by_another_answer(
    database: Database, programme: UUID
) -> None:
    lack(database, programme, UNHEARD, QUESTION)
    add(database, NAPKINS, "b.md")
    await ask_again(database)
    with database.transaction() as db:
        reopen_gap(db, programme, gaps(database, closed=True)[0].id)
    add(database, PIVOT.replace("by month", "by year"))
    assert await ask_again(database) == "1 gap asked again: 0 closed, 1 open"
    add(database, NAPKINS.replace("twice", "three times"), "b.md")
    assert await ask_again(database) == "1 gap asked again: 1 closed, 0 open"
    (gap,) = gaps(database, closed=True)
    assert gap.asked_again is not None
    assert gap.asked_again.before == "answered"


async def test_without_its_words_a_gap_is_asked_by_its_topic_alone(
    database: Database, programme: UUID
) -> None:
    lack(database, programme, "pivot table groups rows")
    lack(database, programme, UNHEARD)
    add(database, NAPKINS, "b.md")
    assert await ask_again(database) == "2 gaps asked again: 0 closed, 2 open"
    told = {gap.topic: gap.asked_again for gap in gaps(database)}
    unheard, topic = told[UNHEARD], told["pivot table groups rows"]
    assert unheard is not None
    assert unheard.told == NOT_TO_ASK
    assert topic is not None
    assert topic.document_id == "a"  # which was there before, so it is not what was lacking
    assert (topic.before, topic.told) == ("refused", BY_TOPIC)
    newer = read_document(PIVOT.replace("by month", "by year"), "a.md")
    with database.transaction() as db:
        save_document(db, newer, author=None, publish=True, now=now())
    assert await ask_again(database) == "2 gaps asked again: 1 closed, 1 open"


async def test_what_is_asked_again_in_vain_opens_its_gap(
    database: Database, programme: UUID
) -> None:
    lack(database, programme, UNHEARD, QUESTION)
    add(database, NAPKINS, "b.md")
    await ask_again(database)
    with database.transaction() as db:
        archive_document(db, "b", now())
    lack(database, programme, UNHEARD, QUESTION)
    (gap,) = gaps(database)
    assert (gap.count, gap.closed_at, gap.asked_again) == (1, None, None)


async def test_an_asking_that_was_stopped_is_not_begun_again_for_the_same_library(
    database: Database, programme: UUID
) -> None:
    lack(database, programme, UNHEARD, QUESTION)
    add(database, NAPKINS, "b.md")
    with database.transaction() as db:
        add_asking(db)
        add_asking(db)
        (job,) = list_jobs(db)
        cancel_job(db, job.id)
        add_asking(db)
        assert len(list_jobs(db)) == 1
    add(database, PIVOT.replace("by month", "by year"))
    with database.transaction() as db:
        add_asking(db)
        assert len(list_jobs(db)) == 2


def test_a_known_gap_without_words_and_topic_cannot_be_asked() -> None:
    gap = KnownGap(UUID(int=0), "not_in_library", UNHEARD, "", 1, now())
    assert gap.asked is None
    assert replace(gap, topic="macros").asked == "macros"
