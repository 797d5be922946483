"""What a sentence can carry by itself: dangling openers and outcomes one can see."""

from functools import lru_cache

from coach.knowledge.wording.phrases import fold, read_rules, read_words
from coach.knowledge.words import stem, words

_LEAD = " \t\r\n\"'“”‘’«»([{*_-–•"
_LONGEST_OPENER = 160


@lru_cache(maxsize=8_192)
def dangling_opener(sentence: str) -> bool:
    """Whether the sentence begins with words that point to a sentence before it."""
    if sentence.lstrip(_LEAD)[:2] == "IT":
        return False
    return opens_with("sentences", "dangling", sentence)


def opens_with(name: str, family: str, sentence: str) -> bool:
    """Whether the sentence begins with an expression of this family of a word list."""
    opening = fold(sentence.lstrip(_LEAD)[:_LONGEST_OPENER])
    first = next(read_rules(name)[family].finds(opening), None)
    return first is not None and first[0] == 0


def is_observable(outcome: str) -> bool:
    """Whether the outcome names something one can see or hear done."""
    folded = fold(outcome)
    if next(read_rules("sentences")["unseen"].finds(folded), None) is not None:
        return False
    seen = observable_stems()
    return any(stem(word) in seen for word in words(outcome))


@lru_cache(maxsize=1)
def observable_stems() -> frozenset[str]:
    """The stems of all verbs one can see or hear done."""
    return frozenset(stem(word) for word in read_words("sentences", "observable"))
