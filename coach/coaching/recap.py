"""Drafts a recap for one person: what they may read, the lesson it leans on, words, verdicts."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Literal

from langchain_core.runnables import Runnable

from coach.coaching.boundaries import Limits, drop_reason
from coach.coaching.brief import AgendaRequest, Brief, Material, PastMeeting, RecapRequest
from coach.coaching.briefing import build_brief
from coach.coaching.composer.recap import compose_recap
from coach.coaching.composer.recap_parts import RecapDesk, closest
from coach.coaching.contract import check_recap
from coach.coaching.contract.texts import explanation_texts
from coach.coaching.drafts import Recap, Verdict
from coach.coaching.gathering import gather_for_recap
from coach.coaching.lessons import Asked
from coach.coaching.pipeline import Coach, say_fault, say_language, sign, step
from coach.coaching.writer.recap import reword_recap
from coach.coaching.writer.sheet import build_sheet
from coach.errors import CoachError
from coach.knowledge.words import content_stems
from coach.llm.faults import BudgetSpent
from coach.pairs.records import Concept, PairRecord

_LONGEST_QUESTION = 2_000
_NOTE_SHARE = 0.5


class NothingToRecap(CoachError):
    """No session of this pair was held, or not the one asked for."""

    status = 409
    title = "This pair has not met yet, so there is no session to recap. Ask a question instead."


class QuestionTooLong(CoachError):
    """A question nobody can answer in two sentences."""

    status = 422
    title = f"Ask one question of at most {_LONGEST_QUESTION} characters."


@dataclass(frozen=True, slots=True)
class RecapBrief:
    """A brief with the session and the question it is about."""

    brief: Brief
    meeting: PastMeeting | None
    request: RecapRequest


@dataclass(frozen=True, slots=True)
class RecapGathered:
    """A recap's brief with what the library offers it."""

    asked: RecapBrief
    material: Material


@dataclass(frozen=True, slots=True)
class RecapWritten:
    """A recap with what it was written from, and the plain one when another way was asked for."""

    gathered: RecapGathered
    recap: Recap
    before: Recap | None


def recap_pipeline(coach: Coach) -> Runnable[RecapBrief, Recap]:
    """A mentee's request goes in; a checked recap comes out."""

    async def retrieve(asked: RecapBrief) -> RecapGathered:
        queries = build_queries(asked)
        material = await gather_for_recap(coach.library, queries, coach.abstain_below)
        return RecapGathered(asked, material)

    async def write(gathered: RecapGathered) -> RecapWritten:
        style = gathered.asked.request.style
        first = _compose(coach, gathered, None)
        if style is None:
            return RecapWritten(gathered, first, None)
        before = "\n".join(spoken.text for spoken in explanation_texts(first))
        return RecapWritten(gathered, _compose(coach, gathered, style, before), first)

    async def reworded(written: RecapWritten) -> RecapWritten:
        return await _reword(coach, written)

    async def hold_contract(written: RecapWritten) -> Recap:
        recap, language = written.recap, written.gathered.asked.brief.language
        signed = say_language(recap.provenance, language, recap.language)
        return replace(recap, contract=_verdicts(written, recap), provenance=signed)

    return step(retrieve) | step(write) | step(reworded) | step(hold_contract)


def _verdicts(written: RecapWritten, recap: Recap) -> tuple[Verdict, ...]:
    gathered = written.gathered
    is_short = gathered.asked.request.style == "shorter"
    return check_recap(
        recap, gathered.asked.brief, gathered.material, before=written.before, is_short=is_short
    )


async def _reword(coach: Coach, written: RecapWritten) -> RecapWritten:
    """The recap in a model's words, as far as there is a model and something to explain."""
    model, composed, asked = coach.model, written.recap, written.gathered.asked
    if model is None or composed.refused or asked.brief.crisis:
        return written
    frames = coach.shelves.of(asked.brief.language).recap
    sheet = build_sheet(asked.brief, written.gathered.material, frames, model.hide_names)
    try:
        async with model.open(coach.spender, "recap") as asking:
            recap, count = await reword_recap(
                composed, asked.request.style, sheet, asking, partial(_verdicts, written)
            )
            wanted = 1 + bool(composed.key_ideas) + bool(composed.teach_back)
            signed = sign(composed.provenance, asking, count, wanted)
    except BudgetSpent as fault:
        recap, signed = composed, replace(composed.provenance, notice=say_fault([fault]))
    return replace(written, recap=replace(recap, provenance=signed))


def _compose(coach: Coach, gathered: RecapGathered, style: str | None, before: str = "") -> Recap:
    asked, material = gathered.asked, gathered.material
    shelf = coach.shelves.of(asked.brief.language)
    desk = RecapDesk(
        brief=asked.brief,
        material=material,
        frames=shelf.recap,
        meeting=asked.meeting,
        question=asked.request.question,
        style=style,
        covered=is_covered(asked, material),
        before=before,
    )
    markers = tuple(str(word) for word in shelf.agenda.listed("comparisons"))
    return compose_recap(desk, datetime.now(UTC).isoformat(timespec="seconds"), markers)


def build_queries(asked: RecapBrief) -> tuple[Asked, ...]:
    """What to look for: the question, or what the session was about."""
    question, meeting, brief = asked.request.question, asked.meeting, asked.brief
    if question is not None:
        return (Asked(question, 1.0),)
    queries = []
    if meeting is not None:
        concepts = " ".join(concept.concept for concept in list_met(brief, meeting))
        queries.append(Asked(" ".join((*meeting.topics, concepts)), 2.0))
    if brief.focus_goal is not None:
        queries.append(Asked(" ".join((*brief.focus_goal.terms, brief.focus_goal.text)), 1.0))
    return tuple(query for query in queries if query.text.strip())


def list_met(brief: Brief, meeting: PastMeeting) -> tuple[Concept, ...]:
    """What a session taught for the first time; what it only recalled counts when that is all."""
    earlier = (one for one in brief.meetings if one.number < meeting.number)
    known = {concept.id for one in earlier for concept in one.concepts}
    met = tuple(concept for concept in meeting.concepts if concept.id not in known)
    return met or meeting.concepts


def is_covered(asked: RecapBrief, material: Material) -> bool:
    """Whether the library or the notes this reader may see carry an answer."""
    question = asked.request.question
    if question is None:
        return True
    limits = Limits(asked.brief.off_limits, reader=asked.brief.reader)
    if drop_reason(question, limits) in ("crisis", "off_limits"):
        return False
    if material.tech is not None:
        return True
    wanted = set(content_stems(question))
    near = closest(question, asked.meeting.said if asked.meeting else ())[:1]
    shared = wanted & set(content_stems(near[0].text)) if near else set()
    return bool(wanted) and len(shared) >= _NOTE_SHARE * len(wanted)


async def draft_recap(
    coach: Coach,
    record: PairRecord,
    request: RecapRequest,
    reader: Literal["mentor", "mentee"] = "mentee",
) -> Recap:
    """A checked recap for this reader alone; raises NothingToRecap or QuestionTooLong."""
    question = request.question.strip() if request.question else None
    if question and len(question) > _LONGEST_QUESTION:
        raise QuestionTooLong
    coming = AgendaRequest(request.today, for_date=choose_coming(record, request.today))
    cues = (headword.word for headword in (await coach.library.headwords()).values())
    brief = build_brief(record, coming, reader, cues)
    brief = replace(brief, help_contacts=coach.help_contacts, whom=coach.whom_to_ask)
    meeting = choose_meeting(brief, request.session_number)
    if meeting is None and question is None:
        raise NothingToRecap
    asked = RecapBrief(brief, meeting, replace(request, question=question or None))
    return await recap_pipeline(coach).ainvoke(asked)


def choose_coming(record: PairRecord, today: date) -> date:
    """The day of the next session: the one wished for or due by cadence, else a week from today."""
    held = [session.date for session in record.sessions if session.state == "held"]
    cadence = timedelta(days=max(record.constraints.cadence_days, 1))
    planned = [record.wish.for_date] if record.wish and record.wish.for_date else []
    days = [*planned, *(day + cadence for day in held[-1:])]
    return next((day for day in days if day > today), today + timedelta(days=7))


def choose_meeting(brief: Brief, number: int | None) -> PastMeeting | None:
    """The session asked for, or the latest; raises NothingToRecap for one never held."""
    if number is None:
        return brief.meetings[-1] if brief.meetings else None
    for meeting in brief.meetings:
        if meeting.number == number:
            return meeting
    raise NothingToRecap(f"This pair has held no session {number}. Choose one that was held.")
