"""Explains technical terms where a draft first uses them, in the library's own words."""

from collections.abc import Sequence
from dataclasses import replace

from coach.coaching.composer.lines import (
    LONGEST_STEP,
    MOST_LINES,
    BlockWords,
    Desk,
    Line,
    cite_span,
)
from coach.coaching.contract.exhibit import without_own
from coach.coaching.contract.headwords import states_meaning, terms_in
from coach.coaching.drafts import AgendaStep


def explain_terms(desk: Desk, written: Sequence[BlockWords]) -> list[BlockWords]:
    """The same blocks, each new term explained before its first use or in an earlier block."""
    blocks = list(written)
    explained: set[str] = set()
    for number in range(len(blocks)):
        place = 0
        for meaning in define(desk, _new_in(desk, blocks[number].title, explained)):
            place += put_line(desk, blocks, number, 0, meaning)
        while place < len(blocks[number].lines):
            line = blocks[number].lines[place]
            for meaning in define(desk, _new_in(desk, line.step.text, explained)):
                place += put_line(desk, blocks, number, place, meaning)
            place += 1
    return blocks


def _new_in(desk: Desk, text: str, explained: set[str]) -> list[str]:
    """The terms a text is the first to use; from here on they count as explained."""
    new = unexplained(desk, text, explained)
    explained.update(new)
    return new


def unexplained(desk: Desk, text: str, explained: set[str]) -> list[str]:
    """The terms of a text that the mentee does not know and that nothing before has explained."""
    headwords = desk.material.headwords
    bare = without_own(text, desk.own)
    terms = dict.fromkeys(terms_in(bare, headwords))
    return [
        term
        for term in terms
        if term not in explained
        and not desk.familiar.holds(term, headwords[term])
        and not states_meaning(text, headwords[term])
    ]


def define(desk: Desk, terms: Sequence[str]) -> list[Line]:
    """The meanings of these terms in as few steps as they fit, each meaning whole and cited."""
    lines: list[Line] = []
    for term in terms:
        headword = desk.material.headwords[term]
        citation = cite_span(headword.passage, headword.span.start, headword.span.end)
        meaning = headword.meaning.rstrip(".")
        told = desk.fill("term", word=headword.word, meaning=meaning)
        line = Line(AgendaStep("explain", told.text, "template", (citation,)), told.frame_id)
        if lines and (joined := _join(lines[-1], line)):
            lines[-1] = joined
        else:
            lines.append(line)
    return lines


def _join(one: Line, other: Line) -> Line | None:
    """Two explanations of terms as one step, when both are and fit."""
    longer = f"{one.step.text} {other.step.text}"
    if one.frame_id is None or one.frame_id != other.frame_id or len(longer) > LONGEST_STEP:
        return None
    citations = (*one.step.citations, *other.step.citations)
    return replace(one, step=replace(one.step, text=longer, citations=citations))


def put_line(desk: Desk, blocks: list[BlockWords], number: int, place: int, line: Line) -> bool:
    """Put a line at its place, or in the nearest earlier block with room; True when here."""
    lines = blocks[number].lines
    if len(lines) < MOST_LINES:
        blocks[number] = replace(blocks[number], lines=(*lines[:place], line, *lines[place:]))
        return True
    if together := _joined(blocks[number], line, place):
        blocks[number] = together
        return False
    for earlier in range(number - 1, -1, -1):
        words = blocks[earlier]
        if words.is_early and (together := _joined(words, line, len(words.lines))):
            blocks[earlier] = together
            return False
        room = MOST_LINES - len(words.lines)
        if room > 0 and not words.is_pause:
            blocks[earlier] = replace(words.adding(line), is_early=True)
            return False
    return _make_room(blocks, number, place, line)


def _joined(words: BlockWords, line: Line, before: int) -> BlockWords | None:
    """The block with this explanation joined to one before this place, when one has room."""
    for at in range(before - 1, -1, -1):
        if joined := _join(words.lines[at], line):
            return replace(words, lines=(*words.lines[:at], joined, *words.lines[at + 1 :]))
    return None


def _make_room(blocks: list[BlockWords], number: int, place: int, line: Line) -> bool:
    """Put a line in a full block in place of the last quotation it can spare, if it has one.

    A procedure stays whole; a sentence about checks or slips gives way to a meaning that is needed.
    """
    lines = blocks[number].lines
    spare = [
        at
        for at, one in enumerate(lines)
        if at >= place and one.step.kind == "explain" and one.step.origin == "quotation"
    ]
    if not spare:
        return False
    kept = [one for at, one in enumerate(lines) if at != spare[-1]]
    blocks[number] = replace(blocks[number], lines=(*kept[:place], line, *kept[place:]))
    return True
