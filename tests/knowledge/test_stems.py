"""Forms of one word are looked up once, and as the database itself takes them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from coach.knowledge.lexical import is_sqlite
from coach.knowledge.stems import Fts5, load_stems
from coach.knowledge.word_search import WordSearch
from coach.storage.database import Database
from tests.knowledge.writing import add, written


def test_forms_of_one_word_have_one_stem(database: Database) -> None:
    with database.reading() as db:
        stems = load_stems(db, ("column", "columns", "row", "follow-up", "rows", "don't"))
    assert stems["column"] == stems["columns"]
    assert stems["row"] == stems["rows"]
    assert len(set(stems.values())) == 4
    assert "follow" in stems["follow-up"]


def test_words_of_one_stem_find_the_same(database: Database) -> None:
    add(database, written("Columns", body="A column of technology, a café and naïve apologies."))
    with database.reading() as db:
        search = WordSearch(1)
        words = ("technology", "technologies", "apology", "apologies", "columns", "cafe", "café")
        terms = {term.word: term for term in search.terms(db, words)}
        assert terms["technology"].passages == terms["technologies"].passages == 1
        assert terms["apology"].passages == 1
        assert terms["café"].passages == 1
        # Only FTS5 takes the marks off letters.
        assert (terms["cafe"].stem == terms["café"].stem) == is_sqlite(db)
        assert search.terms(db, words) == tuple(terms.values())


def test_nothing_is_asked_for_no_word(database: Database) -> None:
    with database.reading() as db:
        assert load_stems(db, ()) == {}


def test_threads_that_ask_at_once_are_answered_each() -> None:
    fts5 = Fts5()
    words = [[f"columns{number}", f"rows{number}", "pivoting"] for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(fts5.stems, words))
    for number, stems in enumerate(found):
        assert list(stems) == words[number]
        assert stems["pivoting"] == "pivot"


def test_a_word_it_cannot_take_leaves_it_ready_for_the_next() -> None:
    fts5 = Fts5()
    with pytest.raises(UnicodeEncodeError):
        fts5.stems(["rows", "\ud800"])
    assert fts5.stems(["rows"]) == {"rows": "row"}
