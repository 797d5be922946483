"""Faults of an index are noticed and mended; and a first start has one owner."""

import subprocess
import sys
from pathlib import Path

from coach.knowledge.generations import REBUILT, Recipe, open_index, rebuild_index
from coach.knowledge.index import Place
from coach.knowledge.shelf import load_shelf
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import HashEncoder
from coach.storage.database import open_database
from coach.storage.fresh import create_tables
from tests.knowledge.faults import FAULTS, PLANTED
from tests.knowledge.writing import add, written

ENCODER = HashEncoder(32)
RECIPE = Recipe(ENCODER.model, ENCODER.dimension)
OPENS = """
import pathlib, sys
from coach.errors import CoachError
from coach.knowledge.generations import Recipe, open_index
from coach.knowledge.index import Place
from coach.resources import open_resources
from coach.settings import load_settings
folder = pathlib.Path(sys.argv[1])
try:
    with open_resources(load_settings(data=folder)) as resources:
        with open_index(Place(folder / "index"), resources.database, Recipe("hash-32", 32)):
            print("open", flush=True)
            sys.stdin.read()
except CoachError as fault:
    print(fault.detail, flush=True)
"""


async def test_a_planted_pickle_never_runs_and_the_index_is_mended(
    sqlite_url: str, tmp_path: Path
) -> None:
    create_tables(sqlite_url)
    database = open_database(sqlite_url)
    for number in range(5):
        add(database, written(f"Lesson {number}"), f"d{number}.md")
    await embed_published(database, ENCODER)
    folder = tmp_path / "index"
    rebuild_index(Place(folder), database, RECIPE)
    (generation,) = [path for path in folder.iterdir() if path.is_dir()]
    FAULTS["planted"](generation)
    with database.reading() as db:
        shelf = load_shelf(db, ENCODER.model, ENCODER.dimension)
    with open_index(Place(folder), database, RECIPE) as index:
        vector = shelf.vectors[2]
        assert (await index.nearest(vector, 1)).keys() == {int(shelf.keys[2])}
        assert index.note == REBUILT
    assert not (folder / PLANTED).exists()
    database.close()


def test_of_four_processes_that_open_a_new_folder_one_works_and_three_are_told(
    tmp_path: Path,
) -> None:
    words = [sys.executable, "-c", OPENS, str(tmp_path / "data")]
    four = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    told = [one.stdout.readline().strip() for one in four if one.stdout]
    for one in four:
        one.communicate("")
    assert [one.returncode for one in four] == [0] * 4
    assert told.count("open") == 1, told
    assert all(line.endswith(".") for line in told if line != "open"), told
