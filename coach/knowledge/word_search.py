"""Search for words in one version of the library, which remembers what it counted and found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from coach.knowledge.documents import DocumentKind, LibraryQuery
from coach.knowledge.lexical import (
    DEEP,
    Matches,
    Term,
    choose_terms,
    count_words,
    find_documents,
    find_matches,
    find_words,
    query_words,
)
from coach.knowledge.parts import find_parts, needs_parts
from coach.storage.database import Db

K = TypeVar("K")
V = TypeVar("V")
KEPT_WORDS = 50_000
KEPT_MATCHES = 16


@dataclass(frozen=True, slots=True)
class Worded:
    """What a search for words found, best first: passages, and documents as a whole.

    A document of several passages stands under the key of the first of them.
    """

    passages: dict[int, float]
    documents: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class WordSearch:
    """Finds passages by their words, of which there are `total` in all."""

    total: int
    counts: dict[str, int] = field(default_factory=dict)
    matches: dict[tuple[int, tuple[Term, ...]], Matches] = field(default_factory=dict)
    documents: dict[tuple[Term, ...], dict[int, float]] = field(default_factory=dict)

    def terms(self, db: Db, wanted: Sequence[str]) -> tuple[Term, ...]:
        """These words, each with the number of passages it occurs in."""
        if len(self.counts) > KEPT_WORDS:
            self.counts.clear()
        self.counts.update(count_words(db, [word for word in wanted if word not in self.counts]))
        return tuple(Term(word, self.counts.get(word, 0)) for word in wanted)

    def find(
        self, db: Db, terms: Sequence[Term], query: LibraryQuery, depth: int
    ) -> dict[int, float]:
        """The best passages with words of the query, so many; by parts of words when none have."""
        found = self._find_words(db, choose_terms(terms, self.total), query.kind, depth)
        if found and not needs_parts(query.text):
            return found
        for key, score in find_parts(db, query_words(query.text), query.kind).items():
            found[key] = found.get(key, 0.0) + score
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def find_all(self, db: Db, terms: Sequence[Term], query: LibraryQuery) -> Worded:
        """Passages far below the best, and whole documents, for a search that weighs more."""
        documents = self._find_documents(db, choose_terms(terms, self.total))
        return Worded(self.find(db, terms, query, DEEP), documents)

    def _find_documents(self, db: Db, chosen: tuple[Term, ...]) -> dict[int, float]:
        documents = self.documents.get(chosen)
        if documents is None:
            documents = find_documents(db, chosen, self.total)
            _keep(self.documents, chosen, documents)
        return documents

    def _find_words(
        self, db: Db, chosen: tuple[Term, ...], kind: DocumentKind | None, depth: int
    ) -> dict[int, float]:
        """What holds these terms; a draft asks the same of one kind, of another, and of all."""
        matches = self.matches.get((depth, chosen))
        if matches is None and kind is not None:
            matches = find_matches(db, chosen, depth)
            if matches is not None:
                _keep(self.matches, (depth, chosen), matches)
        found = matches.of(kind, depth) if matches is not None else None
        if found is None:
            found = find_words(db, chosen, kind, self.total, depth)
        return found


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    """Remember this beside the last few."""
    if len(kept) >= KEPT_MATCHES:
        kept.clear()
    kept[key] = value
