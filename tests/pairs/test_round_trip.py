"""A pair that was imported is exported as equal JSON, whatever keys it brought."""

import json
import pathlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.pairs.exchange import PairFile, read_pairs
from coach.pairs.imports import save_pairs
from coach.pairs.loading import build_export, export_pair, export_shared_pair, load_record
from coach.people.people import save_programme
from coach.people.permissions import Viewer
from coach.storage.database import Database, Db, open_database
from coach.storage.fresh import create_tables
from coach.storage.tables import Pair

WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=0, max_size=12
)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15, allow_nan=False).filter(
    lambda number: not number.is_integer()
)
ANY = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
MORE = st.dictionaries(WORDS.map(lambda word: f"x-{word}"), ANY, max_size=3)


def some(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with these fields, unknown ones beside them, in any order."""
    fields = st.fixed_dictionaries(required, optional=optional)
    return st.tuples(fields, MORE).flatmap(
        lambda both: st.permutations(sorted({**both[0], **both[1]}.items(), key=str)).map(dict)
    )


TEXTS = st.lists(WORDS, max_size=2)
WHO = st.sampled_from(["mentor", "mentee"])
GOAL = some(
    {
        "id": WORDS,
        "text": WORDS,
        "kind": st.sampled_from(["tech", "career"]),
        "priority": st.integers(-(2**53), 2**53),
    },
    {"terms": TEXTS},
)
NOTE = some(
    {
        "id": WORDS,
        "author": WHO,
        "visibility": st.sampled_from(["mine", "pair"]),
        "text": WORDS,
    },
    {"author_unknown": st.booleans()},
)
COMMITMENT = some(
    {
        "id": WORDS,
        "owner": WHO,
        "text": WORDS,
        "status": st.sampled_from(["open", "done", "blocked", "dropped"]),
    },
    {"due": st.none() | WORDS},
)
CONCEPT = some(
    {},
    {"id": WORDS, "concept": WORDS, "last_result": st.sampled_from(["ok", "missed", "new"])},
)
SESSION = some(
    {
        "session_number": st.integers(1, 1000),
        "date": st.dates().map(str),
        "minutes": st.integers(10, 180),
        "notes": WORDS | st.lists(NOTE, max_size=3),
        "commitments": st.lists(COMMITMENT, max_size=2),
    },
    {
        "topics": TEXTS,
        "notes_language": WORDS,
        "concepts": st.lists(CONCEPT, max_size=2),
        "questions_asked": TEXTS,
        "mentee_led_minutes": st.integers(0, 180),
        "agenda": st.dictionaries(WORDS, ANY, max_size=2),
        "state": st.sampled_from(["planned", "held", "cancelled"]),
        "wish": ANY,
    },
)
PAIR = some(
    {
        "id": WORDS.filter(bool),
        "mentor": some({"role": WORDS}, {"name": WORDS.filter(bool)}),
        "mentee": some({"role": WORDS}, {"years_experience": st.none() | st.integers(0, 60)}),
        "goals": st.lists(GOAL, max_size=2),
        "constraints": some({}, {"session_minutes": st.integers(10, 180)}),
        "history": st.lists(SESSION, max_size=3, unique_by=lambda item: item["session_number"]),
    },
    {
        "title": WORDS,
        "schema": st.just("coach.pair/1"),
        "agreement": st.dictionaries(WORDS, ANY, max_size=2),
        "off_limits": st.lists(some({"text": WORDS}, {"terms": TEXTS}), max_size=1),
        "wish": some({}, {"text": WORDS, "by": WHO}),
    },
)


def test_the_twelve_pairs_come_back_equal(
    database: Database, programme_id: UUID, twelve: tuple[PairFile, ...]
) -> None:
    with database.transaction() as db:
        save_pairs(db, programme_id, twelve)
    with database.reading() as db:
        for file in twelve:
            exported = export_shared_pair(db, programme_id, file.record.id)
            assert exported == file.raw
            assert list(exported) == list(file.raw)


def test_the_stored_record_is_the_record_of_the_file(
    database: Database, programme_id: UUID, twelve: tuple[PairFile, ...]
) -> None:
    with database.transaction() as db:
        save_pairs(db, programme_id, twelve)
    with database.reading() as db:
        for file in twelve:
            pair = find(db, programme_id, file.record.id)
            viewer = Viewer(pair.mentor_id, programme_id)
            record = load_record(db, viewer, pair.id, "pair")
            assert replace(record, recall_days=None) == file.record


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples; each is rolled back."""
    folder: pathlib.Path = tmp_path_factory.mktemp("round-trip")
    url = f"sqlite:///{folder / 'coach.db'}"
    create_tables(url)
    opened = open_database(url)
    yield opened
    opened.close()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(raw=PAIR)
def test_any_pair_comes_back_equal_with_its_unknown_keys(
    lasting: Database, raw: dict[str, Any]
) -> None:
    assert exported_again(lasting, raw) == raw


def test_every_kind_of_value_comes_back_equal(database: Database, first: dict[str, Any]) -> None:
    first |= {"x": {"b": [1.5, -0.25, None, True, {"ü": "𝄞"}], "a": 2**53, "": ""}}
    first["history"][0] |= {"wish": {"not": "text"}, "agenda": {"z": 1, "a": 2}, "mood": None}
    first["history"][1]["notes"] = [
        {"id": "a", "author": "mentor", "visibility": "mine", "text": "own", "x": 1},
        {"author": "mentee", "id": "b", "text": "shared", "visibility": "pair"},
    ]
    first["history"][2]["notes"] = []
    first["history"].reverse()
    again = exported_again(database, first)
    assert json.dumps(again) == json.dumps(first)


def exported_again(database: Database, raw: dict[str, Any]) -> dict[str, Any]:
    """The pair after an import into the database, everything in it; the import is not kept."""
    files = read_pairs(json.dumps(raw), "pair.json")
    with database.writer.connect() as connection, Db(connection) as db:
        programme_id = save_programme(db, "rolled back")
        save_pairs(db, programme_id, files)
        db.expire_all()
        exported = build_export(db, find(db, programme_id, raw["id"]), sa.true())
        db.rollback()
    return exported


def test_an_export_holds_shared_notes_and_on_demand_the_viewers_own(
    database: Database, programme_id: UUID, first: dict[str, Any]
) -> None:
    notes = [
        {"id": "a", "author": "mentor", "visibility": "mine", "text": "CANARY-MENTOR"},
        {"id": "b", "author": "mentee", "visibility": "mine", "text": "CANARY-MENTEE"},
        {"id": "c", "author": "mentee", "visibility": "pair", "text": "shared"},
    ]
    first["history"][0]["notes"] = notes
    with database.transaction() as db:
        save_pairs(db, programme_id, read_pairs(json.dumps(first), "pair.json"))
        pair = find(db, programme_id, "P01")
        mentor, mentee = (Viewer(who, programme_id) for who in (pair.mentor_id, pair.mentee_id))
        assert texts(export_shared_pair(db, programme_id, "P01")) == ["shared"]
        assert texts(export_pair(db, mentor, pair.id)) == ["shared"]
        assert texts(export_pair(db, mentor, pair.id, own=True)) == ["CANARY-MENTOR", "shared"]
        assert texts(export_pair(db, mentee, pair.id, own=True)) == ["CANARY-MENTEE", "shared"]


def find(db: Db, programme_id: UUID, external_id: str) -> Pair:
    here = sa.select(Pair).where(Pair.programme_id == programme_id)
    return db.scalars(here.where(Pair.external_id == external_id)).one()


def texts(exported: dict[str, Any]) -> list[str]:
    return [note["text"] for note in exported["history"][0]["notes"]]
