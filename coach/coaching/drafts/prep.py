"""The private prep brief of one person, in the field names of its schema."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from coach.coaching.drafts.parts import Citation, Gap, Person, Provenance, Verdict
from coach.coaching.drafts.recap import Cited, RecapSource


@dataclass(frozen=True, slots=True)
class ExpectedQuestion:
    """A question the mentor may hear; without citations the library does not answer it."""

    question: str
    answer: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class PrepPromise:
    """An open promise, with all the ids it is kept under; `due` is a day or the pair's words."""

    ids: tuple[str, ...]
    owner: Person
    text: str
    due: str | None


@dataclass(frozen=True, slots=True)
class PrepBrief:
    """What one person reads before a session; the parts of the other one are empty."""

    pair_id: str
    session_number: int
    date: date
    language: str
    reader: Person
    help: tuple[str, ...]
    says: tuple[Cited, ...]
    not_to_promise: tuple[Cited, ...]
    questions: tuple[ExpectedQuestion, ...]
    teaching: tuple[Cited, ...]
    bring: tuple[Cited, ...]
    try_before: tuple[Cited, ...]
    career: tuple[Cited, ...]
    promises: tuple[PrepPromise, ...]
    not_covered: tuple[Gap, ...]
    sources: tuple[RecapSource, ...]
    contract: tuple[Verdict, ...]
    provenance: Provenance
    schema: Literal["coach.prep/1"] = "coach.prep/1"

    def told(self) -> tuple[Cited, ...]:
        """Every line with its places, in the order of reading; the promises are not among them."""
        asked = tuple(Cited(one.question) for one in self.questions)
        answers = tuple(Cited(one.answer, one.citations) for one in self.questions)
        lines = (*self.says, *self.not_to_promise, *asked, *answers, *self.teaching)
        return (*lines, *self.bring, *self.try_before, *self.career)
