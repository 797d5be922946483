"""Pinned questions guard a publication together with those that ship, and can be taken along."""

import pathlib
from dataclasses import replace
from uuid import uuid4

import pytest

from coach.jobs.rows import add_job, load_job
from coach.jobs.runner import Runner
from coach.knowledge.asking import Library
from coach.knowledge.comparing import Gate
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.golden import golden_file, load_golden
from coach.knowledge.listing import DocumentNotFound
from coach.knowledge.pins import (
    PinFault,
    PinnedAlready,
    PinNotFound,
    delete_pin,
    export_pins,
    list_gate,
    list_pins,
    save_pin,
)
from coach.knowledge.trial import try_publishing
from coach.knowledge.trials import load_trial
from coach.knowledge.trying import find_trial, start_trial
from coach.knowledge.work import LibraryWork
from coach.storage.database import Database
from tests.knowledge.writing import NOW, add, written

NAPKINS = written("Napkins", body="## Fold one\n\nA napkin is folded twice.")
NEWER = written("Napkins", body="## Fold one\n\nA napkin is folded three times.")


def test_a_pin_is_kept_with_its_owner_and_reason_and_taken_along(
    database: Database, tmp_path: pathlib.Path
) -> None:
    add(database, NAPKINS)
    with database.transaction() as db:
        first = save_pin(
            db, " How is a\nnapkin folded? ", ["a", "a"], "Ruth: a", "Yes\u2028- b", NOW
        )
        save_pin(db, "Who: ate # the 'cake'?", [], None, "", NOW)
        with pytest.raises(PinnedAlready):
            save_pin(db, "how is a NAPKIN folded?", [], None, "", NOW)
        with pytest.raises(DocumentNotFound):
            save_pin(db, "What is z?", ["z"], None, "", NOW)
        with pytest.raises(PinFault):
            save_pin(db, " ?! ", [], None, "", NOW)
        pins = list_pins(db)
    assert (first.question, first.expected) == ("How is a napkin folded?", ("a",))
    file = tmp_path / "golden.yaml"
    file.write_text(export_pins(pins), encoding="utf-8")
    assert set(load_golden(file)) == {pin.golden for pin in pins}
    with database.transaction() as db:
        delete_pin(db, first.id)
        with pytest.raises(PinNotFound):
            delete_pin(db, uuid4())
        assert [one.question for one in list_pins(db)] == ["Who: ate # the 'cake'?"]
    assert export_pins(()) == "[]\n"


def test_a_pin_stands_in_the_place_of_a_shipped_question(database: Database) -> None:
    add(database, NAPKINS)
    shipped = replace(load_golden(golden_file())[0], expected=("a",))
    with database.transaction() as db:
        before = list_gate(db, [shipped])
        save_pin(db, shipped.question.upper(), [], None, "", NOW)
        after = list_gate(db, [shipped])
    assert before == (shipped,)
    assert len(after) == 1
    assert [one.expected for one in after if one.question == shipped.question.upper()] == [()]


async def finds_nothing(library: Library, question: str) -> bool:
    """Whether a search for this ends without a hit."""
    return not (await library.search(LibraryQuery(question))).hits


async def test_answering_what_is_pinned_as_not_covered_is_a_loss(database: Database) -> None:
    add(database, NAPKINS, publish=False)
    with database.transaction() as db:
        pin = save_pin(db, "how often is a napkin folded", [], None, "", NOW)
    trial = await try_publishing(database, None, "a", Gate([], finds_nothing), NOW)
    assert trial.lost == (pin.question,)


def test_what_ships_as_uncovered_is_asked_where_the_library_is_the_shipped_one(
    database: Database,
) -> None:
    asked = load_golden(golden_file())[0]
    covered = replace(asked, expected=("a",))
    uncovered = replace(asked, question="Who ate the cake?", expected=(), kind="uncovered")
    shipped = [covered, uncovered]
    with database.reading() as db:
        assert list_gate(db, shipped) == ()
        assert list_gate(db, shipped, "a") == (covered,)  # the document may answer the other
    add(database, NAPKINS)
    with database.reading() as db:
        assert list_gate(db, shipped) == (covered, uncovered)


async def test_a_trial_is_a_job_that_pins_take_part_in(database: Database) -> None:
    add(database, NAPKINS)
    with database.transaction() as db:
        save_pin(db, "folded twice", ["a"], None, "", NOW)
        assert start_trial(db, "a", "Ruth", NOW) is None  # pairs read it already
    add(database, NEWER, publish=False)
    with database.transaction() as db:
        job = start_trial(db, "a", "Ruth", NOW)
        again = start_trial(db, "a", "Ruth", NOW)
    assert job is not None
    assert again == job
    work = LibraryWork(database)
    runner = Runner(database, "one", work.stages, work.look, "")
    assert await runner.perform(job.id, 1) == "done"
    with database.transaction() as db:
        kept = load_trial(db, "a")
        assert kept is not None
        assert (kept.version, kept.asked) == (2, 1)
        done = find_trial(db, "a")
        assert done is not None
        assert done.told == "a, version 2: 1 questions asked, 0 lost, 0 won"
        newer = start_trial(db, "a", "Ruth", NOW)
        assert newer is not None
        assert newer.id != job.id


async def test_a_trial_of_what_is_not_there_fails_with_a_sentence(database: Database) -> None:
    with database.transaction() as db:
        job_id = add_job(db, "trial", {"document_id": "nope"})
    assert job_id is not None
    work = LibraryWork(database)
    await Runner(database, "one", work.stages, work.look, "").perform(job_id, 1)
    with database.reading() as db:
        job = load_job(db, job_id)
    assert (job.state, job.error) == ("failed", "The library has no document 'nope'.")
