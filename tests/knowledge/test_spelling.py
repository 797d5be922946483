"""A misspelt word is read as a word of the library, and a word people know is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.knowledge.documents import LibraryQuery
from coach.knowledge.spelling import Vocabulary, correct, count_slips
from coach.knowledge.sql_library import SqlLibrary
from coach.storage.database import Database
from tests.knowledge.writing import add, written

VOCABULARY = Vocabulary(["A salary, a raise and a spreadsheet", "Salary and authenticator"])


@pytest.mark.parametrize(
    ("word", "other"),
    [
        pytest.param("sallary", "salary", id="a letter too many"),
        pytest.param("rase", "raise", id="a letter too few"),
        pytest.param("salray", "salary", id="two letters swapped"),
        pytest.param("autentcator", "authenticator", id="two slips in a long word"),
        pytest.param("rsae", None, id="two slips in a short word"),
        pytest.param("malary", None, id="another first letter"),
        pytest.param("ras", None, id="too short to tell"),
        pytest.param("rice", None, id="a word known from elsewhere"),
    ],
)
def test_a_slip_is_mended_where_the_word_is_likely(word: str, other: str | None) -> None:
    assert VOCABULARY.corrections([word]) == ({word: other} if other else {})


def test_the_rest_of_the_text_stays() -> None:
    assert correct("My sallary, again?", {"sallary": "salary"}) == "my salary, again?"


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("pay", "pay", 0), ("pay", "pya", 1), ("pay", "plays", 2)]
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert count_slips(one, other, 2) == slips
    assert count_slips(one, other, 0) > 0 or slips == 0


@given(st.text("jkqxz", min_size=5, max_size=9), st.text("jkqxz", min_size=4, max_size=10))
def test_whatever_is_few_slips_away_is_found(word: str, known: str) -> None:
    most = 2 if len(word) >= 8 else 1
    near = word[0] == known[0] and count_slips(word, known, most) <= most
    assert Vocabulary([known]).corrections([word]) == ({word: known} if near else {})


async def test_search_mends_a_slip_and_says_so(database: Database) -> None:
    add(database, written("Backups of a telephone"))
    library = SqlLibrary(database)
    found = await library.search(LibraryQuery("telefone telephome"))
    assert [hit.passage.document_id for hit in found.hits] == ["a"]
    assert found.searched_for == "telephone telephone"
    assert (await library.search(LibraryQuery("telephone"))).searched_for is None
