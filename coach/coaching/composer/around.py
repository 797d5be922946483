"""What stands around the blocks of an agenda: purpose, promises, preparation, adaptations, gaps."""

from collections.abc import Sequence
from typing import Any

from coach.coaching.boundaries import is_sensitive
from coach.coaching.brief import Brief, own_words
from coach.coaching.composer.guidance import first_step
from coach.coaching.composer.lines import (
    MOST_LINES,
    Desk,
    cite_span,
    day_words,
    goal_ids,
    language_words,
    procedure_of,
)
from coach.coaching.composer.meeting import list_left_out
from coach.coaching.drafts import AgendaBlock, Gap, LibraryCitation, Prep, PrepTask, Promise
from coach.knowledge.wording.tongues import ENGLISH, code_of
from coach.knowledge.words import normalise

_LONGEST_PURPOSE = 240


def write_purpose(desk: Desk) -> str:
    """One sentence that says what the session is for."""
    brief, lesson = desk.brief, desk.material.tech
    goal = own_words(brief.focus_goal) if brief.focus_goal else ""
    career = own_words(brief.career_goal) if brief.career_goal else ""
    values: dict[str, Any] = {"goal": goal, "career": career}
    if lesson is None:
        named = "purpose_uncovered" if career else "purpose_uncovered_plain"
        wanted = [*([named] if goal else []), *(["purpose_open_career"] if career else [])]
        return _first_fitting(desk, [*wanted, "purpose_open"], values)
    values["lesson"] = lesson.title
    named, short = "purpose" if career else "purpose_without_career", "purpose_short"
    if brief.first:
        named, short = "purpose_first_goal", "purpose_first"
    wanted = [*([named] if goal else []), short]
    return _first_fitting(desk, [*wanted, "purpose_plain"], values)


def _first_fitting(desk: Desk, purposes: Sequence[str], values: dict[str, Any]) -> str:
    """The first of these frames that stays short enough; the last one always does."""
    texts = [desk.fill(purpose, **values).text for purpose in purposes]
    return next((text for text in texts if len(text) <= _LONGEST_PURPOSE), texts[-1])


def write_promise_texts(desk: Desk) -> tuple[Promise, ...]:
    """One proposal for each person, small, with the day of the next session."""
    when = desk.fill("when", date=day_words(desk.frames, desk.brief.next_date)).text
    return (
        Promise("mentor", _mentor_promise(desk), when),
        Promise("mentee", _mentee_promise(desk), when),
    )


def _mentee_promise(desk: Desk) -> str:
    brief, lesson = desk.brief, desk.material.tech
    if lesson is None:
        goal = desk.topic
        return desk.fill("promise_mentee_explore", goal=goal).text
    again = [one for one in brief.promises if one.owner == "mentee" and len(one.ids) > 1]
    if again:
        return desk.fill("promise_mentee_again").text
    steps = procedure_of(lesson, MOST_LINES)
    if brief.stalled and steps:
        return desk.fill("promise_mentee_small", step=steps[0].step.text).text
    return desk.fill("promise_mentee", lesson=lesson.title).text


def _mentor_promise(desk: Desk) -> str:
    career = desk.brief.career_goal
    if career is None:
        return desk.fill("promise_mentor_goal").text
    step = first_step(desk)
    if step:
        return desk.fill("promise_mentor", career=own_words(career), step=step).text
    return desk.fill("promise_mentor_plain", career=own_words(career)).text


def write_prep(desk: Desk) -> Prep:
    """At most two small tasks for each person."""
    brief, lesson = desk.brief, desk.material.tech
    goal = desk.topic
    mentor, mentee = [], []
    if lesson is not None:
        text = desk.fill("prep_mentor", lesson=lesson.title).text
        mentor.append(PrepTask(text, 7, _lesson_citation(desk)))
        mentee.append(PrepTask(desk.fill("prep_mentee", goal=goal).text, 5))
    else:
        mentor.append(PrepTask(desk.fill("prep_mentor_explore", goal=goal).text, 7))
    if brief.career_goal:
        career = own_words(brief.career_goal)
        mentor.append(PrepTask(desk.fill("prep_mentor_career", career=career).text, 3))
        mentee.append(PrepTask(desk.fill("prep_mentee_career", career=career).text, 3))
    return Prep(tuple(mentor), tuple(mentee))


def _lesson_citation(desk: Desk) -> tuple[LibraryCitation, ...]:
    lesson = desk.material.tech
    steps = lesson.of("steps") if lesson else ()
    if not steps or not steps[0].sentences:
        return ()
    span = steps[0].sentences[0]
    return (cite_span(steps[0], span.start, span.end),)


def list_adaptations(desk: Desk) -> tuple[str, ...]:
    """Every access need and the setting in the pair's words, with what is known to help."""
    brief = desk.brief
    needs, setting = brief.constraints.access_needs, brief.constraints.setting
    lines = [desk.fill("adapt_need", need=need).text for need in needs if need.strip()]
    if setting.strip():
        lines.append(desk.fill("adapt_setting", setting=setting).text)
    said = normalise(" ".join((*needs, setting)))
    for entry in desk.frames.listed("adaptations"):
        if isinstance(entry, dict) and any(word in said for word in entry["match"]):
            lines.append(str(entry["text"]))
    style = normalise(brief.mentee.learning_style)
    if style and not any(str(word) in style for word in desk.frames.listed("private_style")):
        lines.append(desk.fill("adapt_style", style=brief.mentee.learning_style).text)
    lines += [desk.fill("adapt_confidential", line=line).text for line in sayable(brief)]
    return tuple(dict.fromkeys(lines))


def sayable(brief: Brief) -> tuple[str, ...]:
    """What the pair keeps confidential, as far as naming it gives nothing away."""
    return tuple(line for line in brief.constraints.confidentiality if not is_sensitive(line))


def list_gaps(desk: Desk, blocks: Sequence[AgendaBlock]) -> tuple[Gap, ...]:
    """What this draft could not do, each with its reason."""
    brief, material = desk.brief, desk.material
    gaps: list[Gap] = []
    if material.tech is None:
        purpose = "gap_mastered" if material.mastered else "gap_library"
        text = desk.fill(purpose, goal=desk.topic).text
        gaps.append(Gap("not_in_library", text, goal_ids(brief.focus_goal)))
    if brief.career_goal and material.career is None:
        text = desk.fill("gap_library_career", career=own_words(brief.career_goal)).text
        gaps.append(Gap("not_in_library", text, goal_ids(brief.career_goal)))
    if material.tech and material.wish_unheard and brief.wish:
        gaps.append(Gap("not_in_library", desk.fill("gap_wish", wish=brief.wish).text))
    gaps += _language_gaps(desk)
    gaps += _stale_gaps(desk, blocks)
    if left_out := list_left_out(desk):
        gaps.append(Gap("scope", desk.fill("gap_scope").text, (), left_out))
    if brief.withheld:
        gaps.append(Gap("sensitive", desk.fill("gap_sensitive").text, (), brief.withheld))
    if brief.crisis:
        gaps.append(Gap("crisis", desk.fill("gap_crisis").text))
    return tuple(gaps)


def _language_gaps(desk: Desk) -> list[Gap]:
    brief = desk.brief
    gaps = []
    if brief.foreign_languages:
        names = language_words(desk.frames, brief.foreign_languages)
        gaps.append(Gap("language", desk.fill("gap_language", languages=names).text))
    if desk.frames.language != ENGLISH:
        gaps.append(Gap("language", desk.fill("gap_quotations").text))
    elif code_of(brief.language) != ENGLISH:
        name = language_words(desk.frames, (code_of(brief.language),))
        gaps.append(Gap("language", desk.fill("gap_draft_language", languages=name).text))
    return gaps


def _stale_gaps(desk: Desk, blocks: Sequence[AgendaBlock]) -> list[Gap]:
    titles: dict[str, str] = {}
    for block in blocks:
        for step in block.steps:
            for citation in step.citations:
                if not isinstance(citation, LibraryCitation):
                    continue
                if desk.material.offered[citation.passage_id].state == "needs_check":
                    titles[citation.document_id] = citation.document_title
    return [Gap("stale_source", desk.fill("gap_stale", title=t).text) for t in titles.values()]
