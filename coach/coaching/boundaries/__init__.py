"""Holds the boundaries: what a pair's words may not bring into a draft, and what no draft says.

Sentences are dropped whole, never masked. The word lists are data in prompts/lint.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from coach.coaching.boundaries.agreed import hits_confidential, hits_off_limits
from coach.coaching.boundaries.sensitive import is_crisis, is_sensitive
from coach.coaching.brief import Reader
from coach.knowledge.documents import Span
from coach.knowledge.wording.language import LintFault, lint
from coach.knowledge.wording.phrases import WordListFault, company_risk
from coach.knowledge.wording.sentences import dangling_opener, is_observable
from coach.pairs.records import OffLimits

__all__ = [
    "DropReason",
    "Limits",
    "LintFault",
    "WordListFault",
    "company_risk",
    "dangling_opener",
    "drop_reason",
    "hits_confidential",
    "hits_off_limits",
    "is_crisis",
    "is_observable",
    "is_sensitive",
    "lint",
    "sanitise",
]

DropReason = Literal["crisis", "sensitive", "off_limits", "confidential", "lint"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reader's draft of one pair must keep out, beside what every draft keeps out."""

    off_limits: tuple[OffLimits, ...] = ()
    confidentiality: tuple[str, ...] = ()
    reader: Reader = "pair"


def drop_reason(text: str, limits: Limits) -> DropReason | None:
    """Why these words may not reach a draft, the gravest reason first, or None."""
    if is_crisis(text):
        return "crisis"
    if is_sensitive(text):
        return "sensitive"
    if hits_off_limits(text, limits.off_limits, limits.reader):
        return "off_limits"
    if hits_confidential(text, limits.confidentiality):
        return "confidential"
    return "lint" if lint(text) else None


def sanitise(text: str, spans: Iterable[Span], limits: Limits) -> tuple[Span, ...]:
    """The sentences of a note that may reach a draft, in order.

    A sentence that leans on a dropped one goes with it, and after a statement of crisis the rest
    of the note goes: what people did then belongs to it.
    """
    kept: list[Span] = []
    leaning = False
    for span in spans:
        sentence = text[span.start : span.end]
        reason = drop_reason(sentence, limits)
        if reason == "crisis":
            break
        leaning = reason is not None or (leaning and dangling_opener(sentence))
        if not leaning:
            kept.append(span)
    return tuple(kept)
