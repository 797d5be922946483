"""The clause about repetition: AG22.

Compared is what a block brings, not how it is framed: the library sentences it cites and the
notes, promises and concepts it quotes. Template words, the goals a pair quotes every time, the
meanings of terms and safe-use lines come back by design and are left out on both sides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from coach.coaching.contract.evidence import cited_passage
from coach.coaching.contract.exhibit import Exhibit, decide, excuse, own_quotes, plain, unlabelled
from coach.coaching.contract.texts import name_of, steps_of
from coach.coaching.drafts import Agenda, AgendaBlock, Verdict
from coach.knowledge.chunking import split_sentences
from coach.knowledge.words import content_stems

MOST_SHARED = 0.5
# A block of few words shares half of them with any other on the same topic, so what is shared is
# measured against at least this many; words said again exactly count whatever their number.
FEWEST_STEMS = 20
COMPARED = ("demo", "hands_on", "explore", "teach_back", "swap")
TECH = ("demo", "hands_on", "explore", "teach_back")
RETURNS_BY_DESIGN = ("words", "safe_use")
PAST_AGENDAS = 2
_QUOTED = re.compile("“([^“”]*)”")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a block brings: its content words, and its sentences."""

    stems: frozenset[str]
    sentences: frozenset[str]


def ag22_brings_something_new(exhibit: Exhibit[Agenda]) -> Verdict:
    """No block says again what a block of the last two agendas brought."""
    past = [meeting.agenda for meeting in exhibit.brief.meetings if meeting.agenda is not None]
    if not past:
        return excuse("AG22", "no earlier agenda was kept to compare with")
    faults = list(_repeated_blocks(exhibit, past[-PAST_AGENDAS:]))
    return decide("AG22", faults, "every block brings something new")


def _repeated_blocks(exhibit: Exhibit[Agenda], past: list[dict[str, object]]) -> Iterator[str]:
    old = [entry for agenda in past for entry in _past(exhibit, agenda)]
    excepted = TECH if _returns_missed(exhibit) else ()
    for block in exhibit.draft.blocks:
        if block.kind not in COMPARED or block.kind in excepted:
            continue
        said = _said(_brought(exhibit, block))
        shares = [_shared(said, before) for kind, before in old
                  if (kind in TECH) == (block.kind in TECH)]  # fmt: skip
        if shares and max(shares) >= MOST_SHARED:
            yield f"{name_of(block)} shares {max(shares):.0%} of its content with an earlier agenda"


def _shared(one: _Said, other: _Said) -> float:
    words = len(one.stems & other.stems) / max(min(len(one.stems), len(other.stems)), FEWEST_STEMS)
    again = len(one.sentences & other.sentences) / max(len(one.sentences), 1)
    return max(words, again)


def _said(texts: Iterator[str]) -> _Said:
    told = tuple(texts)
    sentences = (
        plain(text[span.start : span.end]) for text in told for span in split_sentences(text)
    )
    return _Said(frozenset(content_stems("\n".join(told))), frozenset(sentences))


def _brought(exhibit: Exhibit[Agenda], block: AgendaBlock) -> Iterator[str]:
    standing = _standing(exhibit)
    for step in block.steps:
        for citation in step.citations:
            passage = cited_passage(citation, exhibit.material)
            if passage is None or passage.kind not in RETURNS_BY_DESIGN:
                yield citation.quote
        yield from (text for text in own_quotes(step.text, exhibit.own) if text not in standing)


def _standing(exhibit: Exhibit[Agenda]) -> frozenset[str]:
    """What a pair says of itself in every agenda: goals, terms, roles and the wish."""
    brief = exhibit.brief
    goals = chain.from_iterable(
        (goal.text, unlabelled(goal.text), *goal.terms) for goal in brief.goals
    )
    roles = (brief.mentor.role, brief.mentee.role, *brief.mentee.expertise, *brief.focus)
    return frozenset((*goals, *roles, brief.wish or ""))


def _past(exhibit: Exhibit[Agenda], agenda: dict[str, object]) -> Iterator[tuple[str, _Said]]:
    standing = {plain(text) for text in _standing(exhibit)}
    for block in _dicts(agenda.get("blocks")):
        kind = str(block.get("kind"))
        if kind not in COMPARED:
            continue
        texts: list[str] = []
        for step in _dicts(block.get("steps")):
            texts += [str(one.get("quote", "")) for one in _dicts(step.get("citations"))
                      if not _is_design(exhibit, str(one.get("passage_id")))]  # fmt: skip
            quotes = _QUOTED.findall(str(step.get("text", "")))
            texts += [text for text in quotes if plain(text) not in standing]
        yield kind, _said(iter(texts))


def _is_design(exhibit: Exhibit[Agenda], passage_id: str) -> bool:
    passage = exhibit.material.offered.get(passage_id)
    return passage is not None and passage.kind in RETURNS_BY_DESIGN


def _dicts(values: object) -> list[dict[str, Any]]:
    """The objects in a JSON list that may have been written elsewhere."""
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _returns_missed(exhibit: Exhibit[Agenda]) -> bool:
    """Whether the tech blocks take up again what was missed, which is how it should be."""
    if exhibit.brief.stalled:
        return True
    missed = [set(content_stems(item.concept)) for item in exhibit.brief.due if item.missed]
    said: list[str] = []
    for block, step in steps_of(exhibit.draft, blocks=TECH):
        said += [block.title, step.text, *(one.quote for one in step.citations)]
    stems = set(content_stems("\n".join(said)))
    return any(len(concept & stems) * 2 >= len(concept) for concept in missed if concept)
