"""What all drafts share: citations, verdicts, provenance, gaps."""

from dataclasses import dataclass
from typing import Literal

Leader = Literal["mentor", "mentee", "both"]
Person = Literal["mentor", "mentee"]
Origin = Literal["model", "extractive", "mixed"]
WordsOrigin = Literal["model", "quotation", "pair", "template"]
GapReason = Literal[
    "not_in_library",
    "off_topic",
    "contradiction",
    "scope",
    "sensitive",
    "crisis",
    "language",
    "stale_source",
]


@dataclass(frozen=True, slots=True)
class LibraryCitation:
    """A sentence's place in the library: `passage.text[start:end] == quote`."""

    document_id: str
    document_title: str
    passage_id: str
    start: int
    end: int
    quote: str
    source: Literal["library"] = "library"


@dataclass(frozen=True, slots=True)
class NoteCitation:
    """A sentence's place in a note of the pair: `note.text[start:end] == quote`."""

    note_id: str
    session_number: int
    start: int
    end: int
    quote: str
    source: Literal["note"] = "note"


Citation = LibraryCitation | NoteCitation


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a clause holds for a draft; None = not applicable, and `detail` says why."""

    clause: str
    holds: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote a draft, from which library and which prompt; `notice` says why no model did."""

    origin: Origin
    library_version: str
    prompt: str | None
    model: str | None
    created_at: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the coach could not do, and why."""

    reason: GapReason
    text: str
    goal_ids: tuple[str, ...] = ()
    commitment_ids: tuple[str, ...] = ()
