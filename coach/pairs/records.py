"""A pair with its history as plain values: what coach.pair/1 holds, without files or tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from coach.knowledge.documents import Level

Role = Literal["mentor", "mentee"]
GoalKind = Literal["tech", "career"]
CommitmentStatus = Literal["open", "done", "blocked", "dropped"]
RecallResult = Literal["ok", "missed", "not_asked", "new"]
SessionState = Literal["planned", "held", "cancelled"]
Visibility = Literal["mine", "pair"]


@dataclass(frozen=True, slots=True)
class Mentor:
    """The junior colleague, who shares."""

    role: str
    name: str | None = None
    background: str = ""
    interests: tuple[str, ...] = ()
    tech_strengths: tuple[str, ...] = ()
    growth_goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mentee:
    """The senior colleague, who learns; levels by topic, in the words of the pair."""

    role: str
    name: str | None = None
    years_experience: int | None = None
    tech_levels: tuple[tuple[str, Level], ...] = ()
    expertise: tuple[str, ...] = ()
    learning_style: str = ""
    known_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person wants from the pair."""

    id: str
    text: str
    kind: GoalKind
    priority: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What someone wrote down in a session; `text` is stored as typed."""

    id: str
    text: str
    visibility: Visibility
    author: Role | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a person promised; `due` is a day or the pair's own words for it."""

    id: str
    owner: Role
    text: str
    due: str | None
    status: CommitmentStatus


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing taught in a session and how its last recall went."""

    id: str
    concept: str
    last_result: RecallResult


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A follow-up question the two kept for their next agenda."""

    asked_by: Role
    text: str


@dataclass(frozen=True, slots=True)
class PastSession:
    """One meeting of the pair, with what it left; `agenda` is its settled coach.agenda/1 JSON."""

    number: int
    date: date
    minutes: int
    state: SessionState = "held"
    topics: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    notes_language: str | None = None
    commitments: tuple[Commitment, ...] = ()
    concepts: tuple[Concept, ...] = ()
    questions_asked: tuple[str, ...] = ()
    mentee_led_minutes: int | None = None
    agenda: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class OffLimits:
    """A topic the pair never raises; scope shared = only shared drafts must avoid it."""

    text: str
    terms: tuple[str, ...] = ()
    scope: Literal["everything", "shared"] = "everything"


@dataclass(frozen=True, slots=True)
class Constraints:
    """How the pair meets."""

    session_minutes: int = 45
    cadence_days: int = 14
    setting: str = ""
    language: str = "en"
    access_needs: tuple[str, ...] = ()
    confidentiality: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for before the session."""

    text: str
    minutes: int | None = None
    for_date: date | None = None
    focus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairRecord:
    """Everything one reader may know of a pair; sessions in order of number.

    `recall_days` says when each concept the mentee keeps is due; None leaves that to the history.
    """

    id: str
    title: str
    mentor: Mentor
    mentee: Mentee
    goals: tuple[Goal, ...]
    constraints: Constraints
    sessions: tuple[PastSession, ...]
    wish: Wish | None = None
    off_limits: tuple[OffLimits, ...] = ()
    agreement: dict[str, object] | None = None
    recall_days: Mapping[str, date] | None = None
    kept_questions: tuple[KeptQuestion, ...] = ()
