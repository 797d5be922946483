"""An agenda in the order a person reads it: preparation, timed blocks, promises, gaps."""

from collections.abc import Iterable

from coach.coaching.drafts import Agenda, AgendaBlock, AgendaStep, PrepTask
from coach.rendering.labels import Labels
from coach.rendering.outline import (
    Line,
    Outline,
    Part,
    Sources,
    footer_of,
    gaps_part,
    part,
    plain,
)


def outline_agenda(agenda: Agenda, labels: Labels) -> Outline:
    """The parts of an agenda, its sources numbered as they come."""
    sources = Sources(labels, agenda.sources)
    blocks = tuple(_block(block, sources) for block in agenda.blocks)
    dropped = (Line(plain(one.title), labels.named("kinds", one.kind)) for one in agenda.dropped)
    return Outline(
        title=_title(agenda, labels),
        about=plain(agenda.purpose),
        parts=(
            *part(labels.say("before"), _prep(agenda, labels)),
            *blocks,
            *part(labels.say("promise"), _promises(agenda, labels)),
            *part(labels.say("fitted"), (Line(plain(text)) for text in agenda.adaptations)),
            *gaps_part(agenda.gaps, labels),
            *part(labels.say("fell_out"), dropped),
        ),
        sources=sources.listed(),
        verdicts=agenda.contract,
        footer=footer_of(agenda.provenance, labels),
        labels=labels,
    )


def _title(agenda: Agenda, labels: Labels) -> str:
    """Whose agenda this is, and of when."""
    return labels.say(
        "agenda_of",
        pair=plain(agenda.pair_id),
        number=agenda.session_number,
        day=labels.day(agenda.date),
        minutes=agenda.minutes,
    )


def _prep(agenda: Agenda, labels: Labels) -> Iterable[Line]:
    prep = agenda.prep
    yield from (_task(task, labels.who("mentor"), labels) for task in prep.mentor)
    yield from (_task(task, labels.who("mentee"), labels) for task in prep.mentee)


def _task(task: PrepTask, whose: str, labels: Labels) -> Line:
    return Line(f"{plain(task.text)} ({labels.minutes(task.minutes)})", whose)


def _promises(agenda: Agenda, labels: Labels) -> Iterable[Line]:
    """The promises proposed, unless the last block says them already."""
    said = " ".join(step.text for block in agenda.blocks for step in block.steps)
    for promise in agenda.promises:
        if promise.text.rstrip(".") not in said:
            text = f"{plain(promise.text)} ({plain(promise.when)})"
            yield Line(text, labels.who(promise.owner))


def _block(block: AgendaBlock, sources: Sources) -> Part:
    labels = sources.labels
    minutes = block.minutes if block.actual_minutes is None else block.actual_minutes
    aside = f"{labels.minutes(minutes)}, {leader_of(block, labels)}"
    if block.needs_check:
        aside = labels.say("check_first", told=aside)
    return Part(
        title=plain(block.title),
        lines=tuple(_step(step, sources) for step in block.steps),
        aside=aside,
        outcome=plain(block.outcome),
        starts_at_minute=block.starts_at_minute,
    )


def _step(step: AgendaStep, sources: Sources) -> Line:
    label = sources.labels.named("steps", step.kind)
    return sources.line(step.text, step.citations, label, quoted=step.origin == "quotation")


def leader_of(block: AgendaBlock, labels: Labels) -> str:
    """Who leads a block, and whose hands work where hands are needed."""
    if block.lead == "both":
        return labels.say("both_lead")
    leads = labels.say("leads", leader=labels.named("leaders", block.lead))
    if block.kind not in ("demo", "hands_on"):
        return leads
    return labels.say("at_keys", leads=leads, hands=labels.named("leaders", block.hands))
