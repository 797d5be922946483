"""Follow-up questions in the order a person reads them: who asks what, and why."""

from coach.coaching.drafts import FollowUpQuestion, FollowUps
from coach.rendering.outline import WHO, Line, Outline, Part, Sources, day, footer_of, plain


def outline_follow_ups(follow_ups: FollowUps) -> Outline:
    """A part for each question."""
    sources = Sources()
    count = len(follow_ups.questions)
    return Outline(
        title=f"{plain(follow_ups.pair_id)}: questions after session {follow_ups.session_number}",
        about=f"{count} question{'' if count == 1 else 's'} to ask next.",
        parts=tuple(_question(question, sources) for question in follow_ups.questions),
        sources=sources.listed(),
        verdicts=follow_ups.contract,
        footer=footer_of(follow_ups.provenance),
    )


def _question(question: FollowUpQuestion, sources: Sources) -> Part:
    asked = f"{WHO[question.asked_by]} asks ({question.purpose.replace('_', ' ')})"
    lines = [Line(plain(question.why), "why")]
    if question.anchor.quote:
        lines.append(Line(plain(question.anchor.quote), "from", quoted=True))
    if question.model_answer:
        quoted = bool(question.citations)
        lines.append(sources.line(question.model_answer, question.citations, "answer", quoted))
    if question.ask_again_on:
        lines.append(Line(f"again on {day(question.ask_again_on)}", "when"))
    return Part(plain(question.text), tuple(lines), aside=asked)
