"""Search for words in one version of the library, which remembers what it counted and found."""

import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from threading import Lock

from coach.knowledge.bm25 import Sizes, load_bm25, load_sizes
from coach.knowledge.documents import DOCUMENT_KINDS, DocumentKind, LibraryQuery
from coach.knowledge.lexical import (
    FEWEST_TERMS,
    MOST_TOUCHED,
    Term,
    choose_terms,
    count_words,
    is_sqlite,
    most_for_rare,
    query_words,
    quoted,
)
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
from coach.knowledge.stems import load_stems
from coach.storage.database import Db
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS

KEPT_WORDS = 50_000
KEPT_SUMS = 8
# Scores of so many passages and documents are kept for single words, eight bytes each; a list of
# them takes room for FOR_ITSELF more, however short it is.
KEPT_SCORES = 3_000_000
FOR_ITSELF = 60
# Words read before anybody asks take so much of that room; a part of them, so many seconds.
ROOM_AHEAD = 2_500_000
ONE_PART = 0.02


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
    stems: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    sums: dict[tuple[str, tuple[Term, ...]], Scores] = field(default_factory=dict)
    kinds: dict[DocumentKind, Keys] = field(default_factory=dict)
    sizes: dict[str, Sizes] = field(default_factory=dict)
    ahead: Iterator[tuple[float, str]] | None = None

    def terms(self, db: Db, wanted: Sequence[str]) -> tuple[Term, ...]:
        """These words, each with the number of passages it occurs in."""
        stems = self._stems(db, wanted)
        counts = {stem: self.counts.get(stem) for stem in stems.values()}
        unknown = {stem: word for word, stem in stems.items() if counts[stem] is None}
        found = count_words(db, unknown.values())
        new = {stem: found[word] for stem, word in unknown.items()}
        if len(self.counts) > KEPT_WORDS:
            self.counts.clear()
        self.counts.update(new)
        return tuple(
            Term(word, counts[stem] or new.get(stem, 0), stem)
            for word, stem in ((word, stems[word]) for word in wanted)
        )

    def plan_ahead(self, db: Db, wanted: Sequence[str]) -> None:
        """Note which words to read before they are asked for, one of each stem, in this order.

        First words so rare that a search looks up several, then the others. On PostgreSQL none:
        many processes would ask one server for all of them at once.
        """
        if not is_sqlite(db):
            self.ahead = iter(())
            return
        stems = self._stems(db, wanted)
        firsts: dict[str, str] = {}
        for word in wanted:
            firsts.setdefault(stems[word], word)
        most = min(MOST_TOUCHED / FEWEST_TERMS, most_for_rare(self.total))
        self.ahead = iter(tuple(product((most, most_for_rare(self.total)), firsts.values())))

    def read_ahead(self, db: Db, tables: Collection[str]) -> bool:
        """Keep the scores of some more of the words noted; True while there may be others."""
        until = time.monotonic() + ONE_PART
        ahead = self.ahead or iter(())
        while self.kept.room < ROOM_AHEAD and (noted := next(ahead, None)) is not None:
            most, word = noted
            (term,) = self.terms(db, [word])
            if FOR_ITSELF <= term.passages <= most:
                for table in tables:
                    self._scores(db, table, term)
            if time.monotonic() > until:
                return True
        self.ahead = iter(())
        return False

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
        key = table, term.stem or quoted(term.word)
        found = self.kept.lists.get(key)
        if found is None:
            if is_sqlite(db) and self._is_by_places(db, term):
                found = load_bm25(db, table, term.stem, self._sizes(db, table))
            else:
                found = load_scores(db, table, term, self.total)
            self.kept.add(key, found)
        return found

    def _is_by_places(self, db: Db, term: Term) -> bool:
        """Whether its places tell the scores of this term.

        A phrase has no place of its own, and each row names its kind.
        """
        is_single = term.stem and " " not in term.stem
        return bool(is_single) and term.stem not in self._stems(db, DOCUMENT_KINDS).values()

    def _sizes(self, db: Db, table: str) -> Sizes:
        found = self.sizes.get(table)
        if found is None:
            found = self.sizes[table] = load_sizes(db, table)
        return found

    def _stems(self, db: Db, wanted: Sequence[str]) -> dict[str, str]:
        """What the database looks each of these words up by."""
        known = {word: self.stems.get(word) for word in wanted}
        found = load_stems(db, [word for word, stem in known.items() if stem is None])
        if len(self.stems) > KEPT_WORDS:
            self.stems.clear()
        self.stems.update(found)
        return {word: found[word] if stem is None else stem for word, stem in known.items()}

    def _of_kind(self, db: Db, kind: DocumentKind) -> Keys:
        if kind not in self.kinds:
            self.kinds[kind] = list_keys(db, kind)
        return self.kinds[kind]
