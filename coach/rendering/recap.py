"""A recap in the order a person reads it: the answer first, then ideas, steps and what to try."""

from collections.abc import Iterable

from coach.coaching.drafts import Cited, KeyIdea, Recap, RecapStep
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


def outline_recap(recap: Recap) -> Outline:
    """The parts of a recap, its sources numbered as they come."""
    sources = Sources()
    parts = (
        Part("In short", (_cited(recap.answer, sources),)),
        *part("What you did", (_cited(told, sources) for told in recap.what_we_did)),
        *(_idea(idea, sources) for idea in recap.key_ideas),
        *part("Step by step", _steps(recap.steps, sources)),
        *part("Words to know", _words(recap, sources)),
        *_to_do(recap),
        *_two_ways(recap, sources),
        *part("Promised", _promised(recap)),
        *gaps_part(recap.not_covered),
    )
    return Outline(
        title=f"{plain(recap.pair_id)}: recap of session {recap.session_number}",
        about=f"You asked: {plain(recap.question)}" if recap.question else "",
        parts=parts,
        sources=sources.listed(),
        verdicts=recap.contract,
        footer=footer_of(recap.provenance),
    )


def _cited(told: Cited, sources: Sources, label: str = "") -> Line:
    return sources.line(told.text, told.citations, label, _is_quoted(told))


def _is_quoted(told: Cited) -> bool:
    """Whether the text is the words of its citations and nothing else."""
    words = " ".join(citation.quote for citation in told.citations)
    return bool(words) and told.text == words


def _idea(idea: KeyIdea, sources: Sources) -> Part:
    told = Cited(idea.explanation, idea.citations)
    lines = [_cited(told, sources)]
    if idea.common_slip:
        lines.append(_cited(idea.common_slip, sources, "slip"))
    if idea.comparison:
        lines.append(Line(plain(idea.comparison), "like"))
    return Part(plain(idea.idea), tuple(lines))


def _steps(steps: Iterable[RecapStep], sources: Sources) -> Iterable[Line]:
    for step in steps:
        told = Cited(step.action, step.citations)
        label = f"… {step.number}" if step.skipped_before else str(step.number)
        yield _cited(told, sources, label)


def _words(recap: Recap, sources: Sources) -> Iterable[Line]:
    return (
        sources.line(f"{plain(item.word)}: {item.meaning}", item.citations)
        for item in recap.words_to_know
    )


def _to_do(recap: Recap) -> tuple[Part, ...]:
    """What to try, what comes back, and what to tell in one's own words."""
    parts: tuple[Part, ...] = ()
    if recap.try_it:
        told = (
            f"{plain(recap.try_it.task)} ({recap.try_it.minutes} min, {plain(recap.try_it.when)})"
        )
        parts = part("Try it", [Line(told)])
    asked = []
    for item in recap.recall_questions:
        when = f" (comes back on {day(item.due_on)})" if item.due_on else ""
        asked += [Line(f"{plain(item.question)}{when}", "ask"), Line(plain(item.answer), "answer")]
    back = [Line(plain(recap.teach_back))] if recap.teach_back else []
    return (*parts, *part("From memory", asked), *part("Tell it back", back))


def _two_ways(recap: Recap, sources: Sources) -> tuple[Part, ...]:
    """What the mentee gave, and how the mentor grew."""
    gave = [_cited(recap.mentee_gave, sources)] if recap.mentee_gave else []
    grew = [Line(plain(recap.mentor_growth))] if recap.mentor_growth else []
    return (*part("What the mentee gave", gave), *part("How the mentor grew", grew))


def _promised(recap: Recap) -> Iterable[Line]:
    for promise in recap.commitments:
        due = f" (by {day(promise.due)})" if promise.due else ""
        yield Line(f"{plain(promise.text)}{due}", WHO[promise.owner])
