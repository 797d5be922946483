"""Two editors of one agenda never overwrite each other silently."""

from typing import Any

import anyio
import pytest

from coach.errors import NotFound
from coach.pairs.checking import PairFault
from coach.pairs.drafts import (
    AgendaChanged,
    AgendaSettled,
    load_agenda,
    save_agenda,
    save_step,
    settle_agenda,
)
from coach.pairs.loading import export_pair, load_record
from tests.pairs.conftest import World


def agenda(text: str = "Say hello") -> dict[str, Any]:
    step = {"kind": "say", "text": text, "origin": "quotation", "citations": [{"quote": text}]}
    return {"purpose": "p", "state": "draft", "blocks": [{"id": "b1", "steps": [step]}]}


def test_each_change_raises_the_version(world: World) -> None:
    with world.database.transaction() as db:
        drafted = save_agenda(db, world.mentor, world.session_id, agenda())
        edited = save_step(db, world.mentee, world.session_id, 1, ("b1", 0, "Say good morning"))
        kept = load_agenda(db, world.mentor, world.session_id)
    assert (drafted.version, drafted.state, edited.version, edited.state) == (
        1,
        "draft",
        2,
        "edited",
    )
    assert kept == edited
    assert kept.body["id"] == str(kept.id)
    assert kept.body["blocks"][0]["steps"][0] == {
        "kind": "say",
        "text": "Say good morning",
        "origin": "pair",
        "citations": [],
    }


def test_a_late_edit_is_refused_with_both_texts(world: World) -> None:
    with world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda())
        save_step(db, world.mentor, world.session_id, 1, ("b1", 0, "mine"))
    with pytest.raises(AgendaChanged) as refusal, world.database.transaction() as db:
        save_step(db, world.mentee, world.session_id, 1, ("b1", 0, "theirs"))
    assert refusal.value.status == 409
    assert refusal.value.version == 2
    assert "mine" in str(refusal.value.kept)
    assert "theirs" in str(refusal.value.offered)


async def test_of_twenty_edits_at_once_one_is_kept_and_the_rest_are_told(world: World) -> None:
    await world.database.transact(save_agenda, world.mentor, world.session_id, agenda())
    refused = []

    async def edit(number: int) -> None:
        step = ("b1", 0, f"edit {number}")
        try:
            await world.database.transact(save_step, world.mentor, world.session_id, 1, step)
        except AgendaChanged as refusal:
            refused.append(refusal.version)

    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(edit, number)
    kept = await world.database.read(load_agenda, world.mentor, world.session_id)
    assert (kept.version, refused) == (2, [2] * 19)


def test_a_fresh_draft_replaces_a_draft_but_no_edit(world: World) -> None:
    with world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda("first"))
        again = save_agenda(db, world.mentor, world.session_id, agenda("second"))
        assert again.version == 2
        save_step(db, world.mentor, world.session_id, 2, ("b1", 0, "by hand"))
    with pytest.raises(AgendaChanged), world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda("third"))
    with world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda("third"), version=3)


def test_a_settled_agenda_is_history_and_travels_with_it(world: World) -> None:
    with world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda())
        (before,) = load_record(db, world.mentor, world.pair_id, "pair").sessions
        settled = settle_agenda(db, world.mentee, world.session_id, 1)
        (after,) = load_record(db, world.mentor, world.pair_id, "pair").sessions
        exported = export_pair(db, world.mentor, world.pair_id)["history"][0]
    assert before.agenda is None
    assert after.agenda == exported["agenda"] == settled.body
    assert settled.body["state"] == "settled"
    with pytest.raises(AgendaSettled), world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda(), 2)
    with pytest.raises(AgendaSettled), world.database.transaction() as db:
        save_step(db, world.mentor, world.session_id, 2, ("b1", 0, "words"))
    with pytest.raises(AgendaSettled), world.database.transaction() as db:
        settle_agenda(db, world.mentor, world.session_id, 2)


def test_settling_names_the_version_one_has_read(world: World) -> None:
    with world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda())
        save_step(db, world.mentor, world.session_id, 1, ("b1", 0, "words"))
    with pytest.raises(AgendaChanged), world.database.transaction() as db:
        settle_agenda(db, world.mentee, world.session_id, 1)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(("b2", 0, "words"), id="unknown block"),
        pytest.param(("b1", 1, "words"), id="step past the end"),
        pytest.param(("b1", -1, "words"), id="step before the first"),
    ],
)
def test_a_step_that_is_not_there_is_not_found(world: World, step: tuple[str, int, str]) -> None:
    with world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda())
    with pytest.raises(NotFound), world.database.transaction() as db:
        save_step(db, world.mentor, world.session_id, 1, step)


def test_an_agenda_that_cannot_be_stored_is_refused(world: World) -> None:
    with pytest.raises(PairFault), world.database.transaction() as db:
        save_agenda(db, world.mentor, world.session_id, agenda("half \ud800"))
