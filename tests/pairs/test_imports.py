"""An import adds what is new, changes nothing twice, and never takes away what a pair wrote."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.pairs.commitments import list_commitments, mark_commitment
from coach.pairs.drafts import save_agenda
from coach.pairs.exchange import PairFile, read_pair, read_pairs
from coach.pairs.imports import Imported, PairDiffers, PairInUse, save_pairs
from coach.pairs.loading import export_shared_pair, load_record
from coach.pairs.notes import list_notes, save_note
from coach.pairs.pairing import PairTaken, SeatTaken, load_pair, save_pair, save_profile, save_seat
from coach.pairs.sessions import list_sessions
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.storage.tables import Commitment, Goal, Note, Pair, Person
from tests.pairs.conftest import World, new_pair


def keep(world: World, *pairs: dict[str, Any], replace: bool = False) -> list[Imported]:
    files = read_pairs(json.dumps(list(pairs)), "pairs.json")
    with world.database.transaction() as db:
        return list(save_pairs(db, world.programme_id, files, replace))


def counts(world: World) -> list[int]:
    with world.database.reading() as db:
        kinds = (Pair, Person, Goal, Note, Commitment)
        return [db.scalar(sa.select(sa.func.count()).select_from(kind)) or 0 for kind in kinds]


def members(db: Db, world: World, external_id: str) -> tuple[Viewer, Viewer]:
    here = sa.select(Pair).where(Pair.programme_id == world.programme_id)
    pair = db.scalars(here.where(Pair.external_id == external_id)).one()
    return Viewer(pair.mentor_id, world.programme_id), Viewer(pair.mentee_id, world.programme_id)


def test_the_same_file_again_changes_nothing(world: World, first: dict[str, Any]) -> None:
    (added,) = keep(world, first)
    before = counts(world)
    (again,) = keep(world, dict(reversed(first.items())))
    assert (added.outcome, again.outcome) == ("added", "unchanged")
    assert added.pair_id == again.pair_id
    assert counts(world) == before


def test_other_content_is_refused_unless_it_is_to_replace(
    world: World, first: dict[str, Any]
) -> None:
    keep(world, first)
    before = counts(world)
    changed = {**first, "title": "Another title", "goals": first["goals"][:1]}
    with pytest.raises(PairDiffers, match="P01"):
        keep(world, changed)
    assert counts(world) == before
    (replaced,) = keep(world, changed, replace=True)
    assert replaced.outcome == "replaced"
    with world.database.reading() as db:
        assert export_shared_pair(db, world.programme_id, "P01") == changed
    assert counts(world) == [before[0], before[1], before[2] - 2, *before[3:]]


@pytest.mark.parametrize("work", ["a note", "a promise marked", "the profile", "an agenda"])
def test_what_a_pair_has_written_is_never_replaced(
    world: World, first: dict[str, Any], work: str
) -> None:
    (added,) = keep(world, first)
    with world.database.transaction() as db:
        mentor, mentee = members(db, world, "P01")
        session = list_sessions(db, mentor, added.pair_id)[-1]
        promise = list_commitments(db, mentor, added.pair_id)[-1]
        match work:
            case "a note":
                save_note(db, mentee, session.id, "private", "mine")
            case "a promise marked":
                mark_commitment(db, mentor, promise.id, "done")
            case "the profile":
                save_profile(db, mentor, added.pair_id, {"agreement": {"channel": "mail"}})
            case _:
                save_agenda(db, mentor, session.id, {"blocks": []})
    with pytest.raises(PairInUse):
        keep(world, {**first, "title": "Another title"}, replace=True)


def test_one_bad_pair_leaves_the_whole_file_out(world: World, first: dict[str, Any]) -> None:
    keep(world, first)
    before = counts(world)
    with pytest.raises(PairDiffers):
        keep(world, {**first, "id": "P02"}, {**first, "title": "Another title"})
    assert counts(world) == before


def test_a_person_takes_the_place_of_a_placeholder_with_its_notes(
    world: World, first: dict[str, Any]
) -> None:
    note = {"id": "n", "author": "mentee", "visibility": "mine", "text": "CANARY"}
    first["history"][0]["notes"] = [note]
    (added,) = keep(world, first)
    with world.database.transaction() as db:
        save_seat(db, world.admin, added.pair_id, "mentee", world.mentee.person_id)
        pair = load_pair(db, world.mentee, added.pair_id)
        session = list_sessions(db, world.mentee, added.pair_id)[0]
        assert (pair.role, pair.mentor_name) == ("mentee", "Mentor of P01")
        assert [note.text for note in list_notes(db, world.mentee, session.id)] == ["CANARY"]
    for who, role, taken in (
        (world.admin, "mentee", SeatTaken),
        (world.mentee, "mentor", NotFound),
    ):
        with pytest.raises(taken), world.database.transaction() as db:
            save_seat(db, who, added.pair_id, role, world.stranger.person_id)  # type: ignore[arg-type]
    with pytest.raises(SeatTaken), world.database.transaction() as db:
        save_seat(db, world.admin, added.pair_id, "mentor", world.mentee.person_id)


def test_a_note_added_to_a_text_keeps_both_and_names_no_author(
    world: World, first: dict[str, Any]
) -> None:
    (added,) = keep(world, first)
    with world.database.transaction() as db:
        mentor, _ = members(db, world, "P01")
        session = list_sessions(db, mentor, added.pair_id)[0]
        save_note(db, mentor, session.id, "One more thing", "pair")
        exported = export_shared_pair(db, world.programme_id, "P01")
        stored = load_record(db, mentor, added.pair_id, "pair")
    again = read_pair(exported)
    for record in (stored, again.record):
        notes = record.sessions[0].notes
        assert [(note.author, note.text) for note in notes] == [
            (None, first["history"][0]["notes"]),
            ("mentor", "One more thing"),
        ]
    exported["id"] = "P02"
    keep(world, exported)
    with world.database.reading() as db:
        assert export_shared_pair(db, world.programme_id, "P02") == exported


def test_a_wish_for_a_day_that_has_passed_is_no_wish_today(
    world: World, first: dict[str, Any]
) -> None:
    first["history"][2]["date"] = first["request"]["for_date"]
    (added,) = keep(world, first)
    with world.database.reading() as db:
        mentor, _ = members(db, world, "P01")
        assert load_record(db, mentor, added.pair_id, "pair").wish is None
        assert export_shared_pair(db, world.programme_id, "P01") == first


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        pytest.param(new_pair("W01"), PairTaken, id="an id in use"),
        pytest.param(new_pair("W03"), NotFound, id="one person twice"),
    ],
)
def test_a_pair_needs_an_id_of_its_own_and_two_people(
    world: World, file: PairFile, fault: type[CoachError]
) -> None:
    mentee = world.mentee if file.record.id == "W01" else world.mentor
    with pytest.raises(fault), world.database.transaction() as db:
        save_pair(db, world.admin, file, world.mentor.person_id, mentee.person_id)


def test_a_profile_stays_a_pair_in_the_agreed_form(world: World) -> None:
    changes = {
        "off_limits": [{"text": "pay", "scope": "shared"}],
        "goals": [{"id": "g2", "text": "Write a macro", "kind": "tech", "priority": 1}],
    }
    with world.database.transaction() as db:
        save_profile(db, world.mentor, world.pair_id, changes)
        record = load_record(db, world.mentee, world.pair_id, "pair")
    assert [goal.id for goal in record.goals] == ["g2"]
    assert [topic.text for topic in record.off_limits] == ["pay"]
    with (
        pytest.raises(CoachError, match="session_minutes must be from 10 to 180"),
        world.database.transaction() as db,
    ):
        save_profile(db, world.mentor, world.pair_id, {"constraints": {"session_minutes": 5}})
