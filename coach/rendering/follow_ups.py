"""Follow-up questions in the order a person reads them: who asks what, and why."""

from coach.coaching.drafts import FollowUpQuestion, FollowUps
from coach.rendering.labels import Labels
from coach.rendering.outline import Line, Outline, Part, Sources, footer_of, plain


def outline_follow_ups(follow_ups: FollowUps, labels: Labels) -> Outline:
    """A part for each question."""
    sources = Sources(labels)
    count, number = len(follow_ups.questions), follow_ups.session_number
    return Outline(
        title=labels.say("questions_after", pair=plain(follow_ups.pair_id), number=number),
        about=labels.say("one_question" if count == 1 else "more_questions", count=count),
        parts=tuple(_question(question, sources) for question in follow_ups.questions),
        sources=sources.listed(),
        verdicts=follow_ups.contract,
        footer=footer_of(follow_ups.provenance, labels),
        labels=labels,
    )


def _question(question: FollowUpQuestion, sources: Sources) -> Part:
    labels = sources.labels
    asked = labels.say(
        "asks",
        who=labels.who(question.asked_by),
        leader=labels.named("leaders", question.asked_by),
        purpose=labels.named("purposes", question.purpose),
    )
    lines = [Line(plain(question.why), labels.say("why"))]
    if question.anchor.quote:
        lines.append(Line(plain(question.anchor.quote), labels.say("from"), quoted=True))
    if question.model_answer:
        answer, cited = labels.say("answer"), question.citations
        lines.append(sources.line(question.model_answer, cited, answer, bool(cited)))
    if question.ask_again_on:
        again = labels.say("again", day=labels.day(question.ask_again_on))
        lines.append(Line(again, labels.say("when")))
    return Part(plain(question.text), tuple(lines), aside=asked)
