"""The library in a database: by words, by meaning where vectors are at hand, and what it lacked."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np

from coach.knowledge.documents import (
    Found,
    Headword,
    Hit,
    Leg,
    LibraryQuery,
    Passage,
)
from coach.knowledge.lexical import DEPTH, count_passages, query_words
from coach.knowledge.library import library_version
from coach.knowledge.nearest import IndexBroken, Nearest
from coach.knowledge.ranking import coverage, most_of_one, spread, thin
from coach.knowledge.recalling import (
    recall_documents,
    recall_headwords,
    recall_passages,
    recall_shelf,
    recall_vocabulary,
    recall_words,
)
from coach.knowledge.remembered import Asked, Memo, better_spelt, model_of
from coach.knowledge.scoring import looked_at, score
from coach.knowledge.shelf import Shelf
from coach.knowledge.spelling import correct
from coach.knowledge.word_search import Worded, WordSearch
from coach.llm.embeddings import Encoder, EncoderFault, Vectors, encode_checked
from coach.storage.database import Database, Db

COVERING = 3
KEPT_SEARCHES = 500
MAX_QUERY = 4_000
# Up to so many passages, comparing all of them takes no longer than asking the index.
FEW = 20_000


class SqlLibrary:
    """The library in a database; without an encoder it searches for words alone.

    Of so many passages as `compared` says, all vectors are compared and the index is not asked.
    """

    def __init__(
        self,
        database: Database,
        encoder: Encoder | None = None,
        index: Nearest | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        compared: int = 0,
    ) -> None:
        self._database = database
        self._encoder = encoder
        self._index = index
        self._today = today
        self._compared = compared
        self._memo: Memo | None = None

    async def search(self, query: LibraryQuery) -> Found:
        """The passages for a query, best first, no document crowding out the others."""
        query = replace(query, text=query.text[:MAX_QUERY])
        model = model_of(self._encoder)  # while this is under way another may come to serve
        corrected, is_compared = await self._look_ahead(query.text)
        vector, other = await self._encode(query.text, corrected) if is_compared else (None, None)
        indexed: dict[int, float] = {}
        version = None
        if vector is not None and self._index is not None and self._asks_index(query):
            indexed, version = await self._nearest(self._index, vector)
        asked = Asked(query, vector, indexed, version, corrected, other, model)
        return await self._database.read(self._find, asked)

    async def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """What is published of a document, in the order of its text."""
        return (await self.passages_of_each(document_id))[document_id]

    async def passages_of_each(self, *document_ids: str) -> Mapping[str, tuple[Passage, ...]]:
        """The same of several documents at once, by their ids."""
        return await self._database.read(
            lambda db: recall_documents(db, self._remember(db), document_ids)
        )

    async def headwords(self) -> Mapping[str, Headword]:
        """Each term the library explains, by its normalised forms."""
        return await self._database.read(lambda db: recall_headwords(db, self._remember(db)))

    async def version(self) -> str:
        """A digest of everything published."""
        return await self._database.read(library_version)

    async def read_ahead(self) -> None:
        """Bring to mind what every draft asks of the version there is now."""
        await self._database.read(self._read_ahead)

    async def read_vectors_ahead(self) -> None:
        """Bring to mind what searches for meanings compare with, once it is there."""
        await self._database.read(self._read_vectors_ahead)

    async def read_words_ahead(self) -> bool:
        """Bring to mind scores of some frequent words; True while there may be more."""
        return await self._database.read(self._read_words_ahead)

    async def _look_ahead(self, text: str) -> tuple[str, bool]:
        """The text with slips of the pen mended, and whether there are vectors to compare with.

        While the library gets its vectors the model is busy, and a question would wait for it.
        """
        memo = self._memo
        if memo is not None and text in memo.corrected:
            if self._encoder is None or memo.shelf is not None:
                return memo.corrected[text], memo.shelf is not None
        return await self._database.read(self._look_ahead_anew, text)

    async def _encode(self, text: str, other: str) -> tuple[Vectors | None, Vectors | None]:
        """The directions of a query and of its other spelling, where meanings can be compared."""
        if self._encoder is None or not text.strip():
            return None, None
        texts = list(dict.fromkeys((text, other)))
        try:
            vectors = await encode_checked(self._encoder, texts)
        except EncoderFault:
            return None, None
        rows = np.asarray(vectors, dtype=np.float32)
        return rows[0], rows[1] if len(texts) > 1 else None

    def _asks_index(self, query: LibraryQuery) -> bool:
        # A kind is compared exactly as well: a filter makes the index many times slower.
        memo = self._memo
        return query.kind is None and (memo is None or memo.total > self._compared)

    async def _nearest(
        self, index: Nearest, vector: Vectors
    ) -> tuple[dict[int, float], str | None]:
        """What the index finds and the version it answers for; None where it cannot answer."""
        version = index.version
        try:
            return (await index.nearest(vector, DEPTH) if version is not None else {}), version
        except IndexBroken:
            return {}, None

    # --- Inside one reading transaction -----------------------------------------------------

    def _find(self, db: Db, asked: Asked) -> Found:
        """What a pair asks again with every draft is looked up once for each version."""
        memo = self._remember(db)
        is_current = asked.vector is not None and asked.model == memo.model
        shelf = recall_shelf(db, memo, self._encoder) if is_current else None
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

    def _look_ahead_anew(self, db: Db, text: str) -> tuple[str, bool]:
        memo = self._remember(db)
        # How long its vectors are, an encoder behind an address tells with its first answer.
        is_unknown = self._encoder is not None and not self._encoder.dimension
        is_compared = is_unknown or recall_shelf(db, memo, self._encoder) is not None
        return self._correct(db, memo, text), is_compared

    def _correct(self, db: Db, memo: Memo, text: str) -> str:
        if len(memo.corrected) >= KEPT_SEARCHES:
            memo.corrected.clear()
        terms = memo.words.terms(db, query_words(text))
        unknown = [term.word for term in terms if not term.passages]
        found = recall_vocabulary(db, memo).corrections(unknown) if unknown else {}
        memo.corrected[text] = correct(text, found) if found else text
        return memo.corrected[text]

    def _read_ahead(self, db: Db) -> None:
        memo = self._remember(db)
        recall_headwords(db, memo)
        recall_vocabulary(db, memo)

    def _read_vectors_ahead(self, db: Db) -> None:
        memo = self._remember(db)
        if memo.shelf is None:
            recall_shelf(db, memo, self._encoder)

    def _read_words_ahead(self, db: Db) -> bool:
        return recall_words(db, self._remember(db), self._encoder)

    def _find_anew(self, db: Db, memo: Memo, asked: Asked, shelf: Shelf | None) -> Found:
        query = asked.query
        terms = memo.words.terms(db, query_words(query.text))
        if shelf is None:
            words = Worded(memo.words.find(db, terms, query))
        else:
            words = memo.words.find_all(db, terms, query)
        scored = score(asked, words, shelf, memo.version)
        ranked = sorted(scored.scores, key=lambda key: (-scored.scores[key], key))
        if shelf is not None:
            most = query.most or most_of_one(query.limit)
            ranked = thin(ranked, shelf.owners_of(ranked), most)
        # Thinned, the first stay; else some give way to others.
        passages = recall_passages(db, memo, ranked[: query.limit if shelf else looked_at(query)])
        hits = [
            Hit(passages[key], scored.scores[key], scored.legs(key))
            for key in ranked
            if key in passages
        ]
        kept = spread(hits, query.limit, query.most)
        covered = coverage(terms, memo.total, [hit.passage for hit in kept[:COVERING]])
        if query.around:
            kept = [self._with_neighbours(db, memo, hit, query.around) for hit in kept]
        missing: tuple[Leg, ...] = ("dense",) if shelf is None else ()
        closeness = scored.cosines.get(ranked[0]) if ranked else None
        return Found(tuple(kept), covered, missing, closeness, scored.margin)

    def _with_neighbours(self, db: Db, memo: Memo, hit: Hit, count: int) -> Hit:
        """The hit with what stands beside it in its lesson."""
        owner = hit.passage.document_id
        near = [
            one
            for one in recall_documents(db, memo, (owner,))[owner]
            if one.lesson == hit.passage.lesson
            and 0 < abs(one.ordinal - hit.passage.ordinal) <= count
        ]
        return replace(hit, around=tuple(near))

    def _remember(self, db: Db) -> Memo:
        """What is known of the version in this transaction; an older memory is dropped."""
        version, today, model = library_version(db), self._today(), model_of(self._encoder)
        memo = self._memo
        if memo is None or (memo.version, memo.today, memo.model) != (version, today, model):
            if memo is not None and memo.version == version:  # another day, or another model
                words = memo.words
            else:
                words = WordSearch(count_passages(db))
            memo = Memo(version, today, words.total, model, words)
            self._memo = memo
        return memo
