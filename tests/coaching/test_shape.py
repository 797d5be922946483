"""The shape of a session, judged over the whole grid by a checker apart from the solver."""

from collections.abc import Iterator
from itertools import product

import pytest

from coach.coaching.drafts import BlockKind
from coach.coaching.shape import (
    MinutesOutOfRange,
    Shape,
    ShapeBlock,
    ShapeFault,
    ShapeRequest,
    solve_shape,
)
from coach.knowledge.documents import Level

LEVELS: tuple[Level | None, ...] = (None, "novice", "basic", "working", "confident")
FLAGS = tuple(product((False, True), repeat=7))  # in the order of ShapeRequest
ORDER = (
    "check_in agreement review warm_up demo hands_on explore teach_back swap reflection "
    "promises slack"
).split()
LEAD = {"warm_up": "mentor", "demo": "mentor", "hands_on": "mentor"} | dict.fromkeys(
    ("teach_back", "swap", "explore"), "mentee"
)
HANDS = {"demo": "mentor"} | dict.fromkeys(("warm_up", "hands_on", "teach_back"), "mentee")
# The lengths at which a rule brings in a block of its own, and what it may cost practice and
# swap: slack and check-in leave their hosts at 20, the agreement jumps to 8 minutes at 30 and
# grows beside another block at 45, breaks come in at 76 and 136.
LATER_COSTS = {20: 1, 76: 3, 136: 4}
FIRST_COSTS = LATER_COSTS | {30: 2, 45: 1}


def request(minutes: int, **changes: object) -> ShapeRequest:
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
    return ShapeRequest(**(values | changes))  # type: ignore[arg-type]


def requests(lengths: range) -> Iterator[ShapeRequest]:
    for minutes in lengths:
        for flags in FLAGS:
            for level in LEVELS:
                first, promises, due, covered, stalled, rehearsal, balance = flags
                yield ShapeRequest(
                    minutes, first, promises, due, covered, stalled, rehearsal, balance, level
                )


def minutes_by_kind(shape: Shape) -> dict[str, int]:
    sums: dict[str, int] = {}
    for block in shape.blocks:
        sums[block.kind] = sums.get(block.kind, 0) + block.minutes
    return sums


def timing_faults(asked: ShapeRequest, shape: Shape) -> Iterator[str]:
    clock = 0
    for block in shape.blocks:
        least = 1 if block.kind == "slack" or asked.minutes < 20 else 2
        if type(block.minutes) is not int or not least <= block.minutes <= 90:
            yield f"AG01 {block.kind} has {block.minutes}"
        if block.starts_at_minute != clock:
            yield f"AG01 {block.kind} starts at {block.starts_at_minute}, not {clock}"
        clock += block.minutes
        if (block.lead, block.hands) != (
            LEAD.get(block.kind, "both"),
            HANDS.get(block.kind, "both"),
        ):
            yield f"AG04 {block.kind}"
        if block.kind in ("hands_on", "explore") and block.minutes > 45:
            yield f"{block.kind} over 45 minutes"
    if clock != asked.minutes or shape.minutes != asked.minutes:
        yield f"AG02 {clock} of {asked.minutes}"
    if not 3 <= len(shape.blocks) <= 14:
        yield f"{len(shape.blocks)} blocks"


def order_faults(asked: ShapeRequest, shape: Shape) -> Iterator[str]:
    kinds = [block.kind for block in shape.blocks]
    places = [ORDER.index(kind) for kind in kinds if kind != "break"]
    if places != sorted(places):
        yield f"AG03 order {kinds}"
    practice, other = ("hands_on", "explore") if asked.covered else ("explore", "hands_on")
    if not {practice, "swap", "promises"} <= set(kinds) or other in kinds:
        yield f"AG03 core {kinds}"
    merged = [(b.kind, kind) for b in shape.blocks for kind in b.merged_kinds]
    if asked.minutes >= 20 and (merged or "slack" not in kinds):
        yield f"AG03 merged {merged}"
    if asked.minutes < 20 and ("promises", "slack") not in merged:
        yield "AG17 nowhere for the slack"


def rest_faults(asked: ShapeRequest, shape: Shape) -> Iterator[str]:
    kinds = [block.kind for block in shape.blocks]
    rests = [i for i, kind in enumerate(kinds) if kind == "break"]
    over = asked.minutes - 75
    if len(rests) != (0 if over <= 0 else over // 60 + (over % 60 > 0)):
        yield f"{len(rests)} breaks"
    if any(shape.blocks[i].minutes != 5 or i == 0 or i >= kinds.index("promises") for i in rests):
        yield f"break out of place {kinds}"
    rounds = [i for i, kind in enumerate(kinds) if kind in ("hands_on", "explore")]
    if len(rounds) > 2 or (len(rounds) == 2 and "break" not in kinds[rounds[0] : rounds[1]]):
        yield f"rounds {kinds}"


def share_faults(asked: ShapeRequest, shape: Shape) -> Iterator[str]:
    sums = minutes_by_kind(shape)
    swap, hands, demo = sums["swap"], sums.get("hands_on", 0), sums.get("demo", 0)
    if swap < 3 or swap * 100 < 15 * asked.minutes:
        yield f"AG05 swap {swap}"
    if hands < demo or (hands and 100 * hands < 40 * (hands + demo + sums.get("teach_back", 0))):
        yield f"AG06 {sums}"
    if asked.minutes >= 20 and sums["slack"] * 100 < 5 * asked.minutes:
        yield f"AG17 slack {sums['slack']}"
    if sums["promises"] < 2:
        yield "AG17 promises cannot hold a minute of slack"
    if shape.concept_budget != (1 if asked.minutes <= 60 else 2 if asked.minutes <= 120 else 3):
        yield f"AG13 {shape.concept_budget}"


def wanted_opening(asked: ShapeRequest) -> set[str]:
    if asked.first:
        return {"agreement"} if asked.minutes < 20 else {"check_in", "agreement"}
    opening = {"review"} if asked.open_promises else {"check_in"}
    return opening | {"warm_up"} if asked.due and asked.minutes >= 20 else opening


def opening_faults(asked: ShapeRequest, shape: Shape) -> Iterator[str]:
    sums = minutes_by_kind(shape)
    opening = set(sums) & {"check_in", "agreement", "review", "warm_up"}
    if opening != wanted_opening(asked):
        yield f"AG21 opening {opening}"
    fifth = max(3, min(12, asked.minutes // 5))
    due = max(8, fifth) if asked.minutes >= 30 else fifth
    if asked.first and sums["agreement"] != due:
        yield f"agreement {sums['agreement']}, not {due}"


def table_faults(asked: ShapeRequest, shape: Shape) -> Iterator[str]:
    sums = minutes_by_kind(shape)
    shows = asked.covered and not asked.stalled and asked.level in (None, "novice", "basic")
    if "demo" in sums and not shows:
        yield "a demo nobody needs"
    if shows and asked.minutes >= 45 and "demo" not in sums:
        yield "no demo"
    if asked.minutes >= 45 and not {"teach_back", "reflection"} <= set(sums):
        yield f"a kind of the table is missing: {sums}"
    if set(shape.dropped) & set(sums):
        yield f"dropped and held: {shape.dropped}"


CHECKS = (
    timing_faults,
    order_faults,
    rest_faults,
    share_faults,
    opening_faults,
    table_faults,
)


def faults(asked: ShapeRequest, shape: Shape) -> list[str]:
    return [f"{asked}: {fault}" for check in CHECKS for fault in check(asked, shape)]


@pytest.mark.parametrize("start", range(10, 181, 19))
def test_every_shape_of_the_grid_keeps_the_contract(start: int) -> None:
    found: list[str] = []
    for asked in requests(range(start, start + 19)):
        found.extend(faults(asked, solve_shape(asked)))
    assert found == []


def test_the_slices_of_the_grid_reach_every_length() -> None:
    lengths = [length for start in range(10, 181, 19) for length in range(start, start + 19)]
    assert lengths == list(range(10, 181))


TABLE = [
    pytest.param(15, {"review": 3, "hands_on": 5, "swap": 3, "promises": 4}, id="15 minutes"),
    pytest.param(
        30,
        {"review": 4, "warm_up": 3, "hands_on": 11, "swap": 6, "promises": 4, "slack": 2},
        id="30 minutes",
    ),
    pytest.param(
        45,
        {
            "review": 5,
            "warm_up": 4,
            "demo": 5,
            "hands_on": 11,
            "teach_back": 4,
            "swap": 9,
            "reflection": 2,
            "promises": 2,
            "slack": 3,
        },
        id="45 minutes",
    ),
    pytest.param(
        60,
        {
            "review": 6,
            "warm_up": 5,
            "demo": 7,
            "hands_on": 15,
            "teach_back": 6,
            "swap": 12,
            "reflection": 3,
            "promises": 3,
            "slack": 3,
        },
        id="60 minutes",
    ),
]


@pytest.mark.parametrize("level", [None, "novice", "basic"])
@pytest.mark.parametrize(("minutes", "row"), TABLE)
def test_the_committed_rows_come_out_exactly(
    minutes: int, row: dict[str, int], level: Level | None
) -> None:
    assert minutes_by_kind(solve_shape(request(minutes, level=level))) == row


HOUR: dict[str, int] = TABLE[3].values[1]  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("changes", "moved"),
    [
        pytest.param({"level": "working"}, {"demo": 0, "hands_on": 22}, id="working level"),
        pytest.param({"level": "confident"}, {"demo": 0, "hands_on": 22}, id="confident level"),
        pytest.param({"stalled": True}, {"demo": 0, "hands_on": 22}, id="stalled twice"),
        pytest.param({"due": False}, {"warm_up": 0, "hands_on": 20}, id="nothing due"),
        pytest.param(
            {"open_promises": False}, {"review": 0, "check_in": 3, "hands_on": 18}, id="none open"
        ),
        pytest.param(
            {"covered": False},
            {"demo": 0, "hands_on": 0, "explore": 15, "swap": 19},
            id="not in the library",
        ),
        pytest.param(
            {"covered": False, "level": "working"},
            {"demo": 0, "hands_on": 0, "explore": 15, "swap": 19},
            id="not in the library, working level",
        ),
        pytest.param({"rehearsal": True}, {"swap": 15, "hands_on": 12}, id="a rehearsal"),
        pytest.param({"low_balance": True}, {"swap": 18, "hands_on": 9}, id="swap fell short"),
        pytest.param(
            {"low_balance": True, "rehearsal": True},
            {"swap": 18, "hands_on": 9},
            id="swap fell short, with a rehearsal",
        ),
        pytest.param(
            {"first": True},
            {"review": 0, "warm_up": 0, "check_in": 3, "agreement": 12, "hands_on": 11},
            id="first session",
        ),
        pytest.param(
            {"first": True, "low_balance": True},
            {
                "review": 0,
                "warm_up": 0,
                "check_in": 3,
                "agreement": 12,
                "demo": 4,
                "hands_on": 8,
                "swap": 18,
            },
            id="the demo gives way to the mentee's hands",
        ),
    ],
)
def test_each_rule_moves_its_minutes(changes: dict[str, object], moved: dict[str, int]) -> None:
    wanted = {kind: minutes for kind, minutes in (HOUR | moved).items() if minutes}
    assert minutes_by_kind(solve_shape(request(60, **changes))) == wanted


def test_the_raise_for_the_balance_ends_at_thirty_percent() -> None:
    found = [
        asked
        for asked in requests(range(10, 181, 5))
        if asked.low_balance
        and asked.covered
        and not asked.rehearsal
        # Three minutes are the least even where they are more than 30 %.
        and minutes_by_kind(solve_shape(asked))["swap"] > max(3, asked.minutes * 0.3)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("minutes", "rehearsed"), [(19, 4), (20, 7)], ids=["under 20 minutes", "from 20 minutes"]
)
def test_a_rehearsal_lengthens_swap_from_twenty_minutes(minutes: int, rehearsed: int) -> None:
    shape = solve_shape(request(minutes, rehearsal=True))
    assert minutes_by_kind(shape)["swap"] == rehearsed


def test_nothing_is_open_or_due_in_a_first_session_whatever_the_flags_say() -> None:
    shapes = {
        solve_shape(request(45, first=True, due=due, open_promises=promises))
        for due, promises in product((False, True), repeat=2)
    }
    assert len(shapes) == 1


@pytest.mark.parametrize(
    ("first", "costs"),
    [pytest.param(False, LATER_COSTS, id="later"), pytest.param(True, FIRST_COSTS, id="first")],
)
@pytest.mark.parametrize("level", ["basic", "working"])
def test_a_longer_session_has_no_less_practice_and_swap_but_for_a_new_block(
    first: bool, costs: dict[int, int], level: Level
) -> None:
    names = ("open_promises", "due", "covered", "stalled", "rehearsal", "low_balance")
    falls = []
    for flags in product((False, True), repeat=6):
        asked = dict(zip(names, flags, strict=True))
        before = 0
        for minutes in range(10, 181):
            shape = solve_shape(request(minutes, first=first, level=level, **asked))
            sums = minutes_by_kind(shape)
            now = sum(sums.get(kind, 0) for kind in ("hands_on", "explore", "swap"))
            if before - now > costs.get(minutes, 0):
                falls.append((minutes, before, now, flags))
            before = now
    assert falls == []


def test_a_long_practice_becomes_two_rounds_with_a_break_between() -> None:
    kinds = [block.kind for block in solve_shape(request(180, level="confident")).blocks]
    first = kinds.index("hands_on")
    assert kinds[first : first + 3] == ["hands_on", "break", "hands_on"]


@pytest.mark.parametrize(
    ("minutes", "changes", "dropped"),
    [
        pytest.param(60, {}, (), id="an hour holds everything"),
        pytest.param(30, {}, ("demo", "teach_back", "reflection"), id="half an hour"),
        pytest.param(
            30, {"level": "working"}, ("teach_back", "reflection"), id="a demo nobody needs"
        ),
        pytest.param(
            15, {}, ("warm_up", "demo", "teach_back", "reflection"), id="a quarter of an hour"
        ),
        pytest.param(
            15, {"due": False}, ("demo", "teach_back", "reflection"), id="nothing due anyway"
        ),
    ],
)
def test_what_finds_no_room_is_listed(
    minutes: int, changes: dict[str, object], dropped: tuple[BlockKind, ...]
) -> None:
    assert solve_shape(request(minutes, **changes)).dropped == dropped


@pytest.mark.parametrize("minutes", [-1, 0, 5, 9, 181, 600])
def test_a_length_out_of_range_is_refused_with_the_range(minutes: int) -> None:
    with pytest.raises(
        MinutesOutOfRange, match=f"10 to 180 minutes; {minutes} were asked for"
    ) as refused:
        solve_shape(request(minutes))
    assert refused.value.status == 422


def block(kind: BlockKind, minutes: int, start: int) -> ShapeBlock:
    return ShapeBlock(kind, minutes, start, "both", "both")


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param((block("check_in", 4, 0), block("promises", 5, 4)), id="a minute short"),
        pytest.param((block("check_in", 5, 0), block("promises", 6, 5)), id="a minute over"),
        pytest.param((block("check_in", 5, 0), block("promises", 5, 6)), id="a hole"),
        pytest.param((block("check_in", 10, 0), block("promises", 0, 10)), id="an empty block"),
        pytest.param((), id="no blocks"),
    ],
)
def test_a_shape_that_does_not_fill_its_minutes_cannot_exist(
    blocks: tuple[ShapeBlock, ...],
) -> None:
    with pytest.raises(ShapeFault):
        Shape(10, blocks, 1)
