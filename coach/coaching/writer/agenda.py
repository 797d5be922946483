"""Words the blocks of an agenda side by side, and lets each stand only in a clean contract."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from coach.coaching.brief import Brief, Material
from coach.coaching.composer.agenda import list_sources
from coach.coaching.contract import check_agenda
from coach.coaching.drafts import Agenda, AgendaBlock, Verdict
from coach.coaching.writer.block import WRITABLE, BlockReply, ask_for_block, word_block
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
    _known_faults: frozenset[str] | None = None

    @property
    def wanted(self) -> tuple[int, ...]:
        """The places of the blocks that a model may word."""
        return tuple(n for n, block in enumerate(self.agenda.blocks) if block.kind in WRITABLE)

    def faults_with(self, place: int, block: AgendaBlock) -> list[Verdict]:
        """The clauses that fail with this block in its place, and held without it."""
        if self._known_faults is None:
            verdicts = check_agenda(self.agenda, self.brief, self.material)
            self._known_faults = frozenset(v.clause for v in verdicts if v.holds is False)
        verdicts = check_agenda(self._with(place, block), self.brief, self.material)
        return [v for v in verdicts if v.holds is False and v.clause not in self._known_faults]

    def let_in(self, place: int, block: AgendaBlock) -> bool:
        """Put a block into the agenda as it stands by now, if the contract stays clean."""
        if self.written and self.faults_with(place, block):
            return False
        self.agenda = self._with(place, block)
        self.written.add(place)
        return True

    def _with(self, place: int, block: AgendaBlock) -> Agenda:
        blocks = tuple(block if n == place else b for n, b in enumerate(self.agenda.blocks))
        sources = list_sources(blocks, self.material.offered)
        return replace(self.agenda, blocks=blocks, sources=sources)


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
    block, found = board.agenda.blocks[place], list[AgendaBlock]()
    messages = ask_for_block(asking.model.prompts["agenda_block"], board.sheet, block)
    try:
        await asking.ask(messages, BlockReply, _judge(board, place, block, found))
    except LLMFault:
        return None  # the asking keeps the fault, and the draft says so
    return found[-1]


def _judge(
    board: Board, place: int, block: AgendaBlock, found: list[AgendaBlock]
) -> Callable[[BlockReply], str | None]:
    def judge(reply: BlockReply) -> str | None:
        worded = word_block(reply, block, board.sheet, board.material)
        if worded is None:
            return _NOTHING
        if faults := board.faults_with(place, worded):
            return " ".join(board.sheet.show(f"{one.clause}: {one.detail}.") for one in faults)
        found.append(worded)
        return None

    return judge
