"""Asks golden questions before and after a change, and says what it loses and wins."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from coach.knowledge.asking import Library
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.golden import GoldenQuestion

TOP = 5
Refuses = Callable[[Library, str], Awaitable[bool]]


async def refuses_nothing(_library: Library, _question: str) -> bool:
    """What is known of refusals where nobody drafts."""
    return False


@dataclass(frozen=True, slots=True)
class Gate:
    """What a change is measured by: golden questions, and whether a recap would refuse one."""

    questions: Sequence[GoldenQuestion]
    refuses: Refuses = refuses_nothing


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change does to the golden questions.

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


NOTHING_ASKED = Comparison(0, 0.0, 0.0, 0, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a library makes of a question; `documents` are the first five that it finds."""

    golden: GoldenQuestion
    documents: tuple[str, ...]
    is_refused: bool

    @property
    def rank(self) -> int | None:
        """The place of the first expected document, from 1."""
        return _rank(self.documents, self.golden)

    @property
    def is_right(self) -> bool:
        """Whether the question is found and answered, or refused, as it should be."""
        if not self.golden.expected:
            return self.is_refused
        return self.rank is not None and not self.is_refused


async def find_rank(library: Library, golden: GoldenQuestion) -> int | None:
    """The place of the first expected document among the first five, from 1."""
    return _rank(await _find(library, golden), golden)


async def ask(library: Library, golden: GoldenQuestion, refuses: Refuses) -> Answer:
    """What this library makes of a question."""
    found = await _find(library, golden)
    return Answer(golden, found, await refuses(library, golden.question))


async def _find(library: Library, golden: GoldenQuestion) -> tuple[str, ...]:
    found = await library.search(LibraryQuery(golden.question, None, TOP, most=1))
    return tuple(hit.passage.document_id for hit in found.hits[:TOP])


def _rank(documents: Sequence[str], golden: GoldenQuestion) -> int | None:
    return next((place for place, one in enumerate(documents, 1) if one in golden.expected), None)


def compare(befores: Sequence[Answer], afters: Sequence[Answer]) -> Comparison:
    """The same questions asked before and after."""
    pairs = list(zip(befores, afters, strict=True))
    return Comparison(
        len(pairs),
        _recall(befores),
        _recall(afters),
        sum(one.is_refused for one in befores),
        sum(one.is_refused for one in afters),
        tuple(old.golden.question for old, new in pairs if old.is_right and not new.is_right),
        tuple(old.golden.question for old, new in pairs if new.is_right and not old.is_right),
    )


def _recall(answers: Sequence[Answer]) -> float:
    found = [one.rank is not None for one in answers if one.golden.expected]
    return sum(found) / len(found) if found else 0.0
