"""Passages as the judge compares them: stems, sentences and runs. Gives no verdict."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach.knowledge.chunking import split_sentences
from coach.knowledge.wording.phrases import read_list
from coach.knowledge.words import STOP_WORDS, normalise, stem, words

_LONGEST_REMEMBERED = 20_000
_PLACES_PER_STEM = 30  # a passage that repeats one word for ever must not slow the judge


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """One sentence of a passage with its content stems."""

    text: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage, read once: normalised text, stems in order, pairs of stems, sentences."""

    text: str
    normal: str
    stems: tuple[str, ...]
    unigrams: frozenset[str]
    bigrams: frozenset[tuple[str, str]]
    places: Mapping[str, tuple[int, ...]]
    sentences: tuple[EvidenceSentence, ...]


@lru_cache(maxsize=1)
def spelled_numbers() -> Mapping[str, str]:
    """Number words with their digits."""
    return {str(word): str(digits) for word, digits in read_list("guards")["numbers"].items()}


def compared_stems(text: str) -> tuple[str, ...]:
    """The content stems of a text, numbers in digits: "ten codes" and "10 codes" are alike."""
    spelled = spelled_numbers()
    return tuple(spelled.get(word) or stem(word) for word in words(text) if word not in STOP_WORDS)


def read_evidence(text: str) -> Evidence:
    """A passage as the judge compares it; short ones are remembered."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _read(text)


@lru_cache(maxsize=4_096)
def _remembered(text: str) -> Evidence:
    return _read(text)


def _read(text: str) -> Evidence:
    sentences = tuple(
        EvidenceSentence(sentence, frozenset(compared_stems(sentence)))
        for line in text.split("\n")
        for sentence in (line[span.start : span.end] for span in split_sentences(line))
    )
    stems = compared_stems(text)
    places: dict[str, list[int]] = {}
    for place, one in enumerate(stems):
        places.setdefault(one, []).append(place)
    return Evidence(
        text=text,
        normal=normalise(text),
        stems=stems,
        unigrams=frozenset(stems),
        bigrams=frozenset(zip(stems, stems[1:], strict=False)),
        places={one: tuple(found[:_PLACES_PER_STEM]) for one, found in places.items()},
        sentences=sentences,
    )


def longest_run(stems: Sequence[str], evidence: Evidence) -> int:
    """The length of the longest stretch of stems that stands in the evidence in one piece."""
    longest = 0
    ending: dict[int, int] = {}
    for one in stems:
        ending = {place: ending.get(place - 1, 0) + 1 for place in evidence.places.get(one, ())}
        longest = max(longest, max(ending.values(), default=0))
    return longest


def best_window(stems: frozenset[str], evidence: Evidence) -> float:
    """The largest share of the stems found in two neighbouring sentences."""
    if not stems:
        return 0.0
    found = [one.stems & stems for one in evidence.sentences]
    pairs = zip(found, [*found[1:], frozenset[str]()], strict=True)
    return max((len(one | other) for one, other in pairs), default=0) / len(stems)


def stands_in(statement: str, evidence: Evidence) -> bool:
    """Whether the statement is a stretch of the evidence, whole words, normalised."""
    wanted = normalise(statement)
    return bool(wanted) and (
        _found_whole(wanted, evidence.normal)
        or _found_whole(wanted.rstrip(".!;:,"), evidence.normal)
    )


def _found_whole(wanted: str, text: str) -> bool:
    if not any(char.isalnum() for char in wanted):
        return False
    place = text.find(wanted)
    tries = 0
    while place >= 0 and tries < 1_000:
        if whole_words(text, place, place + len(wanted)):
            return True
        place, tries = text.find(wanted, place + 1), tries + 1
    return False


_INSIDE_NUMBER = re.compile(r"\d[.,:]\Z")
_NUMBER_GOES_ON = re.compile(r"[.,:]\d")


def whole_words(text: str, start: int, end: int) -> bool:
    """Whether the stretch begins and ends between words, and cuts no number in two."""
    first, last = text[start : start + 1], text[end - 1 : end]
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if first.isalnum() and before[-1:].isalnum() or last.isalnum() and after[:1].isalnum():
        return False
    if first.isdigit() and _INSIDE_NUMBER.search(before):
        return False
    return not (last.isdigit() and _NUMBER_GOES_ON.match(after))
