"""What single words add is what the database says of them together, and is looked up once."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import sqlalchemy as sa

from coach.knowledge import word_search
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.lexical import IN_TEXT, Term, count_words, is_sqlite, query_words, quoted
from coach.knowledge.postings import NOTHING, add_up, scores_from
from coach.knowledge.word_search import WordSearch
from coach.storage.database import Database, Db
from tests.knowledge.writing import add, written

LESSON = "## {0}\n### Idea\n{0} keep work safe. {1}\n\n"


def shelve(database: Database) -> None:
    """Four documents of two passages each, one of them a career note."""
    for number, title in enumerate(("Backups", "Restores", "Prompts", "Promises")):
        body = LESSON.format(title, "Backups come back.") + LESSON.format("Dashboards", title * 2)
        kind = {"kind": "career"} if title == "Promises" else {}
        add(database, written(title, body=body, **kind), f"d{number}.md")


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database is asked while the block runs."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    engine = database.reader.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


def known(db: Db, text: str) -> list[Term]:
    return [Term(word, count) for word, count in count_words(db, query_words(text)).items()]


def test_the_sum_over_words_is_what_fts5_says_of_all_of_them(database: Database) -> None:
    shelve(database)
    query = LibraryQuery("backups restores dashboards come")
    with database.reading() as db:
        if not is_sqlite(db):
            pytest.skip("only FTS5 has the score of several words to compare with")
        terms = known(db, query.text)
        found = WordSearch(8).find_all(db, terms, query)
        either = " OR ".join(quoted(term.word) for term in terms)
        passages = db.execute(
            sa.text(
                "SELECT rowid, -bm25(passages_fts, 0.0, 2.0, 1.0, 1.0) FROM passages_fts "
                "WHERE passages_fts MATCH :query ORDER BY 2 DESC, 1"
            ),
            {"query": f"{IN_TEXT}({either})"},
        )
        whole = db.execute(
            sa.text(
                "SELECT rowid, -bm25(documents_fts, 2.0, 1.0) FROM documents_fts "
                "WHERE documents_fts MATCH :query"
            ),
            {"query": either},
        )
        assert found.passages.best(99) == pytest.approx({row[0]: row[1] for row in passages})
        assert found.documents.best(99) == pytest.approx({row[0]: row[1] for row in whole})
        assert len(found.passages.keys) == 8
        assert len(found.documents.keys) == 4


def test_a_word_in_more_places_counts_for_more_on_either_database(database: Database) -> None:
    shelve(database)
    with database.reading() as db:
        search = WordSearch(8)
        found = search.find(db, known(db, "restores"), LibraryQuery("restores")).best(9)
        titled = db.scalars(
            sa.text("SELECT key FROM passages WHERE document_id = 'd1' ORDER BY key")
        )
        assert set(found) == set(titled)
        assert min(found.values()) > 0


def test_words_asked_before_are_not_looked_up_again(database: Database) -> None:
    shelve(database)
    with database.reading() as db:
        search = WordSearch(8)
        terms = search.terms(db, query_words("backups dashboards restores"))
        first = search.find_all(db, terms[:2], LibraryQuery("backups dashboards"))
        with statements(database) as asked:
            again = search.find_all(db, terms[1::-1], LibraryQuery("dashboards backups"))
            career = search.find(db, terms[:2], LibraryQuery("backups", kind="career"))
        assert [one for one in asked if "bm25" in one or "ts_rank" in one] == []
        assert first.passages.best(9) == pytest.approx(again.passages.best(9))
        with statements(database) as asked:
            search.find_all(db, terms, LibraryQuery("restores too"))
        assert len([one for one in asked if "bm25" in one or "ts_rank" in one]) == 2
        owners = sa.text("SELECT document_id FROM passages WHERE key = :key")
        assert {db.scalar(owners, {"key": key}) for key in career.best(9)} == {"d3"}


def test_what_is_kept_of_words_has_a_bound(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(database)
    monkeypatch.setattr(word_search, "KEPT_SCORES", 12)
    with database.reading() as db:
        search = WordSearch(8)
        for text in ("backups", "dashboards", "restores", "backups"):
            terms = search.terms(db, (text,))
            found = search.find_all(db, terms, LibraryQuery(text))
            assert len(found.passages.keys) == terms[0].passages
            kept = sum(len(one.keys) for one in search.scores.values())
            assert kept == search.kept <= 12


def test_scores_of_several_words_are_added_key_by_key() -> None:
    found = add_up([scores_from({7: 1.0, 3: 2.0}), NOTHING, scores_from({3: 0.5, 9: 2.5})])
    assert found.best(9) == {3: 2.5, 9: 2.5, 7: 1.0}
    assert list(found.best(9)) == [3, 9, 7]  # equal ones in the order of their keys
    assert list(found.best(1)) == [3]
    assert found.best(0) == {}
    assert found.of([9, 8, 3, 100, 1]).tolist() == [2.5, 0.0, 2.5, 0.0, 0.0]
    assert found.among(np.array([9, 7, 1], dtype=np.int32)).best(9) == {9: 2.5, 7: 1.0}
    assert add_up([]).best(5) == {}
    assert NOTHING.of([1, 2]).tolist() == [0.0, 0.0]
