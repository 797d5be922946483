"""Drafts the follow-up questions of the last session: brief, material, questions, verdicts."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from langchain_core.runnables import Runnable

from coach.coaching.brief import AgendaRequest, Brief, Material
from coach.coaching.composer.agenda import used_frames
from coach.coaching.composer.follow_ups import compose_follow_ups
from coach.coaching.composer.question_fit import QuestionDesk
from coach.coaching.contract import check_follow_ups
from coach.coaching.drafts import FollowUps
from coach.coaching.gathering import gather_for_recap
from coach.coaching.lessons import Asked
from coach.coaching.pipeline import Coach, brief_for, say_fault, say_language, sign, step
from coach.coaching.writer.follow_ups import reword
from coach.coaching.writer.sheet import build_sheet
from coach.llm.faults import BudgetSpent
from coach.pairs.records import PairRecord


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A brief with what the library says of the last session."""

    brief: Brief
    material: Material


@dataclass(frozen=True, slots=True)
class Questioned:
    """Follow-up questions with what they were written from."""

    about: AskedAbout
    follow_ups: FollowUps


def follow_ups_pipeline(coach: Coach) -> Runnable[Brief, FollowUps]:
    """A brief goes in; checked questions come out."""

    async def retrieve(brief: Brief) -> AskedAbout:
        material = await gather_for_recap(coach.library, build_queries(brief), coach.abstain_below)
        return AskedAbout(brief, material)

    async def write(about: AskedAbout) -> Questioned:
        frames = coach.shelves.of(about.brief.language).follow_ups
        desk = QuestionDesk(about.brief, about.material, frames, used_frames(about.brief))
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        return Questioned(about, compose_follow_ups(desk, created_at))

    async def reworded(questioned: Questioned) -> Questioned:
        model, brief, material = coach.model, questioned.about.brief, questioned.about.material
        composed = questioned.follow_ups
        if model is None or brief.crisis:
            return questioned
        frames = coach.shelves.of(brief.language).follow_ups
        sheet = build_sheet(brief, material, frames, model.hide_names)
        try:
            async with model.open(coach.spender, "follow_ups") as asking:
                draft, count = await reword(composed, brief, material, sheet, asking)
                signed = sign(composed.provenance, asking, count, len(composed.questions))
        except BudgetSpent as fault:
            draft, signed = composed, replace(composed.provenance, notice=say_fault([fault]))
        return replace(questioned, follow_ups=replace(draft, provenance=signed))

    async def hold_contract(questioned: Questioned) -> FollowUps:
        about, follow_ups = questioned.about, questioned.follow_ups
        verdicts = check_follow_ups(follow_ups, about.brief, about.material)
        signed = say_language(follow_ups.provenance, about.brief.language, follow_ups.language)
        return replace(follow_ups, contract=verdicts, provenance=signed)

    return step(retrieve) | step(write) | step(reworded) | step(hold_contract)


def build_queries(brief: Brief) -> tuple[Asked, ...]:
    """What to look for: what the last session taught, and the goal it serves."""
    queries = []
    if brief.meetings:
        meeting = brief.meetings[-1]
        concepts = " ".join(concept.concept for concept in meeting.concepts)
        queries.append(Asked(" ".join((*meeting.topics, concepts)), 2.0))
    if brief.focus_goal is not None:
        queries.append(Asked(" ".join((*brief.focus_goal.terms, brief.focus_goal.text)), 1.0))
    return tuple(query for query in queries if query.text.strip())


async def draft_follow_ups(coach: Coach, record: PairRecord, request: AgendaRequest) -> FollowUps:
    """Checked follow-up questions for this pair, written for both to read."""
    return await follow_ups_pipeline(coach).ainvoke(await brief_for(coach, record, request))
