"""How many minutes each kind of block gets: the committed table, and the rules that move minutes.

Knows nothing of leaders, order, breaks or words. Three readings of the rules are settled here:

- Between the rows of the table a session grows minute by minute, each one going to the kind
  furthest behind its share. Rounding every block down on its own would give a session of 59
  minutes five minutes more practice than one of 60; growth keeps each kind within a minute of
  its share. All that the rules set free (no demo, nothing due) goes to hands_on.
- A topic that is not in the library sends the demo's minutes to swap whatever the level, since
  there is nothing to open a longer hands_on with.
- The swap that fell short rises to one and a half times the table's, at most 30 % of the session
  and a rehearsal included; this limit holds back the rise, it never takes minutes away.
"""

from dataclasses import dataclass
from itertools import pairwise

from coach.coaching.drafts import BlockKind
from coach.knowledge.documents import Level

Minutes = dict[BlockKind, int]

SHORTEST, LONGEST = 10, 180
MERGED_BELOW = 20  # in shorter sessions slack and check-in share a block with others
SWAP_LEAST = 3
BREAK = 5

_KINDS: tuple[BlockKind, ...] = (
    "review",
    "warm_up",
    "demo",
    "hands_on",
    "teach_back",
    "swap",
    "reflection",
    "promises",
    "slack",
)
# 15, 30, 45 and 60 are the committed table, 180 is three times 60. The others fix the minute at
# which a kind comes in: a block has two minutes or none, so promises lends it the second one.
_ROWS: dict[int, tuple[int, ...]] = {
    10: (2, 0, 0, 3, 0, 3, 0, 2, 0),
    15: (3, 0, 0, 5, 0, 3, 0, 4, 0),
    19: (3, 0, 0, 7, 0, 4, 0, 5, 0),
    20: (3, 2, 0, 7, 0, 4, 0, 3, 1),
    30: (4, 3, 0, 11, 0, 6, 0, 4, 2),
    31: (4, 3, 0, 11, 0, 6, 0, 5, 2),
    32: (4, 3, 2, 11, 0, 6, 0, 4, 2),
    33: (4, 3, 3, 11, 0, 6, 0, 4, 2),
    34: (4, 3, 3, 11, 2, 6, 0, 3, 2),
    36: (4, 3, 3, 11, 3, 7, 0, 3, 2),
    37: (4, 3, 3, 11, 3, 7, 2, 2, 2),
    45: (5, 4, 5, 11, 4, 9, 2, 2, 3),
    60: (6, 5, 7, 15, 6, 12, 3, 3, 3),
    180: (18, 15, 21, 45, 18, 36, 9, 9, 9),
}


@dataclass(frozen=True, slots=True)
class ShapeRequest:
    """What decides the shape of a session.

    A first session has nothing open and nothing due, whatever the flags say. Level None is
    planned like novice. `stalled`: the same lesson was planned twice and not finished.
    """

    minutes: int
    first: bool
    open_promises: bool
    due: bool
    covered: bool
    stalled: bool
    rehearsal: bool
    low_balance: bool
    level: Level | None

    @property
    def shows(self) -> bool:
        """Whether a demo is called for."""
        return self.covered and not self.stalled and self.level not in ("working", "confident")


def slack_due(session: int) -> int:
    """The least slack: 5 % of the session, rounded up."""
    return -(-session // 20)


def _grow(start: int, end: int, breaks: int) -> dict[int, tuple[int, ...]]:
    """The rows after `start` up to `end`, each one minute longer than the one before."""
    first, last = _ROWS[start], _ROWS[end]
    row, rows = list(first), {}
    for length in range(start + 1, end):
        done = (length - start) / (end - start)
        behind = [a + (b - a) * done - now for a, b, now in zip(first, last, row, strict=True)]
        if row[-1]:
            behind[-1] = slack_due(length + BREAK * breaks) - row[-1]
        # Practice and swap come first among equals; then the order of the session.
        row[max(range(len(row)), key=lambda i: (round(behind[i], 6), i in (3, 5), -i))] += 1
        rows[length] = tuple(row)
    rows[end] = last
    return rows


def _build_table() -> dict[tuple[int, int], tuple[int, ...]]:
    """Every row, by how many breaks the session has and its minutes without them."""
    table = {(breaks, SHORTEST): _ROWS[SHORTEST] for breaks in range(3)}
    for start, end in pairwise(_ROWS):
        for breaks in range(3):
            rows = _grow(start, end, breaks if start == 60 else 0)
            table.update({(breaks, length): row for length, row in rows.items()})
    return table


_TABLE = _build_table()


def allot(working: int, session: int, request: ShapeRequest) -> Minutes:
    """The minutes of each kind, adding up to `working`: the `session` without its breaks."""
    breaks = min(2, (session - working) // BREAK)
    minutes: Minutes = dict(zip(_KINDS, _TABLE[breaks, working], strict=True))
    swap = minutes["swap"]
    _fill_opening(minutes, working, request)
    if not request.shows:
        _move(minutes, minutes["demo"], "demo", "hands_on" if request.covered else "swap")
    _raise_swap(minutes, swap, session, request)
    if working >= MERGED_BELOW:
        _move(minutes, slack_due(session) - minutes["slack"], "hands_on", "slack")
    if request.covered:
        _favour_hands(minutes)
    else:
        minutes["explore"] = minutes.pop("hands_on")
    return {kind: count for kind, count in minutes.items() if count}


def _move(minutes: Minutes, count: int, giver: BlockKind, taker: BlockKind) -> None:
    minutes[giver] -= count
    minutes[taker] = minutes.get(taker, 0) + count


def _fill_opening(minutes: Minutes, working: int, request: ShapeRequest) -> None:
    """Put check-in and agreement in place of what a first or an unburdened session lacks."""
    review = minutes["review"]
    least = 2 if working >= MERGED_BELOW else 1
    if request.first or not request.due:
        _move(minutes, minutes["warm_up"], "warm_up", "hands_on")
    if request.first or not request.open_promises:
        _move(minutes, review, "review", "hands_on")
    if request.first:
        _move(minutes, _agreement(working), "hands_on", "agreement")
    if request.first and working < MERGED_BELOW:
        return
    if request.first or not request.open_promises:
        _move(minutes, max(least, review // 2), "hands_on", "check_in")


def _agreement(working: int) -> int:
    """A fifth of the session within 3 and 12 minutes, at least 8 from 30 minutes on."""
    return min(12, max(8 if working >= 30 else 3, working // 5))


def _raise_swap(minutes: Minutes, table: int, session: int, request: ShapeRequest) -> None:
    """Make room for a rehearsal and for a swap that fell short."""
    wanted = minutes["swap"]
    if request.rehearsal and session >= MERGED_BELOW:
        wanted += 3
    if request.low_balance:
        wanted = max(wanted, min(session * 3 // 10, table * 3 // 2))
    _move(minutes, wanted - minutes["swap"], "hands_on", "swap")


def _favour_hands(minutes: Minutes) -> None:
    """Let demo, then teach_back give way until the mentee's hands have their share."""
    while minutes["hands_on"] < minutes["demo"] or 5 * minutes["hands_on"] < 2 * (
        minutes["demo"] + minutes["hands_on"] + minutes["teach_back"]
    ):
        giver: BlockKind = "demo" if minutes["demo"] else "teach_back"
        _move(minutes, 1 if minutes[giver] > 2 else minutes[giver], giver, "hands_on")
