"""Does to an index of 3,000 passages all that can happen to one, and looks what becomes of search.

`python -m benchmarks.index_faults` is a part of `make soak`. No fault may give a wrong answer, call
the model, or last: the index is built again from the database.
"""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.library import scratch
from benchmarks.record import record
from coach.errors import CoachError
from coach.knowledge.generations import Recipe, open_index, rebuild_index
from coach.knowledge.index import Place
from coach.knowledge.library import save_document
from coach.knowledge.markdown import read_document
from coach.knowledge.ownership import IndexBusy
from coach.knowledge.shelf import Shelf, load_shelf
from coach.knowledge.stored import PASSAGES
from coach.knowledge.vectors import save_vectors
from coach.storage.columns import now
from coach.storage.database import Database
from tests.knowledge.faults import FAULTS, PLANTED, locked

COMMAND = "python -m benchmarks.index_faults"
PASSAGES_WANTED, OF_ONE = 3_000, 100
MODEL, DIMENSION = "random", 384
RECIPE = Recipe(MODEL, DIMENSION)
PROBES = 50


def fill(database: Database) -> Shelf:
    """So many passages with vectors of their own; nothing here ever calls a model."""
    dice = np.random.default_rng(7)
    for number in range(PASSAGES_WANTED // OF_ONE):
        parts = "".join(f"\n## Part {one}\n\nWord {number} {one}.\n" for one in range(OF_ONE))
        source = f"---\ntitle: T{number}\nkind: tutorial\n---\n{parts}"
        text = read_document(source, f"d{number}.md")
        with database.transaction() as db:
            save_document(db, text, author=None, publish=True, now=now())
    with database.transaction() as db:
        hashes = [
            str(row[0])
            for row in db.execute(PASSAGES.select().with_only_columns(PASSAGES.c.content_hash))
        ]
        vectors = dice.standard_normal((len(hashes), DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        save_vectors(db, MODEL, hashes, vectors)
    with database.reading() as db:
        return load_shelf(db, MODEL, DIMENSION)


def count_wrong(place: Place, database: Database, shelf: Shelf) -> tuple[int, bool]:
    """How many passages are not found by their own vector, and whether the index was rebuilt."""
    with open_index(place, database, RECIPE) as index:

        async def ask() -> int:
            wrong = 0
            for row in range(0, len(shelf.keys), len(shelf.keys) // PROBES):
                found = await index.nearest(shelf.vectors[row], 1)
                wrong += found.keys() != {int(shelf.keys[row])}
            return wrong

        return asyncio.run(ask()), index.note is not None


def main() -> None:
    """Every fault, one after the other, each on a whole index."""
    with TemporaryDirectory() as home, scratch() as database:
        shelf = fill(database)
        folder = Path(home) / "index"
        place = Place(folder)
        healed, longest, wrong = 0, 0.0, 0
        for name, do in FAULTS.items():
            rebuild_index(place, database, RECIPE)
            for generation in [path for path in folder.iterdir() if path.is_dir()]:
                do(generation)
            before = time.perf_counter()
            missed, rebuilt = count_wrong(place, database, shelf)
            seconds = time.perf_counter() - before
            healed += not missed
            wrong += missed
            longest = max(longest, seconds)
            told = "built again" if rebuilt else "used as it was"
            print(f"   {name:<14} {told:<15} {missed} wrong of {PROBES}, {seconds:.1f} s")
        refused = False
        with locked(folder):
            try:
                count_wrong(place, database, shelf)
            except CoachError as fault:
                refused = isinstance(fault, IndexBusy)
        missed, _ = count_wrong(place, database, shelf)
        healed += refused and not missed
        print(f"   locked         {'refused' if refused else 'NOT REFUSED'}, then {missed} wrong")
        count = len(FAULTS) + 1
        record("b.index_faults_healed", healed, "", count, healed == count, COMMAND)
        record("b.index_faults_wrong_answers", wrong, "", 0, not wrong, COMMAND)
        record("b.index_faults_longest_s", longest, "s", 60, longest <= 60, COMMAND)
        ran = (folder / PLANTED).exists()
        record("b.index_planted_pickle_ran", ran, "", 0, not ran, COMMAND)


if __name__ == "__main__":
    main()
