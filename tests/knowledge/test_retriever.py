"""The library as a retriever for the chains of others, and neighbours of a hit."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.knowledge.documents import LibraryQuery
from coach.knowledge.retriever import LibraryRetriever
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.starter import open_starter_database
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import Encoder
from coach.llm.encoders import choose_encoder
from coach.settings import Settings
from coach.shipped import shipped
from coach.storage.database import Database
from tests.knowledge.writing import add, written

QUESTIONS = json.loads(
    (Path(__file__).parent.parent / "data" / "knowledge" / "questions.json").read_text("utf-8")
)
LESSON = """## Keep a copy
### Idea
A backup is a second copy.
### Steps
1. Plug in the drive.
### Slip
Nobody tries the copy.
## Another lesson
### Idea
Something else.
"""


async def test_neighbours_of_a_hit_are_in_view(database: Database) -> None:
    add(database, written("Copies", body=LESSON))
    library = SqlLibrary(database)
    found = await library.search(LibraryQuery("plug in the drive", around=1))
    assert [one.text for one in found.hits[0].around] == [
        "A backup is a second copy.",
        "Nobody tries the copy.",
    ]
    bare = await library.search(LibraryQuery("plug in the drive"))
    assert bare.hits[0].around == ()


async def test_a_chain_gets_documents_with_their_source(database: Database) -> None:
    add(database, written("Copies", body=LESSON))
    retriever = LibraryRetriever(library=SqlLibrary(database), abstain_below=0.45)
    (document,) = (await retriever.ainvoke("plug in the drive"))[:1]
    assert document.page_content == "Plug in the drive."
    assert document.metadata["document_id"] == "a"
    assert document.metadata["heading_path"] == ["Keep a copy", "Steps"]
    assert document.metadata["legs"] == ["lexical"]
    assert document.metadata["missing_legs"] == ["dense"]
    assert document.metadata["around"] == ["A backup is a second copy.", "Nobody tries the copy."]
    assert await retriever.ainvoke("quantum chromodynamics of the drive") == []


def test_a_chain_without_a_loop_is_answered_too(database: Database) -> None:
    add(database, written("Copies", body=LESSON))
    retriever = LibraryRetriever(library=SqlLibrary(database), kind="tutorial", limit=1)
    assert [one.page_content for one in retriever.invoke("drive")] == ["Plug in the drive."]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLibrary]:
    """The documents the questions ask for, with vectors; a skip that says what is missing."""
    data = tmp_path_factory.mktemp("data")
    folder = tmp_path_factory.mktemp("documents")
    for name in {name for _, name in QUESTIONS["answered"]}:
        shutil.copy(shipped("knowledge") / f"{name}.md", folder)
    encoder: Encoder | None = choose_encoder(Settings(data=data, embeddings="local"), True).encoder
    if encoder is None:
        pytest.skip("no embedding model is here (make model)")
    with open_starter_database(folder) as database:
        asyncio.run(embed_published(database, encoder))
        yield SqlLibrary(database, encoder)


async def test_questions_in_other_words_find_their_document(starter: SqlLibrary) -> None:
    found = {text: await starter.search(LibraryQuery(text)) for text, _ in QUESTIONS["answered"]}
    first = [
        found[text].hits[0].passage.document_id == name for text, name in QUESTIONS["answered"]
    ]
    assert sum(first) >= 0.85 * len(first)  # words alone: .71
    assert len([text for text, one in found.items() if one.relevance < 0.45]) <= 1


async def test_questions_from_elsewhere_are_refused(starter: SqlLibrary) -> None:
    found = [await starter.search(LibraryQuery(text)) for text in QUESTIONS["foreign"]]
    refused = sum(one.relevance < 0.45 for one in found)
    assert refused >= 0.9 * len(found)  # words alone: .80
