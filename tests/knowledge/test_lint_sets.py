"""Between documents no sentence, lesson or term is given twice."""

import pytest

from coach.knowledge.lint import sets
from tests.knowledge.sheets import body, lesson, rules, sheet

OTHER_PARTS = {
    "Idea": "A filter hides rows.",
    "Steps": "1. Set a filter.\n2. Read the rows.\n3. Clear the filter.",
    "Slip": "A common slip is a forgotten filter. Clear the filter first.",
    "Check": "Count the rows.",
    "Example": "A nurse manager filters a rota.",
    "In_other_words": "A filter works like a sieve.",
}
OTHER = lesson("Filter a list by town", **OTHER_PARTS)
ASK = "## Questions to ask\n\n- Which rows matter?\n- Who set the filter?\n- What is hidden?"


def test_two_different_documents_pass() -> None:
    pair = [sheet(), sheet(body(OTHER, questions=ASK), "b.md")]
    assert rules(found for rule in sets.RULES for found in rule(pair)) == []


@pytest.mark.parametrize(
    ("idea", "broken"),
    [
        ("A sorted list puts equal things side by side.", ["sentence-twice"]),
        ("A  sorted list puts EQUAL things side by side.", ["sentence-twice"]),
        ("A sorted list puts equal names side by side.", []),
    ],
)
def test_a_sentence_stands_once_in_all_documents(idea: str, broken: list[str]) -> None:
    text = body(lesson("Filter a list by town", **{**OTHER_PARTS, "Idea": idea}), questions=ASK)
    pair = [sheet(), sheet(text, "b.md")]
    found = list(sets.check_sentences(pair))
    assert rules(found) == broken
    assert [str(one.path) for one in found] == ["b.md"] * len(broken)


def test_a_sentence_twice_in_one_document_is_reported() -> None:
    text = body(lesson(Check="Read the list.", Example="Read the list."))
    assert rules(sets.check_sentences([sheet(text)])) == ["sentence-twice"]


def test_a_lesson_title_stands_once() -> None:
    pair = [sheet(), sheet(None, "b.md")]
    (found,) = sets.check_lessons(pair)
    assert (found.rule, found.sentence) == ("lesson-twice", "Sort a list by name")


@pytest.mark.parametrize(
    ("entry", "broken"),
    [
        ("sorted list**: a list in which each entry has its place", []),
        ("Sorted list**: A list in which each entry has its place", []),
        ("sorted list**: a list with an order", ["term-conflict"]),
        ("row**: one line of a list", []),
    ],
)
def test_a_term_means_one_thing(entry: str, broken: list[str]) -> None:
    other = sheet(body(OTHER, words=f"## Words to know\n\n- **{entry}"), "b.md")
    assert rules(sets.check_terms([sheet(), other])) == broken
