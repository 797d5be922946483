"""The clauses about what is learned and for whom: AG13, AG15, AG22, AG24."""

from collections.abc import Iterator

from coach.coaching.contract.evidence import cited_passage
from coach.coaching.contract.exhibit import (
    Exhibit,
    decide,
    excuse,
    own_quotes,
    plain,
    says,
    short,
    unlabelled,
)
from coach.coaching.contract.families import done_today, mentions
from coach.coaching.contract.shape_clauses import below_floor
from coach.coaching.contract.texts import name_of, steps_of
from coach.coaching.drafts import Agenda, AgendaBlock, LibraryCitation, Verdict
from coach.knowledge.words import content_stems, overlap

TECH_BLOCKS = ("demo", "hands_on", "explore")
RETURNED = 0.5


def concept_budget(minutes: int) -> int:
    """How many new concepts a session of this length can carry."""
    return 1 if minutes <= 60 else 2 if minutes <= 120 else 3


def ag13_few_new_concepts(exhibit: Exhibit[Agenda]) -> Verdict:
    """No more new concepts than the minutes can carry, counted by marks and by procedures."""
    agenda = exhibit.draft
    budget = concept_budget(agenda.minutes)
    marked = {plain(step.concept or "") for _, step in steps_of(agenda) if step.is_new}
    faults = ["a step is marked as new but names no concept"] if "" in marked else []
    if len(marked) > budget:
        faults.append(f"{len(marked)} new concepts in {agenda.minutes} minutes, {budget} at most")
    lessons = _new_lessons(exhibit)
    if len(lessons) > budget:
        names = ", ".join(f"“{name}”" for name in lessons)
        faults.append(f"{len(lessons)} new procedures ({names}), {budget} at most")
    return decide("AG13", faults, f"{len(marked)} new concepts, {budget} at most")


def _new_lessons(exhibit: Exhibit[Agenda]) -> list[str]:
    taught = [concept.concept for meeting in exhibit.brief.meetings for concept in meeting.concepts]
    lessons: dict[str, None] = {}
    for _, step in steps_of(exhibit.draft, ("do", "show"), ("demo", "hands_on")):
        for citation in step.citations:
            passage = cited_passage(citation, exhibit.material)
            if passage and passage.kind == "steps":
                lessons[passage.lesson] = None
    return [name for name in lessons if all(overlap(name, old) < RETURNED for old in taught)]


def ag15_hands_on_is_their_own(exhibit: Exhibit[Agenda]) -> Verdict:
    """The hands-on task is the mentee's own; why comes before how, beside how it is done today."""
    agenda = exhibit.draft
    blocks = [block for block in agenda.blocks if block.kind in ("hands_on", "explore")]
    if not blocks:
        if below_floor(agenda):
            return excuse("AG15", "fewer than 6 minutes are left, which keep only the promises")
        return decide("AG15", ["no block in which the mentee tries something"], "")
    faults = []
    if not any(_names_task(exhibit, block) for block in blocks):
        faults.append("the hands-on names no task of the mentee's own, in the mentee's words")
    if not _says_why_first(exhibit):
        faults.append("nothing says why this matters to the mentee before the first step is done")
    if not _asks_about_today(agenda):
        faults.append("nothing asks how the mentee does it today")
    return decide("AG15", faults, "the mentee's own task, why before how, and how it is done today")


def _tasks(exhibit: Exhibit[Agenda]) -> tuple[str, ...]:
    """The texts of this pair that can name a task of the mentee."""
    brief = exhibit.brief
    goals = [goal.text for goal in brief.goals if goal.kind == "tech"]
    goals += [unlabelled(text) for text in goals]
    goals += [text.rstrip(".") for text in goals]
    promises = [promise.text for promise in brief.promises if promise.owner == "mentee"]
    said = [sentence.text for meeting in brief.meetings for sentence in meeting.said]
    return (*goals, *promises, *said, *brief.focus, *brief.mentee.expertise,
            brief.wish or "", brief.mentee.role)  # fmt: skip


def _names_task(exhibit: Exhibit[Agenda], block: AgendaBlock) -> bool:
    tasks = _tasks(exhibit)
    texts = [step.text for step in block.steps]
    if any(quote in tasks for text in texts for quote in own_quotes(text, exhibit.own)):
        return True
    return any(says(text, exhibit.brief.mentee.role) for text in texts)


def _says_why_first(exhibit: Exhibit[Agenda]) -> bool:
    tasks = _tasks(exhibit)
    for _, step in steps_of(exhibit.draft, blocks=TECH_BLOCKS):
        if step.kind in ("do", "show"):
            return False
        is_told = step.kind in ("say", "ask")
        quotes = own_quotes(step.text, exhibit.own) if is_told else ()
        if any(quote in tasks for quote in quotes):
            return True
        if is_told and says(step.text, exhibit.brief.mentee.role):
            return True
    return False


def _asks_about_today(agenda: Agenda) -> bool:
    return any(
        mentions(step.text, done_today()) and "?" in step.text
        for _, step in steps_of(agenda, ("ask",), ("check_in", "review", "warm_up", *TECH_BLOCKS))
    )


def ag24_goals_are_covered(exhibit: Exhibit[Agenda]) -> Verdict:
    """The tech goal in focus and the career goal are covered, or a gap says why they are not."""
    brief = exhibit.brief
    known = {goal.id for goal in brief.goals}
    faults = [
        f"{name_of(block)} names goal {one}, which the pair does not have"
        for block in exhibit.draft.blocks
        for one in block.goal_ids
        if one not in known
    ]
    if brief.focus_goal is None and brief.career_goal is None and not faults:
        return excuse("AG24", "the pair has stated no goal")
    faults += _uncovered_goals(exhibit)
    faults += _purpose_faults(exhibit)
    return decide("AG24", faults, "the goals in focus are covered, or named as gaps")


def _uncovered_goals(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    brief, material = exhibit.brief, exhibit.material
    if below_floor(exhibit.draft):
        return
    for goal, lesson in ((brief.focus_goal, material.tech), (brief.career_goal, material.career)):
        if goal is None or _is_covered(exhibit.draft, goal.id):
            continue
        reasons = {gap.reason for gap in exhibit.draft.gaps if goal.id in gap.goal_ids}
        if not reasons:
            yield f"“{short(unlabelled(goal.text))}” is neither covered nor named as a gap"
        elif reasons == {"not_in_library"} and lesson is not None:
            yield f"“{short(unlabelled(goal.text))}” is a gap, but “{lesson.title}” covers it"


def _is_covered(agenda: Agenda, goal_id: str) -> bool:
    return any(
        isinstance(citation, LibraryCitation)
        for block in agenda.blocks
        if goal_id in block.goal_ids
        for step in block.steps
        for citation in step.citations
    )


def _purpose_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    brief = exhibit.brief
    wanted = [brief.wish or "", *brief.focus]
    wanted += [text for goal in brief.goals for text in (goal.text, *goal.terms)]
    stems = set(content_stems(" ".join(wanted)))
    if stems and not stems & set(content_stems(exhibit.draft.purpose)):
        yield f"the purpose “{short(exhibit.draft.purpose)}” speaks of none of the pair's goals"
