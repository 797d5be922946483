"""Sentences are whole, short and able to stand alone, and steps begin with their verb."""

import pytest

from coach.knowledge.lint import sayings
from coach.knowledge.lint.sheets import Sheet
from tests.knowledge.sheets import body, lesson, rules, sheet


def idea(text: str) -> Sheet:
    """A document with this idea."""
    return sheet(body(lesson(Idea=text)))


def steps(*lines: str) -> Sheet:
    """A document with these steps."""
    numbered = "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))
    return sheet(body(lesson(Steps=numbered)))


def test_a_good_document_breaks_no_rule() -> None:
    every = (*sayings.RULES, *sayings.ENGLISH_RULES)
    assert rules(found for rule in every for found in rule(sheet())) == []


@pytest.mark.parametrize(
    "text",
    [
        "A list is sorted.",
        "“Sort” is a button.",
        "One reader asked: “Who reads the list?”",
        "Élan helps a speaker.",
        "9 rows are enough.",
        "Read the list!",
    ],
)
def test_whole_sentences_pass(text: str) -> None:
    assert rules(sayings.check_whole(idea(text))) == []


@pytest.mark.parametrize(
    "text", ["a list is sorted.", "A list is sorted", "A list:", "– a list is sorted."]
)
def test_half_sentences_are_reported(text: str) -> None:
    assert rules(sayings.check_whole(idea(text))) == ["sentence-whole"]


@pytest.mark.parametrize(("count", "broken"), [(25, []), (26, ["sentence-length"])])
def test_a_sentence_has_at_most_25_words(count: int, broken: list[str]) -> None:
    text = "Lists " + "very " * (count - 2) + "long."
    assert rules(sayings.check_length(idea(text))) == broken
    assert rules(sayings.check_length(steps(text))) == broken


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("A list helps.", []),
        ("This list helps.", []),
        ("This also helps.", ["sentence-opener"]),
        ("However, a list helps.", ["sentence-opener"]),
        ("They read the list.", ["sentence-opener"]),
        ("Instead of a list, take a card.", []),
    ],
)
def test_no_sentence_leans_on_the_one_before(text: str, broken: list[str]) -> None:
    assert rules(sayings.check_openers(idea(text))) == broken


@pytest.mark.parametrize(
    "text",
    [
        "The steps above sort the list.",
        "Sort the list as shown above.",
        "A copy is made in the next step.",
        "Repeat the last step for each name.",
        "The previous lesson sorts the list.",
        "Step 3 sorts the list.",
        "As mentioned, a list helps.",
        "A list in this document is short.",
    ],
)
def test_references_to_other_places_are_reported(text: str) -> None:
    assert rules(sayings.check_references(idea(text))) == ["sentence-reference"]


@pytest.mark.parametrize(
    "text",
    [
        "A talk ends with a next step and a date.",
        "Insert a row below the header row.",
        "Copy the cell above.",
        "A short step helps.",
        "Agree on the next step towards the goal.",
        "Write the last sentence before the first sentence.",
    ],
)
def test_places_on_a_screen_and_steps_in_life_are_left_alone(text: str) -> None:
    assert rules(sayings.check_references(idea(text))) == []


def test_the_language_lint_reads_titles_headings_and_sentences() -> None:
    checked = sheet(
        body(lesson("Sort a list even you can", Idea="Simply click.")), title="For dummies"
    )
    assert rules(sayings.check_language(checked)) == ["language"] * 3


@pytest.mark.parametrize(
    "step",
    [
        "Open the list.",
        "Right-click the list.",
        "Re-read the list.",
        "Do not paste names into the tool.",
        "Zap the list with a long press.",
        "“Copy” the list.",
    ],
)
def test_a_step_that_begins_with_its_verb_passes(step: str) -> None:
    assert rules(sayings.check_step_verbs(steps(step))) == []


@pytest.mark.parametrize(
    "step",
    [
        "The list opens.",
        "If the list is long, sort it.",
        "When you are ready, sort the list.",
        "You sort the list.",
        "In the menu, choose Sort.",
        "Carefully sort the list.",
        "Opening the list helps.",
        "Zebras are sorted last.",
        "Please open the list.",
        "Never paste names into the tool.",
    ],
)
def test_a_step_that_begins_with_anything_else_is_reported(step: str) -> None:
    assert rules(sayings.check_step_verbs(steps(step))) == ["step-verb"]


@pytest.mark.parametrize(
    "step", ["Open the list. Sort the list.", "Open the list and then sort the list."]
)
def test_a_step_is_one_step(step: str) -> None:
    assert rules(sayings.check_step_verbs(steps(step))) == ["step-single"]


@pytest.mark.parametrize(
    ("lines", "broken"),
    [
        (("Open the list.", "Read each name.", "Close the list."), []),
        (
            ("Initialise organisational prioritisation.", "Communicate interdepartmentally."),
            ["steps-grade"],
        ),
    ],
)
def test_steps_are_easy_to_read(lines: tuple[str, ...], broken: list[str]) -> None:
    assert rules(sayings.check_grade(steps(*lines))) == broken


@pytest.mark.parametrize(
    ("slip", "broken"),
    [
        ("A common slip is to sort one column. Undo the sort at once.", []),
        ("A common slip is to sort one column. Open the copy of the list.", []),
        ("A common slip is to sort one column. A copy of the list repairs the sort.", []),
        ("A common slip is to sort one column.", ["slip-undo"]),
        ("A common slip is to sort one column. The names are then wrong.", ["slip-undo"]),
    ],
)
def test_a_slip_says_how_it_is_undone(slip: str, broken: list[str]) -> None:
    assert rules(sayings.check_slips(sheet(body(lesson(Slip=slip))))) == broken
