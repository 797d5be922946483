"""`coach library import` and `export`: many files, and a whole library there and back."""

import json
import pathlib
import zipfile
from collections.abc import Callable

import pytest

from tests.command_line import call
from tests.knowledge.reading.files import paragraph, word

MARKDOWN = "---\nid: {id}\ntitle: {id}\nkind: career\n---\n## Part\n\n{text}\n"


def mixed(folder: pathlib.Path) -> pathlib.Path:
    """A folder with a document, a Word file and a broken file."""
    (folder / "below").mkdir(parents=True)
    (folder / "a.md").write_text(MARKDOWN.format(id="a", text="One sentence."))
    (folder / "below" / "b.docx").write_bytes(word(paragraph("A crane is one folded sheet.")))
    (folder / "c.pdf").write_bytes(b"%PDF-1.4\nbroken")
    return folder


def zipped(folder: pathlib.Path) -> pathlib.Path:
    """The same folder as a ZIP."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted(folder.rglob("*.*")):
            packed.write(file, file.relative_to(folder))
    return path


@pytest.mark.parametrize("pack", [lambda folder: folder, zipped], ids=["folder", "zip"])
def test_each_file_gets_a_line_and_a_broken_one_hurts_only_itself(
    tmp_path: pathlib.Path, pack: Callable[[pathlib.Path], pathlib.Path]
) -> None:
    path = pack(mixed(tmp_path / "in"))
    done = call("library", "import", path, "--kind", "tutorial")
    assert done.code == 2
    assert done.out.splitlines() == [
        "a.md: added: a, version 1, draft",
        "below/b.docx: added: b, version 1, draft",
        "c.pdf: failed: c.pdf is damaged or was cut short: save it anew and take that copy.",
    ]
    again = call("library", "import", path, "--kind", "tutorial").out.splitlines()
    assert again[:2] == ["a.md: already imported as a", "below/b.docx: already imported as b"]


def test_two_files_of_the_same_id_are_told_apart(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.md").write_text(MARKDOWN.format(id="a", text="One."))
    (folder / "b.md").write_text(MARKDOWN.format(id="a", text="Two."))
    lines = call("library", "import", folder).out.splitlines()
    assert lines[1] == "b.md: failed: b.md has the same id as a.md: a."


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_library_goes_there_and_back_without_loss(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "a.md"
    for text in ("One sentence.", "Two sentences. Here.", "Three."):
        path.write_text(MARKDOWN.format(id="a", text=text))
        call("library", "add", path, *(["--publish"] if "Two" in text else []))
    call("library", "restore", "a", "1", "--author", "Ada", "--reason", "It was better")
    call("library", "publish", "a", "--author", "Bo", "--reason", "Read by two of us")
    path.write_text(MARKDOWN.format(id="gone", text="Old."))
    call("library", "add", path)
    call("library", "archive", "gone")
    assert call("library", "export", tmp_path / name).code == 0
    printed = call("library", "export").out
    told = call("library", "versions", "a").out
    assert "published untried (Bo): Read by two of us" in told

    monkeypatch.setenv("COACH_DATA", str(tmp_path / "elsewhere"))
    done = call("library", "import", tmp_path / name)
    assert done.out.splitlines() == ["a: restored: 4 versions", "gone: restored: 1 version"]
    assert call("library", "export").out == printed
    assert call("library", "versions", "a").out == told
    (tmp_path / "again").mkdir()
    call("library", "export", tmp_path / "again" / name)
    assert contents(tmp_path / "again" / name) == contents(tmp_path / name)
    same = call("library", "import", tmp_path / name).out.splitlines()
    assert same == ["a: unchanged: 4 versions", "gone: unchanged: 1 version"]


def contents(path: pathlib.Path) -> dict[str, bytes]:
    """The bytes of a file, or of all files below a folder."""
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*.*")}


def test_an_export_that_is_not_whole_is_refused(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(MARKDOWN.format(id="a", text="One."))
    call("library", "add", path)
    call("library", "export", tmp_path / "out")
    (tmp_path / "out" / "documents" / "a" / "0001.md").unlink()
    done = call("library", "import", tmp_path / "out")
    assert (done.code, done.err.splitlines()[-1]) == (2, "documents/a/0001.md is missing.")


def test_a_publication_of_a_version_that_is_missing_is_refused(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(MARKDOWN.format(id="a", text="One."))
    call("library", "add", path)
    call("library", "publish", "a", "--author", "Bo", "--reason", "Read")
    call("library", "export", tmp_path / "out")
    index = tmp_path / "out" / "library.json"
    kept = json.loads(index.read_text())
    kept["documents"][0]["publications"][0]["version"] = 2
    index.write_text(json.dumps(kept))
    done = call("library", "import", tmp_path / "out")
    told = "library.json: a version of a that was published is missing."
    assert (done.code, done.err.splitlines()[-1]) == (2, told)


def test_an_export_overwrites_nothing(tmp_path: pathlib.Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    done = call("library", "export", tmp_path / "out")
    assert (done.code, "new or empty" in done.err) == (2, True)


def pinned(tmp_path: pathlib.Path) -> pathlib.Path:
    """A published document with a pinned question, and a folder that would take its answer away."""
    path = tmp_path / "copies.md"
    path.write_text(MARKDOWN.format(id="copies", text="A backup is a second copy of a folder."))
    assert call("library", "add", path, "--publish").code == 0
    assert call("library", "pin", "what is a backup", "--expect", "copies").code == 0
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "copies.md").write_text(MARKDOWN.format(id="copies", text="Nothing is said."))
    (folder / "napkins.md").write_text(MARKDOWN.format(id="napkins", text="Fold it twice."))
    return folder


def test_an_import_that_publishes_asks_once_and_holds_back_over_a_loss(
    tmp_path: pathlib.Path,
) -> None:
    folder = pinned(tmp_path)
    held = call("library", "import", folder, "--publish")
    assert held.code == 1
    lines = held.out.splitlines()
    assert lines[:2] == [
        "copies.md: new version: copies, version 2",
        "napkins.md: added: napkins, version 1",
    ]
    assert lines[2].startswith("1 golden question: recall@5 100.0% before and 0.0% after, 1 lost")
    assert "2 documents stay unpublished, in review" in lines[2]
    assert lines[3:] == ["lost: what is a backup (by copies)"]
    assert "napkins career in_review" in " ".join(call("library", "list").out.split())
    for words in (["--accept-loss", "It moved"], ["--publish", "--accept-loss", " "]):
        assert call("library", "import", folder, *words).code == 2
    done = call("library", "import", folder, "--publish", "--accept-loss", "It moved")
    assert done.code == 0
    assert "2 documents are published over that loss." in done.out
    assert "It moved" in call("library", "versions", "copies").out
    same = call("library", "import", folder, "--publish")
    assert same.out.splitlines() == [
        "copies.md: already imported as copies",
        "napkins.md: already imported as napkins",
    ]


def test_an_export_that_costs_a_question_waits_in_review(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_DATA", str(tmp_path / "other"))
    path = tmp_path / "cake.md"
    for text in ("A cake. What is a cake? A cake.", "A newer cake that nobody reads."):
        path.write_text(MARKDOWN.format(id="cake", text=text))
        call("library", "add", path, *(["--publish"] if "What" in text else []))
    call("library", "export", tmp_path / "out")

    monkeypatch.setenv("COACH_DATA", str(tmp_path / "here"))
    pinned(tmp_path)
    call("library", "pin", "what is a cake", "--not-covered")
    held = call("library", "import", tmp_path / "out")
    assert held.code == 1
    assert "lost: what is a cake (by cake)" in held.out
    taken = call("library", "import", tmp_path / "out", "--publish", "--accept-loss", "We bake now")
    assert taken.code == 0
    shown = call("library", "list", "--format", "json").json
    assert {one["document_id"]: one["state"] for one in shown}["cake"] == "published"
    (hit,) = [
        one
        for one in call("library", "search", "cake", "--format", "json").json
        if one["document_id"] == "cake"
    ]
    assert "What is a cake?" in hit["text"]  # the version that was read elsewhere
