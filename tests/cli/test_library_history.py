"""`coach library versions`, `diff`, `restore` and `submit`."""

import pathlib

import pytest

from tests.command_line import KNOWLEDGE, call

NAME = "pivot-tables"


@pytest.fixture
def changed(tmp_path: pathlib.Path, data: pathlib.Path) -> str:
    """A document with two versions in the data folder."""
    file = tmp_path / f"{NAME}.md"
    file.write_text((KNOWLEDGE / file.name).read_text(encoding="utf-8"), encoding="utf-8")
    assert call("library", "add", file).code == 0
    text = file.read_text(encoding="utf-8").replace("turns a long table", "makes a long table")
    file.write_text(text, encoding="utf-8")
    assert call("library", "add", file).code == 0
    return NAME


def test_the_history_is_listed_and_the_last_change_shown(changed: str) -> None:
    assert [one["version"] for one in call("library", "versions", changed, "--format", "json").json]
    assert "version 2, " in call("library", "versions", changed).out.splitlines()[0]
    lines = call("library", "diff", changed).out.splitlines()
    assert [line[:2] for line in lines if line[:1] in "+-"] == ["- ", "+ "]
    assert call("library", "diff", changed, "1", "1").out == "The two versions are the same.\n"


def test_an_old_version_is_brought_back(changed: str) -> None:
    done = call("library", "restore", changed, "1", "--reason", "It was right", "--author", "Ada")
    assert (done.code, done.out) == (0, f"new version: {NAME}, version 3, draft\n")
    newest = call("library", "versions", changed, "--format", "json").json[0]
    assert (newest["author"], newest["reason"]) == ("Ada", "It was right")


def test_a_version_brought_back_says_that_pairs_do_not_read_it_yet(changed: str) -> None:
    call("library", "publish", changed, "--reason", "Looked through")
    done = call("library", "restore", changed, "1")
    assert done.out == f"new version: {NAME}, version 3, published, this version not yet\n"
    assert call("library", "publish", changed, "--reason", "Back to it").code == 0
    assert call("library", "restore", changed, "3").out.startswith("unchanged: ")


def test_a_draft_is_handed_in_once(changed: str) -> None:
    assert call("library", "submit", changed).out == f"in review: {NAME}\n"
    again = call("library", "submit", changed)
    assert again.code == 2
    assert "Only a draft" in again.err
    assert call("library", "submit", "nope").code == 2


def test_a_copy_under_another_name_is_told_of(changed: str, tmp_path: pathlib.Path) -> None:
    copy = tmp_path / "copy.md"
    copy.write_bytes((tmp_path / f"{NAME}.md").read_bytes())
    done = call("library", "add", copy)
    assert done.code == 0
    assert f"says much the same as {NAME}" in done.err
