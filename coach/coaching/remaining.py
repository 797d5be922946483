"""Decides how many minutes each open block of a running session gets. Knows nothing of words."""

from collections import Counter
from itertools import product

from coach.coaching.drafts import Agenda, AgendaBlock, BlockKind
from coach.coaching.minutes import (
    BREAK,
    MERGED_BELOW,
    SHORTEST,
    SWAP_LEAST,
    Minutes,
    ShapeRequest,
    allot,
    slack_due,
)
from coach.coaching.shape import ROUND, break_count

FLOOR = 6
LONGEST_BLOCK = 90
_PRACTICE: tuple[BlockKind, ...] = ("hands_on", "explore")
_CORE: Minutes = {"hands_on": 1, "explore": 1, "swap": SWAP_LEAST, "promises": 1, "slack": 1}


def budget_minutes(agenda: Agenda, still: tuple[AgendaBlock, ...], left: int) -> Minutes:
    """The minutes of each kind that stays; what is missing from `left` is breaks and spare time."""
    counts: Counter[BlockKind] = Counter(block.kind for block in still)
    counts.pop("break", None)
    whole: Counter[BlockKind] = Counter(block.kind for block in agenda.blocks)
    if any(whole[kind] > counts[kind] for kind in _PRACTICE):
        counts.pop("demo", None)
    if left < FLOOR:
        last: BlockKind = "promises" if counts["promises"] else "slack"
        return {last: left} if counts[last] else {}
    reserve = slack_due(left) if left >= MERGED_BELOW and not counts["slack"] else 0
    working = left - BREAK * break_count(left)
    budget = _fit(agenda, counts, whole, left, working - reserve)
    _give_surplus(budget, counts, working - reserve, break_count(left))
    return budget


def _fit(
    agenda: Agenda,
    counts: Counter[BlockKind],
    whole: Counter[BlockKind],
    left: int,
    room: int,
) -> Minutes:
    """The table's minutes in the longest session whose open kinds fit, or the bare core."""
    request = _read_request(agenda)
    working = left - BREAK * break_count(left)
    planned = agenda.minutes - BREAK * break_count(agenda.minutes)
    length = max(planned, working)
    while length >= max(SHORTEST, working):
        row = allot(length, max(length, left), request)
        _settle_slack(row, counts, left)
        part = {
            kind: max(minutes * counts[kind] // whole[kind], _least(kind, left))
            for kind, minutes in row.items()
            if counts[kind]
        }
        over = sum(part.values()) - room
        if over <= 0:
            return part
        # One more minute of session never adds more than seven to its open kinds.
        length = min(length - 1, max(working, length - over // 7)) if length > working else 0
    core = dict(_CORE)
    core["promises"] += not counts["slack"]
    return {kind: minutes for kind, minutes in core.items() if counts[kind]}


def _least(kind: BlockKind, left: int) -> int:
    """The shortest block of this kind when so many minutes are left."""
    return 2 if left >= MERGED_BELOW and kind != "slack" else 1


def _settle_slack(row: Minutes, counts: Counter[BlockKind], left: int) -> None:
    """Put the slack where this agenda has it: in its own block or inside promises."""
    if counts["slack"] and "slack" not in row:
        row["promises"] -= 1
        row["slack"] = 1
    elif "slack" in row and not counts["slack"] and left < MERGED_BELOW:
        row["promises"] += row.pop("slack")


def _give_surplus(budget: Minutes, counts: Counter[BlockKind], room: int, breaks: int) -> None:
    """Give the minutes nobody asked for to practice, then swap, then slack."""
    surplus = room - sum(budget.values())
    for kind in _PRACTICE:
        if kind in budget:
            # Negative when the rounds that are left cannot hold what the table gives.
            more = min(surplus, ROUND * min(counts[kind], breaks + 1) - budget[kind])
            budget[kind] += more
            surplus -= more
    if "swap" in budget:
        more = min(surplus, max(0, ROUND - budget["swap"]))
        budget["swap"] += more
        surplus -= more
    if "slack" in budget:
        budget["slack"] += min(surplus, LONGEST_BLOCK - budget["slack"])


def _read_request(agenda: Agenda) -> ShapeRequest:
    """The request this agenda answers, as far as its blocks tell."""
    kinds = {block.kind for block in agenda.blocks}
    swap = sum(block.minutes for block in agenda.blocks if block.kind == "swap")
    working = agenda.minutes - BREAK * break_count(agenda.minutes)
    guesses = [
        ShapeRequest(
            minutes=agenda.minutes,
            first="agreement" in kinds,
            open_promises="review" in kinds,
            due="warm_up" in kinds,
            covered="explore" not in kinds,
            stalled="demo" not in kinds,
            rehearsal=rehearsal,
            low_balance=low_balance,
            level=None,
        )
        for rehearsal, low_balance in product((False, True), repeat=2)
    ]
    gaps = (abs(allot(working, agenda.minutes, guess)["swap"] - swap) for guess in guesses)
    return min(zip(gaps, range(4), guesses, strict=True))[2]


def share_out(still: tuple[AgendaBlock, ...], budget: Minutes, left: int) -> dict[str, int]:
    """The new minutes of each open block that stays, by its id."""
    minutes: dict[str, int] = {}
    breaks = break_count(left)
    for kind, total in budget.items():
        ids = [block.id for block in still if block.kind == kind]
        most = max(1, total // _least(kind, left))
        if kind in _PRACTICE:
            most = min(breaks + 1, -(-total // ROUND))
        parts = min(len(ids), most)
        for place, block_id in enumerate(ids[:parts]):
            minutes[block_id] = (total + parts - 1 - place) // parts
    return minutes
