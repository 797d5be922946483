"""A document is added, published, changed and archived, each whole or not at all."""

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from coach.knowledge.adding import NothingToAdd, SameId, add_paths, read_files
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.header import HeaderFault
from coach.knowledge.lexical import Term
from coach.knowledge.library import (
    EMPTY,
    archive_document,
    library_version,
    publish_document,
    save_document,
)
from coach.knowledge.listing import (
    DocumentNotFound,
    export_library,
    list_documents,
    load_document,
)
from coach.knowledge.markdown import read_document
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.word_search import WordSearch
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables
from tests.knowledge.writing import NOW, TODAY, add, written


def rows(database: Database, table: str) -> int:
    with database.reading() as db:
        return int(db.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)


async def titles(database: Database, text: str) -> set[str]:
    found = await SqlLibrary(database).search(LibraryQuery(text))
    return {hit.passage.document_title for hit in found.hits}


def test_the_same_text_again_changes_nothing(database: Database) -> None:
    text = read_document(written("Backups"), "a.md")
    with database.transaction() as db:
        first = save_document(db, text, author="ada", publish=True, now=NOW)
    with database.transaction() as db:
        again = save_document(db, text, author="bob", publish=True, now=NOW)
    assert (first.outcome, again.outcome, again.number) == ("added", "unchanged", 1)
    assert rows(database, "passages") == rows(database, "passages_fts") == 1


async def test_other_text_is_a_new_version_and_the_old_one_leaves_the_search(
    database: Database,
) -> None:
    add(database, written("Backups"))
    with database.reading() as db:
        before = library_version(db)
    add(database, written("Dashboards"), publish=False)
    assert await titles(database, "backups dashboards") == {"Backups"}
    with database.reading() as db:
        assert library_version(db) == before
        (listed,) = list_documents(db, TODAY)
    assert (listed.number, listed.published_number, listed.state) == (2, 1, "published")
    with database.transaction() as db:
        publish_document(db, "a", NOW)
    assert await titles(database, "backups dashboards") == {"Dashboards"}
    with database.reading() as db:
        assert library_version(db) != before


TWO_LESSONS = "## One\n### Idea\nBackups save work.\n\n## Two\n### Idea\nRestores bring it back.\n"


def test_documents_of_several_passages_are_found_as_a_whole_while_they_are_published(
    database: Database,
) -> None:
    add(database, written("Prompts"), "short.md")
    assert rows(database, "documents_fts") == 0  # its one passage is the document
    add(database, written("Backups", body=TWO_LESSONS), "long.md")
    add(database, written("Copies", body=TWO_LESSONS.replace("work", "time")), "other.md")
    terms = [Term("bring", 1), Term("saves", 1), Term("time", 1)]
    with database.reading() as db:
        found = WordSearch(5).find_all(db, terms, LibraryQuery("bring saves time"))
        first, second = found.documents.best(9).items()
        keys = db.execute(sa.text("SELECT document_id, min(key) FROM passages GROUP BY 1"))
        mine = {str(name): int(key) for name, key in keys}
    assert (first[0], second[0]) == (mine["other"], mine["long"])
    assert first[1] > second[1] > 0
    add(database, written("Backups", body=TWO_LESSONS.replace("save", "guard")), "long.md")
    assert rows(database, "documents_fts") == 2
    for document_id in ("long", "other"):
        with database.transaction() as db:
            archive_document(db, document_id, NOW)
    assert rows(database, "documents_fts") == 0


def test_a_document_longer_than_a_database_takes_is_published_all_the_same(
    database: Database,
) -> None:
    words = (f"{'слово' * 2}{number}" for number in range(40_000))
    text = " ".join(f"{word}." if place % 9 == 8 else word for place, word in enumerate(words))
    add(database, written("Words", body=f"## Words\n### Idea\n{text}\n"))
    assert rows(database, "documents_fts") == 1


async def test_an_archived_document_leaves_the_search_and_can_come_back(
    database: Database,
) -> None:
    add(database, written("Backups"))
    with database.reading() as db:
        before = library_version(db)
    with database.transaction() as db:
        archive_document(db, "a", NOW)
    assert await titles(database, "backups") == set()
    assert rows(database, "passages_fts") == 0
    with database.reading() as db:
        assert library_version(db) == EMPTY
        assert list_documents(db, TODAY)[0].state == "archived"
    with database.transaction() as db:
        publish_document(db, "a", NOW)
    assert await titles(database, "backups") == {"Backups"}
    with database.reading() as db:
        assert library_version(db) == before


async def test_a_draft_is_not_found(database: Database) -> None:
    add(database, written("Backups"), publish=False)
    assert await titles(database, "backups") == set()
    with database.reading() as db:
        assert [document["state"] for document in export_library(db, TODAY)] == ["draft"]


async def test_a_document_past_its_review_date_is_found_with_the_mark(database: Database) -> None:
    add(database, written("Backups", review_by="2026-11-22"))
    add(database, written("Prompts", review_by="2026-11-23"), "b.md")
    with database.reading() as db:
        states = {listed.id: listed.state for listed in list_documents(db, TODAY)}
    assert states == {"a": "needs_check", "b": "published"}
    library = SqlLibrary(database, today=lambda: TODAY)
    (hit,) = (await library.search(LibraryQuery("backups"))).hits
    assert (hit.passage.state, hit.passage.review_by) == ("needs_check", date(2026, 11, 22))


def test_a_stored_document_comes_back_as_it_was_read(database: Database) -> None:
    facts = {"review_by": "2026-12-01", "topics": "[a, b]", "asked_as": "[what if it burns]"}
    text = read_document(written("Backups", **facts), "a.md")
    add(database, text.source)
    with database.reading() as db:
        listed, loaded = load_document(db, "a", TODAY)
    assert loaded == text
    assert listed.header == text.header


def test_an_unknown_document_is_named(database: Database) -> None:
    for work in (publish_document, archive_document):
        with pytest.raises(DocumentNotFound, match="'x'"), database.transaction() as db:
            work(db, "x", NOW)
    with pytest.raises(DocumentNotFound, match="'x'"), database.reading() as db:
        load_document(db, "x", TODAY)


def test_the_export_has_its_agreed_form(database: Database) -> None:
    add(database, written("Backups"))
    with database.reading() as db:
        (document,) = export_library(db, TODAY)
    passages = cast(list[dict[str, str]], document.pop("passages"))
    (passage,) = passages
    assert document == {
        "document_id": "a",
        "title": "Backups",
        "kind": "tutorial",
        "state": "published",
    }
    assert passage.pop("passage_id").startswith("a#0-")
    assert passage == {
        "heading_path": ["Lesson", "Idea"],
        "text": "Backups works well.",
        "kind": "idea",
    }


def test_two_files_with_one_id_are_refused_and_nothing_is_written(
    database: Database, folder: Path
) -> None:
    (folder / "one.md").write_text(written("One", id="same"))
    (folder / "two.md").write_text(written("Two", id="same"))
    with pytest.raises(SameId, match=r"one\.md and .*two\.md have the same id 'same'"):
        add_paths(database, [folder], now=NOW)
    assert rows(database, "documents") == 0


def test_one_faulty_file_keeps_all_of_them_out(database: Database, folder: Path) -> None:
    (folder / "a.md").write_text(written("Good"))
    (folder / "b.md").write_text("no header")
    with pytest.raises(HeaderFault, match=r"b\.md, line 1"):
        add_paths(database, [folder], now=NOW)
    assert rows(database, "documents") == 0


def test_each_file_is_told_what_became_of_it(database: Database, folder: Path) -> None:
    (folder / "a.md").write_text(written("One"))
    (folder / "b.md").write_text(written("Two"))
    list(add_paths(database, [folder / "a.md"], now=NOW))
    (folder / "a.md").write_text(written("One more"))
    added = add_paths(database, [folder, folder / "a.md"], publish=True, now=NOW)
    assert [(path.name, saved.outcome, saved.number) for path, saved in added] == [
        ("a.md", "new version", 2),
        ("b.md", "added", 1),
    ]


def test_a_missing_file_and_an_empty_folder_are_named(database: Database, folder: Path) -> None:
    with pytest.raises(NothingToAdd, match=r"none\.md cannot be read"):
        add_paths(database, [folder / "none.md"], now=NOW)
    with pytest.raises(NothingToAdd, match="documents"):
        add_paths(database, [folder], now=NOW)


PROGRAM = """
import pathlib, sys
from datetime import UTC, datetime
from coach.knowledge.adding import add_paths
from coach.storage.database import open_database
database = open_database(sys.argv[1])
for path, saved in add_paths(
    database, [pathlib.Path(sys.argv[2])], publish=True, now=datetime.now(UTC)
):
    print(saved.outcome, flush=True)
"""


def test_killed_in_the_middle_and_run_again_nothing_is_lost_or_doubled(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    for number in range(60):
        (folder / f"d{number:02}.md").write_text(written(f"Document {number}"))
    command = [sys.executable, "-c", PROGRAM, database.url, str(folder)]
    for wait in (1, 7, 20):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _ in range(wait):
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
    kept = rows(database, "documents")
    assert 0 < kept < 60
    assert rows(database, "passages") == rows(database, "passages_fts") == kept
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split().count("unchanged") == kept
    assert rows(database, "document_versions") == rows(database, "passages_fts") == 60
    whole = f"sqlite:///{tmp_path / 'whole.db'}"
    create_tables(whole)
    clean = open_database(whole)
    list(add_paths(clean, [folder], publish=True, now=NOW))
    with clean.reading() as one, database.reading() as other:
        assert library_version(one) == library_version(other)
        assert export_library(one, TODAY) == export_library(other, TODAY)
    clean.close()


def test_a_large_document_is_added_in_reasonable_time(database: Database) -> None:
    body = "## Lesson\n\n" + "This sentence has exactly ten words in it, I think. " * 6_000
    before = time.process_time()
    add(database, written("Large", body=body))
    assert time.process_time() - before < 10
    assert rows(database, "passages_fts") > 200


@pytest.mark.parametrize("name", ["README.md", "readme.md", "inner/ReadMe.md"])
def test_a_readme_tells_about_its_folder_and_is_no_document(folder: Path, name: str) -> None:
    (folder / "inner").mkdir()
    (folder / name).write_text("How to write.", encoding="utf-8")
    (folder / "a.md").write_text(written("A"), encoding="utf-8")
    assert [file.path for file in read_files([folder])] == [folder / "a.md"]


def test_a_readme_that_is_named_is_read(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(written("A"), encoding="utf-8")
    assert [file.text.header.id for file in read_files([path])] == ["readme"]
