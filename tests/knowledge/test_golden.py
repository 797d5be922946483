"""Golden questions are read strictly, and divided by their words alone."""

from pathlib import Path

import pytest

from coach.knowledge.adding import markdown_in, read_files
from coach.knowledge.golden import (
    MOST_BORROWED,
    GoldenFault,
    GoldenQuestion,
    borrowed,
    golden_file,
    load_golden,
)
from coach.knowledge.markdown import read_document
from coach.shipped import shipped
from tests.knowledge.sheets import source

ENTRY = """
- question: {question}
  expected: {expected}
  kind: {kind}
  asked_by: {asked_by}
  style: {style}
"""
GOOD = {
    "question": "Who can help me?",
    "expected": "[first-session]",
    "kind": "covered",
    "asked_by": "mentee",
    "style": "plain",
}
there = pytest.mark.skipif(
    not golden_file().is_file(), reason="knowledge/golden.yaml is not written yet"
)


def write(folder: Path, *entries: str) -> Path:
    path = folder / "golden.yaml"
    path.write_text("".join(entries), encoding="utf-8")
    return path


def entry(**changes: str) -> str:
    return ENTRY.format(**{**GOOD, **changes})


def asked(question: str) -> GoldenQuestion:
    return GoldenQuestion(question, (), "uncovered", "mentor", "plain")


def test_questions_come_with_what_is_known_of_them(folder: Path) -> None:
    second = entry(question="Where is lunch?", expected="[]", kind="uncovered", style="vague")
    one, two = load_golden(write(folder, entry(), second))
    assert one == GoldenQuestion(
        "Who can help me?", ("first-session",), "covered", "mentee", "plain"
    )
    assert (two.expected, two.kind, two.style) == ((), "uncovered", "vague")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[", "not YAML", id="no YAML"),
        pytest.param("{}", "must be a list", id="no list"),
        pytest.param("[]", "must be a list", id="empty"),
        pytest.param("- a question", "question 1: exactly these fields", id="no fields"),
        pytest.param(entry() + "  note: x\n", "exactly these fields", id="a field too many"),
        pytest.param(entry(question='""'), "a question of at most", id="no question"),
        pytest.param(entry(question="[1]"), "a question of at most", id="no text"),
        pytest.param(entry(expected="first-session"), "expected must be a list", id="no list"),
        pytest.param(entry(kind="maybe"), "kind must be one of covered", id="another kind"),
        pytest.param(entry(asked_by="admin"), "asked_by must be", id="another person"),
        pytest.param(entry(style="rude"), "style must be", id="another style"),
        pytest.param(entry(expected="[]"), "names documents", id="covered by nothing"),
        pytest.param(entry(kind="uncovered"), "another none", id="uncovered by something"),
        pytest.param(
            entry() + entry(question="who can  HELP me?"), "question 2: .*twice", id="twice"
        ),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence(folder: Path, text: str, said: str) -> None:
    with pytest.raises(GoldenFault, match=said):
        load_golden(write(folder, text))


def test_a_missing_file_is_told_in_a_sentence(folder: Path) -> None:
    with pytest.raises(GoldenFault, match="No such file"):
        load_golden(folder / "golden.yaml")


def test_the_half_of_a_question_depends_on_its_words_alone() -> None:
    halves = [asked(f"Question {number}?").half for number in range(400)]
    assert 160 < halves.count("tuning") < 240
    assert asked("Who can help me?").half == asked("who  can help ME?").half


def test_golden_questions_are_no_document(folder: Path) -> None:
    write(folder, entry())
    (folder / "a.md").write_text(source(), encoding="utf-8")
    assert markdown_in(folder) == [folder / "a.md"]


@pytest.mark.parametrize(
    ("question", "share"),
    [
        pytest.param("How do I sort a list by name?", 1.0, id="the heading itself"),
        pytest.param("How do I sort my suppliers?", 0.5, id="half of it"),
        pytest.param("Where are my suppliers?", 0.0, id="other words"),
        pytest.param("How do I?", 0.0, id="no content words"),
    ],
)
def test_a_question_tells_how_much_it_borrows(question: str, share: float) -> None:
    assert borrowed(question, read_document(source(), "a.md").passages) == share


@there
def test_the_shipped_questions_expect_documents_that_ship() -> None:
    known = {file.text.header.id for file in read_files([shipped("knowledge")])}
    expected = {one for golden in load_golden(golden_file()) for one in golden.expected}
    assert expected - known == set()


@there
def test_the_shipped_questions_are_many_and_of_every_kind() -> None:
    questions = load_golden(golden_file())
    assert len(questions) >= 240
    assert sum(one.kind == "uncovered" for one in questions) >= 120
    assert {one.style for one in questions} == {"plain", "vague", "misspelt", "long"}
    assert {one.kind for one in questions} == {"covered", "partly", "uncovered"}
    assert {one.asked_by for one in questions} == {"mentor", "mentee"}


@there
def test_the_shipped_questions_do_not_repeat_the_headings_they_look_for() -> None:
    files = read_files([shipped("knowledge")])
    passages = {file.text.header.id: file.text.passages for file in files}
    found = [
        f"{one.question} ({document})"
        for one in load_golden(golden_file())
        for document in one.expected
        if borrowed(one.question, passages.get(document, ())) > MOST_BORROWED
    ]
    assert found == []
