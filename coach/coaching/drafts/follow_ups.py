"""The follow-up questions of one session, in the field names of their schema."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from coach.coaching.drafts.parts import Citation, Person, Provenance, Verdict

QuestionPurpose = Literal[
    "follow_up",
    "experience",
    "recall",
    "apply",
    "explain",
    "analyse",
    "transfer",
    "career",
    "reflect",
    "obstacle",
    "clarify",
    "commitment",
]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a question hangs on."""

    type: Literal["commitment", "note", "goal", "concept", "passage"]
    ref: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUpQuestion:
    """A question to ask next, from what was said."""

    id: str
    text: str
    asked_by: Person
    purpose: QuestionPurpose
    anchor: Anchor
    why: str
    model_answer: str | None = None
    citations: tuple[Citation, ...] = ()
    ask_again_on: date | None = None
    frame_id: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The follow-up questions of one session."""

    pair_id: str
    session_number: int
    language: str
    questions: tuple[FollowUpQuestion, ...]
    contract: tuple[Verdict, ...]
    provenance: Provenance
    schema: Literal["coach.follow_ups/1"] = "coach.follow_ups/1"
