"""Drafts the agenda of a session: brief, material, shape, words, verdicts."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from langchain_core.runnables import Runnable

from coach.coaching.brief import AgendaRequest, Brief, Material
from coach.coaching.composer.agenda import compose_agenda, used_frames
from coach.coaching.composer.lines import Desk
from coach.coaching.contract import check_agenda
from coach.coaching.drafts import Agenda, AgendaBlock
from coach.coaching.gathering import gather_for_agenda
from coach.coaching.pipeline import Coach, brief_for, step
from coach.coaching.shape import Shape, ShapeRequest, solve_shape
from coach.coaching.writer.agendas import Writing, word_agenda
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


def agenda_pipeline(coach: Coach) -> Runnable[Brief, Written]:
    """A brief goes in; a composed and checked agenda comes out, with what it was written from."""

    async def retrieve(brief: Brief) -> Gathered:
        fillers = {str(word) for word in coach.agenda_frames.listed("fillers")}
        found = await gather_for_agenda(coach.library, brief, coach.abstain_below, fillers)
        return Gathered(*found)

    async def shape(gathered: Gathered) -> Shaped:
        request = build_shape_request(gathered.brief, gathered.material)
        return Shaped(gathered.brief, gathered.material, solve_shape(request))

    async def write(shaped: Shaped) -> Written:
        frames = coach.agenda_frames
        desk = Desk(shaped.brief, shaped.material, shaped.shape, frames, used_frames(shaped.brief))
        return Written(
            shaped, compose_agenda(desk, datetime.now(UTC).isoformat(timespec="seconds"))
        )

    async def hold_contract(written: Written) -> Written:
        verdicts = check_agenda(written.agenda, written.shaped.brief, written.shaped.material)
        return replace(written, agenda=replace(written.agenda, contract=verdicts))

    return step(retrieve) | step(shape) | step(write) | step(hold_contract)


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
    drafted = [part async for part in stream_agenda(coach, record, request)]
    agenda = drafted[-1]
    assert isinstance(agenda, Agenda)  # noqa: S101  the last part of every stream
    return agenda


async def stream_agenda(
    coach: Coach, record: PairRecord, request: AgendaRequest
) -> AsyncIterator[AgendaBlock | Agenda]:
    """Each block once it is whole and checked, then the agenda.

    The composer's agenda comes first and stands whatever a model does with it afterwards.
    """
    written = await agenda_pipeline(coach).ainvoke(await brief_for(coach, record, request))
    if coach.writer is None:
        for block in written.agenda.blocks:
            yield block
        yield written.agenda
        return
    writing = Writing(written.agenda, written.shaped.brief, written.shaped.material)
    async with aclosing(word_agenda(coach.writer.model, coach.writer.block, writing)) as blocks:
        async for block in blocks:
            yield block
    yield writing.agenda
