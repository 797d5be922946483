"""`coach doctor` and `coach prompts`: what is there, and what to do about it."""

import pathlib
import shutil

import pytest

from coach.knowledge.generations import Recipe, rebuild_index
from coach.knowledge.index import Place
from coach.shipped import shipped
from coach.storage.database import open_database
from tests.command_line import call


def findings() -> dict[str, dict[str, str]]:
    """What the doctor says, by what it is about."""
    told = call("doctor", "--format", "json").json["findings"]
    return {one["about"]: one for one in told}


def test_a_fresh_machine_is_told_what_makes_the_data_folder(data: pathlib.Path) -> None:
    done = call("doctor")
    assert done.code == 0
    assert "`coach migrate` makes it" in done.out
    assert not data.exists()


def test_a_filled_folder_is_sound(filled: pathlib.Path) -> None:
    found = findings()
    assert found["database"]["told"] == "sqlite, sound and up to date."
    assert found["library"]["state"] == "ok"
    assert {one["state"] for one in found.values()} <= {"ok", "note"}


def test_the_index_is_told_and_what_becomes_of_a_lost_one(filled: pathlib.Path) -> None:
    assert "none was built yet" in findings()["index"]["told"]
    database = open_database(f"sqlite:///{filled / 'coach.db'}")
    try:
        rebuild_index(Place(filled / "index"), database, Recipe("hash-32", 32))
    finally:
        database.close()
    found = findings()["index"]
    assert (found["state"], "read back for what is published" in found["told"]) == ("ok", True)
    shutil.rmtree(filled / "index")
    found = findings()["index"]
    assert (found["state"], "its folder is gone" in found["told"]) == ("note", True)
    assert "coach library rebuild-index" in found["remedy"]


def test_an_empty_library_is_told(data: pathlib.Path) -> None:
    call("migrate")
    assert "coach library add" in findings()["library"]["remedy"]


def test_a_damaged_database_is_wrong(data: pathlib.Path) -> None:
    data.mkdir()
    (data / "coach.db").write_text("no database at all, " * 200)
    assert call("doctor").code == 2
    assert findings()["database"]["state"] == "wrong"


def test_a_folder_that_cannot_be_made_is_wrong(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("COACH_DATA", str(file))
    assert findings()["data folder"]["state"] == "wrong"


def test_a_slip_in_a_setting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_DATABASE", "x")
    done = call("doctor")
    assert done.code == 2
    assert "nobody reads COACH_DATABASE" in done.out
    assert "Was COACH_DATABASE_URL meant?" in done.out


def test_secrets_stay_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_LLM_API_KEY", "canary-key")
    monkeypatch.setenv("COACH_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    for words in ((), ("--format", "json")):
        done = call("doctor", *words)
        assert "canary-key" not in done.out + done.err


def test_every_prompt_has_an_id_a_version_and_a_digest() -> None:
    known = {one["file"]: one for one in call("prompts", "--format", "json").json}
    files = shipped("prompts").rglob("*.*")
    parts = shipped("prompts") / "partials"  # read as parts of the prompts that include them
    there = {str(one.relative_to(shipped("prompts"))) for one in files if one.parent != parts}
    assert known.keys() == there
    assert all(one["entries"] > 0 and len(one["digest"]) == 12 for one in known.values())
    assert known["composer/agenda.yaml"]["id"] == "composer_agenda"


def test_the_digest_is_the_one_in_the_drafts() -> None:
    assert "composer_agenda@" in call("prompts").out
    assert call("prompts", "--check").out.endswith("files are sound.\n")
