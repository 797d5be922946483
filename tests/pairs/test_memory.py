"""What a mentee keeps of what was taught: spaced, private, and gone when it is not wanted."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from coach.errors import NotFound
from coach.pairs.exchange import PairFile, read_pairs
from coach.pairs.imports import save_pairs
from coach.pairs.loading import load_record
from coach.pairs.memory import (
    AnsweredAlready,
    KnownItem,
    forget_item,
    list_items,
    save_recall,
)
from coach.pairs.sessions import SessionOutcome, save_outcome, save_session
from coach.pairs.spacing import RecallAnswer, begin, move, replay
from coach.people.permissions import Viewer
from coach.storage.tables import MemoryItem, Pair
from tests.pairs.conftest import PAIRS, PLAN, World

DAY = date(2026, 12, 7)
TAUGHT = SessionOutcome(concepts=(("Freeze the header row so that it stays", "new"),))


def every_file() -> list[PairFile]:
    return list(read_pairs(PAIRS.read_text(encoding="utf-8"), PAIRS.name))


def taught(world: World) -> KnownItem:
    """The item of a session that was just held."""
    with world.database.transaction() as db:
        before = {item.id for item in list_items(db, world.mentee, world.pair_id)}
        save_outcome(db, world.mentee, world.session_id, TAUGHT)
        items = list_items(db, world.mentee, world.pair_id)
    (item,) = [item for item in items if item.id not in before]
    return item


def test_a_lesson_taught_again_keeps_its_one_card(world: World) -> None:
    item = taught(world)
    with world.database.transaction() as db:
        again = save_session(db, world.mentee, world.pair_id, PLAN)
        save_outcome(db, world.mentee, again, TAUGHT)
        known = list_items(db, world.mentee, world.pair_id)
    assert [one.id for one in known if one.concept == item.concept] == [item.id]


def answered(world: World, item: KnownItem, answer: RecallAnswer, on: date) -> KnownItem:
    with world.database.transaction() as db:
        return save_recall(db, world.mentee, item.id, answer, on)


def test_what_is_known_waits_longest_and_what_is_not_comes_back_first() -> None:
    card = begin(DAY).card
    asked = DAY + timedelta(days=14)
    answers: tuple[RecallAnswer, ...] = ("knew_it", "partly", "not")
    waits = [(move(card, answer, asked).due_on - asked).days for answer in answers]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 14
    assert waits[2] <= 2


def test_knowing_it_again_makes_it_wait_longer_but_never_more_than_a_year() -> None:
    spacing, wait = begin(DAY), 0
    for _ in range(12):
        on = spacing.due_on
        spacing = move(spacing.card, "knew_it", on)
        assert (spacing.due_on - on).days >= min(wait, 365)
        wait = (spacing.due_on - on).days
    assert wait == 365


def test_a_history_is_spaced_as_its_recalls_went() -> None:
    later = DAY + timedelta(days=14)
    known, missed = replay([(DAY, "new"), (later, "ok")]), replay([(DAY, "new"), (later, "missed")])
    assert known is not None
    assert missed is not None
    assert known.due_on > later + timedelta(days=7) > missed.due_on
    assert replay([]) is None
    assert replay([(date.max, "new")]) is not None  # no day is too far


def test_a_held_session_leaves_items_once(world: World) -> None:
    item = taught(world)
    assert item.session_number == 1
    assert item.due_on > PLAN.date
    with world.database.transaction() as db:
        save_outcome(db, world.mentee, world.session_id, TAUGHT)
        assert [one.id for one in list_items(db, world.mentee, world.pair_id)].count(item.id) == 1


def test_a_cancelled_session_teaches_nothing(world: World) -> None:
    with world.database.transaction() as db:
        before = list_items(db, world.mentee, world.pair_id)
        save_outcome(
            db,
            world.mentee,
            world.session_id,
            SessionOutcome("cancelled", concepts=TAUGHT.concepts),
        )
        assert list_items(db, world.mentee, world.pair_id) == before


def test_the_items_of_a_file_come_from_its_history(world: World) -> None:
    file = next(one for one in every_file() if one.record.sessions)
    with world.database.transaction() as db:
        (kept,) = save_pairs(db, world.programme_id, [file])
        mentee = Viewer(db.get_one(Pair, kept.pair_id).mentee_id, world.programme_id)
        items = list_items(db, mentee, kept.pair_id)
    met = {c.id: c.concept for session in file.record.sessions for c in session.concepts}
    assert met
    assert sorted(item.concept for item in items) == sorted(met.values())


def test_an_answer_moves_the_day_and_the_warm_up_with_it(world: World) -> None:
    item = taught(world)
    after = answered(world, item, "knew_it", item.due_on)
    assert after.due_on > item.due_on
    assert after.last_answer == "knew_it"
    with world.database.transaction() as db:
        days = load_record(db, world.mentor, world.pair_id, "pair").recall_days
    assert days is not None
    assert after.due_on in days.values()


def test_a_card_answered_twice_from_one_page_moves_once(world: World) -> None:
    item = taught(world)
    answered(world, item, "not", item.due_on)
    with world.database.transaction() as db, pytest.raises(AnsweredAlready):
        save_recall(db, world.mentee, item.id, "not", item.due_on, item.due_on)


def test_nobody_but_the_mentee_sees_answers_or_deletes(world: World) -> None:
    item = taught(world)
    for viewer in (world.mentor, world.stranger, world.admin):
        with world.database.transaction() as db:
            with pytest.raises(NotFound):
                list_items(db, viewer, world.pair_id)
            with pytest.raises(NotFound):
                save_recall(db, viewer, item.id, "not", DAY)
            with pytest.raises(NotFound):
                forget_item(db, viewer, item.id)


def test_a_deleted_item_keeps_no_words_and_does_not_come_back(world: World) -> None:
    item = taught(world)
    with world.database.transaction() as db:
        forget_item(db, world.mentee, item.id)
        forget_item(db, world.mentee, item.id)
        save_outcome(db, world.mentee, world.session_id, TAUGHT)
        kept = list_items(db, world.mentee, world.pair_id)
        row = db.scalars(sa.select(MemoryItem).where(MemoryItem.id == item.id)).one()
        days = load_record(db, world.mentee, world.pair_id, "pair").recall_days
    assert item.id not in [one.id for one in kept]
    assert (row.concept, row.card, row.due_on) == (None, None, None)
    assert days is not None
    assert row.external_id not in days
    with world.database.transaction() as db, pytest.raises(NotFound):
        save_recall(db, world.mentee, item.id, "not", DAY)
