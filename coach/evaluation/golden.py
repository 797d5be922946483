"""Asks the golden questions of a library as a recap would, and counts what went well."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from coach.coaching.gathering import gather_for_recap
from coach.coaching.lessons import Asked
from coach.knowledge.asking import Library
from coach.knowledge.comparing import find_rank
from coach.knowledge.golden import HALVES, GoldenKind, GoldenQuestion, Half

# What the library promises on the half that no threshold was tuned on.
LEAST_RECALL, LEAST_REFUSED, MOST_FALSE = 0.95, 0.95, 0.05


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """What the library made of one question.

    `rank` is the place of the first expected document among the first five, from 1.
    `answered_from` is the document a recap would quote, None where it would refuse.
    """

    question: GoldenQuestion
    rank: int | None
    coverage: float
    answered_from: str | None

    @property
    def is_refused(self) -> bool:
        """Whether a recap would say that the library does not carry an answer."""
        return self.answered_from is None

    @property
    def is_right(self) -> bool:
        """Whether the question was found and answered, or refused, as it should be."""
        if self.question.kind == "uncovered":
            return self.is_refused
        return self.rank is not None and not self.is_refused


@dataclass(frozen=True, slots=True)
class Score:
    """How well one half went; a figure without questions is None.

    recall: expected document among the first five, of all covered and partly covered ones.
    refused: uncovered questions refused. false: covered questions refused. chosen: covered
    questions answered from an expected document. partly: partly covered ones that are answered.
    """

    questions: int
    recall: float | None
    refused: float | None
    false: float | None
    chosen: float | None
    partly: float | None

    @property
    def holds(self) -> bool:
        """Whether the promised figures are reached."""
        return (
            (self.recall is None or self.recall >= LEAST_RECALL)
            and (self.refused is None or self.refused >= LEAST_REFUSED)
            and (self.false is None or self.false <= MOST_FALSE)
        )


async def ask_golden(
    library: Library, questions: Iterable[GoldenQuestion], abstain_below: float
) -> tuple[GoldenAnswer, ...]:
    """Every question, searched for and judged by the functions that recaps use."""
    return tuple([await _ask(library, question, abstain_below) for question in questions])


async def sweep(
    library: Library, questions: Iterable[GoldenQuestion], thresholds: Iterable[float]
) -> tuple[tuple[float, Score], ...]:
    """The score of the tuning half under each threshold; the held-out half is not touched."""
    tuning = [one for one in questions if one.half == "tuning"]
    return tuple([(one, score(await ask_golden(library, tuning, one))) for one in thresholds])


async def list_missing(library: Library, questions: Iterable[GoldenQuestion]) -> tuple[str, ...]:
    """The expected documents that this library does not publish."""
    expected = dict.fromkeys(one for question in questions for one in question.expected)
    return tuple([one for one in expected if not await library.passages_of(one)])


async def _ask(library: Library, golden: GoldenQuestion, abstain_below: float) -> GoldenAnswer:
    rank = await find_rank(library, golden)
    material = await gather_for_recap(library, (Asked(golden.question, 1.0),), abstain_below)
    lesson = material.tech
    return GoldenAnswer(
        golden, rank, material.tech_coverage, lesson.document_id if lesson else None
    )


def score_halves(answers: Sequence[GoldenAnswer]) -> dict[Half, Score]:
    """The scores of both halves."""
    return {half: score([one for one in answers if one.question.half == half]) for half in HALVES}


def score(answers: Sequence[GoldenAnswer]) -> Score:
    """The score of these answers."""
    expected = _of(answers, "covered", "partly")
    covered, partly = _of(answers, "covered"), _of(answers, "partly")
    return Score(
        questions=len(answers),
        recall=_share(expected, lambda one: one.rank is not None),
        refused=_share(_of(answers, "uncovered"), lambda one: one.is_refused),
        false=_share(covered, lambda one: one.is_refused),
        chosen=_share(covered, lambda one: one.answered_from in one.question.expected),
        partly=_share(partly, lambda one: not one.is_refused),
    )


def _of(answers: Sequence[GoldenAnswer], *kinds: GoldenKind) -> list[GoldenAnswer]:
    return [one for one in answers if one.question.kind in kinds]


def _share(answers: Sequence[GoldenAnswer], holds: Callable[[GoldenAnswer], bool]) -> float | None:
    return sum(map(holds, answers)) / len(answers) if answers else None
