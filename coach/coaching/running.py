"""A session as it goes: blocks ticked off, the rest fitted to the time left, what was not reached.

The clock is told from outside. Minutes that a block took stand in its `actual_minutes`, 0 when it
was skipped; what was not reached is listed in `dropped` and offered first next time.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from coach.coaching.drafts import Agenda, AgendaBlock, Dropped
from coach.coaching.minutes import LONGEST
from coach.coaching.replan import USED, ReplanRefused, replan
from coach.errors import NotFound

RESCUE = 15
_EMPTY = ("break", "slack")


def mark_block(agenda: Agenda, block_id: str, minutes: int | None) -> Agenda:
    """The agenda with the minutes a block took, 0 for a skipped one; None takes the mark back."""
    if minutes is not None and not 0 <= minutes <= LONGEST:
        raise ReplanRefused(f"A block takes 0 to {LONGEST} minutes; {minutes} were reported.")
    if all(block.id != block_id for block in agenda.blocks):
        raise NotFound
    blocks = tuple(
        replace(one, actual_minutes=minutes) if one.id == block_id else one for one in agenda.blocks
    )
    return replace(agenda, blocks=blocks)


def fit_rest(agenda: Agenda, minutes_left: int) -> Agenda:
    """The agenda with its open blocks fitted to the minutes left."""
    return replan(agenda, minutes_left, {})


def begin_with(agenda: Agenda, minutes: int) -> Agenda:
    """The agenda fitted to the minutes there are when a session begins, late or as a rescue.

    What went by before is no part of the session: nobody led it, and it was not held.
    """
    fitted = fit_rest(agenda, minutes)
    blocks = _run_clock(one for one in fitted.blocks if not one.id.startswith(USED))
    return replace(fitted, blocks=blocks, minutes=sum(one.minutes for one in blocks))


def finish(agenda: Agenda, missed: Collection[str]) -> Agenda:
    """The agenda as it was held: skipped blocks and those not reached leave it for next time."""
    gone = [one for one in agenda.blocks if one.actual_minutes == 0 or one.id in missed]
    kept = [one for one in agenda.blocks if one not in gone]
    if not kept:
        raise ReplanRefused("A session in which nothing was done did not take place.")
    offered = (Dropped(one.kind, one.title, one.goal_ids) for one in gone if one.kind not in _EMPTY)
    dropped = (*agenda.dropped, *offered)
    return replace(agenda, blocks=_run_clock(kept), dropped=dropped, contract=())


def open_blocks(agenda: Agenda) -> tuple[AgendaBlock, ...]:
    """The blocks that nobody has ticked off."""
    return tuple(block for block in agenda.blocks if block.actual_minutes is None)


def minutes_of(block: AgendaBlock) -> int:
    """The minutes a block took, or is planned to take."""
    return block.minutes if block.actual_minutes is None else block.actual_minutes


def _run_clock(blocks: Iterable[AgendaBlock]) -> tuple[AgendaBlock, ...]:
    """The blocks one after the other, each as long as it took or is planned to take."""
    clock, timed = 0, []
    for block in blocks:
        timed.append(replace(block, starts_at_minute=clock))
        clock += minutes_of(block)
    return tuple(timed)
