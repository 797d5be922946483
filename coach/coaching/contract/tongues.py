"""What the clauses are worth on a draft that is not in English: some see nothing, some too much."""

from collections.abc import Iterable

from coach.coaching.contract.exhibit import excuse
from coach.coaching.drafts import Verdict
from coach.knowledge.wording.phrases import read_list
from coach.knowledge.wording.tongues import ENGLISH, name_of, writable


def judge_in(language: str, verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts as they count for a draft in this language.

    A fault that an English list finds is a fault; finding none proves nothing in another language.
    """
    code = writable(language)
    if code == ENGLISH:
        return tuple(verdicts)
    table, name = read_list("tongues"), name_of(code)
    told = []
    for one in verdicts:
        blind = table["blind"].get(one.clause) if one.holds else None
        reason = table["unfit"].get(one.clause) if one.holds is not None else None
        why = reason or blind
        told.append(excuse(one.clause, f"not judged in {name}: {why}") if why else one)
    return tuple(told)
