"""Scripted pairs live their seasons, and a season notices each thing an agenda can forget."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from coach.coaching.drafts import Agenda
from coach.coaching.pipeline import Coach
from coach.evaluation.scripts import Script, all_scripts
from coach.evaluation.season import (
    CHECKS,
    Life,
    check_agenda_of,
    live,
    next_day,
    recalls_of,
    run_seasons,
)
from tests.coaching.make import agenda_of, twelve

PLAIN = Script("all", "never", (), False)


@pytest.fixture(scope="module")
def agenda(starter: Coach) -> Agenda:
    return agenda_of(starter, twelve()["P01"])


def life(**changes: Any) -> Life:
    return replace(Life(twelve()["P01"], PLAIN, {}), **changes)


def test_the_seasons_of_the_twelve_pairs_forget_nothing(starter: Coach) -> None:
    told: list[str] = []
    report = asyncio.run(run_seasons(starter, list(twelve().values()), 24, told.append))
    assert (report.pairs, len(told), len(set(told))) == (24, 24, 24)
    assert report.agendas > 24 * 6
    counts = report.count()
    assert counts.pop("clauses") <= 2, report.findings  # one document of three lessons runs out
    assert counts == dict.fromkeys(counts, 0), report.findings


def test_a_season_follows_its_script(starter: Coach, agenda: Agenda) -> None:
    before = life(script=Script("none", "every other", (), True))
    after = live(before, agenda, 1)
    session = after.record.sessions[-1]
    assert session.number == before.record.sessions[-1].number + 1
    assert session.mentee_led_minutes == 0
    asked = {one for block in agenda.blocks for one in block.memory_item_ids}
    assert {one.id for one in session.concepts if one.last_result == "missed"} == asked
    assert [one.status for one in session.commitments] == ["open", "open"]
    kept = live(life(), agenda, 1).record.sessions[-1]
    assert [one.status for one in kept.commitments].count("done") == 3
    assert next_day(after.record) == session.date + timedelta(
        days=after.record.constraints.cadence_days
    )


def found(life: Life, agenda: Agenda) -> set[str]:
    return {finding.check for finding in check_agenda_of(life, agenda)}


def test_nothing_is_found_where_nothing_is_forgotten(agenda: Agenda) -> None:
    assert found(life(), agenda) == set()


def blocks_with(agenda: Agenda, **changes: Any) -> Agenda:
    return replace(agenda, blocks=tuple(replace(one, **changes) for one in agenda.blocks))


def test_a_promise_that_is_not_carried_is_found(agenda: Agenda) -> None:
    assert found(life(), blocks_with(agenda, commitment_ids=())) == {"promises"}


def test_a_lesson_taught_again_though_mastered_is_found(agenda: Agenda) -> None:
    title = next(b.title for b in agenda.blocks if b.kind == "hands_on").partition(": ")[2]
    record = twelve()["P01"]
    twice = [
        replace(
            session,
            concepts=tuple(replace(one, last_result="ok") for one in record.sessions[0].concepts),
        )
        for session in record.sessions
    ]
    met = replace(record, sessions=tuple(twice))
    taught = {title: tuple(one.id for one in record.sessions[0].concepts)}
    assert taught[title]
    assert "mastered" in found(life(record=met, taught=taught), agenda)


def test_what_was_missed_and_is_not_asked_again_is_found(agenda: Agenda) -> None:
    missed = {one for one, runs in recalls_of(twelve()["P01"]).items() if runs[-1] == "missed"}
    silent = blocks_with(agenda, memory_item_ids=())
    assert ("missed" in found(life(), silent)) is bool(missed)
    record = twelve()["P01"]
    last = record.sessions[-1]
    lost = replace(
        last, concepts=tuple(replace(one, last_result="missed") for one in last.concepts)
    )
    met = replace(record, sessions=(*record.sessions[:-1], lost))
    assert "missed" in found(life(record=met), silent)


def test_a_swap_that_stays_short_and_a_broken_clause_are_found(agenda: Agenda) -> None:
    broken = replace(agenda.contract[0], holds=False)
    assert found(life(low_for=3), replace(agenda, contract=(broken,))) == {"balance", "clauses"}
    assert found(life(low_for=2), agenda) == set()


def test_what_was_held_before_and_returns_without_a_word_is_found(agenda: Agenda) -> None:
    assert "again" in found(live(life(), agenda, 1), agenda)


def test_four_sessions_in_a_row_bring_four_lessons_and_four_swaps(starter: Coach) -> None:
    lived, lessons, swaps = life(record=twelve()["P05"]), set[str](), set[str]()
    for number in range(1, 5):
        drafted = agenda_of(starter, lived.record, for_date=next_day(lived.record))
        lessons |= {one.title for one in drafted.blocks if one.kind == "hands_on"}
        swaps |= {one.title for one in drafted.blocks if one.kind == "swap"}
        lived = live(lived, drafted, number)
    assert (len(lessons), len(swaps)) == (4, 4), (lessons, swaps)


def test_scripts_cover_every_way_to_live() -> None:
    scripts = list(all_scripts())
    assert len({one.name for one in scripts}) == len(scripts) == 54
    assert {one.keeps for one in scripts[:3]} == {"all", "none", "every other"}
    rescue = next(one for one in scripts if one.rescues)
    assert (rescue.minutes(4), rescue.minutes(3), rescue.is_held(2)) == (15, None, False)
    assert set(CHECKS) == {"promises", "mastered", "missed", "again", "balance", "clauses"}
