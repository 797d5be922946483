"""How well the library finds, on four collections under one configuration (nDCG@10)."""

import asyncio
import math
import statistics
import sys
import time
from collections.abc import Sequence

import benchmarks.collections as collections
from benchmarks.collections import Collection, KeepingEncoder
from benchmarks.record import record
from coach.knowledge.documents import Found, LibraryQuery
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import Encoder

COMMAND = "python -m benchmarks retrieval"
GOALS = {"stackfaq": 0.945, "stackfaq_answers": 0.735, "vaswani": 0.49, "kb_summary": 0.85}
# What FTS5 with the porter stemmer reached alone.
WORDS_ALONE = {"stackfaq": 0.752, "stackfaq_answers": 0.487, "vaswani": 0.433, "kb_summary": 0.778}
SLACK = 0.01
DEEP = 60


def gain(grades: Sequence[int]) -> float:
    """Discounted gain of these grades in this order."""
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def ndcg(found: Found, wanted: dict[str, int]) -> float:
    """nDCG@10 of the documents in the order of their best passage."""
    by_score = sorted(found.hits, key=lambda hit: -hit.score)
    documents = list(dict.fromkeys(hit.passage.document_id for hit in by_score))[:10]
    best = gain(sorted(wanted.values(), reverse=True)[:10])
    return gain([wanted.get(name, 0) for name in documents]) / (best or 1)


async def score(library: SqlLibrary, collection: Collection) -> float:
    """The mean over all questions."""
    gains = []
    for name, question in collection.questions.items():
        found = await library.search(LibraryQuery(question, limit=DEEP))
        gains.append(ndcg(found, collection.grades[name]))
    return statistics.mean(gains)


async def measure(name: str, encoder: Encoder) -> None:
    """Words alone, meanings alone and both together on one collection."""
    collection = collections.read_collection(name)
    with collections.library_of(collection.documents) as database:
        lexical = await score(SqlLibrary(database), collection)
        before = time.perf_counter()
        await embed_published(database, encoder)
        print(f"   {name}: vectors after {time.perf_counter() - before:.0f} s", flush=True)
        both = await score(SqlLibrary(database, encoder), collection)
    goal = WORDS_ALONE[name] - SLACK
    record(f"b.ndcg10_words_{name}", lexical, "", round(goal, 3), lexical >= goal, COMMAND)
    record(f"b.ndcg10_{name}", both, "", GOALS[name], both >= GOALS[name], COMMAND)


async def main(names: Sequence[str]) -> None:
    """Measure the collections named, or all four."""
    if reason := collections.missing():
        print(reason)
        return
    encoder = collections.local_encoder()
    if encoder is None:
        print("skipped: no embedding model is here (make model)")
        return
    keeping = KeepingEncoder(encoder)
    for name in names or collections.NAMES:
        await measure(name, keeping)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
