"""Versions are listed, compared and brought back; none of them ever changes or goes."""

import pytest

from coach.errors import CoachError
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.library import archive_document, publish_document
from coach.knowledge.listing import DocumentNotFound, list_documents
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.versions import (
    DiffLine,
    ReasonFault,
    ReviewFault,
    VersionNotFound,
    compare_versions,
    list_versions,
    load_source,
    restore_version,
    return_document,
    submit_document,
)
from coach.storage.database import Database
from tests.knowledge.writing import NOW, TODAY, add, written

FIRST = written("Backups", body="## Keep copies\n\nA backup is a second copy.")
SECOND = written("Backups", body="## Keep copies\n\nA backup is a spare copy.")


@pytest.fixture
def twice(database: Database) -> Database:
    """A library whose document has two versions, the first of them published."""
    add(database, FIRST)
    add(database, SECOND, publish=False)
    return database


def test_the_history_says_who_wrote_what_and_what_pairs_read(twice: Database) -> None:
    with twice.reading() as db:
        newest, first = list_versions(db, "a")
    assert (newest.number, newest.is_newest, newest.is_published) == (2, True, False)
    assert (first.number, first.is_newest, first.is_published) == (1, False, True)
    assert (first.author, first.created_at, first.title) == ("ada", NOW, "Backups")


def test_two_versions_are_compared_line_by_line(twice: Database) -> None:
    with twice.reading() as db:
        lines = compare_versions(db, "a", 1, 2)
        assert compare_versions(db, "a", 2, 2) == ()
    assert DiffLine("removed", "A backup is a second copy.") in lines
    assert DiffLine("added", "A backup is a spare copy.") in lines
    assert DiffLine("same", "## Keep copies") in lines
    assert not [line for line in lines if line.text.startswith(("--", "++", "@@"))]


def test_lines_of_dashes_are_text_and_no_marks(database: Database) -> None:
    add(database, written("Backups", body="## One\n\n--- a\n\nWords."), publish=False)
    add(database, written("Backups", body="## One\n\n+++ b\n\nWords."), publish=False)
    with database.reading() as db:
        lines = compare_versions(db, "a", 1, 2)
    assert DiffLine("removed", "--- a") in lines
    assert DiffLine("added", "+++ b") in lines


async def test_an_old_version_comes_back_as_a_new_one(twice: Database) -> None:
    with twice.transaction() as db:
        publish_document(db, "a", NOW)
        saved = restore_version(db, "a", 1, "bob", "", NOW)
    assert (saved.outcome, saved.number) == ("new version", 3)
    with twice.reading() as db:
        newest = list_versions(db, "a")[0]
        assert (newest.author, newest.reason) == ("bob", "Back to version 1")
        assert load_source(db, "a", 3) == load_source(db, "a", 1)
    library = SqlLibrary(twice)
    (read,) = (await library.search(LibraryQuery("backup copy"))).hits
    assert "spare" in read.passage.text
    with twice.transaction() as db:
        publish_document(db, "a", NOW)
    (read,) = (await library.search(LibraryQuery("backup copy"))).hits
    assert "second" in read.passage.text


def test_the_newest_version_restored_changes_nothing(twice: Database) -> None:
    with twice.transaction() as db:
        assert restore_version(db, "a", 2, None, "why not", NOW).outcome == "unchanged"


def state(database: Database) -> str:
    with database.reading() as db:
        return list_documents(db, TODAY)[0].state


def test_a_draft_goes_into_review_and_back_or_is_published(database: Database) -> None:
    add(database, FIRST, publish=False)
    for work, after in ((submit_document, "in_review"), (return_document, "draft")):
        with database.transaction() as db:
            work(db, "a", NOW)
        assert state(database) == after
    with database.transaction() as db:
        submit_document(db, "a", NOW)
    add(database, SECOND, publish=False)
    assert state(database) == "draft"  # what is reviewed is the text that was handed in
    with database.transaction() as db:
        submit_document(db, "a", NOW)
        publish_document(db, "a", NOW)
    assert state(database) == "published"


@pytest.mark.parametrize("published", [True, False])
def test_only_a_draft_is_handed_in(published: bool, database: Database) -> None:
    add(database, FIRST, publish=published)
    with database.transaction() as db:
        if not published:
            archive_document(db, "a", NOW)
        with pytest.raises(ReviewFault):
            submit_document(db, "a", NOW)
        with pytest.raises(ReviewFault):
            return_document(db, "a", NOW)


def test_what_is_not_there_is_said(twice: Database) -> None:
    with twice.transaction() as db:
        for work in (list_versions, lambda db, name: load_source(db, name, 1)):
            with pytest.raises(DocumentNotFound):
                work(db, "nope")
        with pytest.raises(DocumentNotFound):
            submit_document(db, "nope", NOW)
        for ask in (lambda: load_source(db, "a", 3), lambda: compare_versions(db, "a", 1, 9)):
            with pytest.raises(VersionNotFound):
                ask()
        with pytest.raises(ReasonFault) as fault:
            restore_version(db, "a", 1, None, "x" * 501, NOW)
    assert isinstance(fault.value, CoachError)
