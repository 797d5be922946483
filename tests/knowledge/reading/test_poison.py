"""Poison documents reach the end state that their manifest names, and leave nothing behind."""

import json
import pathlib
import re
import tempfile

import pytest

from coach.knowledge.reading.found import FileUnread
from coach.knowledge.reading.process import read_upload

SMALL = 100_000


def ended(data: bytes, name: str) -> tuple[str, str]:
    """The end state in the manifest's words, and the text that came out."""
    try:
        found = read_upload(data, name)
    except FileUnread as fault:
        return f"failed:{fault.reason}", ""
    return "done", found.markdown


def is_expected(state: str, expected: str) -> bool:
    """Whether this end is one of those the manifest allows."""
    allowed = re.findall(r"(?:done|failed)(?::\w+)?", expected)
    return any(state == one or (one == "failed" and state.startswith("failed")) for one in allowed)


@pytest.mark.shared_data
def test_every_small_poison_document_reaches_its_end(shared_data: pathlib.Path) -> None:
    folder = shared_data / "security" / "poison_docs"
    before = set(pathlib.Path(tempfile.gettempdir()).glob("*SLIPPED*"))
    wrong, seen = [], 0
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        path = folder / "files" / entry["file"]
        if entry["made_by"] != "file" or entry["bytes"] >= SMALL:
            continue
        seen += 1
        state, text = ended(path.read_bytes(), entry["file"])
        if not is_expected(state, entry["expect"]) or "root:" in text or "\0" in text:
            wrong.append((entry["file"], state))
    assert (seen, wrong) == (19, [])
    assert set(pathlib.Path(tempfile.gettempdir()).glob("*SLIPPED*")) == before
    assert not list(pathlib.Path("/").glob("*SLIPPED*"))
    assert not pathlib.Path("/YAML_RAN").exists()


@pytest.mark.shared_data
def test_hostile_file_names_touch_no_file(
    shared_data: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    names = shared_data / "security" / "filenames" / "filenames.jsonl"
    entries = [json.loads(line) for line in names.read_text(encoding="utf-8").splitlines()]
    for entry in entries:
        assert read_upload(b"# Sort\n\nPress F2.", entry["name"]).format == "markdown"
    assert len(entries) == 26
    assert [path.name for path in tmp_path.rglob("*")] == ["inner"]
