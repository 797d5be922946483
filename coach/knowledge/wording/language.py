"""The language lint: expressions that label, patronise, belittle, blame or lead."""

from dataclasses import dataclass
from functools import lru_cache

from coach.knowledge.wording.phrases import fold, read_rules

_LONGEST_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class LintFault:
    """Words the coach does not say: `text[start:end] == words`."""

    family: str
    words: str
    start: int
    end: int


def lint(text: str) -> tuple[LintFault, ...]:
    """Every expression in the text that breaks the language rules, in order of place."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _read(text)


@lru_cache(maxsize=4_096)
def _remembered(text: str) -> tuple[LintFault, ...]:
    return _read(text)


def _read(text: str) -> tuple[LintFault, ...]:
    folded = fold(text)
    faults = [
        LintFault(family, text[start:end], start, end)
        for family, rule in read_rules("language").items()
        for start, end in rule.finds(folded)
    ]
    return tuple(sorted(faults, key=lambda fault: (fault.start, fault.end, fault.family)))
