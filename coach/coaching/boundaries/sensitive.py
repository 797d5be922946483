"""What a pair says that no draft repeats: crisis, health, harm, private life, the unannounced."""

from functools import lru_cache

from coach.coaching.boundaries.phrases import Rule, fold, read_rules

_LONGEST_REMEMBERED = 2_000


def is_crisis(text: str) -> bool:
    """Whether the text may state that someone thinks of ending or harming their own life."""
    return "crisis" in _families("sensitive", text)


def is_sensitive(text: str) -> bool:
    """Whether the text touches health, crisis, harm, private life or what is not announced yet."""
    return bool(_families("sensitive", text))


def company_risk(text: str) -> bool:
    """Whether the topic needs a word on safe use: AI tools, data or accounts."""
    return bool(_families("risk", text))


def _families(name: str, text: str) -> frozenset[str]:
    """The families of a word list that occur in the text."""
    return _remembered(name, text) if len(text) <= _LONGEST_REMEMBERED else _read(name, text)


@lru_cache(maxsize=8_192)
def _remembered(name: str, text: str) -> frozenset[str]:
    return _read(name, text)


def _read(name: str, text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(family for family, rule in read_rules(name).items() if _occurs(rule, folded))


def _occurs(rule: Rule, folded: str) -> bool:
    return next(rule.finds(folded), None) is not None
