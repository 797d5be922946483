"""The recap a mentee asked for, in the field names of its schema."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from coach.coaching.drafts.parts import Citation, Gap, Person, Provenance, Verdict


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence or two with their places."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyIdea:
    """One idea of a recap."""

    idea: str
    explanation: str
    citations: tuple[Citation, ...] = ()
    common_slip: Cited | None = None
    comparison: str | None = None


@dataclass(frozen=True, slots=True)
class RecapStep:
    """One action of a procedure; `skipped_before` marks a left-out step just before it."""

    number: int
    action: str
    citations: tuple[Citation, ...] = ()
    skipped_before: bool = False


@dataclass(frozen=True, slots=True)
class WordToKnow:
    """A technical term and its meaning."""

    word: str
    meaning: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class TryIt:
    """One thing to try on own work."""

    task: str
    minutes: int
    when: str


@dataclass(frozen=True, slots=True)
class RecallQuestion:
    """A question that comes back on a day."""

    question: str
    answer: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecapCommitment:
    """A promise of the session, as stored."""

    id: str
    owner: Person
    text: str
    due: date | None


@dataclass(frozen=True, slots=True)
class RecapSource:
    """A document cited by a recap."""

    document_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Recap:
    """An explanation the mentee asked for after a session; question None = the whole session."""

    pair_id: str
    session_number: int
    language: str
    question: str | None
    answer: Cited
    refused: bool
    what_we_did: tuple[Cited, ...]
    key_ideas: tuple[KeyIdea, ...]
    steps: tuple[RecapStep, ...]
    words_to_know: tuple[WordToKnow, ...]
    try_it: TryIt | None
    recall_questions: tuple[RecallQuestion, ...]
    teach_back: str | None
    mentee_gave: Cited | None
    commitments: tuple[RecapCommitment, ...]
    not_covered: tuple[Gap, ...]
    sources: tuple[RecapSource, ...]
    contract: tuple[Verdict, ...]
    provenance: Provenance
    mentor_growth: str | None = None
    schema: Literal["coach.recap/1"] = "coach.recap/1"
