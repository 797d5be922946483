"""Drafts the agenda of a session: brief, material, shape, words, verdicts."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from langchain_core.runnables import Runnable

from coach.coaching.brief import AgendaRequest, Brief, Material
from coach.coaching.composer.agenda import compose_agenda, used_frames
from coach.coaching.composer.lines import Desk
from coach.coaching.contract import check_agenda
from coach.coaching.drafts import Agenda, AgendaBlock
from coach.coaching.gathering import asks_once_more, gather_for_agenda
from coach.coaching.pipeline import Coach, brief_for, say_fault, say_language, sign, step
from coach.coaching.shape import Shape, ShapeRequest, solve_shape
from coach.coaching.writer.agenda import Board, write_blocks
from coach.coaching.writer.sheet import build_sheet
from coach.llm.faults import BudgetSpent
from coach.pairs.records import PairRecord


@dataclass(frozen=True, slots=True)
class Gathered:
    """A brief with what the library offers it."""

    brief: Brief
    material: Material


@dataclass(frozen=True, slots=True)
class Shaped:
    """A brief with its material and its shape."""

    brief: Brief
    material: Material
    shape: Shape


@dataclass(frozen=True, slots=True)
class Written:
    """An agenda with what it was written from."""

    shaped: Shaped
    agenda: Agenda


def agenda_pipeline(coach: Coach) -> Runnable[Brief, Agenda]:
    """A brief goes in; a checked agenda comes out."""

    async def write(written: Written) -> Written:
        async for part in write_agenda(coach, written):
            if isinstance(part, Agenda):
                written = replace(written, agenda=part)
        return written

    return composing_pipeline(coach) | step(write) | step(hold_contract)


def composing_pipeline(coach: Coach, said: tuple[str, ...] = ()) -> Runnable[Brief, Written]:
    """A brief goes in; the composer's agenda comes out, with what it was written from.

    Frames in `said` step aside for others, so that a block written anew is not the same again.
    """

    async def retrieve(brief: Brief) -> Gathered:
        frames = coach.shelves.of(brief.language).agenda
        fillers = {str(word) for word in frames.listed("fillers")}
        brief = replace(brief, once_more=asks_once_more(brief, frames.listed("once_more")))
        found = await gather_for_agenda(coach.library, brief, coach.abstain_below, fillers)
        return Gathered(*found)

    async def shape(gathered: Gathered) -> Shaped:
        request = build_shape_request(gathered.brief, gathered.material)
        return Shaped(gathered.brief, gathered.material, solve_shape(request))

    async def compose(shaped: Shaped) -> Written:
        frames = coach.shelves.of(shaped.brief.language).agenda
        used = (*used_frames(shaped.brief), *said)
        desk = Desk(shaped.brief, shaped.material, shaped.shape, frames, used)
        return Written(
            shaped, compose_agenda(desk, datetime.now(UTC).isoformat(timespec="seconds"))
        )

    return step(retrieve) | step(shape) | step(compose)


async def hold_contract(written: Written) -> Agenda:
    """The agenda with the verdict of every clause, judged once."""
    agenda, brief = written.agenda, written.shaped.brief
    agenda = replace(
        agenda, provenance=say_language(agenda.provenance, brief.language, agenda.language)
    )
    if agenda.contract:
        return agenda
    return replace(agenda, contract=check_agenda(agenda, brief, written.shaped.material))


async def write_agenda(
    coach: Coach, written: Written
) -> AsyncGenerator[AgendaBlock | Agenda, None]:
    """Each block once it is whole and checked, in a model's words where there is one."""
    agenda, brief = written.agenda, written.shaped.brief
    # A pair in distress gets what stands in prompts/composer, and no model hears of it.
    if coach.model is None or brief.crisis:
        for block in agenda.blocks:
            yield block
        yield agenda
        return
    frames = coach.shelves.of(brief.language).agenda
    sheet = build_sheet(brief, written.shaped.material, frames, coach.model.hide_names)
    board = Board(agenda, brief, written.shaped.material, sheet)
    try:
        async with coach.model.open(coach.spender, "agenda_block") as asking:
            async with aclosing(write_blocks(board, asking)) as blocks:
                async for block in blocks:
                    yield block
            whole = board.finish()
            signed = sign(agenda.provenance, asking, len(board.written), len(board.wanted))
    except BudgetSpent as fault:
        for block in agenda.blocks:
            yield block
        whole, signed = agenda, replace(agenda.provenance, notice=say_fault([fault]))
    yield replace(whole, provenance=signed)


def build_shape_request(brief: Brief, material: Material) -> ShapeRequest:
    """What the solver needs to know of a brief."""
    return ShapeRequest(
        minutes=brief.minutes,
        first=brief.first,
        open_promises=bool(brief.promises),
        due=bool(brief.due),
        covered=material.tech is not None,
        stalled=brief.stalled,
        rehearsal=brief.rehearsal,
        low_balance=brief.low_balance,
        level=brief.level,
    )


async def draft_agenda(coach: Coach, record: PairRecord, request: AgendaRequest) -> Agenda:
    """A checked agenda for this pair's next session, written for both to read."""
    return await agenda_pipeline(coach).ainvoke(await brief_for(coach, record, request))


async def stream_agenda(
    coach: Coach, record: PairRecord, request: AgendaRequest
) -> AsyncGenerator[AgendaBlock | Agenda, None]:
    """Each block once it is whole and checked, then the agenda."""
    brief = await brief_for(coach, record, request)
    written = await composing_pipeline(coach).ainvoke(brief)
    async with aclosing(write_agenda(coach, written)) as parts:
        async for part in parts:
            if isinstance(part, Agenda):
                yield await hold_contract(replace(written, agenda=part))
            else:
                yield part
