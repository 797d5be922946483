"""`coach jobs`: handed in, listed, shown, stopped and tried again from the command line."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.command_line import call
from tests.knowledge.writing import written


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files to import, and a data folder of this test alone."""
    monkeypatch.setenv("COACH_DATA", str(tmp_path / "data"))
    place = tmp_path / "files"
    place.mkdir()
    for name in ("a", "b"):
        (place / f"{name}.md").write_text(written(name))
    return place


def test_an_import_is_handed_in_and_goes_its_way(folder: Path) -> None:
    done = call("jobs", "import", folder, "--publish", "--author", "ada")
    assert done.code == 0, done.err
    job_id = done.out.split()[-1]
    (listed,) = call("jobs", "list", "--format", "json").json
    assert (listed["id"], listed["kind"], listed["state"]) == (job_id, "import", "waiting")
    assert (listed["total"], listed["author"]) == (2, "ada")
    shown = call("jobs", "show", job_id)
    assert shown.out.splitlines()[1:] == ["  author: ada", "  a.md: waiting", "  b.md: waiting"]
    assert "cancelled" in call("jobs", "cancel", job_id).out
    again = call("jobs", "cancel", job_id)
    assert (again.code, "cancelled already" in again.err) == (2, True)
    assert "waiting 0 of 2" in call("jobs", "retry", job_id).out


def test_of_the_index_only_one_waits(folder: Path) -> None:
    assert call("jobs", "add", "index").out.startswith("added:")
    assert call("jobs", "add", "re-embed").out.startswith("There is one that waits")


def test_a_job_that_holds_nothing_back_publishes_nothing(folder: Path) -> None:
    job_id = call("jobs", "import", folder, "--publish").out.split()[-1]
    done = call("jobs", "publish", job_id, "--accept-loss", "It moved", "--author", "ada")
    assert (done.code, "holds nothing back" in done.err) == (2, True)


@pytest.mark.parametrize("word", ["show", "cancel", "retry"])
def test_an_unknown_job_is_one_sentence(word: str, folder: Path) -> None:
    call("jobs", "add", "freshness")
    done = call("jobs", word, str(uuid4()))
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert "coach jobs list" in done.err


def test_a_place_without_a_database_has_no_jobs(folder: Path) -> None:
    assert call("jobs", "list").err == "There are no jobs.\n"
    assert call("jobs", "list", "--format", "json").json == []
    done = call("jobs", "import", folder / "nothing-here")
    assert (done.code, len(done.err.splitlines())) == (2, 1)
