"""`coach library …`: what goes in, what is read, what is found."""

import json
import os
import pathlib
import signal
import subprocess
import sys

import pytest

from coach.knowledge.adding import markdown_in
from tests.command_line import KNOWLEDGE, ROOT, Done, call

DOCUMENT = """---
title: {title}
kind: tutorial
topics: [tests]
---
## Fold a paper crane

### Idea

A crane is folded from one square sheet. {extra}
"""


def document(folder: pathlib.Path, name: str, extra: str = "") -> pathlib.Path:
    """A small document of this id."""
    path = folder / f"{name}.md"
    path.write_text(DOCUMENT.format(title=name.title(), extra=extra), encoding="utf-8")
    return path


def listed() -> dict[str, dict[str, object]]:
    """What `library list` says of each document."""
    return {one["document_id"]: one for one in call("library", "list", "--format", "json").json}


def test_each_added_file_gets_a_line(tmp_path: pathlib.Path) -> None:
    one, two = document(tmp_path, "one"), document(tmp_path, "two")
    done = call("library", "add", one, two)
    assert done.out.splitlines() == [
        f"added: one, version 1, draft, 1 passages ({one})",
        f"added: two, version 1, draft, 1 passages ({two})",
    ]


def test_the_same_file_again_changes_nothing(tmp_path: pathlib.Path) -> None:
    path = document(tmp_path, "one")
    call("library", "add", path)
    assert call("library", "add", path).out.startswith("unchanged: one, version 1")
    path = document(tmp_path, "one", "It has wings.")
    assert call("library", "add", path).out.startswith("new version: one, version 2")


def test_a_document_is_found_only_while_it_is_published(tmp_path: pathlib.Path) -> None:
    def found() -> list[str]:
        search = call("library", "search", "paper crane", "--format", "json").json
        return [hit["document_id"] for hit in search]

    call("library", "add", document(tmp_path, "crane"), document(tmp_path, "other"), "--publish")
    assert "crane" in found()
    assert call("library", "archive", "crane").out == "archived: crane\n"
    assert "crane" not in found()
    assert listed()["crane"]["state"] == "archived"
    assert call("library", "publish", "crane").out == "published: crane\n"
    assert "crane" in found()


def test_a_hit_says_where_it_stands_and_who_found_it(filled: pathlib.Path) -> None:
    hits = call("library", "search", "pivot table month", "--format", "json").json
    assert set(hits[0]) == {"document_id", "passage_id", "score", "legs", "text"}
    assert hits[0]["document_id"] == "pivot-tables"
    assert hits[0]["legs"] == ["lexical"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_a_search_keeps_to_its_kind_and_limit(filled: pathlib.Path) -> None:
    words = ("--kind", "career", "--limit", "2", "--format", "json")
    hits = call("library", "search", "promotion evidence", *words).json
    careers = {name for name, one in listed().items() if one["kind"] == "career"}
    assert 0 < len(hits) <= 2
    assert {hit["document_id"] for hit in hits} <= careers


def test_a_search_for_a_person_shows_the_first_sentences(filled: pathlib.Path) -> None:
    done = call("library", "search", "pivot table month")
    assert "Pivot tables for a monthly report > " in done.out
    assert "(lexical)" in done.out
    assert "Only words were searched for" in done.err


def test_the_export_holds_every_document_with_its_passages(filled: pathlib.Path) -> None:
    exported = call("library", "export").json
    assert {one["document_id"] for one in exported} == {
        path.stem for path in markdown_in(KNOWLEDGE)
    }
    for one in exported:
        assert set(one) == {"document_id", "title", "kind", "state", "passages"}
        assert one["state"] == "published"
        for passage in one["passages"]:
            assert set(passage) == {"passage_id", "heading_path", "text", "kind"}


def test_without_a_library_the_starter_library_is_looked_at(data: pathlib.Path) -> None:
    assert len(call("library", "export").json) == len(markdown_in(KNOWLEDGE))
    assert "The starter library was used" in call("library", "list").err
    assert not data.exists()


@pytest.mark.parametrize(
    ("form", "told"),
    [
        pytest.param("text", "Group a pivot table by month > Steps", id="passages"),
        pytest.param("markdown", "title: Pivot tables for a monthly report", id="the source"),
        pytest.param("json", '"document_id": "pivot-tables"', id="places"),
    ],
)
def test_a_document_is_shown_as_it_was_read(form: str, told: str) -> None:
    assert told in call("library", "show", "pivot-tables", "--format", form).out


def test_passages_stand_where_the_document_says(filled: pathlib.Path) -> None:
    shown = call("library", "show", "pivot-tables", "--format", "json").json
    for passage in shown["passages"]:
        assert shown["text"][passage["start"] : passage["end"]] == passage["text"]


def test_without_vectors_there_is_no_index_to_build(filled: pathlib.Path) -> None:
    assert "no vectors" in call("library", "rebuild-index").out


def test_nothing_is_lost_or_doubled_when_adding_is_killed(
    tmp_path: pathlib.Path, data: pathlib.Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    names = {f"document-{number}" for number in range(60)}
    for name in names:
        document(folder, name, f"This is {name}.")
    words = [sys.executable, "-m", "coach", "library", "add", str(folder), "--publish"]
    env = {**os.environ, "COACH_DATA": str(data)}
    with subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as adding:
        assert adding.stdout is not None
        adding.stdout.readline()
        adding.send_signal(signal.SIGKILL)
    assert 0 < len(listed()) <= len(names)
    done: Done = call("library", "add", folder, "--publish")
    assert done.code == 0, done.err
    found = listed()
    assert found.keys() == names
    assert {(one["version"], one["state"]) for one in found.values()} == {(1, "published")}
    exported = json.loads(call("library", "export").out)
    assert {len(one["passages"]) for one in exported} == {1}
