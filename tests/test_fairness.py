"""Nobody who asks waits long for a thread that computes."""

import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from coach.fairness import GIVE_WAY, fair_threads
from coach.knowledge.markdown import read_document
from coach.resources import open_service
from coach.settings import load_settings
from coach.storage.database import open_database

ASKED = 200


def test_the_service_lets_threads_go_on_and_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    with open_service(load_settings(data=tmp_path, embeddings="off")):
        assert sys.getswitchinterval() == pytest.approx(GIVE_WAY)
    assert sys.getswitchinterval() == before


def test_asking_the_database_waits_little_for_a_document_that_is_read(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/coach.db")
    source = "---\ntitle: T\nkind: tutorial\n---\n" + "Words of *some* length. " * 4_000
    stop = threading.Event()

    def read_on() -> None:
        while not stop.is_set():
            read_document(source, "t.md")

    def ask() -> float:
        before = time.perf_counter()
        with database.reading() as db:
            for _ in range(ASKED):
                db.execute(sa.text("SELECT 1")).all()
        return time.perf_counter() - before

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        unfair = ask()
        with fair_threads():
            fair = ask()
    finally:
        stop.set()
        reader.join()
        database.close()
    assert fair < unfair / 2
