"""`coach library re-embed`: shown, begun, decided and taken back from the command line."""

from pathlib import Path

import pytest

from coach.knowledge.comparing import Comparison
from coach.knowledge.model_changes import save_first, save_question
from coach.storage.columns import now
from coach.storage.database import open_database
from tests.command_line import call


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test alone, and a model nobody answers for."""
    for name, value in (
        ("COACH_DATA", str(tmp_path)),
        ("COACH_EMBEDDINGS", "openai"),
        ("COACH_EMBEDDINGS_BASE_URL", "http://127.0.0.1:9/v1"),
        ("COACH_EMBEDDINGS_MODEL", "new"),
    ):
        monkeypatch.setenv(name, value)
    return tmp_path


def test_a_change_is_shown_and_decided(place: Path) -> None:
    assert call("library", "re-embed", "--show").out == "serves: none yet\nsettings name: new\n"
    database = open_database(f"sqlite:///{place}/coach.db")
    found = Comparison(4, 1.0, 0.75, 0, 1, ("Where did the totals go?",))
    with database.transaction() as db:
        save_first(db, "old", now())
        save_question(db, "old", "new", found, now())
    database.close()
    shown = call("library", "re-embed", "--show").out
    assert "serves: old\nsettings name: new\nlast change: old to new, waits" in shown
    assert "recall@5 100.0% before and 75.0% after, refused 0 and 1, 1 lost, 0 won." in shown
    assert "lost: Where did the totals go?" in shown
    assert call("library", "re-embed", "--accept-loss", " ").code == 2
    words = ("--accept-loss", "cheaper", "--author", "Ada")
    assert call("library", "re-embed", *words).out.startswith("added: ")
    (job,) = call("jobs", "list", "--format", "json").json
    assert job["author"] == "Ada"
    assert "  author: Ada\n" in call("jobs", "show", job["id"]).out
    again = call("library", "re-embed", "--anew")
    assert (again.code, "under way already" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--back"], "no earlier model to go back to", id="nothing to go back to"),
        pytest.param(["--accept-loss", "x"], "No change of the model waits", id="nothing waits"),
        pytest.param(["--back", "--anew"], "Choose one of", id="two at once"),
        pytest.param(["--show", "--author", "Ada"], "goes with a change", id="nothing to sign"),
        pytest.param(["--anew", "--reason", "x"], "goes with --back", id="no way back"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: list[str], said: str) -> None:
    done = call("library", "re-embed", *words)
    assert done.code == 2
    assert said in done.err
