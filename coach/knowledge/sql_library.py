"""The library in a database: by words, by meaning where vectors are at hand, and what it lacked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Lock

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
from coach.knowledge.markdown import headwords_of
from coach.knowledge.nearest import IndexBroken, Nearest
from coach.knowledge.ranking import coverage, most_of_one, spread, thin
from coach.knowledge.remembered import Asked, Memo, better_spelt, model_of
from coach.knowledge.scoring import looked_at, score
from coach.knowledge.shelf import Shelf, load_shelf
from coach.knowledge.spelling import Vocabulary, correct
from coach.knowledge.stored import PASSAGES, list_passages, list_texts, load_passages, published
from coach.knowledge.vectors import count_embedded
from coach.knowledge.word_search import Worded, WordSearch
from coach.llm.embeddings import Encoder, EncoderFault, Vectors, encode_checked
from coach.storage import tables
from coach.storage.database import Database, Db
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS

COVERING = 3
SPELT_FROM = 20_000
# Words that are not among so many of the most frequent forms are quickly looked up.
WORDS_AHEAD = 5_000
KEPT_PASSAGES = 5_000
KEPT_SEARCHES = 500
MAX_QUERY = 4_000
# Up to so many passages, comparing all of them takes no longer than asking the index.
FEW = 20_000
# Under this share of passages with vectors the rest would hardly be found, so words alone count.
ENOUGH = 0.95
# Until all have one, vectors are loaded again for each such share of them, not for each search.
STEP = 0.01


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
        self._loading = Lock()

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

    async def read_words_ahead(self) -> bool:
        """Bring to mind vectors, and scores of some more frequent words; whether that goes on."""
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

    def _look_ahead_anew(self, db: Db, text: str) -> tuple[str, bool]:
        memo = self._remember(db)
        # How long its vectors are, an encoder behind an address tells with its first answer.
        is_unknown = self._encoder is not None and not self._encoder.dimension
        is_compared = is_unknown or self._shelf(db, memo) is not None
        return self._correct(db, memo, text), is_compared

    def _correct(self, db: Db, memo: Memo, text: str) -> str:
        if len(memo.corrected) >= KEPT_SEARCHES:
            memo.corrected.clear()
        terms = memo.words.terms(db, query_words(text))
        unknown = [term.word for term in terms if not term.passages]
        found = self._vocabulary(db, memo).corrections(unknown) if unknown else {}
        memo.corrected[text] = correct(text, found) if found else text
        return memo.corrected[text]

    def _vocabulary(self, db: Db, memo: Memo) -> Vocabulary:
        if memo.vocabulary is None:
            memo.vocabulary = Vocabulary(list_texts(db, SPELT_FROM))
        return memo.vocabulary

    def _read_ahead(self, db: Db) -> None:
        self._headwords(db)
        self._vocabulary(db, self._remember(db))

    def _read_words_ahead(self, db: Db) -> bool:
        memo = self._remember(db)
        if memo.vocabulary is None:  # a new version, of which other things are read first
            return False
        if memo.words.ahead is None:
            memo.words.plan_ahead(db, memo.vocabulary.most_frequent(WORDS_AHEAD))
        self._shelf(db, memo)
        documents = () if self._encoder is None else (DOCUMENT_WORDS,)
        return memo.words.read_ahead(db, (PASSAGE_WORDS, *documents))

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
        passages = self._load(db, memo, ranked[: query.limit if shelf else looked_at(query)])
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

    def _shelf(self, db: Db, memo: Memo) -> Shelf | None:
        """The vectors of this version once nearly all are there, or None."""
        encoder = self._encoder
        if encoder is None or not encoder.dimension:
            return None
        if memo.shelf is not None and len(memo.shelf.keys) >= memo.total:
            return memo.shelf
        count = count_embedded(db, encoder.model, encoder.dimension)
        if count < ENOUGH * memo.total:
            return None
        few = STEP * memo.total if count < memo.total else 0
        with self._loading:  # for all that need it at this moment, once
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
            if memo is not None and memo.version == version:  # another day, or another model
                words = memo.words
            else:
                words = WordSearch(count_passages(db))
            memo = Memo(version, today, words.total, model, words)
            self._memo = memo
        return memo
