"""The library's values: documents, passages, definitions and hits, without any database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

DocumentKind = Literal["tutorial", "career", "programme"]
Level = Literal["novice", "basic", "working", "confident"]
CurationState = Literal["draft", "in_review", "published", "needs_check", "archived"]
PassageKind = Literal[
    "idea",
    "steps",
    "slip",
    "check",
    "tip",
    "words",
    "safe_use",
    "ask",
    "example",
    "other_words",
    "text",
]
Leg = Literal["lexical", "dense"]
WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
LEVELS: tuple[Level, ...] = get_args(Level)
PASSAGE_KINDS: tuple[PassageKind, ...] = get_args(PassageKind)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text by character offsets, end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document: whole sentences under one heading.

    `text` is plain text: `document.text[start:end] == text`. `sentences` are spans inside
    `text`; in a passage of kind steps every span is one step, in kind words one definition
    ("pivot table: a summary that …"), in kind ask one question. `heading_path` runs from the
    lesson ("Group a pivot table by month") to the part ("Steps").
    """

    id: str
    document_id: str
    document_title: str
    document_kind: DocumentKind
    kind: PassageKind
    heading_path: tuple[str, ...]
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    topics: tuple[str, ...] = ()
    level: Level = "basic"
    state: Literal["published", "needs_check"] = "published"
    review_by: date | None = None
    asked_as: tuple[str, ...] = ()

    @property
    def lesson(self) -> str:
        """The heading under which this passage teaches, or the document's title."""
        return self.heading_path[0] if self.heading_path else self.document_title

    def quotes(self) -> tuple[str, ...]:
        """The sentences, each word for word."""
        return tuple(self.text[span.start : span.end] for span in self.sentences)

    def as_on(self, day: date) -> "Passage":
        """The passage as it will stand on a day: past its review date it needs a check."""
        if self.review_by is None or self.review_by >= day:
            return self
        return replace(self, state="needs_check")


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a document declares.

    `asked_as` are questions in everyday words that the document answers; only search reads them.
    """

    id: str
    title: str
    kind: DocumentKind
    topics: tuple[str, ...]
    level: Level
    licence: str
    review_by: date | None
    language: str
    owner: str | None = None
    asked_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One version of a document as read: its header, its source and the plain text quoted from."""

    header: Header
    source: str
    text: str
    passages: tuple[Passage, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class Headword:
    """A technical term with its meaning, and where the passage of kind words says it."""

    word: str
    meaning: str
    passage: Passage
    span: Span

    @property
    def passage_id(self) -> str:
        """The id of the passage that says it."""
        return self.passage.id


class Glossary(dict[str, Headword]):
    """Headwords by their normalised forms, and the words that any of these forms begin with.

    `sought` remembers what was found in texts; it holds as long as no form is added.
    """

    def __init__(self, forms: Mapping[str, Headword]) -> None:
        super().__init__(forms)
        found = map(WORD.match, forms)
        self.openers = frozenset(match.group() for match in found if match)
        self.sought: dict[str, tuple[str, ...]] = {}

    def led_by(self, own: Mapping[str, Headword]) -> "Glossary":
        """These headwords, with those of `own` in the place of their namesakes."""
        glossary = Glossary(own)
        glossary.openers |= self.openers
        glossary.update({**self, **own})
        if own.keys() <= self.keys():
            glossary.sought = self.sought
        return glossary


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """What to look for: free text, one kind of document, and how many passages to bring.

    `around` asks for so many neighbours on each side of a hit, from the same lesson; `most` says
    how many hits of one document come before those of others.
    """

    text: str
    kind: DocumentKind | None = None
    limit: int = 8
    around: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first; `legs` says which searches found it.

    `around` is what stands beside it in its lesson, in order, when the query asked for that.
    """

    passage: Passage
    score: float
    legs: tuple[Leg, ...]
    around: tuple[Passage, ...] = ()


# Set on questions to the shipped library and on foreign ones (tests/data/knowledge): closeness of
# .42 with a fifth of the coverage parts them best, and is to weigh as much as a coverage of .45.
COVERAGE_BESIDE = 0.2
CLOSENESS_SCALE = 0.45 / 0.42
# As close to what documents answer as to what they do not: set on the tuning half of the golden
# questions, to weigh as much as a coverage of .45.
EVEN = 0.45


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one query.

    `coverage` is the share (0..1) of the query's idf mass found in the top three passages;
    `closeness` is the cosine of the best of them, or None when meanings were not compared;
    `margin` is by how much the closest question that documents say they answer is closer than one
    that the library does not answer, or None when they do not say it;
    `searched_for` is the text in another spelling, when that was searched for;
    `missing_legs` names searches that could not take part, so that a page can say so.
    """

    hits: tuple[Hit, ...]
    coverage: float
    missing_legs: tuple[Leg, ...] = ()
    closeness: float | None = None
    margin: float | None = None
    searched_for: str | None = None

    @property
    def relevance(self) -> float:
        """How surely the hits speak of what was asked, 0..1; refuse below COACH_ABSTAIN_BELOW.

        Of words alone it is the coverage. Where meanings were compared, closeness tells more.
        """
        if self.closeness is None:
            return self.coverage
        if self.margin is not None:
            return max(0.0, min(1.0, EVEN + self.margin))
        seen = max(0.0, self.closeness) + COVERAGE_BESIDE * self.coverage
        return min(1.0, seen * CLOSENESS_SCALE)
