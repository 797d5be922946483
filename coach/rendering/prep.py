"""A prep brief in the order its reader needs it."""

from collections.abc import Iterable
from datetime import date

from coach.coaching.drafts import Cited, ExpectedQuestion, PrepBrief, PrepPromise
from coach.rendering.outline import (
    WHO,
    Line,
    Outline,
    Sources,
    day,
    footer_of,
    gaps_part,
    part,
    plain,
)


def outline_prep(prep: PrepBrief) -> Outline:
    """The parts of a prep brief, its sources numbered as they come."""
    sources = Sources()
    parts = (
        *part("Help", (Line(plain(text)) for text in prep.help)),
        *part("What our material says", _lines(prep.says, sources)),
        *part("What not to promise", _lines(prep.not_to_promise, sources)),
        *part("Questions to expect", _questions(prep.questions, sources)),
        *part("How to teach it", _lines(prep.teaching, sources)),
        *part("What to bring", _lines(prep.bring, sources)),
        *part("One thing to try before", _lines(prep.try_before, sources)),
        *part("The career question", _lines(prep.career, sources)),
        *part("Open promises", (_promise(one) for one in prep.promises)),
        *gaps_part(prep.not_covered),
    )
    return Outline(
        title=f"{plain(prep.pair_id)}: prep brief for session {prep.session_number}",
        about=f"Only for the {prep.reader}. The session is on {day(prep.date)}.",
        parts=parts,
        sources=sources.listed(),
        verdicts=prep.contract,
        footer=footer_of(prep.provenance),
    )


def _lines(told: Iterable[Cited], sources: Sources) -> Iterable[Line]:
    for one in told:
        quoted = bool(one.citations) and one.text == " ".join(c.quote for c in one.citations)
        yield sources.line(one.text, one.citations, "", quoted)


def _questions(asked: Iterable[ExpectedQuestion], sources: Sources) -> Iterable[Line]:
    for one in asked:
        yield Line(plain(one.question), "ask")
        quoted = bool(one.citations) and one.answer == one.citations[0].quote
        yield sources.line(one.answer, one.citations, "answer", quoted)


def _promise(promise: PrepPromise) -> Line:
    due = f" (by {_due(promise.due)})" if promise.due else ""
    return Line(f"{plain(promise.text)}{due}", WHO[promise.owner])


def _due(due: str) -> str:
    try:
        return day(date.fromisoformat(due))
    except ValueError:
        return plain(due)
