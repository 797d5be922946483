"""A draft in the order a person reads it: parts with lines, quotations numbered by their source."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from coach.coaching.drafts import (
    Citation,
    Gap,
    LibraryCitation,
    Provenance,
    Source,
    Verdict,
)
from coach.rendering.labels import Labels

_BLANKS = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")


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
    labels: Labels

    def told_by(self, tell: Callable[[str], str]) -> "Outline":
        """The same with each word that is no quotation told this way."""
        parts = tuple(
            replace(
                one,
                title=tell(one.title),
                aside=tell(one.aside),
                outcome=tell(one.outcome),
                lines=tuple(
                    line if line.quoted else replace(line, text=tell(line.text))
                    for line in one.lines
                ),
            )
            for one in self.parts
        )
        return replace(self, title=tell(self.title), about=tell(self.about), parts=parts)


@dataclass(slots=True)
class Sources:
    """Gives each cited document or note its number, in the order of reading."""

    labels: Labels
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
            return self.labels.say("notes_of", number=citation.session_number)
        name = plain(f"{citation.document_title} ({citation.document_id})")
        for source in self.known:
            if source.document_id == citation.document_id and source.state == "needs_check":
                if source.review_by is None:
                    return self.labels.say("overdue", name=name)
                due = self.labels.day(source.review_by)
                return self.labels.say("overdue_since", name=name, day=due)
        return name


def plain(text: str) -> str:
    """The text on one line, without characters that steer a terminal or hide words."""
    # Tabs, line ends and every kind of blank become one space, but not the one that keeps a French
    # mark on its line; controls and bidi marks go.
    spaced = _BLANKS.sub(" ", text).strip()
    return "".join(
        letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
    )


def part(title: str, lines: Iterable[Line]) -> tuple[Part, ...]:
    """The part with these lines, or nothing when there are none."""
    kept = tuple(lines)
    return (Part(title, kept),) if kept else ()


def gaps_part(gaps: Iterable[Gap], labels: Labels) -> tuple[Part, ...]:
    """What the coach could not do, and why."""
    # What was private stays so: the labels of both reasons that would tell of it are one hint.
    lines = (Line(plain(gap.text), labels.named("reasons", gap.reason)) for gap in gaps)
    return part(labels.say("left_out"), lines)


def verdict_line(verdicts: Sequence[Verdict], labels: Labels) -> str:
    """How the draft stands to its contract, in one line: the clauses that fail are named.

    Without verdicts it was edited, or fitted to the minutes left, after it had been checked.
    """
    if not verdicts:
        return labels.say("clauses_changed")
    failing = [verdict for verdict in verdicts if verdict.holds is False]
    idle, count = sum(verdict.holds is None for verdict in verdicts), len(verdicts)
    if failing:
        told = "; ".join(f"{verdict.clause}: {plain(verdict.detail)}" for verdict in failing)
        return labels.say("clauses_failed", count=count, failed=len(failing), told=told)
    form = {0: "clauses", 1: "clauses_one_idle"}.get(idle, "clauses_idle")
    return labels.say(form, count=count, idle=idle)


def verdict_words(verdict: Verdict, labels: Labels) -> str:
    """One clause and how it was judged; why is told in English, in the words of the check."""
    judged = {True: "holds", False: "fails", None: "idle"}[verdict.holds]
    return f"{verdict.clause} {labels.named('verdicts', judged)}: {plain(verdict.detail)}"


def footer_of(provenance: Provenance, labels: Labels) -> str:
    """Who wrote the draft, from which state of the library, and why no model did."""
    form = {"extractive": "by_composer", "model": "by_model", "mixed": "by_both"}
    told = labels.say(
        form[provenance.origin],
        model=provenance.model or "",
        version=plain(provenance.library_version),
    )
    return f"{told} {labels.notice(plain(provenance.notice))}" if provenance.notice else told
