"""How a question is asked: open, single, unleading. Judges form, never what it is about."""

import re
from functools import lru_cache

from coach.knowledge.wording.language import lint
from coach.knowledge.wording.phrases import fold, read_rules

_QUOTED = re.compile(
    r"\"[^\"\n]{0,400}\"|“[^”\n]{0,400}”|«[^»\n]{0,400}»|(?<!\w)['‘][^'’\n]{2,400}['’](?!\w)"
)
_MARK = re.compile(r"[?？]")
_SENTENCE_END = re.compile(r"(?<=[.!?？:;])\s+|\n+")
_CLAUSE = re.compile(r"[,–—]\s+|\s-\s")
_LEADING = frozenset({"leading", "blame"})


def question_marks(text: str) -> int:
    """How many questions the text asks aloud; marks inside quotations do not count."""
    return len(_MARK.findall(_QUOTED.sub(" ", text)))


def is_open(text: str) -> bool:
    """Whether the question invites more than yes, no or a single fact."""
    return any(_begins("open", clause) for clause in _clauses(text)) and not is_yes_no(text)


def is_yes_no(text: str) -> bool:
    """Whether the question can be answered with yes or no."""
    asked = _asked(text)
    if _begins("open", asked):
        return False
    clauses = _clauses(text)
    first_open = next((n for n, one in enumerate(clauses) if _begins("open", one)), None)
    first_closed = next((n for n, one in enumerate(clauses) if _begins("closed", one)), None)
    return first_closed is not None and (first_open is None or first_closed <= first_open)


def is_double_barrelled(text: str) -> bool:
    """Whether two questions are put in one."""
    if question_marks(text) > 1:
        return True
    return _finds("double", fold(_asked(text)))


def is_leading(text: str) -> bool:
    """Whether the question carries its answer, advice or blame with it."""
    spoken = _QUOTED.sub(" ", text)
    if any(fault.family in _LEADING for fault in lint(spoken)):
        return True
    return _finds("advice", fold(spoken))


@lru_cache(maxsize=4_096)
def _asked(text: str) -> str:
    """The sentence that ends in the question mark, else the last sentence, quotations left out."""
    plain = _QUOTED.sub(" it ", text).strip()
    sentences = [one for one in _SENTENCE_END.split(plain) if one.strip()]
    asking = [one for one in sentences if _MARK.search(one)]
    return (asking or sentences or [""])[-1].strip()


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(_asked(text)) if clause.strip()]


def _begins(family: str, clause: str) -> bool:
    first = next(read_rules("questions")[family].finds(fold(clause[:200])), None)
    return first is not None and first[0] == 0


def _finds(family: str, folded: str) -> bool:
    return next(read_rules("questions")[family].finds(folded), None) is not None
