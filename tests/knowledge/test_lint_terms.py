"""Words to know are terms with short meanings, used in the document that explains them."""

import pytest

from coach.knowledge.lint import terms
from tests.knowledge.sheets import body, lesson, rules, sheet


def words(*entries: str) -> str:
    """A part with these entries."""
    return "\n".join(("## Words to know", "", *(f"- {entry}" for entry in entries)))


@pytest.mark.parametrize(
    ("entry", "broken"),
    [
        ("**sorted list**: a list with an order", []),
        ("**sorted list** – a list with an order", []),
        ("**sorted list** is a list with an order", ["term-form"]),
    ],
)
def test_an_entry_is_a_term_and_its_meaning(entry: str, broken: list[str]) -> None:
    assert rules(terms.check_form(sheet(body(words=words(entry))))) == broken


def test_a_term_stands_once() -> None:
    twice = words("**sorted list**: a list", "**sorted list**: a list with an order")
    assert rules(terms.check_form(sheet(body(words=twice)))) == ["term-form"]


@pytest.mark.parametrize(("count", "broken"), [(20, []), (21, ["term-length"])])
def test_a_meaning_has_at_most_20_words(count: int, broken: list[str]) -> None:
    entry = "**sorted list**: " + " ".join(["list"] * count)
    assert rules(terms.check_length(sheet(body(words=words(entry))))) == broken


@pytest.mark.parametrize(
    ("word", "broken"),
    [
        pytest.param("sorted list", [], id="as written"),
        pytest.param("Sorted Lists", [], id="in another form"),
        pytest.param("key (PK)", [], id="its short form is used"),
        pytest.param("sorted table", ["term-unused"], id="only half of it"),
        pytest.param("pivot", ["term-unused"], id="not at all"),
        pytest.param("heading word", [], id="in the heading of a lesson"),
    ],
)
def test_a_term_is_used_in_the_document(word: str, broken: list[str]) -> None:
    text = body(
        lesson("Sort by heading words", Check="Read each PK twice."),
        words=words(f"**{word}**: a list with an order"),
    )
    assert rules(terms.check_used(sheet(text))) == broken


@pytest.mark.parametrize(
    ("word", "broken"),
    [
        ("sorted list", []),
        ("link", ["term-everyday"]),
        ("Folders", ["term-everyday"]),
        ("sharing link", []),
    ],
)
def test_everyday_words_are_no_terms(word: str, broken: list[str]) -> None:
    text = body(words=words(f"**{word}**: a list with an order"))
    assert rules(terms.check_rare(sheet(text))) == broken
