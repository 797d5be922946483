"""The rest of a running session, judged by a checker that knows nothing of the solver."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from coach.coaching.drafts import (
    Agenda,
    AgendaBlock,
    AgendaStep,
    Dropped,
    Prep,
    Promise,
    Provenance,
    Verdict,
    build_json,
)
from coach.coaching.replan import ReplanRefused, replan
from coach.coaching.shape import ShapeRequest, solve_shape

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "coach" / "schemas" / "agenda.schema.json").read_text()
)
ORDER = (
    "check_in agreement review warm_up demo hands_on explore teach_back swap reflection "
    "promises slack"
).split()


def agenda_of(minutes: int, steps: int = 2, **changes: object) -> Agenda:
    """An agenda of this length, each block with its own simple words."""
    values: dict[str, object] = {
        "minutes": minutes,
        "first": False,
        "open_promises": True,
        "due": True,
        "covered": True,
        "stalled": False,
        "rehearsal": False,
        "low_balance": False,
        "level": "basic",
    }
    shape = solve_shape(ShapeRequest(**(values | changes)))  # type: ignore[arg-type]
    blocks = tuple(
        AgendaBlock(
            id=f"b{number}",
            kind=block.kind,
            title=f"Title of block {number}",
            minutes=block.minutes,
            starts_at_minute=block.starts_at_minute,
            lead=block.lead,
            hands=block.hands,
            outcome=f"Both write down line {number}.",
            steps=tuple(
                AgendaStep("do", f"Do thing {number}.{step}.", "template") for step in range(steps)
            )
            if block.kind != "break"
            else (),
            goal_ids=(f"g{number}",),
            commitment_ids=("c1", "c2") if block.kind == "review" else (),
            merged_kinds=block.merged_kinds,
        )
        for number, block in enumerate(shape.blocks, 1)
    )
    return Agenda(
        pair_id="P01",
        session_number=2,
        date=date(2026, 3, 2),
        minutes=minutes,
        language="en",
        purpose="Group a table by month",
        blocks=blocks,
        promises=(
            Promise("mentor", "Send the file", "by Friday"),
            Promise("mentee", "Ask for the list", "by Friday"),
        ),
        gaps=(),
        adaptations=(),
        prep=Prep(),
        sources=(),
        contract=(Verdict("AG01", True, "the old plan adds up"),),
        provenance=Provenance("extractive", "v1", None, None, "2026-03-01T09:00:00Z"),
    )


AGENDAS = [
    pytest.param(agenda_of(15), id="15 minutes"),
    pytest.param(agenda_of(15, covered=False, first=True), id="15 minutes, first, uncovered"),
    pytest.param(agenda_of(30, open_promises=False), id="30 minutes, nothing open"),
    pytest.param(agenda_of(45), id="45 minutes"),
    pytest.param(agenda_of(45, first=True), id="45 minutes, first"),
    pytest.param(agenda_of(60, rehearsal=True, low_balance=True), id="60 minutes, swap raised"),
    pytest.param(agenda_of(60, covered=False), id="60 minutes, uncovered"),
    pytest.param(agenda_of(90, level="working"), id="90 minutes, working level"),
    pytest.param(agenda_of(120, due=False), id="120 minutes, nothing due"),
    pytest.param(agenda_of(180, level="confident", due=False), id="180 minutes, two rounds"),
]


def done_sets(agenda: Agenda) -> Iterator[dict[str, int]]:
    """Every beginning of the agenda on time, some late, and every other block done on its own."""
    blocks = agenda.blocks
    for count in range(len(blocks) + 1):
        yield {block.id: block.minutes for block in blocks[:count]}
        if count % 3 == 1:
            yield {block.id: block.minutes + 3 for block in blocks[:count]}
    for block in blocks[1::2]:
        yield {block.id: 1}


@dataclass(frozen=True)
class Case:
    """One re-plan: the agenda before and after, and what was reported."""

    before: Agenda
    after: Agenda
    left: int
    done: dict[str, int]

    @property
    def planned(self) -> list[AgendaBlock]:
        return [block for block in self.after.blocks if block.actual_minutes is None]

    @property
    def open(self) -> list[AgendaBlock]:
        return [block for block in self.before.blocks if block.id not in self.done]

    @property
    def sums(self) -> dict[str, int]:
        sums: dict[str, int] = {}
        for block in self.planned:
            sums[block.kind] = sums.get(block.kind, 0) + block.minutes
        return sums


def clock_faults(case: Case) -> Iterator[str]:
    clock = 0
    for block in case.after.blocks:
        if block.starts_at_minute != clock:
            yield f"{block.kind} starts at {block.starts_at_minute}, not {clock}"
        clock += block.minutes
    if clock != case.after.minutes:
        yield f"{clock} minutes for a session of {case.after.minutes}"
    if case.after.minutes != max(case.before.minutes, sum(case.done.values()) + case.left):
        yield f"the session has become {case.after.minutes} minutes"
    if sum(case.sums.values()) != case.left:
        yield f"planned {case.sums}"


def done_faults(case: Case) -> Iterator[str]:
    done = [block for block in case.after.blocks if block.id in case.done]
    if {block.id: block.actual_minutes for block in done} != case.done:
        yield "actual minutes changed"
    if any(block.minutes != block.actual_minutes for block in done):
        yield "a done block has other minutes than its actual ones"


def length_faults(case: Case) -> Iterator[str]:
    for block in case.planned:
        least = 2 if case.left >= 20 and block.kind != "slack" else 1
        most = 45 if block.kind in ("hands_on", "explore") else 90
        if not least <= block.minutes <= most:
            yield f"AG01 {block.kind} has {block.minutes} minutes"


def kind_faults(case: Case) -> Iterator[str]:
    kinds = [block.kind for block in case.planned]
    still = {block.kind for block in case.open}
    places = [ORDER.index(kind) for kind in kinds if kind != "break"]
    if places != sorted(places):
        yield f"AG03 {kinds}"
    if case.left < 6 and not set(kinds) <= {"promises", "slack"}:
        yield f"below the floor: {kinds}"
    core = {"hands_on", "explore", "swap", "promises"} if case.left >= 6 else {"promises"}
    if not core & still <= set(kinds):
        yield f"the core is gone: {kinds}"
    if set(kinds) - {"break", "slack"} - still:
        yield f"planned again: {kinds}"
    # A break lies between two blocks before the promises; with few blocks left, few fit.
    between = max(0, sum(kind not in ("break", "promises", "slack") for kind in kinds) - 1)
    if kinds.count("break") != min(between, max(0, -(-(case.left - 75) // 60))):
        yield f"breaks: {kinds}"


def texts(block: AgendaBlock) -> list[str]:
    return [step.text for step in block.steps]


def word_faults(case: Case) -> Iterator[str]:
    before = {block.id: block for block in case.before.blocks}
    for block in case.planned:
        was = before.get(block.id, block)
        if (block.title, block.outcome, block.lead) != (was.title, was.outcome, was.lead):
            yield f"the words of {block.kind} changed"
        if not set(texts(was)) <= set(texts(block)) or len(block.steps) > 10:
            yield f"the steps of {block.kind} changed"


def dropped_faults(case: Case) -> Iterator[str]:
    listed = {(fallen.kind, fallen.title, fallen.goal_ids) for fallen in case.after.dropped}
    held = {block.id for block in case.after.blocks}
    steps = {text for block in case.after.blocks for text in texts(block)}
    for block in case.open:
        gone = block.id not in held and block.kind not in ("break", "slack")
        known = (block.kind, block.title, block.goal_ids) in listed
        if known != (gone and not set(texts(block)) <= steps):
            yield f"{block.kind} fell out: {gone}, listed: {known}"


def share_faults(case: Case) -> Iterator[str]:
    sums, least_slack = case.sums, case.left * 0.05
    hands, demo = sums.get("hands_on", 0), sums.get("demo", 0)
    if "swap" in sums and sums["swap"] < max(3, 0.15 * case.left):
        yield f"AG05 {sums}"
    if hands < demo or (hands and hands < 0.4 * (hands + demo + sums.get("teach_back", 0))):
        yield f"AG06 {sums}"
    if case.left >= 20 and sums.get("slack", 0) < least_slack:
        yield f"AG17 {sums}"


def short_slack_faults(case: Case) -> Iterator[str]:
    holders = [block for block in case.open if "slack" in (block.kind, *block.merged_kinds)]
    merged = [block for block in case.planned if "slack" in block.merged_kinds]
    inside = merged and merged[0].minutes >= 2
    if 6 <= case.left < 20 and holders and not (case.sums.get("slack") or inside):
        yield f"AG17 {case.sums}"


CHECKS = (
    clock_faults,
    done_faults,
    length_faults,
    kind_faults,
    word_faults,
    dropped_faults,
    share_faults,
    short_slack_faults,
)


@pytest.mark.parametrize("agenda", AGENDAS)
def test_whatever_is_left_the_rest_keeps_the_contract(agenda: Agenda) -> None:
    found: list[str] = []
    for done in done_sets(agenda):
        # A session ends at 180 minutes: what would go beyond has its own test.
        for left in range(1, 181 - sum(done.values())):
            case = Case(agenda, replan(agenda, left, done), left, done)
            found.extend(f"{left} left, {done}: {f}" for check in CHECKS for f in check(case))
    assert found == []


@pytest.mark.parametrize("agenda", AGENDAS)
def test_the_warm_up_stays_where_twenty_minutes_or_more_are_left_for_all(agenda: Agenda) -> None:
    due = any(block.kind == "warm_up" for block in agenda.blocks)
    for left in range(20, 181):
        kinds = {block.kind for block in replan(agenda, left, {}).blocks}
        assert ("warm_up" in kinds) == due


@pytest.mark.parametrize("agenda", AGENDAS)
def test_minutes_past_three_hours_are_not_planned(agenda: Agenda) -> None:
    done = {agenda.blocks[0].id: 50}
    assert all(replan(agenda, left, done).minutes == 180 for left in range(130, 181))


@pytest.mark.parametrize("agenda", AGENDAS)
def test_a_session_on_schedule_keeps_its_minutes(agenda: Agenda) -> None:
    after = replan(agenda, agenda.minutes, {})
    assert after.blocks == agenda.blocks


def test_a_block_done_on_time_leaves_the_rest_as_it_was() -> None:
    agenda = agenda_of(60)
    after = replan(agenda, 54, {"b1": 6})
    assert after.blocks == (replace(agenda.blocks[0], actual_minutes=6), *agenda.blocks[1:])


def planned(agenda: Agenda) -> dict[str, int]:
    return {block.kind: block.minutes for block in agenda.blocks if block.actual_minutes is None}


def test_six_minutes_hold_hands_on_the_career_question_and_the_promises() -> None:
    after = replan(agenda_of(60), 6, {})
    assert planned(after) == {"hands_on": 1, "swap": 3, "promises": 1, "slack": 1}


@pytest.mark.parametrize("left", range(1, 6))
def test_below_six_minutes_only_the_promises_stay(left: int) -> None:
    assert planned(replan(agenda_of(60), left, {})) == {"promises": left}


def test_what_falls_out_is_listed_after_what_fell_out_before() -> None:
    agenda = replace(agenda_of(45), dropped=(Dropped("demo", "An earlier one", ("g9",)),))
    after = replan(agenda, 8, {"b1": 20})
    assert after.dropped == (
        Dropped("demo", "An earlier one", ("g9",)),
        *(
            Dropped(block.kind, block.title, block.goal_ids)
            for block in agenda.blocks
            if block.kind in ("warm_up", "demo", "teach_back", "reflection")
        ),
    )


def test_minutes_that_belong_to_no_block_stand_as_time_already_used() -> None:
    after = replan(agenda_of(60), 40, {"b1": 6})
    used = after.blocks[1]
    assert (used.kind, used.title, used.minutes, used.actual_minutes) == (
        "break",
        "Time already used",
        14,
        14,
    )
    assert after.minutes == 60


def test_time_already_used_gives_way_once_its_block_is_reported() -> None:
    once = replan(agenda_of(60), 40, {"b1": 6})
    twice = replan(once, 30, {"b2": 24})
    assert [b.title for b in twice.blocks if b.title == "Time already used"] == []
    assert twice.minutes == 60


def test_a_second_replan_remembers_the_blocks_done_before() -> None:
    once = replan(agenda_of(60), 54, {"b1": 6})
    twice = replan(once, 49, {"b2": 5})
    assert [block.actual_minutes for block in twice.blocks[:3]] == [6, 5, None]


def test_more_time_than_the_session_holds_makes_it_longer() -> None:
    assert replan(agenda_of(45), 60, {"b1": 5}).minutes == 65


def test_a_session_never_grows_past_three_hours() -> None:
    assert replan(agenda_of(60), 180, {"b1": 30}).minutes == 180


def test_a_skipped_block_is_offered_again_and_not_planned() -> None:
    after = replan(agenda_of(60), 50, {"b1": 6, "b2": 0})
    assert "warm_up" not in {block.kind for block in after.blocks}
    assert [fallen.kind for fallen in after.dropped] == ["warm_up"]


def test_a_review_that_falls_out_lends_its_words_to_the_promises() -> None:
    agenda = agenda_of(60)
    promises = replan(agenda, 6, {}).blocks[-2]
    assert promises.merged_kinds == ("review",)
    assert promises.commitment_ids == ("c1", "c2")
    assert promises.steps == agenda.blocks[0].steps + agenda.blocks[-2].steps


def test_a_review_too_long_to_carry_is_listed_and_keeps_its_commitments() -> None:
    agenda = agenda_of(60, steps=6)
    after = replan(agenda, 6, {})
    promises = after.blocks[-2]
    assert promises.steps == agenda.blocks[-2].steps
    assert promises.commitment_ids == ("c1", "c2")
    assert "review" in {fallen.kind for fallen in after.dropped}


@pytest.mark.parametrize(
    ("steps", "kept", "dropped"),
    [
        pytest.param(5, 10, 0, id="the steps of both fit"),
        pytest.param(6, 6, 1, id="the second round falls out whole"),
    ],
)
def test_two_rounds_become_one_when_time_is_short(steps: int, kept: int, dropped: int) -> None:
    after = replan(agenda_of(180, steps=steps, level="confident", due=False), 60, {})
    rounds = [block for block in after.blocks if block.kind == "hands_on"]
    assert [len(block.steps) for block in rounds] == [kept]
    assert sum(fallen.kind == "hands_on" for fallen in after.dropped) == dropped


def test_a_demo_falls_out_once_the_hands_on_is_done() -> None:
    after = replan(agenda_of(60), 30, {"b1": 6, "b2": 5, "b4": 15})
    assert "demo" not in planned(after)
    assert "demo" in {fallen.kind for fallen in after.dropped}


def test_the_verdicts_of_the_old_plan_do_not_travel_on() -> None:
    assert replan(agenda_of(60), 30, {}).contract == ()


def test_a_replanned_agenda_still_fits_its_schema() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    agenda = agenda_of(90)
    for left in range(6, 181):
        validator.validate(build_json(replan(agenda, left, {"b1": 9})))


@pytest.mark.parametrize(
    ("left", "done", "sentence"),
    [
        pytest.param(0, {}, "1 and 180 minutes can be left; 0 were", id="nothing left"),
        pytest.param(-5, {}, "1 and 180 minutes can be left; -5 were", id="negative left"),
        pytest.param(181, {}, "1 and 180 minutes can be left; 181 were", id="too much left"),
        pytest.param(30, {"b99": 5}, "not in this agenda", id="unknown block"),
        pytest.param(30, {"b1": -1}, "0 to 180 minutes; -1 were", id="negative block"),
        pytest.param(30, {"b1": 181}, "0 to 180 minutes; 181 were", id="a block too long"),
        pytest.param(30, {"b1": 100, "b2": 80}, "already fill", id="the day is full"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    left: int, done: dict[str, int], sentence: str
) -> None:
    with pytest.raises(ReplanRefused, match=sentence) as refused:
        replan(agenda_of(60), left, done)
    assert refused.value.status == 422
    assert refused.value.detail.count(".") == 1
