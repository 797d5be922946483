"""How a question is asked: open, single, unleading. Judges form, never what it is about.

Each language has its own lists; one that has none is judged by the English ones.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from coach.knowledge.wording.language import lint
from coach.knowledge.wording.phrases import Rule, fold, read_rules
from coach.knowledge.wording.tongues import ENGLISH, code_of

_QUOTED = re.compile(
    r"\"[^\"\n]{0,400}\"|“[^”\n]{0,400}”|«[^»\n]{0,400}»|(?<!\w)['‘][^'’\n]{2,400}['’](?!\w)"
)
_MARK = re.compile(r"[?？]")
_SENTENCE_END = re.compile(r"(?<=[.!?？:;])\s+|\n+")
_CLAUSE = re.compile(r"[,–—]\s+|\s-\s")
_LEADING = frozenset({"leading", "blame"})


_ELSEWHERE = frozenset({"de", "es", "fr"})
_OPENER = "¿¡ "


def question_marks(text: str) -> int:
    """How many questions the text asks aloud; marks inside quotations do not count."""
    return len(_MARK.findall(_QUOTED.sub(" ", text)))


def is_open(text: str, language: str = ENGLISH) -> bool:
    """Whether the question invites more than yes, no or a single fact."""
    rules = _rules(language)
    begun = any(_begins(rules, "open", clause) for clause in _clauses(text))
    return begun and not is_yes_no(text, language)


def is_yes_no(text: str, language: str = ENGLISH) -> bool:
    """Whether the question can be answered with yes or no."""
    rules = _rules(language)
    if _begins(rules, "open", _asked(text)):
        return False
    clauses = _clauses(text)
    first_open = next((n for n, one in enumerate(clauses) if _begins(rules, "open", one)), None)
    closed = next((n for n, one in enumerate(clauses) if _begins(rules, "closed", one)), None)
    return closed is not None and (first_open is None or closed <= first_open)


def is_double_barrelled(text: str, language: str = ENGLISH) -> bool:
    """Whether two questions are put in one."""
    if question_marks(text) > 1:
        return True
    return _rules(language)["double"].occurs(fold(_asked(text)))


def is_leading(text: str, language: str = ENGLISH) -> bool:
    """Whether the question carries its answer, advice or blame with it."""
    spoken, rules = _QUOTED.sub(" ", text), _rules(language)
    if any(fault.family in _LEADING for fault in lint(spoken)):
        return True
    if any(_begins(rules, "urging", clause) for clause in _clauses(text)):
        return True
    return rules["advice"].occurs(fold(spoken))


def _rules(language: str) -> Mapping[str, Rule]:
    code = code_of(language)
    return read_rules(f"questions_{code}" if code in _ELSEWHERE else "questions")


@lru_cache(maxsize=4_096)
def _asked(text: str) -> str:
    """The sentence that ends in the question mark, else the last sentence, quotations left out."""
    plain = _QUOTED.sub(" it ", text).strip()
    sentences = [one for one in _SENTENCE_END.split(plain) if one.strip(_OPENER)]
    asking = [one for one in sentences if _MARK.search(one)]
    return (asking or sentences or [""])[-1].strip().lstrip(_OPENER)


def _clauses(text: str) -> list[str]:
    clauses = (clause.strip().lstrip(_OPENER) for clause in _CLAUSE.split(_asked(text)))
    return [clause for clause in clauses if clause]


def _begins(rules: Mapping[str, Rule], family: str, clause: str) -> bool:
    if family not in rules:
        return False
    first = next(rules[family].finds(fold(clause[:200])), None)
    return first is not None and first[0] == 0
