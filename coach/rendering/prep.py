"""A prep brief in the order its reader needs it."""

from collections.abc import Iterable
from datetime import date

from coach.coaching.drafts import Cited, ExpectedQuestion, PrepBrief, PrepPromise
from coach.rendering.labels import Labels
from coach.rendering.outline import Line, Outline, Sources, footer_of, gaps_part, part, plain


def outline_prep(prep: PrepBrief, labels: Labels) -> Outline:
    """The parts of a prep brief, its sources numbered as they come."""
    sources, say = Sources(labels), labels.say
    parts = (
        *part(say("help"), (Line(plain(text)) for text in prep.help)),
        *part(say("says"), _lines(prep.says, sources)),
        *part(say("not_to_promise"), _lines(prep.not_to_promise, sources)),
        *part(say("expect"), _questions(prep.questions, sources)),
        *part(say("teaching"), _lines(prep.teaching, sources)),
        *part(say("bring"), _lines(prep.bring, sources)),
        *part(say("try_before"), _lines(prep.try_before, sources)),
        *part(say("career"), _lines(prep.career, sources)),
        *part(say("open_promises"), (_promise(one, labels) for one in prep.promises)),
        *gaps_part(prep.not_covered, labels),
    )
    return Outline(
        title=say("prep_of", pair=plain(prep.pair_id), number=prep.session_number),
        about=say(f"only_for_{prep.reader}", day=labels.day(prep.date)),
        parts=parts,
        sources=sources.listed(),
        verdicts=prep.contract,
        footer=footer_of(prep.provenance, labels),
        labels=labels,
    )


def _lines(told: Iterable[Cited], sources: Sources) -> Iterable[Line]:
    for one in told:
        quoted = bool(one.citations) and one.text == " ".join(c.quote for c in one.citations)
        yield sources.line(one.text, one.citations, "", quoted)


def _questions(asked: Iterable[ExpectedQuestion], sources: Sources) -> Iterable[Line]:
    say = sources.labels.say
    for one in asked:
        yield Line(plain(one.question), say("ask"))
        quoted = bool(one.citations) and one.answer == one.citations[0].quote
        yield sources.line(one.answer, one.citations, say("answer"), quoted)


def _promise(promise: PrepPromise, labels: Labels) -> Line:
    return Line(_due(plain(promise.text), promise.due, labels), labels.who(promise.owner))


def _due(text: str, due: str | None, labels: Labels) -> str:
    if not due:
        return text
    try:
        return labels.say("by", promise=text, due=labels.day(date.fromisoformat(due)))
    except ValueError:
        return labels.say("by_words", promise=text, due=plain(due))
