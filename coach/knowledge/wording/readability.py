"""How hard a text is to read: sentence length and the Flesch-Kincaid grade."""

import re
from functools import lru_cache

import pyphen

from coach.knowledge.chunking import split_sentences

_LONGEST_WORD = 40
_VOWELS = re.compile(r"[aeiouyà-öø-ÿ]+")
_TWO_VOWELS = re.compile(r"(?<![tcsgqxn])i(?:a|o|u)|[dvr]eo|ea\Z|ua(?!r)|yi")
_SILENT = re.compile(
    r"(?<=[^aeiouy])(?<![^aeiouy]l)e(?=\Z|(?:ments?|ly|ful|less|ness|things?|one|where)\Z)"
    r"|(?<=[^aeiouytd])ed\Z|(?<=[^aeiouyszxcg])(?<![^aeiouy]l)es\Z|(?<=[gq])ues?\Z"
)
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")


def flesch_kincaid(text: str) -> float:
    """The Flesch-Kincaid grade of an English text; 0.0 when it has no words."""
    counts = _counts(text)
    total = sum(counts)
    if not total:
        return 0.0
    syllables = sum(_syllables(word) for word in _WORD.findall(text.lower()))
    return 0.39 * total / len(counts) + 11.8 * syllables / total - 15.59


def mean_sentence_words(text: str) -> float:
    """The mean number of words in a sentence; an item on its own line is a sentence."""
    counts = _counts(text)
    return sum(counts) / len(counts) if counts else 0.0


def longest_sentence_words(text: str) -> int:
    """The number of words in the longest sentence."""
    return max(_counts(text), default=0)


def _counts(text: str) -> list[int]:
    """The number of words of each sentence that has words."""
    counts = [
        len(_WORD.findall(line[span.start : span.end]))
        for line in text.splitlines()
        for span in split_sentences(line)
    ]
    return [count for count in counts if count]


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    """The syllables of one word: the breaks of hyphenation, or its groups of vowels if more.

    Hyphenation alone finds too few ("idea", "area", "easy" are never broken in print), which
    would let hard texts pass as easy ones.
    """
    if len(word) > _LONGEST_WORD:
        return 1
    return max(len(_dictionary().positions(word)) + 1, _vowel_groups(word))


def _vowel_groups(word: str) -> int:
    """The vowel groups that are heard: a silent e, es or ed at the end is not."""
    spoken = _SILENT.sub("", word)
    return len(_VOWELS.findall(spoken)) + len(_TWO_VOWELS.findall(spoken))


@lru_cache(maxsize=1)
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")
