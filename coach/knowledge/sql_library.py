"""The library in a database: by words, by meaning where vectors are at hand, and what it lacked."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

import numpy as np

from coach.knowledge.documents import (
    Found,
    Headword,
    Hit,
    Leg,
    LibraryQuery,
    Passage,
)
from coach.knowledge.lexical import DEEP, DEPTH, count_passages, query_words
from coach.knowledge.library import library_version
from coach.knowledge.markdown import headwords_of
from coach.knowledge.nearest import IndexBroken, Nearest
from coach.knowledge.ranking import (
    Scored,
    coverage,
    fuse,
    measure_margin,
    most_of_one,
    spread,
    thin,
)
from coach.knowledge.remembered import (
    KEPT_SEARCHES,
    Asked,
    Memo,
    better_spelt,
    correct_slips,
    model_of,
    vocabulary_of,
)
from coach.knowledge.shelf import Shelf, load_shelf
from coach.knowledge.stored import PASSAGES, list_passages, load_passages, published
from coach.knowledge.vectors import count_embedded
from coach.knowledge.word_search import WordSearch
from coach.llm.embeddings import Encoder, EncoderFault, Vectors, encode_checked
from coach.storage import tables
from coach.storage.database import Database, Db

COVERING = 3
ASKED_DEPTH = 10
# Some hits of one document give way to others, so more are loaded than asked for.
LOADED_FOR_ONE = 3
KEPT_PASSAGES = 5_000
MAX_QUERY = 4_000
# Under this share of passages with vectors the rest would hardly be found, so words alone count.
ENOUGH = 0.95
# Until all have one, vectors are loaded again for each such share of them, not for each search.
STEP = 0.01


class SqlLibrary:
    """The library in a database; without an encoder it searches for words alone."""

    def __init__(
        self,
        database: Database,
        encoder: Encoder | None = None,
        index: Nearest | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._database = database
        self._encoder = encoder
        self._index = index
        self._today = today
        self._memo: Memo | None = None

    async def search(self, query: LibraryQuery) -> Found:
        """The passages for a query, best first, no document crowding out the others."""
        query = replace(query, text=query.text[:MAX_QUERY])
        model = model_of(self._encoder)  # while this is under way another may come to serve
        corrected, vector, other = await self._learn(query)
        indexed: dict[int, float] = {}
        version = None
        # A kind is compared exactly: a filter makes the index many times slower.
        if vector is not None and self._index is not None and query.kind is None:
            version = self._index.version
            try:
                indexed = await self._index.nearest(vector, DEPTH) if version is not None else {}
            except IndexBroken:
                version = None
        asked = Asked(query, vector, indexed, version, corrected, other, model)
        return await self._database.read(self._find, asked)

    async def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """What is published of a document, in the order of its text."""
        return await self._database.read(self._passages_of, document_id)

    async def passages_of_each(self, *document_ids: str) -> Mapping[str, tuple[Passage, ...]]:
        """The same of several documents at once, by their ids."""
        return await self._database.read(self._passages_of_each, document_ids)

    async def headwords(self) -> Mapping[str, Headword]:
        """Each term the library explains, by its normalised forms."""
        return await self._database.read(self._headwords)

    async def version(self) -> str:
        """A digest of everything published."""
        return await self._database.read(library_version)

    async def read_ahead(self) -> None:
        """Bring to mind what every draft asks of the version there is now."""
        await self._database.read(self._read_ahead)

    async def _learn(self, query: LibraryQuery) -> tuple[str, Vectors | None, Vectors | None]:
        """The text with slips of the pen mended, and the directions of both where they differ.

        While the library gets its vectors the model is busy, and a question would wait for it.
        """
        memo = self._memo
        if memo is not None and memo.shelf is not None:
            # On another core: looking words up takes about as long as embedding a question.
            vector, (corrected, _) = await asyncio.gather(
                self._encode(query.text), self._database.read(self._look_ahead, query)
            )
        else:
            corrected, is_compared = await self._database.read(self._look_ahead, query)
            vector = await self._encode(query.text) if is_compared else None
        is_other = vector is not None and corrected != query.text
        return corrected, vector, await self._encode(corrected) if is_other else None

    async def _encode(self, text: str) -> Vectors | None:
        """The direction of a text, where meanings can be compared."""
        if self._encoder is None or not text.strip():
            return None
        try:
            return np.asarray((await encode_checked(self._encoder, [text]))[0], dtype=np.float32)
        except EncoderFault:
            return None

    # --- Inside one reading transaction -----------------------------------------------------

    def _find(self, db: Db, asked: Asked) -> Found:
        """What a pair asks again with every draft is looked up once for each version."""
        memo = self._remember(db)
        is_current = asked.vector is not None and asked.model == memo.model
        shelf = self._shelf(db, memo) if is_current else None
        key = (asked.query, len(shelf.keys) if shelf else -1, asked.indexed_version)
        found = memo.searches.get(key)
        if found is None:
            mended = better_spelt(asked, shelf)
            found = self._find_anew(db, memo, mended, shelf)
            if mended is not asked:
                found = replace(found, searched_for=mended.query.text)
            if len(memo.searches) >= KEPT_SEARCHES:
                memo.searches.clear()
            memo.searches[key] = found
        return found

    def _look_ahead(self, db: Db, query: LibraryQuery) -> tuple[str, bool]:
        """The query with slips mended, and whether there are vectors to compare it with."""
        memo = self._remember(db)
        # How long its vectors are, an encoder behind an address tells with its first answer.
        is_unknown = self._encoder is not None and not self._encoder.dimension
        shelf = self._shelf(db, memo)
        corrected = correct_slips(db, memo, query.text)
        if shelf is not None and corrected == query.text:
            version = self._index.version if self._index and query.kind is None else None
            if (query, len(shelf.keys), version) not in memo.searches:
                memo.words.find_ahead(db, query, DEEP)
        return corrected, is_unknown or shelf is not None

    def _read_ahead(self, db: Db) -> None:
        self._headwords(db)
        vocabulary_of(db, self._remember(db))

    def _find_anew(self, db: Db, memo: Memo, asked: Asked, shelf: Shelf | None) -> Found:
        query = asked.query
        terms = memo.words.terms(db, query_words(query.text))
        # Of words alone the best few are all that is looked at.
        depth = _looked_at(query) if shelf is None else DEEP
        lexical = memo.words.find(db, terms, query, depth)
        scored = self._score(memo, asked, lexical, shelf)
        ranked = sorted(scored.scores, key=lambda key: (-scored.scores[key], key))
        if shelf is not None:
            most = query.most or most_of_one(query.limit)
            ranked = thin(ranked, shelf.owners_of(ranked), most)
        # Thinned, the first stay; else some give way to others.
        passages = self._load(db, memo, ranked[: query.limit if shelf else _looked_at(query)])
        hits = [
            Hit(passages[key], scored.scores[key], scored.legs(key))
            for key in ranked
            if key in passages
        ]
        kept = spread(hits, query.limit, query.most)
        covered = coverage(terms, memo.total, [hit.passage for hit in kept[:COVERING]])
        if query.around:
            kept = [self._with_neighbours(db, hit, query.around) for hit in kept]
        missing: tuple[Leg, ...] = ("dense",) if shelf is None else ()
        closeness = scored.cosines.get(ranked[0]) if ranked else None
        return Found(tuple(kept), covered, missing, closeness, scored.margin)

    def _score(
        self, memo: Memo, asked: Asked, lexical: dict[int, float], shelf: Shelf | None
    ) -> Scored:
        """What either search found, each passage with the scores of both."""
        if shelf is None or asked.vector is None:
            return Scored(lexical, frozenset(lexical), frozenset(), {})
        if asked.indexed_version == memo.version:
            dense = asked.indexed
        else:
            dense = shelf.nearest(asked.vector, asked.query.kind, DEPTH)
        best = dict(islice(lexical.items(), DEPTH))
        closest = shelf.closest_asked(asked.vector)
        surely = shelf.agreed(closest, asked.vector)
        near = frozenset(shelf.nearest_asked(surely, asked.query.kind, ASKED_DEPTH))
        cosines = shelf.cosines(asked.vector, (best.keys() | near) - dense.keys()) | dense
        wanted = best.keys() | dense.keys() | near
        titles = shelf.title_cosines(asked.vector, wanted)
        questions = shelf.asked_cosines(closest[:, 0], wanted)
        agreed = shelf.asked_cosines(surely, wanted)
        scores = fuse(lexical, cosines, titles, wanted, agreed)
        outside = shelf.outside_cosine(asked.vector)
        margin = measure_margin((cosines, titles, questions), outside, shelf.leaning(asked.vector))
        return Scored(scores, frozenset(best), frozenset(dense) | near, cosines, margin)

    def _shelf(self, db: Db, memo: Memo) -> Shelf | None:
        """The vectors of this version once nearly all are there, or None."""
        encoder = self._encoder
        if encoder is None:
            return None
        if memo.shelf is not None and len(memo.shelf.keys) >= memo.total:
            return memo.shelf
        count = count_embedded(db, encoder.model, encoder.dimension)
        if count < ENOUGH * memo.total:
            return None
        few = STEP * memo.total if count < memo.total else 0
        if memo.shelf is None or len(memo.shelf.keys) + few < count:
            memo.shelf = load_shelf(db, encoder.model, encoder.dimension)
        return memo.shelf

    def _with_neighbours(self, db: Db, hit: Hit, count: int) -> Hit:
        """The hit with what stands beside it in its lesson."""
        beside = self._passages_of(db, hit.passage.document_id)
        near = [
            one
            for one in beside
            if one.lesson == hit.passage.lesson
            and 0 < abs(one.ordinal - hit.passage.ordinal) <= count
        ]
        return replace(hit, around=tuple(near))

    def _load(self, db: Db, memo: Memo, keys: Sequence[int]) -> dict[int, Passage]:
        loaded = load_passages(db, [key for key in keys if key not in memo.passages], memo.today)
        found = {key: loaded[key] if key in loaded else memo.passages[key] for key in keys}
        memo.passages.update(loaded)
        while len(memo.passages) > KEPT_PASSAGES:
            memo.passages.popitem(last=False)
        return found

    def _passages_of(self, db: Db, document_id: str) -> tuple[Passage, ...]:
        return self._passages_of_each(db, (document_id,))[document_id]

    def _passages_of_each(
        self, db: Db, document_ids: Sequence[str]
    ) -> dict[str, tuple[Passage, ...]]:
        memo = self._remember(db)
        unread = [one for one in document_ids if one not in memo.documents]
        if unread:
            select = published().where(tables.Document.id.in_(unread))
            rows = list_passages(db, select.order_by(PASSAGES.c.ordinal), memo.today)
            found: dict[str, list[Passage]] = {one: [] for one in unread}
            for _, passage in rows:
                found[passage.document_id].append(passage)
            memo.documents |= {one: tuple(passages) for one, passages in found.items()}
        return {one: memo.documents[one] for one in document_ids}

    def _headwords(self, db: Db) -> Mapping[str, Headword]:
        memo = self._remember(db)
        if memo.headwords is None:
            select = published().where(PASSAGES.c.kind == "words")
            ordered = select.order_by(PASSAGES.c.document_id, PASSAGES.c.ordinal)
            rows = list_passages(db, ordered, memo.today)
            memo.headwords = headwords_of(passage for _, passage in rows)
        return memo.headwords

    def _remember(self, db: Db) -> Memo:
        """What is known of the version in this transaction; an older memory is dropped."""
        version, today, model = library_version(db), self._today(), model_of(self._encoder)
        memo = self._memo
        if memo is None or (memo.version, memo.today, memo.model) != (version, today, model):
            total = count_passages(db)
            memo = Memo(version, today, total, model, WordSearch(total))
            self._memo = memo
        return memo


def _looked_at(query: LibraryQuery) -> int:
    """How many of the best passages are read, so that no document crowds out the others."""
    return max(LOADED_FOR_ONE * query.limit, 12)
