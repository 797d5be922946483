"""Words as the library and the clauses compare them: normalised, stemmed, without stop words."""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_QUOTES = str.maketrans("‘’‚“”„–", "'''\"\"\"-")
_LONGEST_REMEMBERED = 400
_STEMMER = snowballstemmer.stemmer("english")
STOP_WORDS = frozenset(
    """a about above after again all also always am an and any are as at away back be because been
    before being below between both but by came can cannot come could did do does doing done
    down during each either else even ever every few first for from further get gets give given
    go goes going got had happen happened happens has have having he her here hers herself him
    himself his how however i if in into is it its itself just keep last let like made make
    makes many may me might mine mean means meant more most much must my myself need neither
    never next no nor not now of off often on once one only onto or other others our ours
    ourselves out over own per put quite rather really same say says see shall she should since
    so some something such take than that the their theirs them themselves then there these
    they thing things this those though through to together too under until up upon us use used
    uses using very via want was way we well were what when where whether which while who whom
    whose why will with within without would yet you your yours yourself yourselves it's that's
    don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't
    shouldn't""".split()
)


def normalise(text: str) -> str:
    """The text in one form: Unicode NFKC, folded case, plain quotes, single blanks."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(folded.split())


def digest_of_words(text: str) -> str:
    """A digest that is the same for the same words, however they are spaced or capitalised."""
    return sha256(" ".join(text.casefold().split()).encode()).hexdigest()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, normalised, in order."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _words(text)


@lru_cache(maxsize=20_000)
def _remembered(text: str) -> tuple[str, ...]:
    return _words(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(normalise(text)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The English stem of one normalised word."""
    return str(_STEMMER.stemWord(word.removesuffix("'s")))


def content_stems(text: str) -> tuple[str, ...]:
    """The stems of a text without its stop words, in order, repeats kept."""
    if len(text) <= _LONGEST_REMEMBERED:
        return _remembered_stems(text)
    return _content_stems(text)


@lru_cache(maxsize=20_000)
def _remembered_stems(text: str) -> tuple[str, ...]:
    return _content_stems(text)


def _content_stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text) if word not in STOP_WORDS)


def overlap(one: str, other: str) -> float:
    """How much of the smaller set of content stems two texts share, 0..1."""
    left, right = set(content_stems(one)), set(content_stems(other))
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0
