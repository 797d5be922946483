"""A backup brings back the same rows, from and to either database, or says what is wrong."""

import json
import pathlib
import stat
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
import sqlalchemy as sa

from coach.knowledge.documents import LibraryQuery
from coach.knowledge.sql_library import SqlLibrary
from coach.pairs.exchange import read_pairs
from coach.pairs.imports import save_pairs
from coach.pairs.loading import build_export
from coach.people.people import save_person, save_programme
from coach.storage import tables
from coach.storage.backup import (
    MANIFEST,
    Backup,
    BackupExists,
    BackupUnread,
    DatabaseOlder,
    NothingKept,
    PlaceTaken,
    RestoreFailed,
    load_backup,
    restore_backup,
    save_backup,
)
from coach.storage.backup_rows import kept_tables
from coach.storage.database import Database, open_database
from coach.storage.migrate import migrate
from tests.knowledge.writing import add, written

PAIRS = pathlib.Path(__file__).resolve().parents[1] / "data" / "pairs" / "pairs.json"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
QUESTION = LibraryQuery("How do I freeze the header row?")


def fill(url: str) -> None:
    """A programme, the twelve pairs with their notes, a document, and a row of every odd type."""
    migrate(url)
    database = open_database(url)
    try:
        with database.transaction() as db:
            programme = save_programme(db, "Both ways 🤝")
            save_person(db, programme, "Ruth", "ruth@example.org", is_admin=True)
            save_pairs(db, programme, read_pairs(PAIRS.read_text(encoding="utf-8"), "pairs.json"))
            values = np.arange(4, dtype=np.float32).tobytes()
            db.add(tables.Vector(content_hash="h", model="m", dimension=4, values=values))
            usage = {"purpose": "agenda", "model": "m", "day": NOW.date(), "cost": 0.1}
            counts = {"input_tokens": 5, "output_tokens": 7}
            db.add(tables.ModelUsage(programme_id=programme, **usage, **counts))
        body = "Choose View, then Freeze. The header row stays while you scroll."
        add(database, written("Freeze the header row", body=body))
    finally:
        database.close()


def opened(url: str, look: Callable[[Database], object]) -> object:
    """What this look at the database finds."""
    database = open_database(url)
    try:
        return look(database)
    finally:
        database.close()


def everything(database: Database) -> dict[str, list[object]]:
    """All rows of all tables, each table in the order of its key."""
    with database.reading() as db:
        return {
            table.name: [
                tuple(row) for row in db.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in tables.Table.metadata.sorted_tables
        }


def exports(database: Database) -> list[str]:
    """Every pair as its file was, the order of keys included."""
    with database.reading() as db:
        pairs = db.scalars(sa.select(tables.Pair).order_by(tables.Pair.external_id))
        return [json.dumps(build_export(db, pair, sa.true())) for pair in pairs]


@pytest.fixture
def kept(sqlite_url: str, tmp_path: pathlib.Path) -> pathlib.Path:
    """A backup of a filled SQLite file."""
    fill(sqlite_url)
    save_backup(sqlite_url, tmp_path / "kept.zip", NOW)
    return tmp_path / "kept.zip"


@pytest.fixture(params=["to sqlite", "to postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> str:
    """An empty database of either kind, beside the first."""
    if request.param == "to sqlite":
        return f"sqlite:///{tmp_path / 'other.db'}"
    first = request.getfixturevalue("database_url")
    if first.startswith("postgresql"):
        pytest.skip("one server, one empty database for a test; the way back is tried from SQLite")
    return str(request.getfixturevalue("postgres_url"))


def test_a_backup_brings_back_every_row(
    database_url: str, other_url: str, tmp_path: pathlib.Path
) -> None:
    fill(database_url)
    before = opened(database_url, everything), opened(database_url, exports)
    made = save_backup(database_url, tmp_path / "kept.zip", NOW)
    assert restore_backup(tmp_path / "kept.zip", other_url) == made
    assert (opened(other_url, everything), opened(other_url, exports)) == before


@pytest.mark.anyio
async def test_what_was_restored_can_be_searched_and_goes_on_growing(
    kept: pathlib.Path, database_url: str, tmp_path: pathlib.Path
) -> None:
    url = database_url
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'new.db'}"
    restore_backup(kept, url)
    database = open_database(url)
    try:
        found = await SqlLibrary(database).search(QUESTION)
        assert "header row stays" in found.hits[0].passage.text
        add(database, written("Hide a column", body="Click a column, then Hide."), "b.md")
        later = await SqlLibrary(database).search(LibraryQuery("hide a column"))
        assert later.hits[0].passage.document_id == "b"
    finally:
        database.close()


def test_a_backup_belongs_to_its_owner_alone(kept: pathlib.Path) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [one.name for one in kept.parent.iterdir() if ".part" in one.name] == []


def test_every_table_is_kept(kept: pathlib.Path) -> None:
    names = {table.name for table in tables.Table.metadata.sorted_tables}
    assert {table.name for table in load_backup(kept).tables} == names | {"passages_fts"}
    assert {table.name for table in kept_tables()} == names | {"passages_fts"}


def test_what_was_acknowledged_before_is_in_a_backup_made_while_others_write(
    database_url: str, tmp_path: pathlib.Path
) -> None:
    fill(database_url)
    database = open_database(database_url)
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            name = f"written {len(acknowledged)}"
            with database.transaction() as db:
                save_programme(db, name)
            acknowledged.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(acknowledged) < 5:
            stop.wait(0.01)
        before = set(acknowledged)
        save_backup(database_url, tmp_path / "kept.zip", NOW)
    finally:
        stop.set()
        writer.join()
        database.close()
    restored = f"sqlite:///{tmp_path / 'restored.db'}"
    restore_backup(tmp_path / "kept.zip", restored)
    rows = opened(restored, everything)
    assert isinstance(rows, dict)
    assert before <= {str(row[1]) for row in rows["programmes"]}


def test_a_full_place_is_left_as_it_is(kept: pathlib.Path, sqlite_url: str) -> None:
    before = opened(sqlite_url, everything)
    with pytest.raises(PlaceTaken, match="new folder"):
        restore_backup(kept, sqlite_url)
    assert opened(sqlite_url, everything) == before


def test_no_file_is_written_over(kept: pathlib.Path, sqlite_url: str) -> None:
    before = kept.read_bytes()
    with pytest.raises(BackupExists, match="choose another name"):
        save_backup(sqlite_url, kept, NOW)
    assert kept.read_bytes() == before


def test_there_must_be_something_to_keep(tmp_path: pathlib.Path) -> None:
    with pytest.raises(NothingKept, match="coach migrate"):
        save_backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "kept.zip", NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_no_version_is_not_kept(sqlite_url: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "coach.db").touch()
    with pytest.raises(DatabaseOlder, match="coach migrate"):
        save_backup(sqlite_url, tmp_path / "kept.zip", NOW)
    assert not (tmp_path / "kept.zip").exists()


def rewritten(path: pathlib.Path, name: str, change: Callable[[bytes], bytes]) -> pathlib.Path:
    """The same archive with one of its files changed."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for one in old.namelist():
            data = old.read(one)
            new.writestr(one, change(data) if one == name else data)
    return other


def in_manifest(key: str, value: object) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps({**json.loads(data), key: value}).encode()


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("notes.jsonl", lambda data: data.replace(b"pivot", b"pivoT"), "rows of notes"),
        ("notes.jsonl", lambda data: data[: len(data) // 2], "damaged|rows of notes"),
        ("notes.jsonl", lambda data: data + data, "rows of notes"),
        ("notes.jsonl", lambda _: b"[1, 2]\n", "rows of notes"),
        (MANIFEST, lambda _: b"no json", "no backup"),
        (MANIFEST, lambda _: b"[]", "no backup"),
        (MANIFEST, in_manifest("format", "coach.backup/9"), "reads coach.backup/1"),
        (MANIFEST, in_manifest("tables", [{"name": "people"}]), "no backup"),
        (MANIFEST, in_manifest("revision", "later"), "newer version"),
    ],
)
def test_a_damaged_backup_brings_nothing_back(
    kept: pathlib.Path, name: str, change: Callable[[bytes], bytes], sentence: str
) -> None:
    place = kept.with_name("place.db")
    with pytest.raises(BackupUnread, match=sentence):
        restore_backup(rewritten(kept, name, change), f"sqlite:///{place}")
    assert not place.exists()


def test_a_cut_file_and_a_foreign_one_are_no_backups(kept: pathlib.Path) -> None:
    cut = kept.with_name("cut.zip")
    cut.write_bytes(kept.read_bytes()[:-200])
    text = kept.with_name("text.zip")
    text.write_text("This is no archive.")
    for path in (cut, text):
        with pytest.raises(BackupUnread, match="no backup of the coach"):
            load_backup(path)


def people_twice(data: bytes) -> bytes:
    """A manifest that promises everybody twice."""
    manifest = json.loads(data)
    for table in manifest["tables"]:
        if table["name"] == "people":
            table["rows"] *= 2
            table["sum"] = f"{2 * int(table['sum'], 16) % 2**256:064x}"
    return json.dumps(manifest).encode()


def test_a_restore_that_fails_leaves_nothing(kept: pathlib.Path, postgres_url: str) -> None:
    doubled = rewritten(kept, "people.jsonl", lambda data: data + data)
    broken = kept.with_name("broken.zip")
    rewritten(doubled.rename(broken), MANIFEST, people_twice)
    with pytest.raises(RestoreFailed, match="refused rows of people"):
        restore_backup(doubled, postgres_url)
    engine = sa.create_engine(postgres_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_backup_of_an_earlier_version_is_brought_to_this_one(
    kept: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    def before_usage(data: bytes) -> bytes:
        manifest = json.loads(data)
        later = {"model_usage", "prep_briefs", "session_runs"}
        later |= {"promise_offers", "commitment_changes"}
        later |= {"memory_items", "question_turns", "question_answers", "recap_shares"}
        later |= {"uploads", "passage_reports", "publication_trials"}
        later |= {"jobs", "job_files", "index_answers", "golden_pins", "model_changes"}
        columns_later = {"digest", "version", "asked_again", "article", "closed_at"}
        tables_then = [one for one in manifest["tables"] if one["name"] not in later]
        for table in tables_then:
            if table["name"] == "gaps":  # of which this backup has none
                table["columns"] = [one for one in table["columns"] if one[0] not in columns_later]
        return json.dumps(
            {**manifest, "revision": "2026_11_23_library", "tables": tables_then}
        ).encode()

    backup = restore_backup(
        rewritten(kept, MANIFEST, before_usage), f"sqlite:///{tmp_path / 'older.db'}"
    )
    assert isinstance(backup, Backup)
    rows = opened(f"sqlite:///{tmp_path / 'older.db'}", everything)
    assert isinstance(rows, dict)
    assert rows["model_usage"] == []
    assert len(rows["pairs"]) == 12
