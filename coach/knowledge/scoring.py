"""Gives the passages that the searches found one score each, and measures how sure that is."""

from collections.abc import Iterable

import numpy as np

from coach.knowledge.documents import LibraryQuery
from coach.knowledge.lexical import DEPTH
from coach.knowledge.ranking import Scored, fuse, measure_margin
from coach.knowledge.remembered import Asked
from coach.knowledge.shelf import Shelf
from coach.knowledge.word_search import Worded

ASKED_DEPTH = 10
# Some hits of one document give way to others, so more are read than asked for.
LOADED_FOR_ONE = 3
# A long document says in one passage what it is about and in another what is asked, so its words
# are weighed as a whole, beside those of the passage. Measured on long documents: nDCG@10 .840
# without, .852 with. Heavier, they push aside documents of one passage, which is all they have.
OWN_SHARE, WHOLE_SHARE = 0.4, 0.8


def score(asked: Asked, words: Worded, shelf: Shelf | None, version: str) -> Scored:
    """What either search found, each passage with the scores of both."""
    if shelf is None or asked.vector is None:
        best = words.passages.best(looked_at(asked.query))
        return Scored(best, frozenset(best), frozenset(), {})
    best = words.passages.best(DEPTH)
    if asked.indexed_version == version:
        dense = asked.indexed
    else:
        dense = shelf.nearest(asked.vector, asked.query.kind, DEPTH)
    closest = shelf.closest_asked(asked.vector)
    surely = shelf.agreed(closest, asked.vector)
    near = frozenset(shelf.nearest_asked(surely, asked.query.kind, ASKED_DEPTH))
    cosines = shelf.cosines(asked.vector, (best.keys() | near) - dense.keys()) | dense
    wanted = best.keys() | dense.keys() | near
    titles = shelf.title_cosines(asked.vector, wanted)
    questions = shelf.asked_cosines(closest[:, 0], wanted)
    agreed = shelf.asked_cosines(surely, wanted)
    scores = fuse(whole(words, shelf, wanted), cosines, titles, wanted, agreed)
    outside = shelf.outside_cosine(asked.vector)
    margin = measure_margin((cosines, titles, questions), outside, shelf.leaning(asked.vector))
    return Scored(scores, frozenset(best), frozenset(dense) | near, cosines, margin)


def looked_at(query: LibraryQuery) -> int:
    """How many of the best passages are read, so that no document crowds out the others."""
    return max(LOADED_FOR_ONE * query.limit, 12)


def whole(words: Worded, shelf: Shelf, wanted: Iterable[int]) -> dict[int, float]:
    """The score of the words of each passage, most of it that of its document as a whole.

    One that was published a moment ago has no vector, and stands for itself.
    """
    keys = list(wanted)
    firsts = shelf.firsts_of(keys)
    own = words.passages.of(keys)
    gathered = words.documents.of([firsts.get(key, key) for key in keys])
    together = np.where(gathered > 0, OWN_SHARE * own + WHOLE_SHARE * gathered, own)
    return dict(zip(keys, together.tolist(), strict=True))
