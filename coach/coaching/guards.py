"""The guards of a verdict: numbers, names, negation, antonyms and gaps. A near-miss trips one."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from coach.coaching.evidence import Evidence, EvidenceSentence, spelled_numbers
from coach.knowledge.wording.phrases import read_list, read_words
from coach.knowledge.words import STOP_WORDS, normalise, words

_NUMBER = re.compile(r"\d{1,30}(?:[.,:/]\d{1,30}){0,8}(?:st|nd|rd|th)?\s?%?")
_NAME = re.compile(r"\b[^\W\d_](?:[^\W_]|['’&.-](?=\w)){0,40}")
_OPENS = re.compile(r"(?:^|[.!?:;…\n\"“‘(\[])\s{0,3}[\"“‘'(\[*_]{0,3}\Z")
_PERCENT = re.compile(r"\b(?:per cent|percent)\b")
_LONGEST_GAP = 3
_FRONTED = frozenset({"before", "after", "once", "when", "if", "as", "until", "while"})


def failed_guards(
    statement: str, stems: Sequence[str], evidence: Sequence[Evidence], best: EvidenceSentence
) -> tuple[str, ...]:
    """The names of the guards this statement trips against its evidence and best sentence."""
    known = frozenset[str]().union(*(one.unigrams for one in evidence))
    normals = [one.normal for one in evidence]
    checks = (
        ("numbers", not numbers(statement) <= _all_numbers(normals)),
        ("names", not names(statement) <= _all_words(normals)),
        ("negation", _is_negated(statement) != _is_negated(best.text)),
        ("antonyms", _clashes(statement, best.text)),
        ("gap", _gap(stems, known) >= _LONGEST_GAP),
    )
    return tuple(name for name, failed in checks if failed)


@lru_cache(maxsize=8_192)
def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in one form: "1,000", "1000" and "thousand" alike."""
    normal = _PERCENT.sub("%", normalise(text))
    digits = {_one_form(found) for found in _NUMBER.findall(normal)}
    spelled = spelled_numbers()
    return frozenset(digits | {spelled[word] for word in _parts(normal) if word in spelled})


def _one_form(number: str) -> str:
    bare = number.replace(" ", "").strip(".,:/")
    return re.sub(r",(?=\d{3}(?!\d))", "", bare)


def _parts(normal: str) -> Iterable[str]:
    for word in words(normal):
        yield word
        if "-" in word:
            yield from word.split("-")


def _all_numbers(normals: Iterable[str]) -> frozenset[str]:
    found = frozenset[str]().union(*(numbers(normal) for normal in normals))
    # "10 %" in the evidence also carries a bare "10", never the other way round.
    return found | {number.removesuffix("%") for number in found}


def names(statement: str) -> frozenset[str]:
    """The words that look like names: capitals inside a sentence, or capitals throughout."""
    found: set[str] = set()
    for match in _NAME.finditer(statement):
        word = match[0]
        opens = _OPENS.search(statement[max(0, match.start() - 8) : match.start()]) is not None
        inner = any(char.isupper() for char in word[1:])
        if inner or (word[0].isupper() and not opens and match.start() > 0):
            found.update(words(word))
    return frozenset(word.removesuffix("'s") for word in found if word not in STOP_WORDS)


@lru_cache(maxsize=4_096)
def _words_of(normal: str) -> frozenset[str]:
    return frozenset(word.removesuffix("'s") for word in _parts(normal))


def _all_words(normals: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(_words_of(normal) for normal in normals))


@lru_cache(maxsize=8_192)
def _is_negated(text: str) -> bool:
    return not read_words("guards", "negators").isdisjoint(words(text))


def _clashes(statement: str, sentence: str) -> bool:
    """Whether the statement puts a word where the sentence has its opposite, or swaps the two."""
    said, found = words(statement), words(sentence)
    mine, theirs = _words_of(normalise(statement)), _words_of(normalise(sentence))
    same_order = (said[:1] and said[0] in _FRONTED) == (found[:1] and found[0] in _FRONTED)
    return any(
        _replaced(mine, theirs, one, other)
        or _replaced(mine, theirs, other, one)
        or (same_order and _swapped(said, found, one, other))
        for one, other in _antonyms()
    )


def _replaced(
    said: frozenset[str], found: frozenset[str], one: frozenset[str], other: frozenset[str]
) -> bool:
    return bool(said & one) and not found & one and bool((found & other) - said)


def _swapped(
    said: Sequence[str], found: Sequence[str], one: frozenset[str], other: frozenset[str]
) -> bool:
    """Whether both texts hold both sides of a pair, in opposite order."""
    sides = [
        [word in one for word in text if word in one or word in other] for text in (said, found)
    ]
    return all(len(set(side)) == 2 for side in sides) and sides[0][0] != sides[1][0]


@lru_cache(maxsize=1)
def _antonyms() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return tuple(
        (frozenset(one.split("|")), frozenset(other.split("|")))
        for one, other in read_list("guards")["antonyms"]
    )


def _gap(stems: Sequence[str], known: frozenset[str]) -> int:
    """The most content words in a row that the evidence lacks."""
    longest = running = 0
    for one in stems:
        running = 0 if one in known else running + 1
        longest = max(longest, running)
    return longest
