"""`coach library bench`, `pin`, `pins`, `unpin`, `gaps` and `write`."""

import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coach.pairs.gaps import list_gaps_of, save_gap
from coach.people.people import save_programme
from coach.settings import load_settings
from coach.storage.database import open_database
from tests.command_line import call

KNOWN = "How do I group a pivot table by month?"


@pytest.fixture
def change(filled: pathlib.Path) -> Callable[..., Any]:
    """Do work on the database of this data folder."""

    def work(function: Callable[..., Any], *args: Any) -> Any:
        database = open_database(load_settings().database_url)
        try:
            with database.transaction() as db:
                return function(db, *args)
        finally:
            database.close()

    return work


def test_one_question_is_judged_as_a_recap_would() -> None:
    done = call("library", "bench", KNOWN)
    assert done.code == 0
    assert done.out.startswith("The coach would answer from")
    told = call("library", "bench", "Zyxgloth frobnicators?", "--format", "json").json
    assert (told["would_answer"], told["hits"]) == (False, [])


def test_a_question_is_pinned_listed_and_unpinned(filled: pathlib.Path) -> None:
    assert call("library", "pins").err.startswith("No question is pinned")
    assert call("library", "pin", KNOWN).code == 2
    assert call("library", "pin", KNOWN, "--expect", "nope").code == 2
    words = ("--expect", "pivot-tables", "--reason", "Each month", "--owner", "Ada")
    assert call("library", "pin", KNOWN, *words).out.startswith("pinned: ")
    (kept,) = call("library", "pins", "--format", "json").json
    assert (kept["owner"], kept["expected"]) == ("Ada", ["pivot-tables"])
    assert "[pivot-tables]" in call("library", "pins").out
    assert f"question: {KNOWN}" in call("library", "pins", "--format", "yaml").out
    assert call("library", "unpin", kept["id"]).out == f"unpinned: {kept['id']}\n"
    assert call("library", "unpin", kept["id"]).code == 2


def test_what_nobody_tried_is_published_with_a_trial_or_a_reason(
    filled: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    for name in ("napkin", "towel"):
        path = tmp_path / f"{name}.md"
        path.write_text(f"---\ntitle: The {name}\nkind: tutorial\n---\n\n## Fold\n\nFold it.\n")
        call("library", "add", str(path))
    refused = call("library", "publish", "napkin", "towel")
    assert (refused.code, "Nobody has tried what version 1 of napkin" in refused.err) == (2, True)
    assert call("library", "try", "napkin").code == 0
    again = call("library", "publish", "napkin", "towel")
    assert (again.code, "version 1 of towel" in again.err) == (2, True)
    done = call("library", "publish", "napkin", "towel", "--reason", "Both were read")
    assert done.out == "published: napkin\npublished: towel\n"
    added = tmp_path / "spoon.md"
    added.write_text("---\ntitle: The spoon\nkind: tutorial\n---\n\n## Hold\n\nHold it.\n")
    call("library", "add", str(added), "--publish")
    told = "Published as it was added, untried (newest, published)"
    assert told in call("library", "versions", "spoon").out
    assert "published untried: Both were read" in call("library", "versions", "towel").out


def test_the_history_says_who_brought_a_document_in_and_who_published_it(
    filled: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "towel.md"
    path.write_text("---\ntitle: The towel\nkind: tutorial\n---\n\n## Fold\n\nFold it.\n")
    assert call("library", "add", str(path), "--author", " Bo ").code == 0
    assert call("library", "publish", "towel", "--accept-loss", " ").code == 2
    words = ("--accept-loss", "It was read", "--author", "Ada")
    assert call("library", "publish", "towel", *words).code == 0
    assert call("library", "publish", "towel", "--author", "Cy").code == 0  # nothing changes
    told = call("library", "versions", "towel").out
    assert ", Bo (newest, published)\n  published untried (Ada): It was read\n" in told
    (version,) = call("library", "versions", "towel", "--format", "json").json
    assert (version["author"], version["published_by"]) == ("Bo", "Ada")


def test_who_publishes_with_the_file_in_hand_what_was_a_draft_is_told_too(
    filled: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "towel.md"
    path.write_text("---\ntitle: The towel\nkind: tutorial\n---\n\n## Fold\n\nFold it.\n")
    call("library", "add", str(path))
    for author in ("Ada", "Bo"):
        done = call("library", "add", str(path), "--publish", "--author", author)
        assert done.out.startswith("unchanged: towel, version 1, published")
    told = call("library", "versions", "towel").out
    assert "published untried (Ada): Published as it was added, untried" in told


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("library", "publish", "pivot-tables"), id="publish"),
        pytest.param(("library", "restore", "pivot-tables", "1"), id="restore"),
        pytest.param(("library", "import", "."), id="import"),
        pytest.param(("jobs", "import", "."), id="as a job"),
        pytest.param(("jobs", "add", "index"), id="a job"),
    ],
)
def test_a_name_without_letters_is_none(filled: pathlib.Path, words: tuple[str, ...]) -> None:
    done = call(*words, "--author", "  ")
    assert (done.code, "'--author': it is empty." in done.err) == (2, True)


def test_gaps_are_listed_begun_as_articles_closed_and_opened(change: Callable[..., Any]) -> None:
    assert call("library", "gaps").err.startswith("Nothing is missing")
    programme = change(save_programme, "Both ways")
    change(save_gap, programme, "not_in_library", "macros", "How do I record a macro?")
    (gap,) = change(list_gaps_of)
    assert "How do I record a macro?" in call("library", "gaps").out
    begun = call("library", "write", str(gap.id), "--owner", "Ada")
    assert begun.out == "added: how-do-i-record-a-macro, version 1, draft\n"
    refused = call("library", "publish", "how-do-i-record-a-macro")
    assert (refused.code, "still says" in refused.err) == (2, True)
    assert call("library", "gaps", "--close", str(gap.id)).out == f"closed: {gap.id}\n"
    assert call("library", "gaps", "--format", "json").json == []
    (cluster,) = call("library", "gaps", "--closed", "--format", "json").json
    assert cluster["gaps"][0]["article"] == "how-do-i-record-a-macro"
    assert call("library", "gaps", "--reopen", str(gap.id)).code == 0
    assert call("library", "write", "00000000-0000-0000-0000-000000000000").code == 2
