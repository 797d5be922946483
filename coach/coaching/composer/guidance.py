"""Words for the swap block: the mentee gives career guidance, from experience and a career note."""

from coach.coaching.brief import closest_expertise, own_words
from coach.coaching.composer.lines import (
    MOST_LINES,
    BlockWords,
    Desk,
    Line,
    first_quotes,
    fits,
    goal_ids,
    is_quotable,
    procedure_of,
    quote_line,
    titled,
)
from coach.coaching.composer.meeting import write_plain
from coach.knowledge.words import content_stems, overlap
from coach.pairs.records import Goal

_LONG_SWAP = 8
_SAME_PROMISE = 0.5


def write_swap(desk: Desk) -> BlockWords:
    """The mentor's career goal, a question from the mentee's chair, and what the library adds."""
    career = desk.brief.career_goal
    lines = _career_lines(desk) if career else _unnamed_lines(desk)
    lesson = desk.material.career
    titles = desk.frames.words("titles")
    title, short = titles["swap"], titles["swap_short"]
    words = write_plain(desk, "swap", [line for line in lines if fits(line.step.text)][:MOST_LINES])
    longer = titled(desk.frames, short, lesson) if career else short
    named = title if longer == short else longer
    outcome = words.outcome if career else desk.frames.words("outcomes")["swap_unnamed"]
    return BlockWords(named, outcome, words.lines, goal_ids(career))


def _career_lines(desk: Desk) -> list[Line]:
    brief, lesson = desk.brief, desk.material.career
    career = brief.career_goal
    if career is None:
        return []
    minutes = sum(block.minutes for block in desk.shape.blocks if block.kind == "swap")
    lines = [desk.line("ask", "swap_goal", career=own_words(career))]
    if minutes >= _LONG_SWAP and promised_towards(desk, career):
        lines.append(desk.line("ask", "swap_debrief"))
    if expertise := choose_expertise(desk):
        lines.append(desk.line("ask", "swap_expertise", expertise=expertise))
    lines += first_quotes(lesson, "explain", "idea", "text", count=2)
    lines += _asked_by_library(desk, 2)
    if returned := desk.material.career_returned:
        lines.append(desk.line("ask", "swap_returned", number=returned.session_number))
    if brief.rehearsal:
        lines.append(desk.line("say", "swap_rehearse"))
    if minutes >= _LONG_SWAP:
        lines += first_quotes(lesson, "explain", "slip", count=2)
    return [*lines, desk.line("decide", "swap_close")]


def promised_towards(desk: Desk, career: Goal) -> bool:
    """Whether the mentor has an open promise that speaks of the career goal."""
    about = set(content_stems(" ".join((own_words(career), *career.terms))))
    mine = (promise.text for promise in desk.brief.promises if promise.owner == "mentor")
    return any(about & set(content_stems(text)) for text in mine)


def _unnamed_lines(desk: Desk) -> list[Line]:
    lines = [desk.line("ask", "swap_name_goal")]
    growth = desk.brief.mentor.growth_goals
    if growth:
        lines.append(desk.line("ask", "swap_growth", growth=growth[desk.turn % len(growth)]))
    lines += first_quotes(desk.material.career, "explain", "idea", "text", count=2)
    lines += _asked_by_library(desk, 1)
    return [*lines, desk.line("decide", "swap_close")]


def _asked_by_library(desk: Desk, most: int) -> list[Line]:
    """The library's own questions, in rotation so that two sessions in a row differ."""
    lesson = desk.material.career
    if lesson is None:
        return []
    lines = [
        quote_line("ask", passage, number)
        for passage in lesson.of("ask")
        for number in range(len(passage.sentences))
        if is_quotable(passage, number)
    ]
    turn = desk.turn % len(lines) if lines else 0
    return (lines[turn:] + lines[:turn])[:most]


def choose_expertise(desk: Desk) -> str | None:
    """What the mentee knows that comes closest to the mentor's career goal, or whose turn it is."""
    expertise = desk.brief.mentee.expertise
    if desk.brief.career_goal is None or not expertise:
        return None
    return closest_expertise(desk.brief) or expertise[desk.turn % len(expertise)]


def first_step(desk: Desk) -> str | None:
    """The first step of the career lesson that the mentor never promised, word for word."""
    steps = [line.step.text for line in procedure_of(desk.material.career, MOST_LINES)]
    mine = [promise.text for promise in desk.brief.promises if promise.owner == "mentor"]
    made = (one for meeting in desk.brief.meetings for one in meeting.commitments)
    mine += [one.text for one in made if one.owner == "mentor"]
    new = (text for text in steps if all(overlap(text, old) < _SAME_PROMISE for old in mine))
    return next(new, None)
