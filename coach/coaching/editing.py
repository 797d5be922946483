"""What two people may do to a draft: say it in other words, order it anew, move its minutes.

Each edit gives a whole agenda back or refuses in one sentence. The contract decides about minutes,
order and shares: what it allowed before may not break, and what was broken before is no reason to
refuse. Words are the pair's own to judge, so the verdicts of a draft go with its old words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from coach.coaching.contract.shape_clauses import RANK, list_shape_faults
from coach.coaching.drafts import Agenda, AgendaBlock, AgendaStep, BlockKind, PrepTask
from coach.coaching.shape import hands_of, lead_of
from coach.errors import CoachError, NotFound

OWN = "own-"
OWN_KINDS: tuple[BlockKind, ...] = ("check_in", "warm_up", "hands_on", "teach_back", "reflection")
MOST_BLOCKS, MOST_LINES, LONGEST_BLOCK = 14, 10, 90
SHORTEST_TEXT = 3
LONGEST: dict[str, int] = {"purpose": 240, "title": 90, "outcome": 160, "steps": 400,
                           "promises": 300, "prep": 300}  # fmt: skip
_WHY = {
    "AG01": "every part keeps at least 2 minutes, and together they fill the session",
    "AG03": "the parts of a session keep their order, from arriving to the promises",
    "AG05": "career guidance keeps at least 15 % of the time, and never less than 3 minutes",
    "AG06": "the mentee's own hands keep at least 40 % of the practice, and trying is never "
    "shorter than watching",
    "AG17": "at least 5 % of the time stays free for what takes longer",
}


class EditRefused(CoachError):
    """The contract of a session does not allow this change."""

    status = 422
    title = "The agenda cannot be changed like that."


class TextFault(CoachError):
    """A text of an agenda is empty or too long to be read in a session."""

    status = 422
    title = "These words are too short or too long for their place."


def put_words(agenda: Agenda, place: str, text: str) -> Agenda:
    """The agenda with other words in one place, such as `purpose`, `b3/title` or `b3/steps/2`.

    The places are purpose, <block>/title, <block>/outcome, <block>/steps/<n>, promises/<n>,
    promises/<n>/when, prep/mentor/<n> and prep/mentee/<n>; NotFound for any other.
    """
    text = text.strip()
    first, *rest = place.split("/")
    if place == "purpose":
        return replace(agenda, purpose=check_length(text, "purpose"), contract=())
    if first == "promises":
        return _put_promise(agenda, rest, text)
    if first == "prep":
        return _put_prep(agenda, rest, text)
    block = find_block(agenda, first)
    return put_block(agenda, _word(block, rest, text))


def read_words(agenda: Agenda, place: str) -> str:
    """The words that stand in one place now; NotFound where there is none."""
    first, *rest = place.split("/")
    if place == "purpose":
        return agenda.purpose
    if first == "promises":
        promise = agenda.promises[_index(rest[:1], agenda.promises)]
        return promise.when if rest[1:] == ["when"] else promise.text
    if first == "prep":
        tasks = _tasks(agenda, rest)
        return tasks[_index(rest[1:], tasks)].text
    block = find_block(agenda, first)
    if rest in (["title"], ["outcome"]):
        return block.title if rest == ["title"] else block.outcome
    return block.steps[_index(rest[1:], block.steps)].text


def list_places(agenda: Agenda) -> Iterator[tuple[str, str]]:
    """Each place whose words can be changed, with the words that stand there now."""
    yield "purpose", agenda.purpose
    for block in agenda.blocks:
        yield f"{block.id}/title", block.title
        yield f"{block.id}/outcome", block.outcome
        for number, step in enumerate(block.steps):
            yield f"{block.id}/steps/{number}", step.text
    for number, promise in enumerate(agenda.promises):
        yield f"promises/{number}", promise.text
        yield f"promises/{number}/when", promise.when
    for whose, tasks in (("mentor", agenda.prep.mentor), ("mentee", agenda.prep.mentee)):
        yield from ((f"prep/{whose}/{number}", one.text) for number, one in enumerate(tasks))


def move_block(agenda: Agenda, block_id: str, to: int) -> Agenda:
    """The agenda with a block in another place, counted from 0; EditRefused when order forbids."""
    block = find_block(agenda, block_id)
    others = [one for one in agenda.blocks if one.id != block_id]
    if not 0 <= to <= len(others):
        raise EditRefused(f"An agenda of {len(agenda.blocks)} parts has no place {to + 1}.")
    others.insert(to, block)
    return settle_shape(agenda, others, f"“{block.title}” stays where it is")


def move_minutes(agenda: Agenda, giver_id: str, taker_id: str, minutes: int) -> Agenda:
    """The agenda with minutes moved from one block to another; EditRefused when one lacks them."""
    giver, taker = find_block(agenda, giver_id), find_block(agenda, taker_id)
    if giver.id == taker.id or not 1 <= minutes:
        raise EditRefused("Choose two different parts, and at least one minute to move.")
    _check_gift(giver, minutes)
    if taker.minutes + minutes > LONGEST_BLOCK:
        raise EditRefused(f"No part is longer than {LONGEST_BLOCK} minutes.")
    given = {giver.id: giver.minutes - minutes, taker.id: taker.minutes + minutes}
    blocks = [replace(one, minutes=given.get(one.id, one.minutes)) for one in agenda.blocks]
    return settle_shape(agenda, blocks, "The minutes stay where they are")


def add_block(
    agenda: Agenda, kind: BlockKind, title: str, lines: Sequence[str], giver: tuple[str, int]
) -> Agenda:
    """The agenda with a block of the pair's own, on minutes that another block gives."""
    giver_id, minutes = giver
    source = find_block(agenda, giver_id)
    if kind not in OWN_KINDS:
        raise EditRefused("A part of your own is for arriving, trying, telling or looking back.")
    if len(agenda.blocks) >= MOST_BLOCKS:
        raise EditRefused(f"An agenda has at most {MOST_BLOCKS} parts, so that an hour holds it.")
    if minutes < 1:
        raise EditRefused("A part of your own needs at least one minute.")
    _check_gift(source, minutes)
    own = AgendaBlock(
        id=_new_id(agenda),
        kind=kind,
        title=check_length(title.strip(), "title"),
        minutes=minutes,
        starts_at_minute=0,
        lead=lead_of(kind),
        hands=hands_of(kind),
        outcome="",
        steps=_own_steps(lines),
    )
    blocks = [replace(b, minutes=b.minutes - minutes) if b is source else b for b in agenda.blocks]
    place = sum(1 for one in blocks if _rank(one, blocks) <= RANK[kind])
    blocks.insert(place, own)
    return settle_shape(agenda, blocks, f"“{own.title}” does not fit")


def remove_block(agenda: Agenda, block_id: str, taker_id: str) -> Agenda:
    """The agenda without a block of the pair's own; another block takes its minutes."""
    block, taker = find_block(agenda, block_id), find_block(agenda, taker_id)
    if not block.id.startswith(OWN):
        raise EditRefused("Only a part that you added yourselves can be taken out again.")
    if taker is block or taker.minutes + block.minutes > LONGEST_BLOCK:
        raise EditRefused("Choose another part that takes over the minutes.")
    blocks = [
        replace(one, minutes=one.minutes + block.minutes) if one is taker else one
        for one in agenda.blocks
        if one is not block
    ]
    return settle_shape(agenda, blocks, f"“{block.title}” stays")


def settle_shape(agenda: Agenda, blocks: Iterable[AgendaBlock], refusal: str) -> Agenda:
    """The agenda with these blocks one after the other, or EditRefused with the reason."""
    changed = replace(agenda, blocks=run_clock(blocks), contract=())
    before = set(list_shape_faults(agenda))
    known = {clause for clause, _ in before}
    for clause, fault in list_shape_faults(changed):
        if clause not in known or (clause in ("AG01", "AG03") and (clause, fault) not in before):
            raise EditRefused(f"{refusal}: {_WHY.get(clause, fault)}.")
    return changed


def put_block(agenda: Agenda, block: AgendaBlock) -> Agenda:
    """The agenda with this block in the place of the one of its id."""
    blocks = tuple(block if one.id == block.id else one for one in agenda.blocks)
    return replace(agenda, blocks=blocks, contract=())


def find_block(agenda: Agenda, block_id: str) -> AgendaBlock:
    """The block of this id, or NotFound."""
    for block in agenda.blocks:
        if block.id == block_id:
            return block
    raise NotFound


def run_clock(blocks: Iterable[AgendaBlock]) -> tuple[AgendaBlock, ...]:
    """The blocks one after the other from minute 0."""
    clock, timed = 0, []
    for block in blocks:
        timed.append(replace(block, starts_at_minute=clock))
        clock += block.minutes
    return tuple(timed)


def check_length(text: str, part: str) -> str:
    """The text when it fits this part of an agenda, or TextFault."""
    longest = LONGEST[part]
    if not SHORTEST_TEXT <= len(text) <= longest:
        raise TextFault(
            f"These words need {SHORTEST_TEXT} to {longest} characters; they have {len(text)}."
        )
    return text


def _check_gift(giver: AgendaBlock, minutes: int) -> None:
    if giver.minutes <= minutes:
        raise EditRefused(
            f"“{giver.title}” has {giver.minutes} minutes, so it can give fewer than that."
        )


def _word(block: AgendaBlock, rest: Sequence[str], text: str) -> AgendaBlock:
    match rest:
        case ["title"]:
            return replace(block, title=check_length(text, "title"))
        case ["outcome"]:
            return replace(block, outcome=check_length(text, "outcome"))
        case ["steps", number]:
            place = _index([number], block.steps)
            said = AgendaStep(block.steps[place].kind, check_length(text, "steps"), "pair")
            steps = (*block.steps[:place], said, *block.steps[place + 1 :])
            return replace(block, steps=steps)
    raise NotFound


def _put_promise(agenda: Agenda, rest: Sequence[str], text: str) -> Agenda:
    place = _index(rest[:1], agenda.promises)
    said = check_length(text, "promises")
    match rest[1:]:
        case []:
            promise = replace(agenda.promises[place], text=said)
        case ["when"]:
            promise = replace(agenda.promises[place], when=said)
        case _:
            raise NotFound
    promises = (*agenda.promises[:place], promise, *agenda.promises[place + 1 :])
    return replace(agenda, promises=promises, contract=())


def _put_prep(agenda: Agenda, rest: Sequence[str], text: str) -> Agenda:
    tasks = _tasks(agenda, rest)
    place = _index(rest[1:], tasks)
    said = replace(tasks[place], text=check_length(text, "prep"), citations=())
    changed = (*tasks[:place], said, *tasks[place + 1 :])
    mine = rest[0] == "mentor"
    prep = replace(agenda.prep, mentor=changed) if mine else replace(agenda.prep, mentee=changed)
    return replace(agenda, prep=prep, contract=())


def _tasks(agenda: Agenda, rest: Sequence[str]) -> tuple[PrepTask, ...]:
    if len(rest) != 2 or rest[0] not in ("mentor", "mentee"):
        raise NotFound
    return agenda.prep.mentor if rest[0] == "mentor" else agenda.prep.mentee


def _index(parts: Sequence[str], there: Sequence[object]) -> int:
    if len(parts) == 1 and parts[0].isascii() and parts[0].isdigit() and len(parts[0]) < 4:
        if int(parts[0]) < len(there):
            return int(parts[0])
    raise NotFound


def _own_steps(lines: Sequence[str]) -> tuple[AgendaStep, ...]:
    texts = [check_length(line.strip(), "steps") for line in lines if line.strip()]
    if not 1 <= len(texts) <= MOST_LINES:
        raise TextFault(f"A part of your own has 1 to {MOST_LINES} lines.")
    return tuple(AgendaStep("ask" if text.endswith("?") else "say", text, "pair") for text in texts)


def _rank(block: AgendaBlock, blocks: Sequence[AgendaBlock]) -> int:
    """Where a block stands in the order; a break stands with what comes before it."""
    if block.kind != "break":
        return RANK[block.kind]
    place = blocks.index(block)
    return _rank(blocks[place - 1], blocks) if place else 0


def _new_id(agenda: Agenda) -> str:
    taken = {block.id for block in agenda.blocks}
    number = 1
    while f"{OWN}{number}" in taken:
        number += 1
    return f"{OWN}{number}"
