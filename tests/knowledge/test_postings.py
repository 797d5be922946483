"""What single words add is what the database says of them together, and is looked up once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
import sqlalchemy as sa

from coach.knowledge import lexical, word_search
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.lexical import IN_TEXT, Term, idf, is_sqlite, query_words, quoted
from coach.knowledge.library import archive_document
from coach.knowledge.postings import NOTHING, add_up, load_scores, scores_from
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.word_search import WordSearch
from coach.storage.database import Database, Db
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS
from tests.knowledge.writing import NOW, add, written

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
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def looked_up(asked: Sequence[str]) -> list[str]:
    """Those of these statements that look up a word and its scores."""
    return [one for one in asked if any(name in one for name in ("bm25", "_said", "ts_rank"))]


def read_all(search: WordSearch, db: Db, tables: Sequence[str]) -> None:
    """Read ahead to the end, in as many parts as this machine needs."""
    while search.read_ahead(db, tables):
        pass


def known(db: Db, text: str) -> list[Term]:
    return list(WordSearch(8).terms(db, query_words(text)))


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


def test_the_sum_over_words_is_what_one_query_of_postgresql_says(database: Database) -> None:
    shelve(database)
    with database.reading() as db:
        if is_sqlite(db):
            pytest.skip("FTS5 is compared above")
        terms = known(db, "restores dashboards come")
        found = WordSearch(8).find(db, terms, LibraryQuery("restores")).best(99)
        parts = " + ".join(
            f"{idf(term.passages, 8)} / 0.304 * "
            f"ts_rank('{{0.5, 0, 0.5, 1}}', tsv, plainto_tsquery('english', '{term.word}'))"
            for term in terms
        )
        either = " || ".join(f"plainto_tsquery('english', '{term.word}')" for term in terms)
        rows = db.execute(sa.text(f"SELECT key, {parts} FROM passages_fts WHERE tsv @@ ({either})"))
        assert found == pytest.approx({row[0]: float(row[1]) for row in rows}, rel=1e-5)
        assert len(found) == 5


def test_a_word_said_more_often_counts_for_more_on_either_database(database: Database) -> None:
    shelve(database)
    with database.reading() as db:
        found = WordSearch(8).find(db, known(db, "restores"), LibraryQuery("restores")).best(9)
        rows = db.scalars(sa.text("SELECT key FROM passages WHERE document_id = 'd1' ORDER BY key"))
        first, second = rows
    # Under its own heading, and in the words: the second passage has it in the title and once.
    assert found[first] > found[second] > 0
    assert len(found) == 2


def test_words_asked_before_are_not_looked_up_again(database: Database) -> None:
    shelve(database)
    with database.reading() as db:
        search = WordSearch(8)
        terms = search.terms(db, query_words("backups dashboards restores"))
        first = search.find_all(db, terms[:2], LibraryQuery("backups dashboards"))
        with statements(database) as asked:
            again = search.find_all(db, terms[1::-1], LibraryQuery("dashboards backups"))
            career = search.find(db, terms[:2], LibraryQuery("backups", kind="career"))
        assert looked_up(asked) == []
        assert first.passages.best(9) == pytest.approx(again.passages.best(9))
        with statements(database) as asked:
            search.find_all(db, terms, LibraryQuery("restores too"))
        assert len(looked_up(asked)) == 2
        owners = sa.text("SELECT document_id FROM passages WHERE key = :key")
        assert {db.scalar(owners, {"key": key}) for key in career.best(9)} == {"d3"}


def test_what_is_kept_of_words_has_a_bound(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(database)
    monkeypatch.setattr(word_search, "KEPT_SCORES", 14)
    monkeypatch.setattr(word_search, "FOR_ITSELF", 1)
    with database.reading() as db:
        search = WordSearch(8)
        for text in ("backups", "dashboards", "restores", "nowhere", "prompts"):
            terms = search.terms(db, (text,))
            found = search.find_all(db, terms, LibraryQuery(text))
            assert len(found.passages.keys) == terms[0].passages
            room = sum(len(one.keys) + 1 for one in search.kept.lists.values())
            assert room == search.kept.room
            assert 0 < room <= 14
        assert [word for _, word in search.kept.lists][-1] == search.terms(db, ("prompts",))[0].stem
        monkeypatch.setattr(word_search, "KEPT_SCORES", 3)
        lone = WordSearch(8)
        lone.find_all(db, lone.terms(db, ("backups",)), LibraryQuery("backups"))
        assert not lone.kept.lists  # longer than all that may be kept


def test_threads_that_look_up_the_same_words_count_their_room_once(database: Database) -> None:
    shelve(database)
    search = WordSearch(8)
    words = query_words("backups dashboards restores prompts promises come work safe")

    def look(_: int) -> dict[int, float]:
        with database.reading() as db:
            return search.find_all(db, search.terms(db, words), LibraryQuery("x")).passages.best(9)

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(look, range(24)))
    assert all(one == found[0] for one in found)
    room = sum(len(one.keys) + word_search.FOR_ITSELF for one in search.kept.lists.values())
    assert room == search.kept.room


def test_only_single_words_that_name_no_kind_are_found_by_their_places(database: Database) -> None:
    shelve(database)
    add(database, written("A follow-up", body="A tutorial: the follow-up of a career."), "f.md")
    with database.reading() as db:
        if not is_sqlite(db):
            pytest.skip("PostgreSQL keeps no places of its own to ask")
        for word, name in (("backups", "_said"), ("follow-up", "bm25"), ("tutorial", "bm25")):
            search = WordSearch(9)
            (term,) = search.terms(db, (word,))
            with statements(database) as asked:
                found = search.find(db, (term,), LibraryQuery(word))
            assert [name in one for one in looked_up(asked)] == [True]
            assert found.best(9) == load_scores(db, PASSAGE_WORDS, term, 9).best(9)
            assert len(found.keys) == term.passages > 0


async def test_the_same_text_as_a_later_version_is_found_by_words_never_asked_before(
    database: Database,
) -> None:
    shelve(database)
    library = SqlLibrary(database)
    assert (await library.search(LibraryQuery("dashboards"))).hits
    same = written("Backups", body=LESSON.format("Backups", "Backups come back."))
    add(database, same, "d0.md")
    before = (await library.search(LibraryQuery("dashboards"))).hits
    add(database, written("Backups", body="Something else."), "d0.md", publish=False)
    add(database, same, "d0.md")
    found = await library.search(LibraryQuery("backups that come back"))
    assert "d0" in {hit.passage.document_id for hit in found.hits}
    again = (await library.search(LibraryQuery("dashboards"))).hits
    assert [hit.passage for hit in again] == [hit.passage for hit in before]


def test_words_are_read_before_anybody_asks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(database)
    monkeypatch.setattr(word_search, "FOR_ITSELF", 2)
    words = ("keep", "dashboards", "nowhere", "dashboard", "backups", "restores")
    with database.reading() as db:
        if not is_sqlite(db):
            pytest.skip("one server would be asked by many processes at once")
        search = WordSearch(8)
        search.plan_ahead(db, words)
        read_all(search, db, (PASSAGE_WORDS, DOCUMENT_WORDS))
        with statements(database) as asked:
            found = search.find_all(db, search.terms(db, words), LibraryQuery("x"))
        # Forms of one word are one; of a word in too few passages nothing is kept.
        assert len(search.kept.lists) == 2 * 4
        assert looked_up(asked) == []
        monkeypatch.setattr(word_search, "FOR_ITSELF", 3)
        few = WordSearch(8)
        few.plan_ahead(db, words)
        read_all(few, db, (PASSAGE_WORDS,))
        assert {table for table, _ in few.kept.lists} == {PASSAGE_WORDS}
        assert len(few.kept.lists) == 3
        assert found.passages.best(9) == pytest.approx(
            few.find_all(db, few.terms(db, words), LibraryQuery("x")).passages.best(9)
        )


def test_reading_ahead_gives_others_their_turn_and_leaves_room(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(database)
    monkeypatch.setattr(word_search, "FOR_ITSELF", 1)
    monkeypatch.setattr(word_search, "ONE_PART", -1.0)
    with database.reading() as db:
        if not is_sqlite(db):
            pytest.skip("one server would be asked by many processes at once")
        search = WordSearch(8)
        search.plan_ahead(db, ("keep", "dashboards", "backups"))
        turns = 0
        while search.read_ahead(db, (PASSAGE_WORDS,)):
            turns += 1
            assert len(search.kept.lists) == min(turns, 3)
        assert turns == 6  # in the second half are words of which a search looks at few
        monkeypatch.setattr(word_search, "ROOM_AHEAD", 5)
        little = WordSearch(8)
        little.plan_ahead(db, ("keep", "dashboards", "backups"))
        assert little.read_ahead(db, (PASSAGE_WORDS,))
        kept = set(little.kept.lists)
        for _ in range(3):
            assert not little.read_ahead(db, (PASSAGE_WORDS,))
        assert set(little.kept.lists) == kept
        assert len(kept) == 1


def test_a_word_of_most_passages_is_not_read_ahead(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(database)
    monkeypatch.setattr(word_search, "FOR_ITSELF", 1)
    with database.reading() as db:
        if not is_sqlite(db):
            pytest.skip("one server would be asked by many processes at once")
        search = WordSearch(24_000)  # in so many, eight are few
        search.plan_ahead(db, ("keep",))
        read_all(search, db, (PASSAGE_WORDS,))
        assert len(search.kept.lists) == 1
        monkeypatch.setattr(lexical, "SMALL", 7)
        search = WordSearch(8)  # in so few, they are all
        search.plan_ahead(db, ("keep", "restores"))
        read_all(search, db, (PASSAGE_WORDS,))
        assert not search.kept.lists


async def test_words_are_looked_up_anew_in_another_version(database: Database) -> None:
    shelve(database)
    library = SqlLibrary(database)
    query = LibraryQuery("dashboards", limit=20)
    assert len((await library.search(query)).hits) == 4
    add(database, written("Dashboards"), "new.md")
    found = await library.search(query)
    assert {hit.passage.document_id for hit in found.hits} == {"d0", "d1", "d2", "d3", "new"}
    with database.transaction() as db:
        archive_document(db, "new", NOW)
    assert len((await library.search(query)).hits) == 4


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
