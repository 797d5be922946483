"""The agenda of one session, in the field names of coach/schemas/agenda.schema.json."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from coach.coaching.drafts.parts import (
    Citation,
    Gap,
    Leader,
    Person,
    Provenance,
    Verdict,
    WordsOrigin,
)

StepKind = Literal["do", "show", "explain", "ask", "decide", "say"]
BlockKind = Literal[
    "check_in",
    "agreement",
    "review",
    "warm_up",
    "demo",
    "hands_on",
    "teach_back",
    "explore",
    "swap",
    "reflection",
    "break",
    "promises",
    "slack",
]


@dataclass(frozen=True, slots=True)
class AgendaStep:
    """One line in a block."""

    kind: StepKind
    text: str
    origin: WordsOrigin
    citations: tuple[Citation, ...] = ()
    concept: str | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class AgendaBlock:
    """One timed part of an agenda, with one leader."""

    id: str
    kind: BlockKind
    title: str
    minutes: int
    starts_at_minute: int
    lead: Leader
    hands: Leader
    outcome: str
    steps: tuple[AgendaStep, ...]
    goal_ids: tuple[str, ...] = ()
    commitment_ids: tuple[str, ...] = ()
    memory_item_ids: tuple[str, ...] = ()
    merged_kinds: tuple[BlockKind, ...] = ()
    needs_check: bool = False
    actual_minutes: int | None = None
    frame_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person is asked to promise at the end."""

    owner: Person
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class PrepTask:
    """Something to do before the session; both people may see it."""

    text: str
    minutes: int
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Prep:
    """The tasks of both people before the session."""

    mentor: tuple[PrepTask, ...] = ()
    mentee: tuple[PrepTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A document cited by an agenda."""

    document_id: str
    title: str
    state: Literal["published", "needs_check"]
    review_by: date | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a re-plan took out; offered first next time."""

    kind: str
    title: str
    goal_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """The plan of one session."""

    pair_id: str
    session_number: int
    date: date
    minutes: int
    language: str
    purpose: str
    blocks: tuple[AgendaBlock, ...]
    promises: tuple[Promise, ...]
    gaps: tuple[Gap, ...]
    adaptations: tuple[str, ...]
    prep: Prep
    sources: tuple[Source, ...]
    contract: tuple[Verdict, ...]
    provenance: Provenance
    id: str | None = None
    state: Literal["draft", "edited", "settled"] = "draft"
    dropped: tuple[Dropped, ...] = ()
    schema: Literal["coach.agenda/1"] = "coach.agenda/1"
