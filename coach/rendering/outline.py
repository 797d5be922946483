"""A draft in the order a person reads it: parts with lines, quotations numbered by their source."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from coach.coaching.drafts import (
    Citation,
    Gap,
    LibraryCitation,
    Person,
    Provenance,
    Source,
    Verdict,
)

WHO: dict[Person, str] = {"mentor": "Mentor", "mentee": "Mentee"}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a part; a quoted one is word for word from the sources its marks name."""

    text: str
    label: str = ""
    marks: tuple[int, ...] = ()
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under one heading; a timed part says when it begins and how long it takes."""

    title: str
    lines: tuple[Line, ...]
    aside: str = ""
    outcome: str = ""
    starts_at_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole draft, ready to be set in any form."""

    title: str
    about: str
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    footer: str


@dataclass(slots=True)
class Sources:
    """Gives each cited document or note its number, in the order of reading."""

    known: Sequence[Source] = ()
    names: dict[str, str] = field(default_factory=dict)

    def marks(self, citations: Iterable[Citation]) -> tuple[int, ...]:
        """The numbers of what is cited, each once."""
        return tuple(dict.fromkeys(self._number(citation) for citation in citations))

    def line(
        self, text: str, citations: Iterable[Citation] = (), label: str = "", quoted: bool = False
    ) -> Line:
        """A line that names its sources by number."""
        return Line(plain(text), label, self.marks(citations), quoted)

    def listed(self) -> tuple[str, ...]:
        """What the numbers stand for."""
        return tuple(self.names.values())

    def _number(self, citation: Citation) -> int:
        if isinstance(citation, LibraryCitation):
            key = citation.document_id
        else:
            key = f"the notes of session {citation.session_number}"
        if key not in self.names:
            self.names[key] = self._name(citation)
        return list(self.names).index(key) + 1

    def _name(self, citation: Citation) -> str:
        if not isinstance(citation, LibraryCitation):
            return f"Notes of session {citation.session_number}"
        name = plain(f"{citation.document_title} ({citation.document_id})")
        for source in self.known:
            if source.document_id == citation.document_id and source.state == "needs_check":
                since = f", due {day(source.review_by)}" if source.review_by else ""
                return f"{name}; its review is overdue{since}: check before use"
        return name


def plain(text: str) -> str:
    """The text on one line, without characters that steer a terminal or hide words."""
    # Tabs, line ends and every kind of blank become one space; controls and bidi marks go.
    spaced = " ".join(text.split())
    return "".join(
        letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
    )


def day(value: date) -> str:
    """The day as people write it."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def part(title: str, lines: Iterable[Line]) -> tuple[Part, ...]:
    """The part with these lines, or nothing when there are none."""
    kept = tuple(lines)
    return (Part(title, kept),) if kept else ()


def gaps_part(gaps: Iterable[Gap]) -> tuple[Part, ...]:
    """What the coach could not do, and why."""
    # What was private stays so: a word for it on a shared page would tell that it was written.
    private = {"crisis": "a hint", "sensitive": "a hint"}
    lines = (
        Line(plain(gap.text), private.get(gap.reason, gap.reason.replace("_", " "))) for gap in gaps
    )
    return part("What the coach left out", lines)


def verdict_line(verdicts: Sequence[Verdict]) -> str:
    """How the draft stands to its contract, in one line: the clauses that fail are named."""
    failing = [verdict for verdict in verdicts if verdict.holds is False]
    idle = sum(verdict.holds is None for verdict in verdicts)
    count = f"{len(verdicts)} clauses checked"
    if failing:
        told = "; ".join(f"{verdict.clause}: {plain(verdict.detail)}" for verdict in failing)
        return f"{count}, {len(failing)} not kept. {told}"
    does = "does" if idle == 1 else "do"
    return f"{count}, all hold" + (f" ({idle} {does} not apply)." if idle else ".")


def verdict_words(verdict: Verdict) -> str:
    """One clause and how it was judged."""
    judged = {True: "holds", False: "NOT KEPT", None: "does not apply"}[verdict.holds]
    return f"{verdict.clause} {judged}: {plain(verdict.detail)}"


def footer_of(provenance: Provenance) -> str:
    """Who wrote the draft, from which state of the library, and why no model did."""
    written = {
        "extractive": "the composer, with quotations",
        "model": f"the model {provenance.model or ''}".strip(),
        "mixed": "the model and the composer",
    }[provenance.origin]
    told = f"A draft by {written}; library {plain(provenance.library_version)}."
    return f"{told} {plain(provenance.notice)}" if provenance.notice else told
