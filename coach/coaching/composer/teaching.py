"""Words for the blocks that teach: recall, demo, hands-on, telling back, exploring."""

from collections.abc import Sequence
from typing import Literal

from coach.coaching.brief import Brief, DueItem, Lesson, NoteSentence, own_words
from coach.coaching.composer.lines import (
    MOST_LINES,
    BlockWords,
    Desk,
    Line,
    first_quotes,
    fits,
    goal_ids,
    procedure_of,
    titled,
)
from coach.coaching.composer.meeting import write_plain
from coach.coaching.drafts import StepKind
from coach.knowledge.words import content_stems, normalise, words
from coach.pairs.records import Goal

_OPENING_LINES = 2


def write_warm_up(desk: Desk) -> BlockWords:
    """What is due, asked from memory, then compared with what was noted."""
    asked: list[Line] = []
    for number, item in enumerate(desk.brief.due):
        asked += _recall(desk, item, number)
    written = write_plain(desk, "warm_up", asked)
    ids = tuple(item.id for item in desk.brief.due)
    return BlockWords(written.title, written.outcome, written.lines, memory_item_ids=ids)


def _recall(desk: Desk, item: DueItem, number: int) -> list[Line]:
    told = desk.line("say", "recall_answer", number=item.session_number, concept=item.concept)
    if item.cue:
        return [desk.line("ask", "recall_cue", number, cue=item.cue), told]
    return [desk.line("ask", "recall_open", number, number=item.session_number), told]


def write_demo(desk: Desk) -> BlockWords:
    """The mentor shows it once: why, the idea, an example."""
    lesson = desk.material.tech
    lines = [*_why(desk), _opening(desk), *_idea(desk, lesson), *write_safe_use(desk)]
    lines.append(desk.line("say", "demo_watch"))
    lines += first_quotes(lesson, "show", "example", count=3)
    lines += _bridge(desk)
    written = write_plain(desk, "demo", lines[:MOST_LINES])
    return BlockWords(
        titled(desk.frames, written.title, lesson), written.outcome, written.lines, _taught(desk)
    )


def write_hands_on(desk: Desk, with_demo: bool) -> BlockWords:
    """The mentee does it: own task, the way it is done today, then the steps word for word."""
    lesson = desk.material.tech
    opening = [(1, _own_task(desk))]
    if not with_demo:
        opening = [*((4, line) for line in _why(desk)), (0, _opening(desk)), *opening]
        opening += [(3, line) for line in _idea(desk, lesson)]
        opening += [(2, line) for line in write_safe_use(desk)]
    steps = procedure_of(lesson, MOST_LINES - 1)
    room = MOST_LINES - len(steps)
    if not with_demo and room < _OPENING_LINES:
        opening = [(0, _own_task(desk, "_today"))]
    kept = _most_needed(opening, room)
    written = write_plain(desk, "hands_on", [*kept, *steps, *_after(lesson)][:MOST_LINES])
    return BlockWords(
        titled(desk.frames, written.title, lesson), written.outcome, written.lines, _taught(desk)
    )


def _most_needed(ranked: Sequence[tuple[int, Line]], most: int) -> list[Line]:
    """The lines of lowest rank that fit, in the order given."""
    limit = sorted(rank for rank, _ in ranked)[:most]
    return [line for rank, line in ranked if rank in limit][:most]


def write_second_round(desk: Desk, said: frozenset[str]) -> BlockWords:
    """Once more on another piece of the mentee's own work, with what was not said before."""
    lesson = desk.material.tech
    title = desk.frames.words("titles")["second_round"]
    after = [line for line in _after(lesson) if line.step.text not in said]
    lines = (desk.line("say", "second_round"), *after)
    outcome = desk.frames.words("outcomes")["hands_on"]
    return BlockWords(title, outcome, lines, _taught(desk))


def write_teach_back(desk: Desk, said: frozenset[str]) -> BlockWords:
    """The mentee explains it; what the steps left no room for stands here."""
    lesson = desk.material.tech
    if lesson is None:
        written = write_plain(desk, "teach_back", [desk.line("ask", "teach_back_explore")])
        outcome = desk.frames.words("outcomes")["teach_back_explore"]
        return BlockWords(written.title, outcome, written.lines, _taught(desk))
    lines = [desk.line("ask", "teach_back"), desk.line("say", "teach_back_listen")]
    lines += [line for line in _after(lesson) if line.step.text not in said]
    written = write_plain(desk, "teach_back", lines)
    return BlockWords(written.title, written.outcome, written.lines, _taught(desk))


def write_explore(desk: Desk) -> BlockWords:
    """What the library lacks, explored with questions and no technical claim."""
    goal = desk.brief.focus_goal
    topic = desk.topic
    lines = [
        desk.line("say", "explore_mastered" if desk.material.mastered else "explore_say"),
        *_why(desk),
        desk.line("ask", "explore_know", goal=topic),
        desk.line("ask", "explore_trust"),
        desk.line("decide", "explore_decide", whom=desk.whom),
    ]
    written = write_plain(desk, "explore", [line for line in lines if fits(line.step.text)])
    return BlockWords(written.title, written.outcome, written.lines, goal_ids(goal))


def _why(desk: Desk) -> list[Line]:
    """What it is for: the goal, else the wish, else the mentee's work; the first that fits."""
    brief = desk.brief
    lines = []
    if brief.focus_goal:
        lines.append(desk.line("say", "why", goal=own_words(brief.focus_goal)))
    if brief.wish:
        lines.append(desk.line("say", "why_wish", wish=brief.wish))
    if brief.mentee.role.strip():
        lines.append(desk.line("say", "why_role", role=brief.mentee.role))
    return [line for line in lines if fits(line.step.text)][:1]


def _opening(desk: Desk) -> Line:
    """How it is done today: asked, probed when no level is known, or tried first without a demo."""
    brief = desk.brief
    if brief.level is None:
        return desk.line("ask", "probe")
    if brief.stalled or brief.level in ("working", "confident"):
        return desk.line("ask", "problem_first")
    return desk.line("ask", "today")


def _own_task(desk: Desk, also: Literal["", "_today"] = "") -> Line:
    """The mentee's own task; where there is room for one line only, with how it is done today."""
    goal, role = desk.brief.focus_goal, desk.brief.mentee.role
    kind: StepKind = "ask" if also else "say"
    if goal:
        line = desk.line(kind, f"own_task{also}", goal=own_words(goal))
        if fits(line.step.text):
            return line
    line = desk.line(kind, f"own_task_role{also}", role=role)
    if role.strip() and fits(line.step.text):
        return line
    return desk.line(kind, f"own_task_plain{also}")


def _idea(desk: Desk, lesson: Lesson | None) -> list[Line]:
    lines = first_quotes(lesson, "explain", "idea", "text", count=2)
    if not lines or lesson is None:
        return []
    step = lines[0].step
    known = {normalise(c.concept) for m in desk.brief.meetings for c in m.concepts}
    is_new = normalise(lesson.title) not in known
    return [
        Line(type(step)(step.kind, step.text, step.origin, step.citations, lesson.title, is_new))
    ]


def write_safe_use(desk: Desk) -> list[Line]:
    """The library's line on safe use, when the lesson's document has one."""
    return first_quotes(desk.material.tech, "explain", "safe_use")


def _after(lesson: Lesson | None) -> list[Line]:
    return [
        *first_quotes(lesson, "explain", "check", count=2),
        *first_quotes(lesson, "explain", "slip", count=2),
    ]


def _bridge(desk: Desk) -> list[Line]:
    brief = desk.brief
    markers = [str(word) for word in desk.frames.listed("comparisons")]
    leaning = desk.frames.listed("antecedents")
    lesson = desk.material.tech
    taught = set(content_stems(" ".join(p.text for p in lesson.passages))) if lesson else set()
    found: list[tuple[bool, int, str]] = []
    lately = _texts_lately(brief)
    for meeting in brief.meetings:
        said = [sentence for sentence in meeting.said if sentence.language == brief.language]
        for place, sentence in enumerate(said):
            if any(marker in normalise(sentence.text) for marker in markers):
                told = _with_antecedent(said, place, leaning)
                if told in lately:
                    continue
                fits_lesson = bool(taught & set(content_stems(told)))
                found.append((fits_lesson, meeting.number, told))
    # A picture that speaks of the lesson; of two, the later one, which the two agreed on.
    for _, number, told in sorted(found, key=lambda one: one[0])[-1:]:
        line = desk.line("ask", "bridge", number=number, sentence=told)
        return [line] if fits(line.step.text) else []
    return []


def _texts_lately(brief: Brief) -> str:
    """What the steps of the last two settled agendas say, in one text."""
    steps = [step for meeting in brief.meetings[-2:] for step in meeting.agenda_steps()]
    return "\n".join(str(step.get("text", "")) for step in steps)


def _with_antecedent(said: Sequence[NoteSentence], place: int, leaning: Sequence[object]) -> str:
    """A note sentence; with the one before, quoted beside it, when it leans on that one."""
    sentence = said[place]
    if place and any(word in leaning for word in words(sentence.text)):
        return f"{said[place - 1].text}” “{sentence.text}"
    return sentence.text


def _taught(desk: Desk) -> tuple[str, ...]:
    """The focus goal, and every other technical goal whose words this lesson uses."""
    focus, lesson = desk.brief.focus_goal, desk.material.tech
    if lesson is None:
        return goal_ids(focus)
    taught = set(content_stems(" ".join(p.text for p in lesson.passages)))
    others = [g for g in desk.brief.goals if g.kind == "tech" and g != focus and _about(g, taught)]
    return goal_ids(focus, *others)


def _about(goal: Goal, taught: set[str]) -> bool:
    terms = [set(content_stems(term)) for term in goal.terms]
    return bool(terms) and all(term <= taught for term in terms if term)
