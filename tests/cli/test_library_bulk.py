"""`coach library import` and `export`: many files, and a whole library there and back."""

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
    path.write_text(MARKDOWN.format(id="gone", text="Old."))
    call("library", "add", path)
    call("library", "archive", "gone")
    assert call("library", "export", tmp_path / name).code == 0
    printed = call("library", "export").out

    monkeypatch.setenv("COACH_DATA", str(tmp_path / "elsewhere"))
    done = call("library", "import", tmp_path / name)
    assert done.out.splitlines() == ["a: restored: 4 versions", "gone: restored: 1 version"]
    assert call("library", "export").out == printed
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


def test_an_export_overwrites_nothing(tmp_path: pathlib.Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    done = call("library", "export", tmp_path / "out")
    assert (done.code, "new or empty" in done.err) == (2, True)
