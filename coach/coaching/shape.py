"""The shape of a session: blocks, minutes and leaders, without words; valid by construction.

`solve_shape` is pure and answers the same request with the same shape. Readings settled here:

- Breaks: none up to 75 minutes, then one of five minutes for each started hour beyond 75 (one
  from 76, two from 136). They lie between blocks so that the longest stretch without a break is
  as short as it can be, never before promises or slack; two rounds are always parted by one.
- A `hands_on` (or `explore`) over 45 minutes becomes two rounds of equal length.
- Under 20 minutes the slack is one minute inside `promises`, and the check-in of a first session
  is inside `agreement`; `merged_kinds` says so.
- `dropped` names the kinds this request calls for that its length has no room for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations, pairwise

from coach.coaching.drafts import BlockKind, Leader
from coach.coaching.minutes import BREAK, LONGEST, MERGED_BELOW, SHORTEST, ShapeRequest, allot
from coach.errors import CoachError

__all__ = [
    "MinutesOutOfRange",
    "Shape",
    "ShapeBlock",
    "ShapeFault",
    "ShapeRequest",
    "break_count",
    "break_places",
    "concept_budget",
    "hands_of",
    "lead_of",
    "solve_shape",
    "split_rounds",
]

ROUND = 45
ORDER: tuple[BlockKind, ...] = (
    "check_in",
    "agreement",
    "review",
    "warm_up",
    "demo",
    "hands_on",
    "explore",
    "teach_back",
    "swap",
    "reflection",
    "promises",
    "slack",
)
_LEAD: dict[BlockKind, Leader] = {
    "warm_up": "mentor",
    "demo": "mentor",
    "hands_on": "mentor",
    "teach_back": "mentee",
    "swap": "mentee",
    "explore": "mentee",
}
_HANDS: dict[BlockKind, Leader] = {
    "demo": "mentor",
    "warm_up": "mentee",
    "hands_on": "mentee",
    "teach_back": "mentee",
}
_MERGED: dict[BlockKind, tuple[BlockKind, ...]] = {
    "agreement": ("check_in",),
    "promises": ("slack",),
}


class MinutesOutOfRange(CoachError):
    """A session of this length cannot be planned."""

    status = 422
    title = f"A session has {SHORTEST} to {LONGEST} minutes."


class ShapeFault(CoachError):
    """These blocks do not make a session."""

    status = 500
    title = "The blocks of this session do not fill its minutes."


@dataclass(frozen=True, slots=True)
class ShapeBlock:
    """One timed part of a session, with one leader and no words."""

    kind: BlockKind
    minutes: int
    starts_at_minute: int
    lead: Leader
    hands: Leader
    merged_kinds: tuple[BlockKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The blocks of a session. A shape that does not fill its minutes cannot exist."""

    minutes: int
    blocks: tuple[ShapeBlock, ...]
    concept_budget: int
    dropped: tuple[BlockKind, ...] = ()

    def __post_init__(self) -> None:
        clock = 0
        for block in self.blocks:
            if block.minutes < 1 or block.starts_at_minute != clock:
                raise ShapeFault(f"The {block.kind} block does not start at minute {clock}.")
            clock += block.minutes
        if clock != self.minutes:
            raise ShapeFault(f"{clock} minutes are planned for a session of {self.minutes}.")


def lead_of(kind: BlockKind) -> Leader:
    """Who leads a block of this kind."""
    return _LEAD.get(kind, "both")


def hands_of(kind: BlockKind) -> Leader:
    """Whose hands are on the keys in a block of this kind."""
    return _HANDS.get(kind, "both")


def concept_budget(minutes: int) -> int:
    """How many new concepts a session of this length may bring."""
    return 1 + (minutes > 60) + (minutes > 120)


def break_count(minutes: int) -> int:
    """How many breaks a session, or what is left of one, needs."""
    return max(0, -(-(minutes - 75) // 60))


def split_rounds(minutes: int) -> tuple[int, ...]:
    """The rounds of a practice block, none longer than 45 minutes, the longer one first."""
    rounds = max(1, -(-minutes // ROUND))
    return tuple((minutes + rest) // rounds for rest in reversed(range(rounds)))


def break_places(blocks: tuple[tuple[BlockKind, int], ...], count: int) -> tuple[int, ...]:
    """The indices of the blocks that a break goes before."""
    free = [i for i in range(1, len(blocks)) if blocks[i][0] not in ("promises", "slack")]
    rounds = {i for i in free if blocks[i][0] == blocks[i - 1][0]}
    clock = [0]
    for _, minutes in blocks:
        clock.append(clock[-1] + minutes)

    def longest_stretch(places: Collection[int]) -> int:
        edges = (0, *(clock[place] for place in places), clock[-1])
        return max(end - start for start, end in pairwise(edges))

    count = min(count, len(free))
    choices = [c for c in combinations(free, count) if rounds <= set(c) or len(rounds) > count]
    return min(choices, key=longest_stretch)


def solve_shape(request: ShapeRequest) -> Shape:
    """The shape of the session that was asked for, or MinutesOutOfRange."""
    if not SHORTEST <= request.minutes <= LONGEST:
        raise MinutesOutOfRange(
            f"A session has {SHORTEST} to {LONGEST} minutes; {request.minutes} were asked for."
        )
    breaks = break_count(request.minutes)
    minutes = allot(request.minutes - BREAK * breaks, request.minutes, request)
    parts = tuple(
        (kind, part)
        for kind in ORDER
        if kind in minutes
        for part in (
            split_rounds(minutes[kind]) if kind in ("hands_on", "explore") else (minutes[kind],)
        )
    )
    blocks = _time_blocks(parts, break_places(parts, breaks), request.minutes < MERGED_BELOW)
    return Shape(
        minutes=request.minutes,
        blocks=blocks,
        concept_budget=concept_budget(request.minutes),
        dropped=_list_dropped(request, blocks),
    )


def _time_blocks(
    parts: tuple[tuple[BlockKind, int], ...], places: tuple[int, ...], merges: bool
) -> tuple[ShapeBlock, ...]:
    """The parts and their breaks, one after the other on the clock."""
    blocks: list[ShapeBlock] = []
    clock = 0
    for index, (kind, minutes) in enumerate(parts):
        if index in places:
            blocks.append(ShapeBlock("break", BREAK, clock, "both", "both"))
            clock += BREAK
        merged = _MERGED.get(kind, ()) if merges else ()
        blocks.append(ShapeBlock(kind, minutes, clock, lead_of(kind), hands_of(kind), merged))
        clock += minutes
    return tuple(blocks)


def _list_dropped(request: ShapeRequest, blocks: tuple[ShapeBlock, ...]) -> tuple[BlockKind, ...]:
    """The kinds called for that are neither a block nor inside one."""
    held = {block.kind for block in blocks}.union(*(block.merged_kinds for block in blocks))
    wanted: dict[BlockKind, bool] = {
        "warm_up": request.due and not request.first,
        "demo": request.shows,
        "teach_back": True,
        "reflection": True,
    }
    return tuple(kind for kind, called_for in wanted.items() if called_for and kind not in held)
