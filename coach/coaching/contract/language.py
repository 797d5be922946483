"""The boundaries as clauses ask them: once per text, however many clauses ask."""

from collections.abc import Iterator
from functools import lru_cache

from coach.coaching.boundaries import hits_confidential, hits_off_limits, is_sensitive, lint
from coach.coaching.brief import Brief, Material
from coach.coaching.contract.exhibit import says, short
from coach.coaching.contract.texts import Spoken


@lru_cache(maxsize=4_096)
def _is_disrespectful(text: str) -> bool:
    return bool(lint(text))


@lru_cache(maxsize=4_096)
def _is_sensitive(text: str) -> bool:
    return is_sensitive(text)


def boundary_faults(spoken: Spoken, brief: Brief, material: Material) -> Iterator[str]:
    """What of the respect and safety rules a text breaks; a sensitive text is not repeated."""
    if _is_disrespectful(spoken.text):
        yield f"{spoken.where} breaks the language rules: “{short(spoken.text)}”"
    if brief.off_limits and hits_off_limits(spoken.text, brief.off_limits, brief.reader):
        yield f"{spoken.where} touches an off-limits topic"
    if _is_sensitive(spoken.text):
        yield f"{spoken.where} says something sensitive"
    if _tells_confidence(spoken.text, brief, material):
        yield f"{spoken.where} says what the pair keeps confidential"


def _tells_confidence(text: str, brief: Brief, material: Material) -> bool:
    """Whether the pair's own confidence is told; the library, and the line itself, tell none."""
    lines = brief.constraints.confidentiality
    if not lines or not hits_confidential(text, lines):
        return False
    is_public = any(text in passage.text for passage in material.offered.values())
    return not is_public and not any(says(text, line) for line in lines)
