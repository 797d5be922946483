"""What the coach drafts: agenda, follow-ups, recap, prep brief, in the words of coach/schemas."""

from typing import Any

from pydantic import TypeAdapter

from coach.coaching.drafts.agenda import (
    Agenda,
    AgendaBlock,
    AgendaStep,
    BlockKind,
    Dropped,
    Prep,
    PrepTask,
    Promise,
    Source,
    StepKind,
)
from coach.coaching.drafts.follow_ups import Anchor, FollowUpQuestion, FollowUps, QuestionPurpose
from coach.coaching.drafts.parts import (
    Citation,
    Gap,
    GapReason,
    Leader,
    LibraryCitation,
    NoteCitation,
    Origin,
    Person,
    Provenance,
    Verdict,
    WordsOrigin,
)
from coach.coaching.drafts.prep import ExpectedQuestion, PrepBrief, PrepPromise
from coach.coaching.drafts.recap import (
    Cited,
    KeyIdea,
    RecallQuestion,
    Recap,
    RecapCommitment,
    RecapSource,
    RecapStep,
    TryIt,
    WordToKnow,
)

__all__ = [
    "Agenda",
    "AgendaBlock",
    "AgendaStep",
    "Anchor",
    "BlockKind",
    "Citation",
    "Cited",
    "Draft",
    "Dropped",
    "ExpectedQuestion",
    "FollowUpQuestion",
    "FollowUps",
    "Gap",
    "GapReason",
    "KeyIdea",
    "Leader",
    "LibraryCitation",
    "NoteCitation",
    "Origin",
    "Person",
    "Prep",
    "PrepBrief",
    "PrepPromise",
    "PrepTask",
    "Promise",
    "Provenance",
    "QuestionPurpose",
    "RecallQuestion",
    "Recap",
    "RecapCommitment",
    "RecapSource",
    "RecapStep",
    "ScoredDraft",
    "Source",
    "StepKind",
    "TryIt",
    "Verdict",
    "WordToKnow",
    "WordsOrigin",
    "build_json",
    "read_agenda",
]

ScoredDraft = Agenda | FollowUps | Recap | PrepBrief
Draft = ScoredDraft
_AGENDA = TypeAdapter(Agenda)
_DRAFTS: dict[type, TypeAdapter[Any]] = {
    Agenda: _AGENDA,
    FollowUps: TypeAdapter(FollowUps),
    Recap: TypeAdapter(Recap),
    PrepBrief: TypeAdapter(PrepBrief),
}


def build_json(draft: Draft) -> dict[str, Any]:
    """The draft as JSON values, in the shape of its schema."""
    values: dict[str, Any] = _DRAFTS[type(draft)].dump_python(draft, mode="json")
    return values


def read_agenda(values: object) -> Agenda:
    """The agenda these JSON values hold, or pydantic's ValidationError."""
    return _AGENDA.validate_python(values)
