"""The collections the retrieval suites search, as documents of the library, and kept vectors."""

import hashlib
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from coach.knowledge.documents import DocumentText
from coach.knowledge.markdown import read_document
from coach.knowledge.passages import Block, build_passages
from coach.knowledge.stocking import stock_library
from coach.llm.embeddings import Encoder, Vectors
from coach.llm.encoders import choose_encoder
from coach.settings import load_settings
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
SHARED = Path(os.environ.get("COACH_SHARED_DATA") or ROOT.parent / "shared" / "data")
NAMES = ("stackfaq", "stackfaq_answers", "vaswani", "kb_summary")
NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, questions, and which documents answer which question how well."""

    name: str
    documents: tuple[DocumentText, ...]
    questions: dict[str, str]
    grades: dict[str, dict[str, int]]


def missing() -> str | None:
    """Why the collections cannot be searched here, or nothing."""
    folder = SHARED / "retrieval"
    if not folder.is_dir():
        return f"skipped: no collections in {folder} (name the folder above in COACH_SHARED_DATA)"
    return None


def read_collection(name: str) -> Collection:
    """One collection, its texts cut into passages as the library cuts any document."""
    folder = SHARED / "retrieval" / name
    template = read_document("---\ntitle: t\nkind: tutorial\n---\nText.", "t.md")
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        question, document, grade = line.split("\t")
        grades[question][document] = int(grade)
    rows = list(lines(folder / "corpus.jsonl"))
    documents = tuple(as_document(row, template) for row in rows)
    questions = {row["_id"]: row["text"] for row in lines(folder / "queries.jsonl")}
    return Collection(name, documents, questions, grades)


def lines(path: Path) -> Iterator[dict[str, str]]:
    """The objects in a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def as_document(row: dict[str, str], template: DocumentText) -> DocumentText:
    """One text of a collection as a document."""
    text = row["text"].strip() or row["title"] or "-"
    header = replace(template.header, id=row["_id"], title=row["title"])
    plain, passages = build_passages(header, [Block("paragraph", text)])
    digest = hashlib.sha256(f"{row['_id']}\n{text}".encode()).hexdigest()
    return DocumentText(header, text, plain, passages, digest)


@contextmanager
def library_of(documents: Sequence[DocumentText]) -> Iterator[Database]:
    """A library with these documents published, gone when the block ends."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/library.db"
        create_tables(url)
        database = open_database(url)
        fill(database, documents)
        yield database
        database.close()


def fill(database: Database, documents: Sequence[DocumentText]) -> None:
    """Publish these documents in one transaction."""
    with database.transaction() as db:
        stock_library(db, documents, NOW)


def local_encoder() -> Encoder | None:
    """The local model, kept in build/, or None where there is none."""
    return choose_encoder(load_settings(data=BUILD / "data", embeddings="local"), True).encoder


class KeepingEncoder:
    """An encoder that remembers in build/ what it was asked: texts change less than code does."""

    def __init__(self, encoder: Encoder) -> None:
        self.model = encoder.model
        self.dimension = encoder.dimension
        self._encoder = encoder
        BUILD.mkdir(exist_ok=True)
        self._file = sqlite3.connect(BUILD / "vectors.db", check_same_thread=False)
        self._file.execute("CREATE TABLE IF NOT EXISTS kept (text PRIMARY KEY, vector)")

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order; only new ones are asked for."""
        names = [hashlib.sha256(f"{self.model}\n{text}".encode()).hexdigest() for text in texts]
        marks = ",".join("?" * len(names))
        found = dict(
            self._file.execute(f"SELECT * FROM kept WHERE text IN ({marks})", names)  # noqa: S608
        )
        new = [place for place, name in enumerate(names) if name not in found]
        if new:
            vectors = await self._encoder.encode([texts[place] for place in new])
            for place, vector in zip(new, vectors, strict=True):
                found[names[place]] = vector.astype("<f4").tobytes()
            rows = [(names[place], found[names[place]]) for place in new]
            self._file.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
            self._file.commit()
        return np.stack([np.frombuffer(found[name], dtype="<f4") for name in names])
