"""`coach library golden`: figures by halves, misses by name, and a gate for scripts."""

import pathlib

import pytest

from tests.command_line import call

ENTRY = "- {{question: '{}', expected: [{}], kind: {}, asked_by: mentee, style: plain}}\n"
GOOD = [
    ENTRY.format("How do I see totals per month in a pivot table?", "pivot-tables", "covered"),
    ENTRY.format("Which yeast suits rye sourdough at altitude?", "", "uncovered"),
]
BAD = [
    ENTRY.format(f"Which sourdough yeast rises brioche{number}?", "pivot-tables", "covered")
    for number in range(8)
]


@pytest.fixture
def questions(tmp_path: pathlib.Path) -> pathlib.Path:
    """A file of two questions that go well."""
    return write(tmp_path, GOOD)


def write(folder: pathlib.Path, entries: list[str]) -> pathlib.Path:
    """A file of golden questions."""
    path = folder / "golden.yaml"
    path.write_text("".join(entries), encoding="utf-8")
    return path


def test_the_figures_stand_side_by_side(questions: pathlib.Path) -> None:
    done = call("library", "golden", "--questions", questions)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "Covered from 0.45 (COACH_ABSTAIN_BELOW)."
    assert "tuning (" in lines[1]
    assert "held out (" in lines[1]
    assert [line.split("  ")[0] for line in lines[2:5]] == [
        "recall@5",
        "refusal recall",
        "false refusals",
    ]


def test_json_has_every_question_with_what_became_of_it(questions: pathlib.Path) -> None:
    found = call("library", "golden", "--questions", questions, "--format", "json").json
    assert set(found) == {"abstain_below", "halves", "questions"}
    assert set(found["halves"]) == {"tuning", "held_out"}
    assert [one["right"] for one in found["questions"]] == [True, True]
    assert found["questions"][0]["answered_from"] == "pivot-tables"


def test_misses_are_listed_when_asked_for(tmp_path: pathlib.Path) -> None:
    done = call("library", "golden", "--questions", write(tmp_path, BAD), "--misses")
    assert done.out.count(": wanted pivot-tables, ") == done.out.count("; refused.") == len(BAD)


@pytest.mark.parametrize(("entries", "code"), [(GOOD, 0), (BAD, 1)])
def test_the_gate_ends_with_1_when_a_promise_is_broken(
    tmp_path: pathlib.Path, entries: list[str], code: int
) -> None:
    path = write(tmp_path, entries)
    assert call("library", "golden", "--questions", path, "--gate").code == code
    assert call("library", "golden", "--questions", path).code == 0


def test_a_damaged_file_ends_with_2_and_one_sentence(tmp_path: pathlib.Path) -> None:
    done = call("library", "golden", "--questions", write(tmp_path, ["- x\n"]))
    assert done.code == 2
    assert "question 1: exactly these fields" in done.err


def test_expected_documents_that_are_not_there_are_named(tmp_path: pathlib.Path) -> None:
    entry = ENTRY.format("How do I fold a paper crane?", "paper-cranes, pivot-tables", "covered")
    done = call("library", "golden", "--questions", write(tmp_path, [entry]), "--format", "json")
    assert done.err == "Expected, and not published in this library: paper-cranes.\n"
    assert done.json["questions"][0]["right"] is False


def test_thresholds_are_compared_on_the_tuning_half(questions: pathlib.Path) -> None:
    lines = call("library", "golden", "--questions", questions, "--tune").out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("tuning half"))
    assert [line[:4] for line in lines[at + 1 : at + 4]] == ["0.30", "0.35", "0.40"]
    found = call("library", "golden", "--questions", questions, "--tune", "--format", "json").json
    assert [row["abstain_below"] for row in found["thresholds"]][:2] == [0.3, 0.35]
