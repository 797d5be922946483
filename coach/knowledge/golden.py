"""Golden questions: what mentors and mentees ask, and which documents answer it, or none.

Reads and divides them. Asking them is the work of coach.evaluation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

from coach.errors import CoachError
from coach.knowledge.documents import Passage
from coach.knowledge.words import content_stems, normalise
from coach.shipped import read_yaml, shipped

FILE = "golden.yaml"
MOST_BORROWED = 0.5
LONGEST = 2_000
GoldenKind = Literal["covered", "partly", "uncovered"]
Asker = Literal["mentor", "mentee"]
Style = Literal["plain", "vague", "misspelt", "long"]
Half = Literal["tuning", "held_out"]
HALVES: tuple[Half, ...] = get_args(Half)
_FIELDS = {
    "kind": get_args(GoldenKind),
    "asked_by": get_args(Asker),
    "style": get_args(Style),
}


class GoldenFault(CoachError):
    """The golden questions cannot be read."""

    status = 422
    title = "The file of golden questions cannot be read."


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with the ids of the documents that answer it; uncovered ones have none."""

    question: str
    expected: tuple[str, ...]
    kind: GoldenKind
    asked_by: Asker
    style: Style

    @property
    def half(self) -> Half:
        """Whether thresholds may be tuned on it; its words alone decide, whatever is added."""
        digest = sha256(normalise(self.question).encode()).digest()
        return HALVES[digest[0] % 2]


def golden_file() -> Path:
    """Where the questions that ship are kept."""
    return shipped("knowledge") / FILE


@lru_cache(maxsize=1)
def load_shipped() -> tuple[GoldenQuestion, ...]:
    """The questions that ship, read once."""
    return load_golden(golden_file())


def load_golden(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions in this file, or one sentence on what is wrong with it."""
    try:
        values = read_yaml(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise GoldenFault(f"{path} cannot be read: {fault.strerror}.") from None
    except (UnicodeDecodeError, yaml.YAMLError) as fault:
        raise GoldenFault(f"{path} is not YAML in UTF-8: {fault}.") from None
    if not isinstance(values, list) or not values:
        raise GoldenFault(f"{path} must be a list of questions.")
    questions = tuple(
        read_golden(value, f"{path}, question {n}") for n, value in enumerate(values, 1)
    )
    seen: set[str] = set()
    for number, one in enumerate(questions, 1):
        if normalise(one.question) in seen:
            raise GoldenFault(f"{path}, question {number}: it stands there twice.")
        seen.add(normalise(one.question))
    return questions


def read_golden(value: object, place: str) -> GoldenQuestion:
    """One question, checked."""
    if not isinstance(value, dict) or value.keys() != {"question", "expected", *_FIELDS}:
        names = ", ".join(("question", "expected", *_FIELDS))
        raise GoldenFault(f"{place}: exactly these fields are expected: {names}.")
    question, expected = value["question"], value["expected"]
    if not isinstance(question, str) or not 0 < len(question.strip()) <= LONGEST:
        raise GoldenFault(f"{place}: a question of at most {LONGEST} characters is expected.")
    if not isinstance(expected, list) or not all(isinstance(one, str) for one in expected):
        raise GoldenFault(f"{place}: expected must be a list of ids of documents, or [].")
    words = {field: _one_of(value, field, place) for field in _FIELDS}
    if bool(expected) == (words["kind"] == "uncovered"):
        raise GoldenFault(
            f"{place}: a covered or partly covered question names documents, another none."
        )
    return GoldenQuestion(
        question.strip(),
        tuple(expected),
        cast(GoldenKind, words["kind"]),
        cast(Asker, words["asked_by"]),
        cast(Style, words["style"]),
    )


def _one_of(value: Mapping[str, Any], field: str, place: str) -> str:
    if value[field] not in _FIELDS[field]:
        raise GoldenFault(f"{place}: {field} must be one of {', '.join(_FIELDS[field])}.")
    return str(value[field])


def borrowed(question: str, passages: Iterable[Passage]) -> float:
    """The share of a question's content words that a document's title and headings hold.

    A question that repeats the heading it looks for tells nothing about search.
    """
    asked = set(content_stems(question))
    heads = {head for passage in passages for head in (passage.document_title, passage.lesson)}
    known = {stem for head in heads for stem in content_stems(head)}
    return len(asked & known) / len(asked) if asked else 0.0
