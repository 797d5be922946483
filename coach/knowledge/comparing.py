"""Compares two models by the golden questions, before one takes the place of the other."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from coach.knowledge.asking import Library
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.golden import GoldenQuestion
from coach.storage import tables
from coach.storage.database import Db

TOP = 5
TOLD_EVERY = 20
Refuses = Callable[[Library, str], Awaitable[bool]]
Told = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change of the model does to the golden questions.

    before, after: the share of answerable questions with an expected document among the first
    five. refused: how many of all questions are refused. lost, won: those that go well only
    before, or only after: found and answered, or refused where the library has no answer.
    """

    asked: int
    before: float
    after: float
    refused_before: int
    refused_after: int
    lost: tuple[str, ...] = ()
    won: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    is_found: bool
    is_refused: bool

    def is_right(self, golden: GoldenQuestion) -> bool:
        """Whether the question went as it should."""
        return self.is_refused if not golden.expected else self.is_found and not self.is_refused


def list_askable(db: Db, questions: Sequence[GoldenQuestion]) -> tuple[GoldenQuestion, ...]:
    """The questions that this library answers or should refuse; none when it answers none."""
    row = tables.Document
    published = set(db.scalars(sa.select(row.id).where(row.state == "published")))
    if not any(published.intersection(one.expected) for one in questions):
        return ()
    return tuple(
        one for one in questions if not one.expected or published.intersection(one.expected)
    )


async def compare(
    old: Library,
    new: Library,
    questions: Sequence[GoldenQuestion],
    refuses: Refuses,
    told: Told,
) -> Comparison:
    """Every question put to both libraries, which differ in nothing but the model."""
    befores, afters = [], []
    for number, one in enumerate(questions):
        if number % TOLD_EVERY == 0:
            await told(number, len(questions))
        befores.append(await _ask(old, one, refuses))
        afters.append(await _ask(new, one, refuses))
    lost, won = [], []
    for one, before, after in zip(questions, befores, afters, strict=True):
        if before.is_right(one) and not after.is_right(one):
            lost.append(one.question)
        if after.is_right(one) and not before.is_right(one):
            won.append(one.question)
    return Comparison(
        len(questions),
        _recall(questions, befores),
        _recall(questions, afters),
        sum(one.is_refused for one in befores),
        sum(one.is_refused for one in afters),
        tuple(lost),
        tuple(won),
    )


async def _ask(library: Library, golden: GoldenQuestion, refuses: Refuses) -> _Answer:
    found = await library.search(LibraryQuery(golden.question, None, TOP, most=1))
    ids = {hit.passage.document_id for hit in found.hits[:TOP]}
    return _Answer(bool(ids.intersection(golden.expected)), await refuses(library, golden.question))


def _recall(questions: Sequence[GoldenQuestion], answers: Sequence[_Answer]) -> float:
    found = [
        answer.is_found for one, answer in zip(questions, answers, strict=True) if one.expected
    ]
    return sum(found) / len(found) if found else 0.0
