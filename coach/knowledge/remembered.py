"""What a library keeps in mind of one version, and what it knows of a query before it searches."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from coach.knowledge.documents import Found, Headword, LibraryQuery, Passage
from coach.knowledge.shelf import Shelf
from coach.knowledge.spelling import Vocabulary
from coach.knowledge.word_search import WordSearch
from coach.llm.embeddings import Encoder, Vectors

# Another spelling is taken when it brings the library so much closer.
SURER = 0.02
# What was asked, how many vectors took part, and the version of the index they came from.
_Key = tuple[LibraryQuery, int, str | None]


@dataclass(slots=True)
class Memo:
    """What was read of one version of the library on one day; passages never change within it."""

    version: str
    today: date
    total: int
    model: str
    words: WordSearch
    passages: OrderedDict[int, Passage] = field(default_factory=OrderedDict)
    documents: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    searches: dict[_Key, Found] = field(default_factory=dict)
    headwords: Mapping[str, Headword] | None = None
    shelf: Shelf | None = None
    vocabulary: Vocabulary | None = None
    corrected: dict[str, str] = field(default_factory=dict)
    loading: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with all that was learned before the database is asked."""

    query: LibraryQuery
    vector: Vectors | None
    indexed: dict[int, float]
    indexed_version: str | None
    corrected: str
    corrected_vector: Vectors | None
    model: str = ""


def better_spelt(asked: Asked, shelf: Shelf | None) -> Asked:
    """The query in its other spelling, when the library says so much more to that."""
    if asked.corrected == asked.query.text:
        return asked
    if shelf is not None and asked.vector is not None and asked.corrected_vector is not None:
        gain = shelf.closest(asked.corrected_vector) - shelf.closest(asked.vector)
        if gain < SURER:
            return asked
    query = replace(asked.query, text=asked.corrected)
    return Asked(query, asked.corrected_vector, {}, None, asked.corrected, None, asked.model)


def model_of(encoder: Encoder | None) -> str:
    """The model whose vectors are compared now."""
    return encoder.model if encoder is not None else ""
