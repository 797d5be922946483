"""Words a whole agenda with a model: blocks side by side, each kept while the contract holds."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import anyio

from coach.coaching.brief import Brief, Material
from coach.coaching.contract import check_agenda
from coach.coaching.drafts import Agenda, AgendaBlock, Gap, Source, Verdict
from coach.coaching.writer.blocks import BlockDesk, Wording, is_open, word_block
from coach.llm.asking import Model
from coach.llm.faults import LLMFault
from coach.llm.prompts import Prompt


@dataclass
class Writing:
    """An agenda while a model words its blocks; `fault` is the first thing that went wrong."""

    agenda: Agenda
    brief: Brief
    material: Material
    accepted: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    fault: LLMFault | None = None
    ready: dict[str, anyio.Event] = field(default_factory=dict)


async def word_agenda(
    model: Model, prompt: Prompt, writing: Writing
) -> AsyncGenerator[AgendaBlock, None]:
    """Each block in its order, once it is worded and checked; `writing` holds the agenda after."""
    desk = BlockDesk(writing.brief, writing.material, prompt)
    known = _broken(writing.agenda.contract)
    writing.ready = {block.id: anyio.Event() for block in writing.agenda.blocks}
    async with anyio.create_task_group() as group:
        for block in writing.agenda.blocks:
            group.start_soon(_word, model, desk, block, known, writing)
        for block in writing.agenda.blocks:
            await writing.ready[block.id].wait()
            yield next(one for one in writing.agenda.blocks if one.id == block.id)
    _sign(model, prompt, writing)


async def _word(
    model: Model, desk: BlockDesk, block: AgendaBlock, known: frozenset[str], writing: Writing
) -> None:
    try:
        if is_open(block):
            _keep(await word_block(model, desk, block), known, writing)
    except LLMFault as fault:
        writing.fault = writing.fault or fault
    finally:
        writing.ready[block.id].set()


def _keep(wording: Wording, known: frozenset[str], writing: Writing) -> None:
    """Take a worded block into the agenda, unless a clause would break by it."""
    writing.input_tokens += wording.input_tokens
    writing.output_tokens += wording.output_tokens
    if not wording.accepted:
        return
    blocks = tuple(
        wording.block if one.id == wording.block.id else one for one in writing.agenda.blocks
    )
    tried = replace(writing.agenda, blocks=blocks)
    verdicts = check_agenda(tried, writing.brief, writing.material)
    if _broken(verdicts) <= known:
        writing.agenda = replace(tried, contract=verdicts)
        writing.accepted += wording.accepted


def _broken(verdicts: tuple[Verdict, ...]) -> frozenset[str]:
    return frozenset(verdict.clause for verdict in verdicts if verdict.holds is False)


def _sign(model: Model, prompt: Prompt, writing: Writing) -> None:
    """Say in the agenda who wrote it, what it cost, and what went wrong."""
    agenda = writing.agenda
    provenance = replace(
        agenda.provenance,
        origin="mixed" if writing.accepted else agenda.provenance.origin,
        model=model.name if writing.accepted else None,
        prompt=f"{agenda.provenance.prompt} {prompt.fingerprint}"
        if writing.accepted
        else agenda.provenance.prompt,
        input_tokens=writing.input_tokens,
        output_tokens=writing.output_tokens,
    )
    gaps = agenda.gaps
    if writing.fault is not None:
        gaps = (*gaps, Gap("scope", say_fault(writing.fault, bool(writing.accepted))))
    writing.agenda = replace(agenda, provenance=provenance, gaps=gaps, sources=_sources(agenda))


def say_fault(fault: LLMFault, partly: bool) -> str:
    """What a person reads when the model failed and the composer's words stand."""
    rest = "the rest of this draft" if partly else "this draft"
    return f"{fault.detail} The composer wrote {rest} from the library."


def _sources(agenda: Agenda) -> tuple[Source, ...]:
    """The sources that are still cited; a block never brings a document of its own."""
    cited = {
        getattr(citation, "document_id", None)
        for block in agenda.blocks
        for step in block.steps
        for citation in step.citations
    }
    prepared = {
        getattr(citation, "document_id", None)
        for task in (*agenda.prep.mentor, *agenda.prep.mentee)
        for citation in task.citations
    }
    return tuple(one for one in agenda.sources if one.document_id in cited | prepared)
