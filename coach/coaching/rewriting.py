"""Writes one block of an agenda anew, or its lesson on another goal; all other words stay."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from coach.coaching.agenda import Written, composing_pipeline
from coach.coaching.brief import AgendaRequest
from coach.coaching.composer.agenda import list_sources
from coach.coaching.contract import check_agenda
from coach.coaching.drafts import Agenda, AgendaBlock, LibraryCitation, Source
from coach.coaching.editing import OWN, EditRefused, find_block
from coach.coaching.pipeline import Coach, brief_for
from coach.coaching.writer.agenda import Board, write_blocks
from coach.coaching.writer.sheet import build_sheet
from coach.llm.faults import BudgetSpent
from coach.pairs.records import PairRecord

# These blocks are one lesson: a demo of one thing before hands on another helps nobody.
LESSON = ("warm_up", "demo", "hands_on", "explore", "teach_back")
_TAUGHT = LESSON[1:]
_KEPT = ("break", "slack")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Which block is to be written anew, and on what: None keeps to the wish it was written for."""

    block_id: str
    about: str | None = None


async def rewrite_block(
    coach: Coach, record: PairRecord, request: AgendaRequest, agenda: Agenda, asked: Rewrite
) -> Agenda:
    """The agenda with one block in new words; about something else, its whole lesson changes."""
    block = find_block(agenda, asked.block_id)
    if block.id.startswith(OWN):
        raise EditRefused("This part is in your own words, so only the two of you can change it.")
    if block.kind in _KEPT:
        raise EditRefused("There is nothing to write in a part that is kept free.")
    if asked.about is not None:
        request = replace(request, wish=asked.about)
    used = tuple(frame for one in agenda.blocks for frame in one.frame_ids)
    brief = replace(await brief_for(coach, record, request), minutes=agenda.minutes)
    written = await composing_pipeline(coach, used).ainvoke(brief)
    if asked.about is not None and written.shaped.material.wish_unheard:
        raise EditRefused(
            "The library has nothing near this yet: write it down as the wish of a session, and "
            "its agenda explores it together."
        )
    new_lesson = asked.about is not None and block.kind in _TAUGHT
    kinds = _TAUGHT if new_lesson else ()
    wanted = [one for one in agenda.blocks if one is block or one.kind in kinds]
    places = _match(agenda, written.agenda, [one for one in wanted if not _is_own(one)])
    worded = await _word(coach, written, tuple(places.values()))
    changed = _merge(agenda, written, worded, places)
    if [one.steps for one in changed.blocks] == [one.steps for one in agenda.blocks]:
        raise EditRefused(
            "The library has no other words for this part: change a line yourselves, or choose "
            "something else for it to be about."
        )
    return _sign(coach, changed, places)


def _sign(coach: Coach, agenda: Agenda, places: Mapping[str, int]) -> Agenda:
    """The agenda with its origin told anew when a model worded one of these blocks."""
    fresh = [block for block in agenda.blocks if block.id in places]
    by_model = any(step.origin == "model" for block in fresh for step in block.steps)
    if coach.model is None or not by_model or agenda.provenance.origin != "extractive":
        return agenda
    signed = replace(agenda.provenance, origin="mixed", model=coach.model.name)
    return replace(agenda, provenance=signed)


def _match(agenda: Agenda, fresh: Agenda, wanted: Sequence[AgendaBlock]) -> dict[str, int]:
    """Where the new words of each of these blocks stand; EditRefused when one has no match."""
    found = {}
    for block in wanted:
        kin = [one for one in agenda.blocks if one.kind == block.kind and not _is_own(one)]
        same = [place for place, one in enumerate(fresh.blocks) if one.kind == block.kind]
        turn = kin.index(block)
        if turn >= len(same):
            raise EditRefused(
                "This would need a session of another form: write it down as the wish of the "
                "session, and start a new draft."
            )
        found[block.id] = same[turn]
    return found


async def _word(coach: Coach, written: Written, places: tuple[int, ...]) -> Agenda:
    """The composer's agenda with these blocks in a model's words where there is one."""
    brief, material = written.shaped.brief, written.shaped.material
    if coach.model is None or brief.crisis:
        return written.agenda
    frames = coach.shelves.of(brief.language).agenda
    sheet = build_sheet(brief, material, frames, coach.model.hide_names)
    board = Board(written.agenda, brief, material, sheet)
    board.wanted = tuple(place for place in board.wanted if place in places)
    try:
        async with coach.model.open(coach.spender, "agenda_block") as asking:
            async with aclosing(write_blocks(board, asking)) as blocks:
                async for _ in blocks:
                    pass  # the board keeps them
    except BudgetSpent:
        return written.agenda
    return board.agenda


def _merge(agenda: Agenda, written: Written, worded: Agenda, places: Mapping[str, int]) -> Agenda:
    """The agenda with the new words in its own minutes and places, and its sources and verdicts."""
    blocks = tuple(
        _take(one, worded.blocks[places[one.id]]) if one.id in places else one
        for one in agenda.blocks
    )
    merged = replace(agenda, blocks=blocks, contract=())
    material = written.shaped.material
    is_known = all(passage in material.offered for passage in _cited(blocks))
    if is_known:
        merged = replace(merged, sources=list_sources(blocks, material.offered))
        return replace(merged, contract=check_agenda(merged, written.shaped.brief, material))
    fresh = list_sources([blocks[n] for n, one in enumerate(blocks) if one.id in places],
                         material.offered)  # fmt: skip
    return replace(merged, sources=_joined(agenda.sources, fresh, blocks))


def _take(block: AgendaBlock, fresh: AgendaBlock) -> AgendaBlock:
    return replace(
        fresh,
        id=block.id,
        minutes=block.minutes,
        starts_at_minute=block.starts_at_minute,
        merged_kinds=block.merged_kinds,
    )


def _joined(
    before: Sequence[Source], fresh: Sequence[Source], blocks: Sequence[AgendaBlock]
) -> tuple[Source, ...]:
    """The sources that are still cited, each once."""
    cited = {one.document_id for block in blocks for step in block.steps for one in step.citations
             if isinstance(one, LibraryCitation)}  # fmt: skip
    known = {one.document_id: one for one in (*before, *fresh)}
    return tuple(one for document_id, one in known.items() if document_id in cited)


def _cited(blocks: Sequence[AgendaBlock]) -> set[str]:
    """The ids of the passages that these blocks cite."""
    return {
        one.passage_id
        for block in blocks
        for step in block.steps
        for one in step.citations
        if isinstance(one, LibraryCitation)
    }


def _is_own(block: AgendaBlock) -> bool:
    return block.id.startswith(OWN)
