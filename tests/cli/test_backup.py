"""`coach backup` and `coach restore`, as the person who runs the service types them."""

import pathlib

import pytest

from tests.command_line import call


def test_a_laptop_moves_to_a_new_folder(
    filled: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept.zip"
    done = call("backup", str(file))
    assert done.code == 0
    assert done.out.startswith("kept and read back: ")
    before = call("library", "list", "--format", "json").json
    monkeypatch.setenv("COACH_DATA", str(tmp_path / "new"))
    assert "documents" in call("restore", "--check", str(file)).out
    assert not (tmp_path / "new").exists()
    assert call("restore", str(file)).out.startswith("restored and compared: ")
    assert call("library", "list", "--format", "json").json == before


def test_what_cannot_be_done_is_said(filled: pathlib.Path, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "kept.zip"
    call("backup", str(file))
    again = call("backup", str(file))
    assert (again.code, again.err) == (2, f"{file} is there already: choose another name.\n")
    full = call("restore", str(file))
    assert full.code == 2
    assert "not empty: restore into a new folder" in full.err
    (tmp_path / "other.zip").write_text("no archive")
    foreign = call("restore", str(tmp_path / "other.zip"))
    assert (foreign.code, foreign.err) == (
        2,
        "other.zip is no backup of the coach, or it is damaged: take another copy.\n",
    )


def test_nothing_is_made_of_nothing(data: pathlib.Path, tmp_path: pathlib.Path) -> None:
    done = call("backup", str(tmp_path / "kept.zip"))
    assert done.code == 2
    assert "There is no database yet" in done.err
    assert not data.exists()
