"""Tells languages apart by their small words, which no sentence is without."""

from collections.abc import Mapping
from functools import lru_cache

from coach.knowledge.wording.phrases import read_list
from coach.knowledge.words import words

ENGLISH = "en"
_FEWEST = 2
_NAMES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "zh": "Chinese",
}


def code_of(language: str) -> str:
    """The language alone, without a country: de of de-CH; English when none is named."""
    return language.partition("-")[0].casefold() or ENGLISH


def writable(language: str) -> str:
    """The code of a language that drafts can be written in; English for one they cannot."""
    code = code_of(language)
    return code if code in _small_words() else ENGLISH


def name_of(code: str) -> str:
    """The English name of a language."""
    return _NAMES.get(code, code)


def is_in(text: str, language: str) -> bool:
    """Whether a text is in this language rather than in another one known here."""
    counts = _counts(text)
    own = counts[language]
    return own >= _FEWEST and all(own > n for one, n in counts.items() if one != language)


def is_elsewhere(text: str, language: str) -> bool:
    """Whether a text is surely in another language than this one."""
    return any(is_in(text, one) for one in _small_words() if one != language)


def likeliest(text: str) -> tuple[str, ...]:
    """The languages whose small words a text holds most; none when it holds no small word."""
    counts = _counts(text)
    most = max(counts.values())
    return tuple(one for one, count in counts.items() if most and count == most)


def small_words(language: str) -> frozenset[str]:
    """The small words by which this language is known."""
    return _small_words().get(language, frozenset())


def _counts(text: str) -> dict[str, int]:
    said = words(text)
    return {one: sum(word in known for word in said) for one, known in _small_words().items()}


@lru_cache(maxsize=1)
def _small_words() -> Mapping[str, frozenset[str]]:
    languages: dict[str, str] = read_list("tongues")["languages"]
    return {
        code: frozenset(word.strip() for word in known.split(","))
        for code, known in languages.items()
    }
