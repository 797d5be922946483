"""What one drafting run knows: the pair as its reader may see it, and what the library offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from coach.knowledge.documents import Headword, Hit, Leg, Level, Passage
from coach.knowledge.words import normalise, overlap
from coach.pairs.records import (
    Commitment,
    Concept,
    Constraints,
    Goal,
    KeptQuestion,
    Mentee,
    Mentor,
    OffLimits,
)

Reader = Literal["pair", "mentor", "mentee"]


@dataclass(frozen=True, slots=True)
class NoteSentence:
    """One sentence of a note that the reader may see and that no boundary dropped.

    `text` is `note.text[start:end]`, word for word.
    """

    note_id: str
    session_number: int
    start: int
    end: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class PastMeeting:
    """A held session as a brief knows it: what was said, asked and used, boundaries applied."""

    number: int
    date: date
    minutes: int
    topics: tuple[str, ...]
    said: tuple[NoteSentence, ...]
    commitments: tuple[Commitment, ...]
    concepts: tuple[Concept, ...]
    questions_asked: tuple[str, ...]
    mentee_led_minutes: int | None
    agenda: dict[str, object] | None

    def agenda_blocks(self) -> list[dict[str, Any]]:
        """The blocks of the settled agenda as they were kept; none when there was none."""
        return _dicts((self.agenda or {}).get("blocks"))

    def agenda_steps(self) -> list[dict[str, Any]]:
        """The steps of the settled agenda as they were kept."""
        return [step for block in self.agenda_blocks() for step in _dicts(block.get("steps"))]


def left_over(meetings: Sequence[PastMeeting]) -> list[dict[str, Any]]:
    """What the last of these meetings had no time for, as its agenda keeps it."""
    return _dicts((meetings[-1].agenda or {}).get("dropped")) if meetings else []


def goals_left(meetings: Sequence[PastMeeting]) -> frozenset[str]:
    """The goals of what the last session had no time for."""
    ids = (entry.get("goal_ids") for entry in left_over(meetings))
    return frozenset(str(one) for listed in ids if isinstance(listed, list) for one in listed)


def _dicts(values: object) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """Open or blocked commitments of one owner with the same text, once with all their ids."""

    ids: tuple[str, ...]
    owner: Literal["mentor", "mentee"]
    text: str
    due: str | None
    blocked: bool


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something taught that is due for recall; `cue` is the word the question hangs on."""

    id: str
    concept: str
    session_number: int
    missed: bool
    cue: str | None


@dataclass(frozen=True, slots=True)
class Brief:
    """The pair as this draft's reader may know it.

    Sentences that are sensitive, off-limits, confidential or fail the lint are already gone.
    `level` is the mentee's level in the focus, None when nobody stated it; `whom` is whom the
    programme names for what the library lacks; `withheld` are ids of open commitments left out;
    `keeps_cards` says that what is due comes from the mentee's own cards.
    """

    reader: Reader
    pair_id: str
    title: str
    session_number: int
    next_date: date
    date: date
    minutes: int
    language: str
    mentor: Mentor
    mentee: Mentee
    goals: tuple[Goal, ...]
    focus_goal: Goal | None
    career_goal: Goal | None
    wish: str | None
    focus: tuple[str, ...]
    level: Level | None
    constraints: Constraints
    off_limits: tuple[OffLimits, ...]
    meetings: tuple[PastMeeting, ...]
    promises: tuple[OpenPromise, ...] = ()
    due: tuple[DueItem, ...] = ()
    rehearsal: bool = False
    stalled: bool = False
    low_balance: bool = False
    crisis: bool = False
    help_contacts: tuple[str, ...] = ()
    whom: str = ""
    withheld: tuple[str, ...] = ()
    dropped_before: tuple[str, ...] = ()
    foreign_languages: tuple[str, ...] = ()
    keeps_cards: bool = False
    kept_questions: tuple[KeptQuestion, ...] = ()
    once_more: bool = False

    @property
    def first(self) -> bool:
        """Whether the two have never met."""
        return not self.meetings


@dataclass(frozen=True, slots=True)
class Lesson:
    """One heading of a document with its parts, each in source order."""

    document_id: str
    document_title: str
    title: str
    passages: tuple[Passage, ...]

    @property
    def is_tutorial(self) -> bool:
        """Whether it teaches technology, and not a career or how to meet."""
        return any(passage.document_kind == "tutorial" for passage in self.passages)

    def of(self, *kinds: str) -> tuple[Passage, ...]:
        """The parts of these kinds."""
        return tuple(passage for passage in self.passages if passage.kind in kinds)


@dataclass(frozen=True, slots=True)
class Returned:
    """Why a lesson is taught again, and the last session that had it."""

    reason: Literal["missed", "wished", "again"]
    session_number: int


@dataclass(frozen=True, slots=True)
class Material:
    """What the library offers one draft. Nothing else may be cited.

    `offered` holds every passage shown to the author of the draft, by id; `tech` and `career`
    are the lessons chosen, None when the library does not cover the request, and `…_returned`
    says why one comes back that an earlier session had; `mastered` tells that the pair has
    mastered all it has on the goal, `wish_unheard` that nothing in it comes near the wish.
    """

    library_version: str
    offered: Mapping[str, Passage] = field(default_factory=dict)
    headwords: Mapping[str, Headword] = field(default_factory=dict)
    tech: Lesson | None = None
    career: Lesson | None = None
    programme: Lesson | None = None
    tech_returned: Returned | None = None
    career_returned: Returned | None = None
    hits: tuple[Hit, ...] = ()
    tech_coverage: float = 0.0
    career_coverage: float = 0.0
    mastered: bool = False
    wish_unheard: bool = False
    missing_legs: tuple[Leg, ...] = ()


@dataclass(frozen=True, slots=True)
class AgendaRequest:
    """What was asked for; anything left None comes from the pair's own wish and constraints.

    `session_number` is that of a session already planned; None = the one after the last held.
    `today` is the day the request is made: the coach never looks at a clock itself.
    """

    today: date
    minutes: int | None = None
    wish: str | None = None
    for_date: date | None = None
    session_number: int | None = None


@dataclass(frozen=True, slots=True)
class RecapRequest:
    """A mentee's request; question None recaps the whole session, session None means the latest."""

    today: date
    question: str | None = None
    session_number: int | None = None
    style: Literal["another_way", "example", "shorter"] | None = None


def own_words(goal: Goal) -> str:
    """A goal as its owner would say it, without a role in front and the stop behind."""
    text = goal.text.strip()
    label, colon, rest = text.partition(":")
    if colon and label.strip().casefold() in ("mentor", "mentee") and rest.strip():
        text = rest.strip()
    return text.rstrip(".")


def closest_expertise(brief: Brief) -> str | None:
    """What the mentee knows that speaks of the mentor's career goal; None when nothing does."""
    career = brief.career_goal
    if career is None:
        return None
    about = " ".join((career.text, *career.terms))
    # Terms may be the beginning of a word ("negotiat"), so they are looked for inside as well.
    terms = [normalise(term) for term in career.terms if term.strip()]
    close = (
        item
        for item in brief.mentee.expertise
        if overlap(item, about) > 0 or any(term in normalise(item) for term in terms)
    )
    return next(close, None)
