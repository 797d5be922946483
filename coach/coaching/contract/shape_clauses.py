"""The clauses about minutes, order, leaders and shares: AG01-AG06, AG17."""

from collections.abc import Iterator

from coach.coaching.contract.exhibit import Exhibit, decide, excuse, says, unlabelled
from coach.coaching.contract.families import family
from coach.coaching.contract.texts import name_of
from coach.coaching.drafts import Agenda, AgendaBlock, Leader, Verdict

SHORT_SESSION = 20
REPLAN_FLOOR = 6
LONGEST_HANDS_ON = 45
BREAKS_BEYOND = 75
RANK = {
    "check_in": 0, "agreement": 1, "review": 1, "warm_up": 2, "demo": 3, "hands_on": 4,
    "explore": 4, "teach_back": 5, "swap": 6, "reflection": 7, "promises": 8, "slack": 9,
}  # fmt: skip
LEADS: dict[str, Leader] = {
    "warm_up": "mentor", "demo": "mentor", "hands_on": "mentor",
    "teach_back": "mentee", "swap": "mentee", "explore": "mentee",
}  # fmt: skip
HANDS: dict[str, Leader] = {
    "demo": "mentor", "warm_up": "mentee", "hands_on": "mentee", "teach_back": "mentee",
}  # fmt: skip
TECH = ("demo", "hands_on", "teach_back")


def length_of(block: AgendaBlock) -> int:
    """The minutes a block took, or is planned to take."""
    return block.minutes if block.actual_minutes is None else block.actual_minutes


def ahead(agenda: Agenda) -> tuple[AgendaBlock, ...]:
    """The blocks that are still to come; all of them before a session starts."""
    return tuple(block for block in agenda.blocks if block.actual_minutes is None)


def minutes_ahead(agenda: Agenda) -> int:
    """The minutes that are still to come."""
    return sum(block.minutes for block in ahead(agenda))


def is_replanned(agenda: Agenda) -> bool:
    """Whether a part of this session has already been held."""
    return any(block.actual_minutes is not None for block in agenda.blocks)


def below_floor(agenda: Agenda) -> bool:
    """Whether so little time is left that only promises remain."""
    return is_replanned(agenda) and minutes_ahead(agenda) < REPLAN_FLOOR


def kinds_of(block: AgendaBlock) -> tuple[str, ...]:
    """The kind of a block with those that share its minutes."""
    return (block.kind, *block.merged_kinds)


def has_kind(agenda: Agenda, *kinds: str) -> bool:
    """Whether a block is of one of these kinds, alone or merged."""
    return any(kind in kinds for block in agenda.blocks for kind in kinds_of(block))


def ag01_minutes_fill_the_session(exhibit: Exhibit[Agenda]) -> Verdict:
    """Blocks of whole minutes stand end to end and fill the session exactly."""
    agenda = exhibit.draft
    return decide("AG01", _minute_faults(agenda), f"{agenda.minutes} minutes, filled exactly")


def _minute_faults(agenda: Agenda) -> Iterator[str]:
    is_short = minutes_ahead(agenda) < SHORT_SESSION
    clock = 0
    for block in agenda.blocks:
        least = 1 if is_short or block.kind == "slack" else 2
        if block.actual_minutes is None and block.minutes < least:
            yield f"{name_of(block)} has {block.minutes} minutes, at least {least} are needed"
        if block.starts_at_minute != clock:
            yield f"{name_of(block)} starts at minute {block.starts_at_minute}, not at {clock}"
        clock += length_of(block)
    if clock != agenda.minutes:
        yield f"the blocks take {clock} minutes, the session has {agenda.minutes}"


def ag02_length_is_as_asked(exhibit: Exhibit[Agenda]) -> Verdict:
    """The agenda is as long as was asked for."""
    planned = sum(length_of(block) for block in exhibit.draft.blocks)
    asked = exhibit.brief.minutes
    faults = []
    if exhibit.draft.minutes != asked:
        faults.append(f"the agenda is for {exhibit.draft.minutes} minutes, {asked} were asked for")
    if planned > asked:
        faults.append(f"the blocks take {planned} minutes, {asked} were asked for")
    return decide("AG02", faults, f"{asked} minutes, as asked")


def ag03_kinds_are_in_order(exhibit: Exhibit[Agenda]) -> Verdict:
    """Blocks follow the order of the shape, and none that must stay is missing."""
    agenda = exhibit.draft
    faults = [*_order_faults(agenda), *_missing_kinds(agenda), *_merge_faults(agenda)]
    return decide("AG03", faults, "the blocks follow the order of the shape")


def _order_faults(agenda: Agenda) -> Iterator[str]:
    blocks = ahead(agenda)
    reached, previous = -1, ""
    for place, block in enumerate(blocks):
        if block.kind == "break":
            if agenda.minutes <= BREAKS_BEYOND or place in (0, len(blocks) - 1):
                yield f"{name_of(block)} stands where no break belongs"
            continue
        rank = RANK[block.kind]
        is_second_round = block.kind == previous and block.kind in ("hands_on", "explore")
        if rank < reached or (rank == reached and not is_second_round):
            yield f"{name_of(block)} comes too late or twice"
        if block.kind == "hands_on" and block.minutes > LONGEST_HANDS_ON:
            yield f"{name_of(block)} is longer than {LONGEST_HANDS_ON} minutes"
        reached, previous = max(reached, rank), block.kind


def _missing_kinds(agenda: Agenda) -> Iterator[str]:
    if not has_kind(agenda, "promises"):
        yield "no block for promises"
    if below_floor(agenda):
        return
    if not has_kind(agenda, "hands_on", "explore"):
        yield "no hands-on or explore block"
    if not has_kind(agenda, "swap"):
        yield "no swap block"


def _merge_faults(agenda: Agenda) -> Iterator[str]:
    if minutes_ahead(agenda) >= SHORT_SESSION:
        for block in ahead(agenda):
            if block.merged_kinds:
                yield f"{name_of(block)} shares its minutes in a session of 20 minutes or more"


def ag04_each_block_has_its_leader(exhibit: Exhibit[Agenda]) -> Verdict:
    """Each kind of block is led by, and in the hands of, the person it belongs to."""
    return decide("AG04", _leader_faults(exhibit.draft), "every block is led by the right person")


def _leader_faults(agenda: Agenda) -> Iterator[str]:
    for block in agenda.blocks:
        lead, hands = LEADS.get(block.kind, "both"), HANDS.get(block.kind, "both")
        if block.lead != lead:
            yield f"{name_of(block)} is led by {block.lead}, it belongs to {lead}"
        if block.hands != hands:
            yield f"{name_of(block)} is in the hands of {block.hands}, it belongs to {hands}"


def ag05_swap_is_career(exhibit: Exhibit[Agenda]) -> Verdict:
    """The swap has its minutes, and its question is built from the mentor's own career goal."""
    agenda = exhibit.draft
    swaps = [block for block in agenda.blocks if block.kind == "swap"]
    if below_floor(agenda) and not swaps:
        return excuse("AG05", "fewer than 6 minutes are left, which keep only the promises")
    faults = list(_swap_share_faults(agenda, swaps))
    if exhibit.brief.career_goal is None:
        faults += (
            []
            if _asks_for_a_goal(swaps, agenda.language)
            else ["the swap does not ask the mentor for a goal"]
        )
        if not faults:
            return excuse("AG05", "the mentor has stated no career goal, so the swap asks for one")
    else:
        faults += _swap_words_faults(exhibit, swaps)
    return decide("AG05", faults, "the swap has its minutes and asks about the career goal")


def _swap_share_faults(agenda: Agenda, swaps: list[AgendaBlock]) -> Iterator[str]:
    total = sum(length_of(block) for block in swaps)
    planned = [block for block in swaps if block.actual_minutes is None]
    left = minutes_ahead(agenda)
    if planned and total < 3:
        yield f"the swap has {total} minutes, at least 3 are needed"
    if planned and sum(block.minutes for block in planned) * 100 < 15 * left:
        yield f"the swap has {total} of {left} minutes, at least 15 % are needed"
    if not swaps:
        yield "no swap block"


def _asks_for_a_goal(swaps: list[AgendaBlock], language: str) -> bool:
    asked = [step.text for block in swaps for step in block.steps if step.kind == "ask"]
    return any(says(text, word) for text in asked for word in family("career goal", language))


def _swap_words_faults(exhibit: Exhibit[Agenda], swaps: list[AgendaBlock]) -> Iterator[str]:
    goal = exhibit.brief.career_goal
    if goal is None:
        return
    asked = [step.text for block in swaps for step in block.steps if step.kind == "ask"]
    wanted = unlabelled(goal.text).rstrip(".")
    if not any(says(text, f"“{wanted}”") or says(text, f"“{goal.text}”") for text in asked):
        yield f"no question of the swap quotes the mentor's goal “{wanted}” whole"
    if not any(goal.id in block.goal_ids for block in swaps):
        yield f"the swap does not name the career goal {goal.id}"
    for block in swaps:
        for step in block.steps:
            for citation in step.citations:
                passage = exhibit.material.offered.get(getattr(citation, "passage_id", ""))
                if passage is not None and passage.document_kind == "tutorial":
                    yield f"the swap quotes the tutorial “{passage.document_title}”"


def ag06_mentee_has_the_hands(exhibit: Exhibit[Agenda]) -> Verdict:
    """The mentee's hands do the work in at least 40 % of the tech minutes."""
    return _judge_hands(exhibit.draft)


def _judge_hands(agenda: Agenda) -> Verdict:
    blocks = [block for block in ahead(agenda) if block.kind in TECH]
    total = sum(block.minutes for block in blocks)
    if not total:
        return excuse("AG06", "no demo, hands-on or teach-back minutes are planned")
    hands = sum(block.minutes for block in blocks if block.hands == "mentee")
    demo = sum(block.minutes for block in blocks if block.kind == "demo")
    tried = sum(block.minutes for block in blocks if block.kind == "hands_on")
    faults = []
    if hands * 100 < 40 * total:
        faults.append(f"the mentee's hands have {hands} of {total} tech minutes, 40 % are needed")
    if tried < demo:
        faults.append(f"hands-on has {tried} minutes, the demo {demo}")
    return decide("AG06", faults, f"the mentee's hands have {hands} of {total} tech minutes")


def ag17_there_is_slack(exhibit: Exhibit[Agenda]) -> Verdict:
    """At least 5 % of the time is kept free; in a short session the last block holds it."""
    return _judge_slack(exhibit.draft)


def _judge_slack(agenda: Agenda) -> Verdict:
    left = minutes_ahead(agenda)
    if below_floor(agenda) or not left:
        return excuse("AG17", "fewer than 6 minutes are left, which keep only the promises")
    free = sum(block.minutes for block in ahead(agenda) if block.kind == "slack")
    if left < SHORT_SESSION and not free:
        has_room = "slack" in kinds_of(agenda.blocks[-1])
        return decide(
            "AG17",
            [] if has_room else ["the last block keeps no slack"],
            "the last block keeps slack",
        )
    faults = (
        [] if free * 100 >= 5 * left else [f"{free} of {left} minutes are free, 5 % are needed"]
    )
    return decide("AG17", faults, f"{free} minutes are kept free")


def list_shape_faults(agenda: Agenda) -> tuple[tuple[str, str], ...]:
    """What breaks AG01, AG03, AG05, AG06 or AG17 in minutes, order and shares: clause and fault."""
    faults = [("AG01", fault) for fault in _minute_faults(agenda)]
    faults += [("AG03", fault) for fault in (*_order_faults(agenda), *_missing_kinds(agenda))]
    swaps = [block for block in agenda.blocks if block.kind == "swap"]
    if not below_floor(agenda):
        faults += [("AG05", fault) for fault in _swap_share_faults(agenda, swaps)]
    verdicts = (_judge_hands(agenda), _judge_slack(agenda))
    faults += [(one.clause, one.detail) for one in verdicts if one.holds is False]
    return tuple(faults)
