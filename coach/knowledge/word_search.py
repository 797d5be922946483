"""Search for words in one version of the library, which remembers what it counted and found."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from coach.knowledge.documents import DocumentKind, LibraryQuery
from coach.knowledge.lexical import Term, choose_terms, count_words, query_words
from coach.knowledge.parts import find_parts, needs_parts
from coach.knowledge.postings import (
    NOTHING,
    Keys,
    Scores,
    add_up,
    list_keys,
    load_scores,
    scores_from,
)
from coach.storage.database import Db
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS

KEPT_WORDS = 50_000
KEPT_SUMS = 8
# Scores of so many passages and documents are kept for single words, eight bytes each; a list of
# them takes room for FOR_ITSELF more, however short it is.
KEPT_SCORES = 3_000_000
FOR_ITSELF = 60


@dataclass(frozen=True, slots=True)
class Worded:
    """What a search for words found: passages, and documents as a whole.

    A document of several passages stands under the key of the first of them; of a document of one
    passage nothing more could be said.
    """

    passages: Scores
    documents: Scores = NOTHING


@dataclass(slots=True)
class Kept:
    """The scores of single words, those kept longest given up for new ones; threads share it."""

    room: int = 0
    lists: OrderedDict[tuple[str, str], Scores] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def add(self, key: tuple[str, str], found: Scores) -> None:
        """Keep this list, unless it is too long or there already."""
        room = _room_of(found)
        with self.lock:
            if key in self.lists or room > KEPT_SCORES:
                return
            while self.room + room > KEPT_SCORES:
                self.room -= _room_of(self.lists.popitem(last=False)[1])
            self.lists[key] = found
            self.room += room


def _room_of(found: Scores) -> int:
    return len(found.keys) + FOR_ITSELF


@dataclass(slots=True)
class WordSearch:
    """Finds passages by their words, of which there are `total` in all."""

    total: int
    counts: dict[str, int] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    sums: dict[tuple[str, tuple[Term, ...]], Scores] = field(default_factory=dict)
    kinds: dict[DocumentKind, Keys] = field(default_factory=dict)

    def terms(self, db: Db, wanted: Sequence[str]) -> tuple[Term, ...]:
        """These words, each with the number of passages it occurs in."""
        known = {word: self.counts.get(word) for word in wanted}
        found = count_words(db, [word for word, count in known.items() if count is None])
        if len(self.counts) > KEPT_WORDS:
            self.counts.clear()
        self.counts.update(found)
        return tuple(Term(word, known[word] or found.get(word, 0)) for word in wanted)

    def find(self, db: Db, terms: Sequence[Term], query: LibraryQuery) -> Scores:
        """The passages with words of the query; by parts of words when none have any."""
        found = self._add_up(db, PASSAGE_WORDS, choose_terms(terms, self.total))
        if query.kind is not None:
            found = found.among(self._of_kind(db, query.kind))
        if len(found.keys) and not needs_parts(query.text):
            return found
        parts = find_parts(db, query_words(query.text), query.kind)
        return add_up([found, scores_from(parts)])

    def find_all(self, db: Db, terms: Sequence[Term], query: LibraryQuery) -> Worded:
        """Passages and whole documents, for a search that weighs both."""
        documents = self._add_up(db, DOCUMENT_WORDS, choose_terms(terms, self.total))
        return Worded(self.find(db, terms, query), documents)

    def _add_up(self, db: Db, table: str, chosen: tuple[Term, ...]) -> Scores:
        """The scores of these terms together; a draft asks for the same of each kind."""
        found = self.sums.get((table, chosen))
        if found is None:
            found = add_up([self._scores(db, table, term) for term in chosen])
            if len(self.sums) >= KEPT_SUMS:
                self.sums.clear()
            self.sums[table, chosen] = found
        return found

    def _scores(self, db: Db, table: str, term: Term) -> Scores:
        key = table, term.word
        found = self.kept.lists.get(key)
        if found is None:
            found = load_scores(db, table, term, self.total)
            self.kept.add(key, found)
        return found

    def _of_kind(self, db: Db, kind: DocumentKind) -> Keys:
        if kind not in self.kinds:
            self.kinds[kind] = list_keys(db, kind)
        return self.kinds[kind]
