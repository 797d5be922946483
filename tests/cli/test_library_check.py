"""`coach library check`: findings one to a line, and exit codes a script can use."""

import pathlib

import pytest

from tests.command_line import KNOWLEDGE, call
from tests.knowledge.sheets import body, lesson, source

DAY = ("--on", "2026-11-26")


def document(folder: pathlib.Path, name: str, text: str) -> pathlib.Path:
    """A file with this text."""
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_library_is_clean() -> None:
    done = call("library", "check", KNOWLEDGE, *DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(" documents keep every rule.\n")


def test_each_finding_is_a_line_with_file_line_rule_and_sentence(tmp_path: pathlib.Path) -> None:
    path = document(tmp_path, "one", source(body(lesson(Check="This also helps."))))
    done = call("library", "check", path, *DAY)
    assert done.code == 1
    length, opener = done.out.splitlines()
    assert length.startswith(f"{path}:1: document-length: ")
    assert ": sentence-opener: Name the subject" in opener
    assert opener.endswith(" | This also helps.")


def test_json_has_the_same_findings(tmp_path: pathlib.Path) -> None:
    path = document(tmp_path, "one", source())
    done = call("library", "check", path, "--format", "json", *DAY)
    (found,) = done.json
    assert done.code == 1
    assert found == {
        "file": str(path),
        "line": 1,
        "rule": "document-length",
        "message": found["message"],
        "sentence": "",
    }


def test_json_of_a_clean_folder_is_an_empty_list() -> None:
    done = call("library", "check", KNOWLEDGE, "--format", "json", *DAY)
    assert (done.code, done.json) == (0, [])


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_unreadable_file_ends_with_2_and_one_sentence(tmp_path: pathlib.Path, form: str) -> None:
    path = document(tmp_path, "one", "no header")
    done = call("library", "check", path, "--format", form)
    assert done.code == 2
    assert done.err.startswith(f"{path}, line 1: a header")


def test_a_missing_file_ends_with_2(tmp_path: pathlib.Path) -> None:
    done = call("library", "check", tmp_path / "gone.md")
    assert done.code == 2
    assert "gone.md" in done.err


def test_control_characters_of_a_document_do_not_reach_the_terminal(
    tmp_path: pathlib.Path,
) -> None:
    path = document(tmp_path, "one", source(body(lesson(Check="&#27;[31mRed"))))
    assert "\x1b" not in call("library", "check", path, *DAY).out
