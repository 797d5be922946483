"""Reads a misspelt word as the word of the library that it is likely to stand for."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from coach.knowledge.lexical import spelled
from coach.knowledge.outside import load_outside
from coach.knowledge.words import stem, words

# A short word has too many neighbours; a long one may have two slips.
SHORTEST, LONG = 4, 8
_LETTERS = re.compile(r"[a-z]+\Z")
_LIKE_ANOTHER = re.compile(r"[a-z]{4,}\Z")
_ANY = re.compile(r"[^\W_]+")
# What is longer is no word, but a line of a script without spaces.
LONGEST = 40


class Vocabulary:
    """The words of a library with their counts."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = (word for text in texts for word in _ANY.findall(spelled(text)))
        self._counts = Counter(word for word in found if len(word) <= LONGEST)
        self._by_start: dict[str, list[tuple[str, int]]] = {}
        for word in filter(_LIKE_ANOTHER.match, self._counts):
            self._by_start.setdefault(word[0], []).append((word, _letters_of(word)))

    def most_frequent(self, count: int) -> list[str]:
        """So many of its words, those said most often first."""
        return [word for word, _ in self._counts.most_common(count)]

    def corrections(self, unknown: Iterable[str]) -> Mapping[str, str]:
        """The word that each of these, which the library does not use, likely stands for."""
        found = {word: self._closest(word) for word in unknown}
        return {word: other for word, other in found.items() if other is not None}

    def _closest(self, word: str) -> str | None:
        """The most frequent of the words that are fewest slips away, the first letter alike."""
        if len(word) < SHORTEST or not _LETTERS.match(word) or stem(word) in known_elsewhere():
            return None
        most = 2 if len(word) >= LONG else 1
        letters = _letters_of(word)
        # A slip takes one letter away and brings one at most: few words come to be compared.
        near = [
            (slips, -self._counts[other], other)
            for other, others in self._by_start.get(word[0], ())
            if abs(len(other) - len(word)) <= most
            and (letters ^ others).bit_count() <= 2 * most
            and (slips := count_slips(word, other, most)) <= most
        ]
        return min(near)[2] if near else None


@lru_cache(maxsize=1)
def known_elsewhere() -> frozenset[str]:
    """Stems of words that are no slip although the library may not use them."""
    return frozenset(stem(word) for line in load_outside() for word in words(line))


def _letters_of(word: str) -> int:
    """Which letters occur in a word of a to z, a bit for each."""
    return sum(1 << (ord(letter) - ord("a")) for letter in set(word))


def correct(text: str, corrections: Mapping[str, str]) -> str:
    """The text with these words in place of the misspelt ones."""
    return _ANY.sub(lambda match: corrections.get(match[0], match[0]), spelled(text))


def count_slips(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, changed or swapped, or any number above `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
