"""What a library keeps in mind of one version, read where it is not there yet."""

from collections.abc import Mapping, Sequence

from coach.knowledge.documents import Headword, Passage
from coach.knowledge.markdown import headwords_of
from coach.knowledge.remembered import Memo
from coach.knowledge.shelf import Shelf, load_shelf
from coach.knowledge.spelling import Vocabulary
from coach.knowledge.stored import PASSAGES, list_passages, list_texts, load_passages, published
from coach.knowledge.vectors import count_embedded
from coach.knowledge.words import STOP_WORDS, stem
from coach.llm.embeddings import Encoder
from coach.storage import tables
from coach.storage.database import Db
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS

SPELT_FROM = 20_000
# Words that are not among so many of the most frequent forms are quickly looked up.
WORDS_AHEAD = 5_000
KEPT_PASSAGES = 5_000
# Under this share of passages with vectors the rest would hardly be found, so words alone count.
ENOUGH = 0.95
# Until all have one, vectors are loaded again for each such share of them, not for each search.
STEP = 0.01


def recall_shelf(db: Db, memo: Memo, encoder: Encoder | None) -> Shelf | None:
    """The vectors of this version once nearly all are there, or None."""
    if encoder is None or not encoder.dimension:
        return None
    if memo.shelf is not None and len(memo.shelf.keys) >= memo.total:
        return memo.shelf
    count = count_embedded(db, encoder.model, encoder.dimension)
    if count < ENOUGH * memo.total:
        return None
    few = STEP * memo.total if count < memo.total else 0
    # Loaded once for all that wait for it; who has an older one does not wait.
    if memo.loading.acquire(blocking=memo.shelf is None):
        try:
            if memo.shelf is None or len(memo.shelf.keys) + few < count:
                memo.shelf = load_shelf(db, encoder.model, encoder.dimension)
        finally:
            memo.loading.release()
    return memo.shelf


def recall_passages(db: Db, memo: Memo, keys: Sequence[int]) -> dict[int, Passage]:
    """The passages with these keys; those looked at longest ago are given up for others."""
    loaded = load_passages(db, [key for key in keys if key not in memo.passages], memo.today)
    found = {key: loaded[key] if key in loaded else memo.passages[key] for key in keys}
    memo.passages.update(loaded)
    while len(memo.passages) > KEPT_PASSAGES:
        memo.passages.popitem(last=False)
    return found


def recall_documents(
    db: Db, memo: Memo, document_ids: Sequence[str]
) -> dict[str, tuple[Passage, ...]]:
    """What is published of each of these documents, in the order of its text."""
    unread = [one for one in document_ids if one not in memo.documents]
    if unread:
        select = published().where(tables.Document.id.in_(unread))
        rows = list_passages(db, select.order_by(PASSAGES.c.ordinal), memo.today)
        found: dict[str, list[Passage]] = {one: [] for one in unread}
        for _, passage in rows:
            found[passage.document_id].append(passage)
        memo.documents |= {one: tuple(passages) for one, passages in found.items()}
    return {one: memo.documents[one] for one in document_ids}


def recall_headwords(db: Db, memo: Memo) -> Mapping[str, Headword]:
    """Each term the library explains, by its normalised forms."""
    if memo.headwords is None:
        select = published().where(PASSAGES.c.kind == "words")
        ordered = select.order_by(PASSAGES.c.document_id, PASSAGES.c.ordinal)
        rows = list_passages(db, ordered, memo.today)
        memo.headwords = headwords_of(passage for _, passage in rows)
    return memo.headwords


def recall_vocabulary(db: Db, memo: Memo) -> Vocabulary:
    """The words of the library, of a large one those of a part."""
    if memo.vocabulary is None:
        memo.vocabulary = Vocabulary(list_texts(db, SPELT_FROM))
    return memo.vocabulary


def recall_words(db: Db, memo: Memo, encoder: Encoder | None) -> bool:
    """Keep scores of some frequent words, a part at a time; True while there may be more.

    Of a version whose vocabulary nobody has read, none: its turn comes with the next look.
    """
    if memo.vocabulary is None or memo.headwords is None:
        return False
    if memo.words.ahead is None:
        words = memo.vocabulary.most_frequent(WORDS_AHEAD)
        memo.words.plan_ahead(db, [word for word in words if word not in STOP_WORDS])
        for word in words:  # what is found is read for the words of the question
            stem(word)
    documents = () if encoder is None else (DOCUMENT_WORDS,)
    return memo.words.read_ahead(db, (PASSAGE_WORDS, *documents))
