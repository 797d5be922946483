"""Plans what is left of a running session anew, with the minutes of the solver.

Blocks done keep their actual minutes; the rest gets the minutes the table would give it in the
longest session whose remaining kinds fit into the time left, so a session on schedule keeps its
plan. Readings settled here:

- The session keeps its length. Minutes that are gone and belong to no finished block (a late
  start, a block that was never ticked off) stand as one "Time already used" break with actual
  minutes, so that actual + planned is the length. More time than the length holds makes the
  session longer, up to 180 minutes; what would go beyond is not planned.
- A block done in 0 minutes was skipped: it leaves the agenda and is listed in `dropped`.
- Time nobody planned for goes to hands_on, then swap (each at most 45 minutes), then slack.
- A demo falls out once hands_on is done. Breaks and slack that fall out are not listed: there is
  nothing in them to offer again.
- A review or an agreement that falls out lends its steps and commitments to `promises`, a second
  round to the first, when all of its steps fit among ten; else it is listed in `dropped`, the
  commitments still going to `promises`.
- The verdicts of the old plan say nothing about the new one, so `contract` comes back empty.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import count

from coach.coaching.drafts import Agenda, AgendaBlock, BlockKind, Dropped
from coach.coaching.minutes import BREAK, LONGEST
from coach.coaching.remaining import LONGEST_BLOCK, budget_minutes, share_out
from coach.coaching.shape import break_count, break_places
from coach.errors import CoachError

_STEPS = 10
USED = "time-used"
_FILLERS: dict[str, tuple[BlockKind, str, str]] = {
    USED: ("break", "Time already used", ""),
    "pause": ("break", "Break", "Both are back on time."),
    "spare": ("slack", "Spare time", "The session ends on time."),
}


class ReplanRefused(CoachError):
    """What was reported of the running session cannot be."""

    status = 422
    title = "This session cannot be planned anew from what was reported."


def replan(agenda: Agenda, minutes_left: int, blocks_done: Mapping[str, int]) -> Agenda:
    """The agenda with its open blocks fitted to the minutes left, or ReplanRefused.

    `blocks_done` gives the actual minutes of each finished block by its id.
    """
    _refuse(agenda, minutes_left, blocks_done)
    known = [block for block in agenda.blocks if not block.id.startswith(USED)]
    actual = {b.id: b.actual_minutes for b in known if b.actual_minutes is not None}
    actual.update(blocks_done)
    done = tuple(
        replace(block, minutes=actual[block.id], actual_minutes=actual[block.id])
        for block in known
        if actual.get(block.id)
    )
    held = sum(block.minutes for block in done)
    left = min(minutes_left, LONGEST - held)
    if left < 1:
        raise ReplanRefused(f"The blocks done already fill the {LONGEST} minutes of a session.")
    still = tuple(block for block in known if block.id not in actual)
    planned, fallen = _plan(agenda, still, left)
    fallen = tuple(block for block in known if actual.get(block.id) == 0) + fallen
    used = _fill(USED, agenda.minutes - held - left)
    used = tuple(replace(block, actual_minutes=block.minutes) for block in used)
    return replace(
        agenda,
        minutes=max(agenda.minutes, held + left),
        blocks=_run_clock(done + used + planned),
        dropped=_list_dropped(agenda, fallen),
        contract=(),
    )


def _refuse(agenda: Agenda, minutes_left: int, blocks_done: Mapping[str, int]) -> None:
    if not 1 <= minutes_left <= LONGEST:
        raise ReplanRefused(
            f"Between 1 and {LONGEST} minutes can be left; {minutes_left} were reported."
        )
    known = {block.id for block in agenda.blocks}
    for block_id, minutes in blocks_done.items():
        if block_id not in known:
            raise ReplanRefused("One of the blocks reported as done is not in this agenda.")
        if not 0 <= minutes <= LONGEST:
            raise ReplanRefused(f"A block takes 0 to {LONGEST} minutes; {minutes} were reported.")


def _plan(
    agenda: Agenda, still: tuple[AgendaBlock, ...], left: int
) -> tuple[tuple[AgendaBlock, ...], tuple[AgendaBlock, ...]]:
    """The open blocks with their new minutes, breaks among them, and those that fall out."""
    budget = budget_minutes(agenda, still, left)
    minutes = share_out(still, budget, left)
    kept = [replace(block, minutes=minutes[block.id]) for block in still if block.id in minutes]
    gone = [b for b in still if b.id not in minutes and b.kind not in ("break", "slack")]
    kept, gone = _carry(kept, gone)
    places = break_places(tuple((b.kind, b.minutes) for b in kept), break_count(left))
    spare = left - sum(minutes.values()) - BREAK * len(places)
    taken = {block.id for block in agenda.blocks}
    pauses = tuple(replace(b, minutes=BREAK) for b in still if b.kind == "break")
    missing = BREAK * (len(places) - len(pauses))
    pauses += _fill("pause", missing, taken, BREAK)
    kept.extend(_fill("spare", spare, taken))
    if any(block.kind == "slack" for block in kept):
        kept = [_without_merged_slack(block) for block in kept]
    return _put_breaks(kept, pauses, places), tuple(gone)


def _carry(
    kept: list[AgendaBlock], gone: list[AgendaBlock]
) -> tuple[list[AgendaBlock], list[AgendaBlock]]:
    """Give what must not be lost to a block that stays; the rest is gone."""
    lost = []
    for block in gone:
        heir_kind = "promises" if block.kind in ("review", "agreement") else block.kind
        place = next((i for i, heir in enumerate(kept) if heir.kind == heir_kind), None)
        if place is None:
            lost.append(block)
            continue
        heir = kept[place]
        fits = len(heir.steps) + len(block.steps) <= _STEPS
        kept[place] = _merge(heir, block, fits)
        if not fits:
            lost.append(block)
    return kept, lost


def _merge(heir: AgendaBlock, block: AgendaBlock, fits: bool) -> AgendaBlock:
    """The heir with the commitments of a block that falls out, and its steps when they fit."""
    commitments = tuple(dict.fromkeys((*heir.commitment_ids, *block.commitment_ids)))
    if not fits:
        return replace(heir, commitment_ids=commitments)
    same = heir.kind == block.kind
    merged = () if same else (block.kind, *block.merged_kinds)
    return replace(
        heir,
        commitment_ids=commitments,
        # What is carried over from the opening comes before the new promises.
        steps=heir.steps + block.steps if same else block.steps + heir.steps,
        goal_ids=tuple(dict.fromkeys((*heir.goal_ids, *block.goal_ids))),
        memory_item_ids=tuple(dict.fromkeys((*heir.memory_item_ids, *block.memory_item_ids))),
        merged_kinds=tuple(dict.fromkeys((*merged, *heir.merged_kinds))),
        needs_check=heir.needs_check or block.needs_check,
        frame_ids=tuple(dict.fromkeys((*heir.frame_ids, *block.frame_ids))),
    )


def _without_merged_slack(block: AgendaBlock) -> AgendaBlock:
    kinds = tuple(kind for kind in block.merged_kinds if kind != "slack")
    return replace(block, merged_kinds=kinds)


def _put_breaks(
    kept: list[AgendaBlock], pauses: tuple[AgendaBlock, ...], places: tuple[int, ...]
) -> tuple[AgendaBlock, ...]:
    """The blocks with a break before each of these places."""
    supply = iter(pauses)
    blocks: list[AgendaBlock] = []
    for index, block in enumerate(kept):
        if index in places:
            blocks.append(next(supply))
        blocks.append(block)
    return tuple(blocks)


def _fill(
    name: str, minutes: int, taken: Collection[str] = (), longest: int = LONGEST_BLOCK
) -> tuple[AgendaBlock, ...]:
    """Blocks without steps for minutes that belong to no block of the agenda."""
    kind, title, outcome = _FILLERS[name]
    ids = (f"{name}-{n}" for n in count(1) if f"{name}-{n}" not in taken)
    blocks: list[AgendaBlock] = []
    while minutes > 0:
        part = min(minutes, longest)
        minutes -= part
        blocks.append(AgendaBlock(next(ids), kind, title, part, 0, "both", "both", outcome, ()))
    return tuple(blocks)


def _run_clock(blocks: tuple[AgendaBlock, ...]) -> tuple[AgendaBlock, ...]:
    """The blocks one after the other, from minute 0."""
    clock, timed = 0, []
    for block in blocks:
        late = block.starts_at_minute != clock
        timed.append(replace(block, starts_at_minute=clock) if late else block)
        clock += block.minutes
    return tuple(timed)


def _list_dropped(agenda: Agenda, fallen: tuple[AgendaBlock, ...]) -> tuple[Dropped, ...]:
    now = (Dropped(block.kind, block.title, block.goal_ids) for block in fallen)
    return (*agenda.dropped, *now)
