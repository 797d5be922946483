"""Scores from the places of a word are those of FTS5's own function, to the last digit."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from coach.knowledge import bm25, postings
from coach.knowledge.bm25 import load_bm25, load_sizes
from coach.knowledge.lexical import is_sqlite
from coach.knowledge.postings import load_scores
from coach.knowledge.word_search import WordSearch
from coach.storage.database import Database, Db
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS, TOKENIZE
from coach.storage.migrate import migrate

# So long that its size takes one byte, two and three.
LENGTHS = (1, 5, 126, 127, 128, 300, 16_383, 16_384, 20_000)


def fill(db: Db) -> None:
    """Rows of many lengths in both tables, some words in few of them and some in all."""
    for key, length in enumerate(LENGTHS, 3):
        said = " ".join(f"w{place % (key * 7)} columns" for place in range(length // 2 + 1))
        row = {"key": 10 * key, "kind": "career", "title": f"Pivot tables {key}", "text": said}
        row["heading"] = "Career columns | café" if key % 2 else "Rows"
        db.execute(
            sa.text(
                "INSERT INTO passages_fts (rowid, kind, title, heading, text) "
                "VALUES (:key, :kind, :title, :heading, :text)"
            ),
            row,
        )
        db.execute(
            sa.text("INSERT INTO documents_fts (rowid, title, text) VALUES (:key, :title, :text)"),
            row,
        )


@pytest.mark.parametrize("table", [PASSAGE_WORDS, DOCUMENT_WORDS])
def test_scores_are_those_of_fts5_to_the_last_digit(
    database: Database, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Headings weigh what text weighs; if the two were exchanged, nobody could tell.
    monkeypatch.setitem(postings._BM25, PASSAGE_WORDS, "bm25(passages_fts, 0.0, 2.0, 3.0, 1.0)")
    monkeypatch.setattr(bm25, "_WEIGHTS", np.where(np.arange(128) == ord("a"), 3, bm25._WEIGHTS))
    with database.transaction() as db:
        if not is_sqlite(db):
            pytest.skip("PostgreSQL has no bm25")
        db.execute(sa.text("DELETE FROM passages_fts"))
        fill(db)
        words = ("column", "pivoted", "rows", "Career", "cafe", "w40", "w6", "3", "nowhere")
        sizes = load_sizes(db, table)
        assert sizes.keys.tolist() == [10 * key for key in range(3, 12)]
        assert sizes.relative.mean() == pytest.approx(1.0)
        for term in WordSearch(len(LENGTHS)).terms(db, words):
            theirs = load_scores(db, table, term, len(LENGTHS))
            ours = load_bm25(db, table, term.stem, sizes)
            assert ours.keys.tolist() == theirs.keys.tolist()
            assert ours.values.tolist() == theirs.values.tolist()
            assert table == DOCUMENT_WORDS or len(ours.keys) == term.passages


def test_an_empty_table_has_no_sizes_and_no_scores(database: Database) -> None:
    with database.transaction() as db:
        if not is_sqlite(db):
            pytest.skip("PostgreSQL has no bm25")
        db.execute(sa.text("DELETE FROM documents_fts"))
        sizes = load_sizes(db, DOCUMENT_WORDS)
        assert not len(sizes.keys)
        assert not len(load_bm25(db, DOCUMENT_WORDS, "column", sizes).keys)


def test_the_tables_of_a_migrated_database_are_split_into_the_words_that_stems_are_asked_of(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/migrated.db"
    migrate(url)
    with closing(sqlite3.connect(tmp_path / "migrated.db")) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master"))
    assert TOKENIZE in made[PASSAGE_WORDS]
    assert TOKENIZE in made[DOCUMENT_WORDS]
