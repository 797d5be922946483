"""Whatever is wrong with what was typed or read: one sentence, exit code 2, nothing written."""

import json
import pathlib

import pytest

from tests.command_line import PAIRS, Done, call, pairs_of_the_tests

BROKEN = '[\n {"id": "P01",\n  oops}\n]'
HEADED = (
    "---\ntitle: Test\nkind: {kind}\nid: {id}\n---\n## Do a thing\n\n### Idea\n\nOne sentence.\n"
)


def written(folder: pathlib.Path, name: str, text: str | bytes) -> pathlib.Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refused(done: Done, *telling: str) -> None:
    """See that a command was refused in one sentence that tells these things."""
    assert done.code == 2, done.err
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err
    assert [part for part in telling if part not in done.err] == []


@pytest.mark.parametrize(
    ("words", "telling"),
    [
        pytest.param((), ["12 pairs", "P01", "X11"], id="several pairs, none chosen"),
        pytest.param(("--pair", "P99"), ["P99", "P01", "X11"], id="unknown pair"),
        pytest.param(("--pair", "P01", "--minutes", "5"), ["5", "10", "180"], id="too short"),
        pytest.param(("--pair", "P01", "--minutes", "600"), ["600", "10", "180"], id="too long"),
        pytest.param(("--pair", "P01", "--minutes", "soon"), ["soon"], id="no number"),
        pytest.param(("--pair", "P01", "--date", "1.12."), ["%Y-%m-%d"], id="no day"),
        pytest.param(("--pair", "P01", "--wish", " "), ["--wish", "empty"], id="empty wish"),
        pytest.param(("--pair", "P01", "--wish", "x" * 2001), ["2000"], id="endless wish"),
        pytest.param(("--pair", "P01", "--wish", "\udcff"), ["UTF-8"], id="wish of broken bytes"),
        pytest.param(("--pair", "P01", "--zone", "Nowhere"), ["Nowhere"], id="no time zone"),
        pytest.param(("--pair", "P01", "--format", "pdf"), ["pdf", "json"], id="unknown form"),
        pytest.param(("--nope",), ["--nope", "coach agenda --help"], id="unknown option"),
    ],
)
def test_an_agenda_that_cannot_be_drafted_is_refused(
    words: tuple[str, ...], telling: list[str]
) -> None:
    refused(call("agenda", PAIRS, *words), *telling)


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        pytest.param(BROKEN, ["line 3"], id="broken JSON"),
        pytest.param("", ["line 1"], id="an empty file"),
        pytest.param("[]", ["no pair"], id="no pair"),
        pytest.param('{"id": "P01"}', ["lacks the field"], id="fields missing"),
        pytest.param(b"\x7fELF\xff\xfe\x00", ["UTF-8"], id="binary"),
    ],
)
def test_a_file_that_is_no_pair_is_refused(
    tmp_path: pathlib.Path, text: str | bytes, telling: list[str]
) -> None:
    path = written(tmp_path, "pair.json", text)
    refused(call("agenda", path), str(path), *telling)


def test_a_field_that_breaks_the_schema_is_named(tmp_path: pathlib.Path) -> None:
    pair = pairs_of_the_tests()[0]
    pair["goals"][0]["kind"] = "hobby"
    path = written(tmp_path, "pair.json", json.dumps(pair))
    refused(call("agenda", path), "goals[0].kind", "tech", "career")


def test_a_file_that_is_not_there_is_named(tmp_path: pathlib.Path) -> None:
    refused(call("agenda", tmp_path / "none.json"), "none.json", "No such file")


def test_a_folder_is_no_pair(tmp_path: pathlib.Path) -> None:
    refused(call("agenda", tmp_path), str(tmp_path), "directory")


def test_a_pair_that_never_met_has_nothing_to_recap() -> None:
    refused(call("recap", PAIRS, "--pair", "X01"), "has not met yet")


def test_a_session_never_held_cannot_be_recapped() -> None:
    refused(call("recap", PAIRS, "--pair", "P01", "--session", "9"), "session 9")


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        pytest.param(HEADED.format(kind="novel", id="a"), ["line 3", "kind"], id="header"),
        pytest.param("No header.\n", ["line 1", "header"], id="no header"),
        pytest.param(b"%PDF-1.7\x00\x00\x00", ["binary"], id="binary"),
        pytest.param(HEADED.format(kind="career", id="a") + "Words. " * 750_000, ["MB"], id="5 MB"),
    ],
)
def test_a_document_at_fault_is_refused_and_nothing_is_added(
    tmp_path: pathlib.Path, text: str | bytes, telling: list[str]
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    written(folder, "a-good.md", HEADED.format(kind="career", id="good"))
    path = written(folder, "bad.md", text)
    refused(call("library", "add", folder), str(path), *telling)
    listed = call("library", "list", "--format", "json").json
    assert "good" not in {one["document_id"] for one in listed}


def test_two_documents_of_the_same_id_are_refused(tmp_path: pathlib.Path) -> None:
    one = written(tmp_path, "one.md", HEADED.format(kind="career", id="same"))
    two = written(tmp_path, "two.md", HEADED.format(kind="career", id="same"))
    refused(call("library", "add", one, two), "one.md", "two.md", "same")


@pytest.mark.parametrize(
    ("words", "telling"),
    [
        pytest.param(("library", "add", "{folder}"), ["No Markdown file"], id="an empty folder"),
        pytest.param(("library", "add", "{folder}/no.md"), ["no.md"], id="no such file"),
        pytest.param(("library", "publish", "no"), ["no document 'no'"], id="publish what is not"),
        pytest.param(("library", "archive", "no"), ["no document 'no'"], id="archive what is not"),
        pytest.param(("library", "show", "no"), ["no document 'no'"], id="show what is not"),
        pytest.param(("library", "search", ""), ["empty"], id="search for nothing"),
        pytest.param(("library", "search", "x", "--limit", "0"), ["1", "50"], id="limit"),
        pytest.param(("pairs", "export", "P01"), ["no database"], id="no database"),
        pytest.param(("token", "add", "a@example.org"), ["no programme"], id="nobody there"),
        pytest.param(("person", "add", "A", "--email", "a"), ["@"], id="no address"),
        pytest.param(("serve", "--port", "70000"), ["65535"], id="no port"),
        pytest.param(("serve", "--workers", "2"), ["--workers"], id="several processes"),
        pytest.param(("nope",), ["nope", "coach --help"], id="unknown command"),
    ],
)
def test_a_command_that_cannot_work_says_why(
    words: tuple[str, ...], telling: list[str], tmp_path: pathlib.Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    refused(call(*(word.replace("{folder}", str(folder)) for word in words)), *telling)


def test_publishing_is_all_or_nothing(filled: pathlib.Path) -> None:
    refused(call("library", "archive", "pivot-tables", "nope"), "nope")
    states = {one["document_id"]: one["state"] for one in call(*LISTED).json}
    assert states["pivot-tables"] == "published"


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "file", "")
    monkeypatch.setenv("COACH_DATA", str(file / "data"))
    document = written(tmp_path, "a.md", HEADED.format(kind="career", id="a"))
    refused(call("library", "add", document), str(file / "data"), "COACH_DATA")


def test_a_file_that_is_no_database_is_told(data: pathlib.Path) -> None:
    data.mkdir()
    written(data, "coach.db", "this is no database, " * 100)
    refused(call("agenda", PAIRS, "--pair", "P01"), "database")


def test_a_setting_that_cannot_work_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_PORT", "many")
    refused(call("agenda", PAIRS, "--pair", "P01"), "COACH_PORT")


LISTED = ("library", "list", "--format", "json")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("show", "a\udcffb"), id="a document"),
        pytest.param(("archive", "a\udcffb"), id="a document to change"),
        pytest.param(("publish", "towel", "--reason", "a\udcffb"), id="a reason"),
        pytest.param(
            ("pin", "What is it?", "--expect", "towel", "--owner", "a\udcffb"), id="owner"
        ),
    ],
)
def test_bytes_that_are_no_text_are_told_of(
    words: tuple[str, ...], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_DATA", str(tmp_path / "data"))
    text = HEADED.format(kind="tutorial", id="towel")
    assert call("library", "add", written(tmp_path, "towel.md", text)).code == 0
    refused(call("library", *words), "“a\N{REPLACEMENT CHARACTER}b”", "UTF-8")
