"""Sessions, notes and promises are kept as they were written, by however many at once."""

import anyio
import pytest

from coach.errors import CoachError, NotFound
from coach.pairs.checking import PairFault
from coach.pairs.commitments import (
    CommitmentFault,
    list_commitments,
    mark_commitment,
    save_commitment,
)
from coach.pairs.drafts import list_follow_ups, save_follow_ups
from coach.pairs.gaps import list_gaps, save_gap
from coach.pairs.loading import export_pair, load_record
from coach.pairs.notes import NoteFault, delete_note, list_notes, save_note
from coach.pairs.pairing import PairEnded, save_pair_state
from coach.pairs.sessions import (
    SessionFault,
    SessionOutcome,
    SessionOver,
    SessionPlan,
    list_sessions,
    load_session,
    save_outcome,
    save_session,
    save_session_plan,
)
from tests.pairs.conftest import PLAN, World


def test_a_planned_session_can_change_until_it_is_held(world: World) -> None:
    later = SessionPlan(PLAN.date.replace(day=9), 30, None, ("charts",))
    with world.database.transaction() as db:
        save_session_plan(db, world.mentor, world.session_id, later)
        save_outcome(db, world.mentee, world.session_id, SessionOutcome(minutes=28))
        session = load_session(db, world.mentor, world.session_id)
    assert (session.number, session.state, session.minutes) == (1, "held", 28)
    assert (session.date, session.wish, session.topics) == (later.date, None, ("charts",))
    with pytest.raises(SessionOver), world.database.transaction() as db:
        save_session_plan(db, world.mentor, world.session_id, PLAN)


def test_what_was_taught_and_asked_comes_back_in_the_record(world: World) -> None:
    outcome = SessionOutcome(
        topics=("spreadsheets",),
        mentee_led_minutes=12,
        concepts=(("group by month", "new"),),
        questions_asked=("What would you check first?",),
    )
    again = SessionOutcome(concepts=(("group by month", "ok"), ("refresh", "new")))
    with world.database.transaction() as db:
        save_outcome(db, world.mentor, world.session_id, outcome)
        save_outcome(db, world.mentor, world.session_id, again)
        (session,) = load_record(db, world.mentee, world.pair_id, "pair").sessions
    assert (session.state, session.topics, session.mentee_led_minutes) == (
        "held",
        ("spreadsheets",),
        12,
    )
    assert [(item.concept, item.last_result) for item in session.concepts] == [
        ("group by month", "ok"),
        ("refresh", "new"),
    ]
    assert session.questions_asked == ("What would you check first?",)


@pytest.mark.parametrize("minutes", [9, 181, 600])
def test_minutes_out_of_range_are_refused_with_the_range(world: World, minutes: int) -> None:
    with pytest.raises(SessionFault, match="10 to 180"), world.database.transaction() as db:
        save_session(db, world.mentor, world.pair_id, SessionPlan(PLAN.date, minutes))


async def test_twenty_sessions_planned_at_once_get_twenty_numbers(world: World) -> None:
    async with anyio.create_task_group() as group:
        for viewer in (world.mentor, world.mentee) * 10:
            group.start_soon(world.database.transact, save_session, viewer, world.pair_id, PLAN)
    sessions = await world.database.read(list_sessions, world.mentor, world.pair_id)
    assert [session.number for session in sessions] == list(range(1, 22))


async def test_twenty_notes_written_at_once_are_all_kept(world: World) -> None:
    async with anyio.create_task_group() as group:
        for number in range(20):
            text = f"note {number}"
            group.start_soon(
                world.database.transact, save_note, world.mentor, world.session_id, text, "pair"
            )
    notes = await world.database.read(list_notes, world.mentee, world.session_id)
    assert {note.text for note in notes} == {f"note {number}" for number in range(20)}


async def test_twenty_gaps_counted_at_once_are_all_counted(world: World) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(
                world.database.transact, save_gap, world.programme_id, "not_in_library", "macros"
            )
    for question in ("How do I  record one?", "Who may run one?", "How do I record one?"):
        await world.database.transact(
            save_gap, world.programme_id, "not_in_library", "macros", question
        )
    gaps = await world.database.read(list_gaps, world.admin)
    assert [(gap.count, gap.question) for gap in gaps] == [
        (17, ""),
        (2, "How do I record one?"),
        (1, "Who may run one?"),
    ]


def test_a_note_is_kept_as_typed_and_can_be_deleted(world: World) -> None:
    text = "  Two spaces,\n\ta tab, “quotes” and 𝄞  "
    with world.database.transaction() as db:
        note_id = save_note(db, world.mentor, world.session_id, text, "pair")
        (note,) = list_notes(db, world.mentee, world.session_id)
        assert (note.text, note.author, note.is_mine) == (text, "mentor", False)
        delete_note(db, world.mentor, note_id)
        assert list_notes(db, world.mentor, world.session_id) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("  \n", NoteFault, id="empty"),
        pytest.param("a\x00b", PairFault, id="NUL"),
        pytest.param("a\ud800b", PairFault, id="lone surrogate"),
        pytest.param("x" * 20_001, NoteFault, id="too long"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused(
    world: World, text: str, fault: type[CoachError]
) -> None:
    with pytest.raises(fault), world.database.transaction() as db:
        save_note(db, world.mentor, world.session_id, text, "pair")


@pytest.mark.parametrize(
    "text", [pytest.param(" ", id="empty"), pytest.param("x" * 301, id="too long")]
)
def test_a_promise_has_one_to_three_hundred_characters(world: World, text: str) -> None:
    with pytest.raises(CommitmentFault, match="300"), world.database.transaction() as db:
        save_commitment(db, world.mentor, world.session_id, "mentor", text)
    with world.database.transaction() as db:
        save_commitment(db, world.mentor, world.session_id, "mentor", "x" * 300)


def test_marking_a_promise_marks_it_wherever_it_was_carried(world: World) -> None:
    with world.database.transaction() as db:
        first = save_commitment(db, world.mentee, world.session_id, "mentee", "Bring the export")
        other = save_commitment(db, world.mentee, world.session_id, "mentor", "Send it", "Friday")
        mark_commitment(db, world.mentor, first, "done")
        found = {row.id: row for row in list_commitments(db, world.mentor, world.pair_id)}
        (session,) = load_record(db, world.mentor, world.pair_id, "pair").sessions
    assert (found[first].status, found[other].status, found[other].due) == (
        "done",
        "open",
        "Friday",
    )
    assert [(item.id, item.status) for item in session.commitments] == [
        ("W01-c1", "done"),
        ("W01-c2", "open"),
    ]


def test_a_pair_that_ended_is_read_and_no_longer_written_to(world: World) -> None:
    with world.database.transaction() as db:
        save_pair_state(db, world.mentee, world.pair_id, "ended")
    with pytest.raises(PairEnded), world.database.transaction() as db:
        save_note(db, world.mentor, world.session_id, "x", "pair")
    with pytest.raises(PairEnded), world.database.transaction() as db:
        save_session(db, world.mentor, world.pair_id, PLAN)
    with world.database.reading() as db:
        assert load_session(db, world.mentor, world.session_id).wish == PLAN.wish


def test_what_was_written_here_is_exported_like_a_file(world: World) -> None:
    with world.database.transaction() as db:
        save_note(db, world.mentor, world.session_id, "Shared", "pair")
        save_commitment(db, world.mentor, world.session_id, "mentor", "Send it")
        exported = export_pair(db, world.mentee, world.pair_id)
    (session,) = exported["history"]
    note = session["notes"].pop()
    assert (note["author"], note["visibility"], note["text"]) == ("mentor", "pair", "Shared")
    assert session == {
        "session_number": 1,
        "date": "2026-12-07",
        "minutes": 45,
        "state": "planned",
        "wish": PLAN.wish,
        "notes": [],
        "commitments": [{"id": "W01-c1", "owner": "mentor", "text": "Send it", "status": "open"}],
    }


def test_follow_up_questions_are_there_for_both(world: World) -> None:
    with world.database.transaction() as db:
        save_follow_ups(db, world.mentor, world.session_id, {"questions": ["Why?"]})
        (kept,) = list_follow_ups(db, world.mentee, world.session_id)
    assert kept.body == {"questions": ["Why?"]}


def test_a_session_of_another_pair_is_not_found(world: World) -> None:
    with pytest.raises(NotFound), world.database.reading() as db:
        list_sessions(db, world.mentor, world.other_pair_id)
