"""The starter library, filled at once, is what adding one document after the other makes."""

import os
from pathlib import Path

import sqlalchemy as sa

from coach.knowledge.library import library_version
from coach.knowledge.starter import open_starter_database
from coach.storage import tables
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables
from tests.knowledge.writing import add, written

SOURCES = {"a.md": written("Pivot tables"), "b.md": written("A promotion", kind="career")}
DOCUMENT, VERSION, PASSAGE = tables.Document, tables.DocumentVersion, tables.Passage
KEPT = (
    sa.select(DOCUMENT.id, DOCUMENT.kind, DOCUMENT.owner, DOCUMENT.state).order_by(DOCUMENT.id),
    sa.select(VERSION.document_id, VERSION.number, VERSION.source, VERSION.text, VERSION.header),
    sa.select(PASSAGE.key, PASSAGE.id, PASSAGE.kind, PASSAGE.text, PASSAGE.sentences),
    sa.text("SELECT rowid, kind, title, heading, text FROM passages_fts ORDER BY rowid"),
)


def kept(database: Database) -> list[object]:
    """What the library holds, without the ids that are new each time."""
    with database.reading() as db:
        rows = [[tuple(row) for row in db.execute(select)] for select in KEPT]
        return [library_version(db), *rows]


def test_a_library_filled_at_once_holds_what_one_by_one_makes(
    folder: Path, sqlite_url: str
) -> None:
    create_tables(sqlite_url)
    one_by_one = open_database(sqlite_url)
    for name, source in SOURCES.items():
        (folder / name).write_text(source, encoding="utf-8")
        add(one_by_one, source, name)
    with open_starter_database(folder) as at_once:
        assert kept(at_once) == kept(one_by_one)
    one_by_one.close()


def test_a_changed_file_is_read_again(folder: Path) -> None:
    file = folder / "a.md"
    versions = []
    for title, second in (("Pivot", 1), ("Pivot", 1), ("Table", 2)):
        file.write_text(written(title), encoding="utf-8")
        os.utime(file, (second, second))
        with open_starter_database(folder) as database, database.reading() as db:
            versions.append(library_version(db))
    assert versions[0] == versions[1] != versions[2]
