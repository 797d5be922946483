"""What a pair writes stays with the two, and a private note with its author."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from coach.errors import NotFound
from coach.pairs.building import limit_record
from coach.pairs.commitments import list_commitments, mark_commitment, save_commitment
from coach.pairs.drafts import (
    list_follow_ups,
    list_recaps,
    load_agenda,
    save_agenda,
    save_follow_ups,
    save_recap,
    save_step,
    settle_agenda,
)
from coach.pairs.gaps import list_gaps
from coach.pairs.loading import export_pair, load_record
from coach.pairs.notes import delete_note, list_notes, save_note, save_visibility
from coach.pairs.pairing import (
    list_pairings,
    list_pairs,
    load_pair,
    load_profile,
    save_pair_state,
    save_profile,
)
from coach.pairs.records import PairRecord
from coach.pairs.sessions import (
    SessionOutcome,
    list_sessions,
    load_session,
    save_outcome,
    save_session,
    save_session_plan,
)
from coach.people.permissions import Viewer
from coach.storage.database import Db
from tests.pairs.conftest import PLAN, World

AGENDA = {"blocks": [{"id": "b1", "steps": [{"text": "Say hello"}]}]}
Route = Callable[[Db, Viewer, "Ids"], object]


class Ids:
    """What a request may name: a pair and what belongs to it."""

    def __init__(self, pair: UUID, session: UUID, note: UUID, commitment: UUID) -> None:
        self.pair, self.session, self.note, self.commitment = pair, session, note, commitment


# Every way into what a pair wrote; a new function here belongs in this table.
ROUTES: dict[str, Route] = {
    "load_pair": lambda db, who, ids: load_pair(db, who, ids.pair),
    "load_profile": lambda db, who, ids: load_profile(db, who, ids.pair),
    "save_profile": lambda db, who, ids: save_profile(db, who, ids.pair, {"title": "x"}),
    "load_record": lambda db, who, ids: load_record(db, who, ids.pair, "pair"),
    "export_pair": lambda db, who, ids: export_pair(db, who, ids.pair, own=True),
    "list_sessions": lambda db, who, ids: list_sessions(db, who, ids.pair),
    "save_session": lambda db, who, ids: save_session(db, who, ids.pair, PLAN),
    "load_session": lambda db, who, ids: load_session(db, who, ids.session),
    "save_session_plan": lambda db, who, ids: save_session_plan(db, who, ids.session, PLAN),
    "save_outcome": lambda db, who, ids: save_outcome(db, who, ids.session, SessionOutcome()),
    "save_note": lambda db, who, ids: save_note(db, who, ids.session, "x", "pair"),
    "list_notes": lambda db, who, ids: list_notes(db, who, ids.session),
    "save_visibility": lambda db, who, ids: save_visibility(db, who, ids.note, "pair"),
    "delete_note": lambda db, who, ids: delete_note(db, who, ids.note),
    "save_commitment": lambda db, who, ids: save_commitment(db, who, ids.session, "mentor", "x"),
    "list_commitments": lambda db, who, ids: list_commitments(db, who, ids.pair),
    "mark_commitment": lambda db, who, ids: mark_commitment(db, who, ids.commitment, "done"),
    "save_agenda": lambda db, who, ids: save_agenda(db, who, ids.session, AGENDA),
    "load_agenda": lambda db, who, ids: load_agenda(db, who, ids.session),
    "save_step": lambda db, who, ids: save_step(db, who, ids.session, 1, ("b1", 0, "words")),
    "settle_agenda": lambda db, who, ids: settle_agenda(db, who, ids.session, 1),
    "save_follow_ups": lambda db, who, ids: save_follow_ups(db, who, ids.session, {}),
    "list_follow_ups": lambda db, who, ids: list_follow_ups(db, who, ids.session),
    "save_recap": lambda db, who, ids: save_recap(db, who, ids.session, {}),
    "list_recaps": lambda db, who, ids: list_recaps(db, who, ids.session),
}


@pytest.fixture
def ids(world: World) -> Ids:
    with world.database.transaction() as db:
        note = save_note(db, world.mentee, world.session_id, "CANARY-MENTEE", "mine")
        commitment = save_commitment(db, world.mentor, world.session_id, "mentor", "Send the draft")
        save_agenda(db, world.mentor, world.session_id, AGENDA)
    return Ids(world.pair_id, world.session_id, note, commitment)


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES.keys())
def test_a_member_gets_in_and_nobody_else(world: World, ids: Ids, route: Route) -> None:
    unknown = Ids(uuid4(), uuid4(), uuid4(), uuid4())
    said = set()
    for who, asked in (
        (world.stranger, ids),
        (world.admin, ids),
        (world.stranger, unknown),
        (world.mentee, unknown),
    ):
        with pytest.raises(NotFound) as refusal, world.database.transaction() as db:
            route(db, who, asked)
        said.add(refusal.value.detail)
    assert len(said) == 1, "foreign and unknown ids share one answer"
    with world.database.transaction() as db:
        route(db, world.mentee, ids)


@pytest.mark.parametrize("route", ["save_visibility", "delete_note"])
def test_a_partners_private_note_is_as_good_as_absent(world: World, ids: Ids, route: str) -> None:
    with pytest.raises(NotFound), world.database.transaction() as db:
        ROUTES[route](db, world.mentor, ids)


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        pytest.param("pair", {"SHARED"}, id="the pair reads shared notes alone"),
        pytest.param("mentor", {"SHARED", "CANARY-MENTOR"}, id="the mentor also their own"),
        pytest.param("mentee", {"SHARED", "CANARY-MENTEE"}, id="the mentee also their own"),
    ],
)
def test_a_record_holds_what_its_reader_may_know(world: World, reader: str, seen: set[str]) -> None:
    write_canaries(world)
    viewer = world.mentee if reader == "mentee" else world.mentor
    with world.database.reading() as db:
        record = load_record(db, viewer, world.pair_id, reader)  # type: ignore[arg-type]
    assert texts(record) == seen
    assert ("CANARY-MENTOR" in repr(record), "CANARY-MENTEE" in repr(record)) == (
        "CANARY-MENTOR" in seen,
        "CANARY-MENTEE" in seen,
    )


@pytest.mark.parametrize(("who", "reader"), [("mentor", "mentee"), ("mentee", "mentor")])
def test_nobody_reads_as_their_partner(world: World, who: str, reader: str) -> None:
    write_canaries(world)
    with pytest.raises(NotFound), world.database.reading() as db:
        load_record(db, getattr(world, who), world.pair_id, reader)  # type: ignore[arg-type]


def test_a_record_from_a_file_is_limited_like_a_stored_one(world: World) -> None:
    write_canaries(world)
    with world.database.reading() as db:
        whole = load_record(db, world.mentor, world.pair_id, "mentor")
    assert texts(limit_record(whole, "pair")) == {"SHARED"}
    assert texts(limit_record(whole, "mentee")) == {"SHARED"}
    assert texts(limit_record(whole, "mentor")) == {"SHARED", "CANARY-MENTOR"}


def test_a_list_of_notes_leaves_out_the_partners_private_ones(world: World) -> None:
    write_canaries(world)
    with world.database.reading() as db:
        for viewer, own in ((world.mentor, "CANARY-MENTOR"), (world.mentee, "CANARY-MENTEE")):
            notes = list_notes(db, viewer, world.session_id)
            assert {note.text for note in notes} == {"SHARED", own}
            assert [note.text for note in notes if note.is_mine and note.visibility == "mine"] == [
                own
            ]


def test_sharing_a_note_and_taking_it_back_acts_at_once(world: World, ids: Ids) -> None:
    for visibility, seen in (("pair", {"CANARY-MENTEE"}), ("mine", set())):
        with world.database.transaction() as db:
            save_visibility(db, world.mentee, ids.note, visibility)  # type: ignore[arg-type]
            assert texts(load_record(db, world.mentor, world.pair_id, "pair")) == seen


def test_a_recap_is_read_by_the_mentee_alone(world: World) -> None:
    with world.database.transaction() as db:
        save_recap(db, world.mentee, world.session_id, {"answer": "CANARY-RECAP"})
        assert [recap.body for recap in list_recaps(db, world.mentee)] == [
            {"answer": "CANARY-RECAP"}
        ]
        for who in (world.mentor, world.stranger, world.admin):
            assert list_recaps(db, who) == ()
    with pytest.raises(NotFound), world.database.transaction() as db:
        save_recap(db, world.mentor, world.session_id, {})


def test_an_admin_sees_who_is_paired_and_no_word_of_it(world: World, ids: Ids) -> None:
    with world.database.transaction() as db:
        save_profile(db, world.mentor, world.pair_id, {"title": "CANARY-TITLE"})
        pairings = list_pairings(db, world.admin)
        assert [pairing.external_id for pairing in pairings] == ["W01", "W02"]
        assert "CANARY" not in repr(pairings)
        assert list_pairs(db, world.admin) == ()
        assert list_gaps(db, world.admin) == ()
        save_pair_state(db, world.admin, world.pair_id, "ended")
    for route in (list_pairings, list_gaps):
        with pytest.raises(NotFound), world.database.reading() as db:
            route(db, world.mentor)


def write_canaries(world: World) -> None:
    with world.database.transaction() as db:
        save_note(db, world.mentor, world.session_id, "CANARY-MENTOR", "mine")
        save_note(db, world.mentee, world.session_id, "CANARY-MENTEE", "mine")
        save_note(db, world.mentee, world.session_id, "SHARED", "pair")


def texts(record: PairRecord) -> set[str]:
    return {note.text for session in record.sessions for note in session.notes}
