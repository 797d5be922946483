"""An agenda in the order a person reads it: preparation, timed blocks, promises, gaps."""

from collections.abc import Iterable

from coach.coaching.drafts import Agenda, AgendaBlock, AgendaStep, Person, PrepTask
from coach.rendering.outline import (
    WHO,
    Line,
    Outline,
    Part,
    Sources,
    day,
    footer_of,
    gaps_part,
    part,
    plain,
)


def outline_agenda(agenda: Agenda) -> Outline:
    """The parts of an agenda, its sources numbered as they come."""
    sources = Sources(agenda.sources)
    prep = [*_prep("mentor", agenda.prep.mentor), *_prep("mentee", agenda.prep.mentee)]
    blocks = tuple(_block(block, sources) for block in agenda.blocks)
    dropped = (Line(plain(item.title), item.kind.replace("_", " ")) for item in agenda.dropped)
    return Outline(
        title=title_of(agenda),
        about=plain(agenda.purpose),
        parts=(
            *part("Before you meet", prep),
            *blocks,
            *part("To promise at the end", _promises(agenda)),
            *part("Fitted to you", (Line(plain(text)) for text in agenda.adaptations)),
            *gaps_part(agenda.gaps),
            *part("Fell out for lack of time", dropped),
        ),
        sources=sources.listed(),
        verdicts=agenda.contract,
        footer=footer_of(agenda.provenance),
    )


def title_of(agenda: Agenda) -> str:
    """Whose agenda this is, and of when."""
    return (
        f"{plain(agenda.pair_id)}: session {agenda.session_number} on {day(agenda.date)}, "
        f"{agenda.minutes} minutes"
    )


def _prep(person: Person, tasks: Iterable[PrepTask]) -> Iterable[Line]:
    return (Line(f"{plain(task.text)} ({task.minutes} min)", WHO[person]) for task in tasks)


def _promises(agenda: Agenda) -> Iterable[Line]:
    """The promises proposed, unless the last block says them already."""
    said = " ".join(step.text for block in agenda.blocks for step in block.steps)
    for promise in agenda.promises:
        if promise.text.rstrip(".") not in said:
            yield Line(f"{plain(promise.text)} ({plain(promise.when)})", WHO[promise.owner])


def _block(block: AgendaBlock, sources: Sources) -> Part:
    minutes = block.minutes if block.actual_minutes is None else block.actual_minutes
    check = "; check its sources first" if block.needs_check else ""
    return Part(
        title=plain(block.title),
        lines=tuple(_step(step, sources) for step in block.steps),
        aside=f"{minutes} min, {_leader(block)}{check}",
        outcome=plain(block.outcome),
        starts_at_minute=block.starts_at_minute,
    )


def _step(step: AgendaStep, sources: Sources) -> Line:
    return sources.line(step.text, step.citations, step.kind, quoted=step.origin == "quotation")


def _leader(block: AgendaBlock) -> str:
    if block.lead == "both":
        return "both lead"
    hands = f", {block.hands} at the keys" if block.kind in ("demo", "hands_on") else ""
    return f"{block.lead} leads{hands}"
