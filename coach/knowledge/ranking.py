"""Puts what the searches found into one order, and measures how much of the query it covers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach.knowledge.documents import Hit, Leg, Passage
from coach.knowledge.lexical import Term, idf, spelled
from coach.knowledge.words import STOP_WORDS, stem, words

# A plain sum of cosine, a little bm25 and the cosine of the title was best or near best on every
# collection measured; ranks, or shares trained elsewhere, lose where the two searches differ.
BM25_SHARE = 0.02
TITLE_SHARE = 0.2
# Chosen on the tuning half of the golden questions: a question people ask tells more than a title.
ASKED_SHARE = 2.5
# Chosen there as well: what is less close than this answers nothing, whatever lies outside.
NEAREST = 0.35
# How much it counts on which side of everything known a question lies; chosen there as well.
LEANING_SHARE = 0.2


def fuse(
    bm25: Mapping[int, float],
    cosines: Mapping[int, float],
    titles: Mapping[int, float],
    wanted: Iterable[int],
    asked: Mapping[int, float] | None = None,
) -> dict[int, float]:
    """Cosine, a little bm25 and the cosine of the title, for each of these passages.

    Where documents say how they are asked for, the closest such question (`asked`) counts as
    well; of a document that does not say it, the passage stands in. What was published a moment
    ago has no vector yet: it is taken to be as close as the others are, so that its words decide.
    """
    usual = sum(cosines.values()) / max(1, len(cosines))
    usual_title = sum(titles.values()) / max(1, len(titles))
    scores = {
        key: cosines.get(key, usual)
        + BM25_SHARE * bm25.get(key, 0.0)
        + TITLE_SHARE * titles.get(key, 0.0 if key in cosines else usual_title)
        for key in wanted
    }
    if not asked:
        return scores
    return {
        key: score + ASKED_SHARE * asked.get(key, cosines.get(key, usual))
        for key, score in scores.items()
    }


def measure_margin(
    said: Iterable[Mapping[int, float]], outside: float | None, leaning: float = 0.0
) -> float | None:
    """By how much what the library says is closer to a question than what is not answered.

    `said` holds cosines: of passages, of their titles, of what their documents are asked for.
    `leaning` tells to which side the question lies, -1..1. None where nothing is known of what is
    not answered.
    """
    if outside is None:
        return None
    closest = max((one for cosines in said for one in cosines.values()), default=0.0)
    return closest - max(outside, NEAREST) + LEANING_SHARE * leaning


def most_of_one(limit: int) -> int:
    """How many of so many hits one document may have before the others are heard."""
    # Admins upload handbooks of 300 pages; without a cap one of them fills every agenda.
    return max(2, -(-limit // 3))


def thin(ranked: Sequence[int], owners: Mapping[int, int], most: int) -> list[int]:
    """The passages in order, those beyond so many of one document behind all others."""
    taken: dict[int, int] = {}
    first: list[int] = []
    beyond: list[int] = []
    for key in ranked:
        owner = owners.get(key, -key)
        taken[owner] = taken.get(owner, 0) + 1
        (first if taken[owner] <= most else beyond).append(key)
    return first + beyond


def spread(hits: Sequence[Hit], limit: int, most: int | None = None) -> list[Hit]:
    """The best hits, with no document crowding out the others."""
    cap = most or most_of_one(limit)
    taken: dict[str, int] = {}
    first: list[Hit] = []
    beyond: list[Hit] = []
    for hit in hits:
        count = taken.get(hit.passage.document_id, 0)
        taken[hit.passage.document_id] = count + 1
        (first if count < cap else beyond).append(hit)
    return (first + beyond)[:limit]


def coverage(terms: Sequence[Term], total: int, passages: Iterable[Passage]) -> float:
    """The share of what the query's words tell that these passages speak of."""
    masses = {term.word: idf(term.passages, max(total, term.passages)) for term in terms}
    whole = sum(masses.values())
    if not whole:
        return 0.0
    spoken: set[str] = set()
    for passage in passages:
        spoken |= _spoken(
            (
                passage.document_title,
                *passage.heading_path,
                *passage.topics,
                *passage.asked_as,
            ),
            passage.text,
        )
    found = sum(mass for word, mass in masses.items() if _is_spoken(word, spoken))
    return min(1.0, found / whole)


@lru_cache(maxsize=2_000)
def _spoken(about: tuple[str, ...], text: str) -> frozenset[str]:
    """The stems of all words in a passage and over it."""
    said = words(spelled(" ".join((*about, text))))
    return frozenset(stem(part) for word in said for part in (word, *word.split("-")))


def _is_spoken(word: str, spoken: set[str]) -> bool:
    """Whether the word was said, or all its parts: "sign-in" is said by "sign in"."""
    parts = [part for part in word.split("-") if part and part not in STOP_WORDS]
    return stem(word) in spoken or bool(parts) and all(stem(part) in spoken for part in parts)


@dataclass(frozen=True, slots=True)
class Scored:
    """The passages that the searches found, and which search found which."""

    scores: Mapping[int, float]
    by_words: frozenset[int]
    by_meaning: frozenset[int]
    cosines: Mapping[int, float]
    margin: float | None = None

    def legs(self, key: int) -> tuple[Leg, ...]:
        """Which searches found this passage."""
        words: tuple[Leg, ...] = ("lexical",) if key in self.by_words else ()
        meaning: tuple[Leg, ...] = ("dense",) if key in self.by_meaning else ()
        return words + meaning
