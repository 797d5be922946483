"""A recap in the order a person reads it: the answer first, then ideas, steps and what to try."""

from collections.abc import Iterable

from coach.coaching.drafts import Cited, KeyIdea, Recap, RecapStep
from coach.rendering.labels import Labels
from coach.rendering.outline import Line, Outline, Part, Sources, footer_of, gaps_part, part, plain


def outline_recap(recap: Recap, labels: Labels) -> Outline:
    """The parts of a recap, its sources numbered as they come."""
    sources, say = Sources(labels), labels.say
    parts = (
        Part(say("in_short"), (_cited(recap.answer, sources),)),
        *part(say("did"), (_cited(told, sources) for told in recap.what_we_did)),
        *(_idea(idea, sources) for idea in recap.key_ideas),
        *part(say("steps"), _steps(recap.steps, sources)),
        *part(say("words"), _words(recap, sources)),
        *_to_do(recap, labels),
        *_two_ways(recap, sources),
        *part(say("promised"), _promised(recap, labels)),
        *gaps_part(recap.not_covered, labels),
    )
    return Outline(
        title=say("recap_of", pair=plain(recap.pair_id), number=recap.session_number),
        about=say("asked", question=plain(recap.question)) if recap.question else "",
        parts=parts,
        sources=sources.listed(),
        verdicts=recap.contract,
        footer=footer_of(recap.provenance, labels),
        labels=labels,
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
        lines.append(_cited(idea.common_slip, sources, sources.labels.say("slip")))
    if idea.comparison:
        lines.append(Line(plain(idea.comparison), sources.labels.say("like")))
    return Part(plain(idea.idea), tuple(lines))


def _steps(steps: Iterable[RecapStep], sources: Sources) -> Iterable[Line]:
    for step in steps:
        told = Cited(step.action, step.citations)
        label = f"… {step.number}" if step.skipped_before else str(step.number)
        yield _cited(told, sources, label)


def _words(recap: Recap, sources: Sources) -> Iterable[Line]:
    return (
        sources.line(
            sources.labels.say("word", word=plain(item.word), meaning=item.meaning), item.citations
        )
        for item in recap.words_to_know
    )


def _to_do(recap: Recap, labels: Labels) -> tuple[Part, ...]:
    """What to try, what comes back, and what to tell in one's own words."""
    parts: tuple[Part, ...] = ()
    say, tried = labels.say, recap.try_it
    if tried:
        told = say(
            "try_task", task=plain(tried.task), minutes=tried.minutes, when=plain(tried.when)
        )
        parts = part(say("try_it"), [Line(told)])
    asked = []
    for item in recap.recall_questions:
        question = plain(item.question)
        if item.due_on:
            question = say("comes_back", question=question, day=labels.day(item.due_on))
        asked += [Line(question, say("ask")), Line(plain(item.answer), say("answer"))]
    back = [Line(plain(recap.teach_back))] if recap.teach_back else []
    return (*parts, *part(say("memory"), asked), *part(say("tell_back"), back))


def _two_ways(recap: Recap, sources: Sources) -> tuple[Part, ...]:
    """What the mentee gave, and how the mentor grew."""
    say = sources.labels.say
    gave = [_cited(recap.mentee_gave, sources)] if recap.mentee_gave else []
    grew = [Line(plain(recap.mentor_growth))] if recap.mentor_growth else []
    return (*part(say("gave"), gave), *part(say("grew"), grew))


def _promised(recap: Recap, labels: Labels) -> Iterable[Line]:
    for promise in recap.commitments:
        told = plain(promise.text)
        if promise.due:
            told = labels.say("by", promise=told, due=labels.day(promise.due))
        yield Line(told, labels.who(promise.owner))
