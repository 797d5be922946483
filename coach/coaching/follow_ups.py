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
from coach.coaching.pipeline import Coach, brief_for, step
from coach.coaching.writer.others import word_follow_ups
from coach.llm.faults import LLMFault
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


def follow_ups_pipeline(coach: Coach) -> Runnable[Brief, Questioned]:
    """A brief goes in; checked questions come out."""

    async def retrieve(brief: Brief) -> AskedAbout:
        material = await gather_for_recap(coach.library, build_queries(brief), coach.abstain_below)
        return AskedAbout(brief, material)

    async def write(about: AskedAbout) -> Questioned:
        frames = coach.follow_up_frames
        desk = QuestionDesk(about.brief, about.material, frames, used_frames(about.brief))
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        return Questioned(about, compose_follow_ups(desk, created_at))

    async def hold_contract(questioned: Questioned) -> Questioned:
        about, follow_ups = questioned.about, questioned.follow_ups
        verdicts = check_follow_ups(follow_ups, about.brief, about.material)
        return replace(questioned, follow_ups=replace(follow_ups, contract=verdicts))

    return step(retrieve) | step(write) | step(hold_contract)


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
    brief = await brief_for(coach, record, request)
    questioned = await follow_ups_pipeline(coach).ainvoke(brief)
    if coach.writer is None:
        return questioned.follow_ups
    try:
        return await word_follow_ups(
            coach.writer.model,
            coach.writer.follow_ups,
            questioned.follow_ups,
            brief,
            questioned.about.material,
        )
    except LLMFault:
        return questioned.follow_ups  # who wrote them is said on the draft
