"""A document that says much the same as another is told of; a different one is not."""

from pathlib import Path

import pytest

from coach.knowledge.adding import add_paths
from coach.knowledge.library import archive_document
from coach.knowledge.likeness import ALIKE, Likeness, load_likeness
from coach.knowledge.markdown import read_document
from coach.shipped import shipped
from coach.storage.database import Database
from tests.knowledge.writing import NOW, add, written

PIVOT = shipped("knowledge") / "pivot-tables.md"
TEXT = read_document(PIVOT.read_text(encoding="utf-8"), PIVOT.name).text


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        pytest.param(TEXT, True, id="the same"),
        pytest.param(TEXT.upper(), True, id="in other letters"),
        pytest.param(TEXT.replace("pivot table", "pivot report", 9), True, id="a few words less"),
        pytest.param(TEXT[: len(TEXT) // 4], False, id="a quarter of it"),
        pytest.param("A backup is a second copy of your files.", False, id="something else"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_texts_with_the_same_runs_of_words_are_alike(other: str, alike: bool) -> None:
    known = Likeness()
    known.add("pivot-tables", TEXT)
    found = known.find("new", other)
    assert (found is not None) is alike
    if found:
        assert found.document_id == "pivot-tables"
        assert ALIKE <= found.share <= 1
    assert known.find("pivot-tables", other) is None  # a document is not compared with itself


def test_no_two_shipped_documents_are_alike() -> None:
    known = Likeness()
    for path in sorted(shipped("knowledge").glob("*.md")):
        if path.name == "README.md":
            continue
        text = read_document(path.read_text(encoding="utf-8"), path.name).text
        assert known.find(path.stem, text) is None, path.stem
        known.add(path.stem, text)


def test_what_is_added_is_compared_with_the_library_and_with_each_other(
    database: Database, folder: Path
) -> None:
    body = "## Keep copies\n\nA backup is a second copy of files that matter at work every day."
    add(database, written("Backups", body=body), "a.md", publish=False)
    (folder / "b.md").write_text(written("Copies", body=body), encoding="utf-8")
    (folder / "c.md").write_text(written("Phones", body="## Call\n\nHold it."), encoding="utf-8")
    saved = {path.name: one.alike for path, one in add_paths(database, [folder], now=NOW)}
    assert saved["b.md"] is not None
    assert saved["b.md"].document_id == "a"
    assert saved["c.md"] is None
    again = [one.alike for _, one in add_paths(database, [folder], now=NOW)]
    assert again == [None, None]  # told once, when the text is new
    with database.transaction() as db:
        archive_document(db, "a", NOW)
        assert set(load_likeness(db).signatures) == {"b", "c"}
