"""Golden questions are asked as recaps ask, counted by halves, and gate the shipped library."""

from dataclasses import replace

import pytest

from coach.evaluation.golden import GoldenAnswer, Score, ask_golden, score, score_halves, sweep
from coach.knowledge.golden import GoldenKind, GoldenQuestion, golden_file, load_golden
from coach.knowledge.retrieval import open_starter_library
from coach.settings import Settings

ABSTAIN_BELOW = Settings.model_fields["abstain_below"].default


def question(text: str = "Who?", kind: GoldenKind = "covered", *expected: str) -> GoldenQuestion:
    return GoldenQuestion(text, expected, kind, "mentee", "plain")


def answer(
    kind: GoldenKind, rank: int | None = None, answered_from: str | None = None
) -> GoldenAnswer:
    expected = () if kind == "uncovered" else ("right",)
    return GoldenAnswer(question("Who?", kind, *expected), rank, 0.5, answered_from)


async def test_a_covered_question_is_found_and_answered_from_its_document() -> None:
    asked = question("How do I see totals per month in a pivot table?", "covered", "pivot-tables")
    with open_starter_library() as library:
        (one,) = await ask_golden(library, [asked], ABSTAIN_BELOW)
    assert (one.rank, one.answered_from, one.is_right) == (1, "pivot-tables", True)


async def test_a_foreign_question_is_refused() -> None:
    asked = question("Which yeast suits rye sourdough at altitude?", "uncovered")
    with open_starter_library() as library:
        (one,) = await ask_golden(library, [asked], ABSTAIN_BELOW)
    assert (one.rank, one.is_refused, one.is_right) == (None, True, True)


async def test_the_threshold_decides_what_is_refused() -> None:
    asked = question("How do I group a pivot table by month?", "uncovered")
    with open_starter_library() as library:
        (never,) = await ask_golden(library, [asked], 0.0)
        (always,) = await ask_golden(library, [asked], 1.1)
    assert (never.is_refused, always.is_refused) == (False, True)
    assert never.coverage == always.coverage


async def test_a_sweep_asks_the_tuning_half_alone() -> None:
    asked = [question(f"Which yeast suits report {number}?", "uncovered") for number in range(20)]
    tuning = sum(one.half == "tuning" for one in asked)
    with open_starter_library() as library:
        lowest, highest = await sweep(library, asked, (0.0, 1.0))
    assert [threshold for threshold, _ in (lowest, highest)] == [0.0, 1.0]
    assert lowest[1].questions == highest[1].questions == tuning
    assert highest[1].refused == 1.0


def test_each_figure_counts_its_own_kind_of_question() -> None:
    found = score(
        [
            answer("covered", 1, "right"),
            answer("covered", 5, "wrong"),
            answer("covered", None, "wrong"),
            answer("covered", 2, None),
            answer("partly", 3, "right"),
            answer("partly", None, None),
            answer("uncovered"),
            answer("uncovered", None, "wrong"),
        ]
    )
    assert found == Score(8, recall=4 / 6, refused=1 / 2, false=1 / 4, chosen=1 / 4, partly=1 / 2)


def test_a_half_without_questions_has_no_figures() -> None:
    assert score([]) == Score(0, None, None, None, None, None)
    assert score([]).holds


@pytest.mark.parametrize(
    ("recall", "refused", "false", "holds"),
    [
        (1.0, 1.0, 0.0, True),
        (0.95, 0.95, 0.05, True),
        (0.949, 1.0, 0.0, False),
        (1.0, 0.949, 0.0, False),
        (1.0, 1.0, 0.051, False),
    ],
)
def test_a_half_holds_when_every_promise_does(
    recall: float, refused: float, false: float, holds: bool
) -> None:
    assert Score(100, recall, refused, false, chosen=0.5, partly=0.5).holds is holds


@pytest.mark.parametrize(
    ("one", "right"),
    [
        pytest.param(answer("covered", 5, "wrong"), True, id="found and answered"),
        pytest.param(answer("covered", 1, None), False, id="refused"),
        pytest.param(answer("covered", None, "right"), False, id="not among the first"),
        pytest.param(answer("uncovered", None, None), True, id="refused as it should be"),
        pytest.param(answer("uncovered", None, "wrong"), False, id="answered from nowhere"),
    ],
)
def test_an_answer_is_right_or_wrong(one: GoldenAnswer, right: bool) -> None:
    assert one.is_right is right


def test_each_question_is_counted_in_its_half() -> None:
    answers = [
        replace(answer("uncovered"), question=question(f"Question {number}?", "uncovered"))
        for number in range(50)
    ]
    halves = score_halves(answers)
    assert sum(half.questions for half in halves.values()) == 50
    assert all(half.questions for half in halves.values())


# Where search by words alone stands. The aim is LEAST_RECALL, LEAST_REFUSED and MOST_FALSE, which
# `coach library golden --gate` asks for; until it is reached, nothing may fall behind this.
RECALL_NOW, REFUSED_NOW, FALSE_NOW = 0.74, 0.71, 0.53


async def test_the_shipped_library_does_not_fall_behind_on_questions_nobody_tuned_on() -> None:
    with open_starter_library() as library:
        answers = await ask_golden(library, load_golden(golden_file()), ABSTAIN_BELOW)
    held = score_halves(answers)["held_out"]
    assert (held.recall or 0) >= RECALL_NOW, held
    assert (held.refused or 0) >= REFUSED_NOW, held
    assert (held.false or 0) <= FALSE_NOW, held
