"""Words the blocks of an agenda side by side, and lets each stand only in a clean contract."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from coach.coaching.brief import Brief, Material
from coach.coaching.composer.agenda import list_sources
from coach.coaching.contract import check_agenda
from coach.coaching.contract.exhibit import plain
from coach.coaching.drafts import Agenda, AgendaBlock, Verdict
from coach.coaching.writer.block import (
    BlockReply,
    ask_for_block,
    has_room,
    terms_before,
    word_block,
)
from coach.coaching.writer.sheet import Sheet
from coach.llm.asking import Asking
from coach.llm.faults import LLMFault

_NOTHING = "None of your own lines says what a passage says, or asks one question in known words."


@dataclass
class Board:
    """An agenda while it is written: the composer's, with the blocks that were let in."""

    agenda: Agenda
    brief: Brief
    material: Material
    sheet: Sheet
    written: set[int] = field(default_factory=set)
    _before: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self.composed = self.agenda
        blocks = enumerate(self.agenda.blocks)
        self.wanted = tuple(
            n for n, block in blocks if has_room(block, self.material, self.sheet.language)
        )

    def faults_with(self, place: int, block: AgendaBlock) -> list[Verdict]:
        """The clauses that fail with this block in the composer's agenda, and held without it."""
        return self._new_faults(self._put(self.composed, place, block))

    def let_in(self, place: int, block: AgendaBlock) -> None:
        """Put a block into the agenda, without lines that an earlier block has said already."""
        said = {plain(step.text) for one in self.agenda.blocks[:place] for step in one.steps}
        own = {step.text for step in self.composed.blocks[place].steps}
        steps = [s for s in block.steps if s.text in own or plain(s.text) not in said]
        if any(step.text not in own for step in steps):
            block = replace(block, steps=tuple(steps))
            self.agenda = self._put(self.agenda, place, block)
            self.written.add(place)

    def finish(self) -> Agenda:
        """The agenda with all that was let in; the composer's where that breaks the contract."""
        if not self.written:
            return self.agenda
        verdicts = check_agenda(self.agenda, self.brief, self.material)
        if all(verdict.holds is not False for verdict in verdicts):
            return replace(self.agenda, contract=verdicts)
        if self._new_faults(self.agenda):
            self.agenda, self.written = self.composed, set()
        return self.agenda

    def _put(self, agenda: Agenda, place: int, block: AgendaBlock) -> Agenda:
        blocks = tuple(block if n == place else b for n, b in enumerate(agenda.blocks))
        asks = any(step.origin == "model" and step.kind == "ask" for step in block.steps)
        return replace(
            agenda,
            blocks=blocks,
            sources=list_sources(blocks, self.material.offered),
            language=self.sheet.language if asks else agenda.language,
        )

    def _new_faults(self, agenda: Agenda) -> list[Verdict]:
        verdicts = check_agenda(agenda, self.brief, self.material)
        if not (false := [verdict for verdict in verdicts if verdict.holds is False]):
            return []
        return [verdict for verdict in false if verdict.clause not in self._known_faults()]

    def _known_faults(self) -> frozenset[str]:
        """The clauses that the composer's own agenda breaks; judged once, when first asked for."""
        if self._before is None:
            verdicts = check_agenda(self.composed, self.brief, self.material)
            self._before = frozenset(one.clause for one in verdicts if one.holds is False)
        return self._before


async def write_blocks(board: Board, asking: Asking) -> AsyncGenerator[AgendaBlock, None]:
    """Each block of the agenda in order, as soon as it is whole and checked."""
    tasks = {place: asyncio.create_task(_word(board, asking, place)) for place in board.wanted}
    try:
        for place in range(len(board.agenda.blocks)):
            if place in tasks and (block := await tasks[place]) is not None:
                board.let_in(place, block)
            yield board.agenda.blocks[place]
    finally:
        for task in tasks.values():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _word(board: Board, asking: Asking, place: int) -> AgendaBlock | None:
    """The block in a model's words, clean by itself; None when the composer's has to stand."""
    block, found = board.composed.blocks[place], list[AgendaBlock]()
    messages = ask_for_block(asking.model.prompts["agenda_block"], board.sheet, block)
    try:
        await asking.ask(messages, BlockReply, _judge(board, place, block, found))
    except LLMFault:
        return None  # the asking keeps the fault, and the draft says so
    return found[-1]


def _judge(
    board: Board, place: int, block: AgendaBlock, found: list[AgendaBlock]
) -> Callable[[BlockReply], str | None]:
    terms = terms_before(board.composed, place, board.brief, board.material)

    def judge(reply: BlockReply) -> str | None:
        worded = word_block(reply, block, terms, board.sheet, board.material)
        if worded is None:
            return _NOTHING
        if faults := board.faults_with(place, worded):
            return " ".join(board.sheet.show(f"{one.clause}: {one.detail}.") for one in faults)
        found.append(worded)
        return None

    return judge
