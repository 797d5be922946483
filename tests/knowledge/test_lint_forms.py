"""A document has the parts, the steps and the questions of its kind, and plain text."""

import pytest

from coach.knowledge.lint import forms
from tests.knowledge.sheets import body, lesson, rules, sheet

ASK = "- Which list do you sort?\n- Who reads it?\n- What goes wrong?"
STEPS = {
    count: "\n".join(f"{n}. Open list {n}." for n in range(1, count + 1)) for count in range(11)
}


def test_a_good_document_breaks_no_rule_but_the_length() -> None:
    assert rules(found for rule in forms.RULES for found in rule(sheet())) == ["document-length"]


@pytest.mark.parametrize(
    ("count", "broken"),
    [(499, ["document-length"]), (500, []), (1_200, []), (1_201, ["document-length"])],
)
def test_a_document_has_a_bounded_length(count: int, broken: list[str]) -> None:
    text = "## Sort a list\n\n### Idea\n\n" + "word " * (count - 4)
    assert rules(forms.check_length(sheet(text))) == broken


@pytest.mark.parametrize(
    ("title", "broken"),
    [
        pytest.param("Sort a list", [], id="three words"),
        pytest.param("Sort lists", ["lesson-title"], id="two words"),
        pytest.param("Sort a list of all names in a town", [], id="nine words"),
        pytest.param("Sort a list of all the names in a town", ["lesson-title"], id="ten words"),
        pytest.param("Sorting: a list by name", ["lesson-title"], id="a colon"),
    ],
)
def test_a_lesson_is_named_like_a_task(title: str, broken: list[str]) -> None:
    assert rules(forms.check_lessons(sheet(body(lesson(title))))) == broken


def test_a_document_without_a_lesson_is_reported() -> None:
    assert rules(forms.check_lessons(sheet(f"## Questions to ask\n\n{ASK}"))) == ["lesson-missing"]


@pytest.mark.parametrize("part", ["Idea", "Steps", "Slip", "Check", "Example", "In_other_words"])
def test_each_part_of_a_lesson_is_needed(part: str) -> None:
    (found,) = forms.check_parts(sheet(body(lesson(**{part: None}))))
    assert found.rule == "lesson-parts"
    assert part.replace("_", " ") in found.message


@pytest.mark.parametrize("kind", ["career", "programme"])
def test_career_and_programme_lessons_ask_their_own_questions(kind: str) -> None:
    without, with_them = sheet(kind=kind), sheet(body(lesson(Questions_to_ask=ASK)), kind=kind)
    assert rules(forms.check_parts(without)) == ["lesson-parts"]
    assert rules(forms.check_parts(with_them)) == []


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        pytest.param({}, [], id="in order"),
        pytest.param(
            {"Idea": None, "Tip": "A tip.", "idea": "An idea."}, ["lesson-order"], id="late"
        ),
        pytest.param({"check": "Read the list again."}, ["lesson-order"], id="twice"),
        pytest.param({"Remarks": "A remark."}, [], id="a part of one's own"),
    ],
)
def test_parts_come_once_and_in_order(changes: dict[str, str | None], broken: list[str]) -> None:
    found = forms.check_parts(sheet(body(lesson(**changes))))
    assert [rule for rule in rules(found) if rule == "lesson-order"] == broken


@pytest.mark.parametrize(
    ("steps", "broken"),
    [
        pytest.param(STEPS[3], [], id="three"),
        pytest.param(STEPS[9], [], id="nine"),
        pytest.param(STEPS[2], ["steps-count"], id="two"),
        pytest.param(STEPS[10], ["steps-count"], id="ten"),
        pytest.param("Open the list.", ["steps-count"], id="no list"),
        pytest.param("- Open it.\n- Read it.\n- Close it.", ["steps-numbered"] * 3, id="bullets"),
    ],
)
def test_steps_are_a_numbered_list_one_can_follow(steps: str, broken: list[str]) -> None:
    assert rules(forms.check_steps(sheet(body(lesson(Steps=steps))))) == broken


@pytest.mark.parametrize(
    ("kind", "count", "broken"),
    [
        ("tutorial", 3, []),
        ("tutorial", 2, ["questions-count"]),
        ("tutorial", 4, ["questions-count"]),
        ("career", 2, ["questions-count"]),
        ("career", 3, []),
        ("career", 6, []),
        ("programme", 7, ["questions-count"]),
    ],
)
def test_a_document_has_the_questions_of_its_kind(kind: str, count: int, broken: list[str]) -> None:
    asked = "\n".join(f"- Who reads list {n}?" for n in range(count))
    text = body(questions=f"## Questions to ask\n\n{asked}")
    assert rules(forms.check_questions(sheet(text, kind=kind))) == broken


@pytest.mark.parametrize(
    ("question", "broken"),
    [
        ("Who reads the list?", []),
        ("Tell me who reads the list.", ["question-mark"]),
        ("Who reads the list? Who writes it?", ["question-mark"]),
    ],
)
def test_each_question_is_one(question: str, broken: list[str]) -> None:
    asked = f"## Questions to ask\n\n- {question}\n- Where is it?\n- Whose is it?"
    assert rules(forms.check_questions(sheet(body(questions=asked)))) == broken


@pytest.mark.parametrize(
    ("title", "topics", "broken"),
    [
        pytest.param("Sort a long list", "[a, b, c]", [], id="no risk"),
        pytest.param("Change a password", "[a, b, c]", ["safe-use"], id="risky title"),
        pytest.param("Sort a list", "[a, b, cloud storage]", ["safe-use"], id="risky topic"),
    ],
)
def test_risky_topics_carry_a_word_on_safe_use(title: str, topics: str, broken: list[str]) -> None:
    assert rules(forms.check_safe_use(sheet(title=title, topics=topics))) == broken
    safe = body(more="## Safe use\n\nAsk the security team first.")
    assert rules(forms.check_safe_use(sheet(safe, title=title, topics=topics))) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param("Plain **bold** words and `git status`.", [], id="marks that leave the words"),
        pytest.param("See [the guide](guide.md).", ["plain-link"], id="link"),
        pytest.param("See <https://example.org>.", ["plain-link", "plain-link"], id="autolink"),
        pytest.param("See www.example.org now.", ["plain-link"], id="bare address"),
        pytest.param("![A chart](chart.png)", ["plain-image"], id="image"),
        pytest.param("| a | b |\n| --- | --- |\n| 1 | 2 |", ["plain-table"], id="table"),
        pytest.param("```\nls\n```", ["plain-code"], id="block of code"),
        pytest.param("    ls", ["plain-code"], id="indented code"),
        pytest.param("A <b>bold</b> word.", ["plain-html", "plain-html"], id="html"),
        pytest.param("- one\n  - two", ["plain-nested"], id="list in a list"),
    ],
)
def test_the_text_is_plain(text: str, broken: list[str]) -> None:
    assert rules(forms.check_plain(sheet(body(lesson(Idea=text))))) == broken


def test_a_finding_names_the_line_of_the_file() -> None:
    checked = sheet(body(lesson(Idea="See [the guide](guide.md).")))
    (found,) = forms.check_plain(checked)
    assert checked.document.source.splitlines()[found.line - 1] == "See [the guide](guide.md)."


def test_two_lessons_with_one_title_are_counted_apart() -> None:
    twice = body(lesson(Steps=STEPS[6]), lesson(Steps=STEPS[6]))
    assert rules(forms.check_steps(sheet(twice))) == []
