"""Which questions may stand in one set: short, single, known in their words, unlike each other."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from coach.coaching.brief import Brief, Material, PastMeeting
from coach.coaching.composer.frames import Filled, Frames
from coach.coaching.contract.exhibit import own_texts, without_own
from coach.coaching.contract.headwords import is_known, known_terms, terms_in
from coach.coaching.contract.question_clauses import agenda_questions
from coach.coaching.contract.reach_clauses import is_anchored, pair_stems
from coach.coaching.drafts import Anchor, Citation, FollowUpQuestion, Person, QuestionPurpose
from coach.coaching.questions import is_double_barrelled, is_leading
from coach.knowledge.words import overlap, words

_LONGEST_QUESTION = 30
_OPENING = 3
_SHARED_WITH_OLD, _SHARED_INSIDE = 0.5, 0.33
_RECENT = 3
_ANCHORED = 0.6
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that could be asked, before its frame is chosen."""

    frames: str
    purpose: QuestionPurpose
    asked_by: Person
    anchor: Anchor
    why: str
    values: dict[str, str] = field(default_factory=dict)
    answer: str | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class QuestionDesk:
    """What the composer has before it while it writes one set of questions."""

    brief: Brief
    material: Material
    frames: Frames
    used: tuple[str, ...]

    @property
    def meeting(self) -> PastMeeting | None:
        """The session the questions follow up."""
        return self.brief.meetings[-1] if self.brief.meetings else None

    @property
    def number(self) -> int:
        """The session the questions belong to."""
        return self.meeting.number if self.meeting else self.brief.session_number


def choose_frame(
    desk: QuestionDesk, candidate: Candidate, chosen: Sequence[FollowUpQuestion]
) -> Filled | None:
    """The first frame in rotation that makes a question unlike all others, or None."""
    frames = desk.frames.by_purpose[candidate.frames]
    start = first_turn(desk, candidate.frames)
    taken = {question.frame_id for question in chosen} | set(desk.used)
    for shift in range(len(frames)):
        turn = (start + shift) % len(frames)
        if frames[turn].id in taken:
            continue
        filled = desk.frames.fill(candidate.frames, start + shift, **candidate.values)
        if is_fit(desk, filled.text, chosen):
            return filled
    return None


def first_turn(desk: QuestionDesk, purpose: str) -> int:
    """Where the rotation of these frames stands: one on with each session, apart for each purpose.

    By the number alone every question of a session, and of every pair, would have the same turn.
    """
    return desk.number + zlib.crc32(f"{desk.brief.pair_id} {purpose}".encode())


def is_fit(desk: QuestionDesk, text: str, chosen: Sequence[FollowUpQuestion]) -> bool:
    """Whether a question is short, single, known in its words, and unlike those chosen or asked."""
    own = own_texts(desk.brief)
    bare = without_own(text, own)
    language = desk.frames.language
    if is_double_barrelled(bare, language) or is_leading(text, language):
        return False
    if len(words(text)) > _LONGEST_QUESTION:
        return False
    taught = " ".join(c.concept for m in desk.brief.meetings for c in m.concepts)
    headwords = desk.material.headwords
    known = known_terms((*desk.brief.mentee.known_words, *terms_in(taught, headwords)))
    if any(not is_known(term, known) for term in terms_in(bare, headwords)):
        return False
    asked = [q for m in desk.brief.meetings[-_RECENT:] for q in m.questions_asked]
    if any(overlap(text, old) >= _SHARED_WITH_OLD for old in asked):
        return False
    planned = [q for m in desk.brief.meetings[-_RECENT:] for q in agenda_questions(m.agenda)]
    if any(overlap(bare, without_own(old, own)) >= _SHARED_WITH_OLD for old in planned):
        return False
    return all(
        overlap(text, other.text) <= _SHARED_INSIDE
        and words(text)[:_OPENING] != words(other.text)[:_OPENING]
        for other in chosen
    )


def keep_anchored(brief: Brief, questions: list[FollowUpQuestion]) -> list[FollowUpQuestion]:
    """The questions without those that speak of nothing of the pair, as far as too many do."""
    kept = list(questions)
    known = pair_stems(brief)
    for question in reversed(questions):
        anchored = sum(is_anchored(one.text, known) for one in kept)
        others = [one for one in kept if one is not question]
        asking = {one.asked_by for one in others}
        if anchored >= _ANCHORED * len(kept) or len(kept) <= _FEWEST:
            break
        needed = question.purpose == "experience"
        if not needed and not is_anchored(question.text, known) and len(asking) > 1:
            kept = others
    return kept
