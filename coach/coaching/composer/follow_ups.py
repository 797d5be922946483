"""Writes follow-up questions offline: from what happened, a set in which no two are alike."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from coach.coaching.boundaries import dangling_opener
from coach.coaching.brief import OpenPromise, PastMeeting, closest_expertise, own_words
from coach.coaching.composer.frames import Filled
from coach.coaching.composer.lines import due_words
from coach.coaching.composer.question_fit import (
    Candidate,
    QuestionDesk,
    choose_frame,
    keep_anchored,
)
from coach.coaching.composer.recap_parts import best_sentence, quote
from coach.coaching.contract.reach_clauses import REACHING
from coach.coaching.drafts import (
    Anchor,
    Citation,
    FollowUpQuestion,
    FollowUps,
    Person,
    Provenance,
    QuestionPurpose,
)
from coach.knowledge.words import content_stems, words

_LONGEST_QUOTE, _LONGEST_ANSWER = 12, 60
_SHORT_SESSION = 15
_ANSWERS = 0.5
_FEW = 2


def compose_follow_ups(desk: QuestionDesk, created_at: str) -> FollowUps:
    """The questions of the last session; their verdicts are still to come."""
    most = 3 if desk.brief.minutes <= _SHORT_SESSION else 6
    questions: list[FollowUpQuestion] = []
    for candidate in list_candidates(desk):
        if len(questions) < most and (filled := choose_frame(desk, candidate, questions)):
            once = candidate.purpose in ("career", "experience")
            again = once and _has_purpose(questions, candidate.purpose)
            if not again and _reaches_enough(questions, candidate.purpose):
                questions.append(_question(desk, candidate, filled, len(questions) + 1))
    questions = keep_anchored(desk.brief, questions)
    return FollowUps(
        pair_id=desk.brief.pair_id,
        session_number=desk.number,
        language=desk.frames.language,
        questions=tuple(questions),
        contract=(),
        provenance=Provenance(
            "extractive", desk.material.library_version, desk.frames.fingerprint, None, created_at
        ),
    )


def _has_purpose(questions: Sequence[FollowUpQuestion], purpose: QuestionPurpose) -> bool:
    return any(question.purpose == purpose for question in questions)


def _reaches_enough(questions: Sequence[FollowUpQuestion], purpose: QuestionPurpose) -> bool:
    """Whether half of the questions would still reach beyond remembering with one more."""
    purposes = [*(question.purpose for question in questions), purpose]
    return 2 * sum(one in REACHING for one in purposes) >= len(purposes)


def list_candidates(desk: QuestionDesk) -> Iterator[Candidate]:
    """Every question worth asking, the most needed first."""
    yield from _experience(desk)
    yield from _career(desk)
    yield from _promises(desk, "mentee", 1)
    yield from _taught(desk)
    yield from _promises(desk, "mentor", 1)
    yield from _goal(desk)
    yield from _promises(desk, "mentee", 3)
    yield Candidate("reflect", "reflect", "mentee", _goal_anchor(desk), _why(desk, "reflect"))
    yield from _fallbacks(desk)


def _question(
    desk: QuestionDesk, candidate: Candidate, filled: Filled, number: int
) -> FollowUpQuestion:
    again = candidate.purpose in ("apply", "commitment", "obstacle", "clarify", "follow_up")
    later = max(desk.brief.next_date, desk.brief.date + timedelta(days=1))
    return FollowUpQuestion(
        id=f"q{number}",
        text=filled.text,
        asked_by=candidate.asked_by,
        purpose=candidate.purpose,
        anchor=candidate.anchor,
        why=candidate.why,
        model_answer=candidate.answer,
        citations=candidate.citations,
        ask_again_on=later if again or number == 1 else None,
        frame_id=filled.frame_id,
    )


def _why(desk: QuestionDesk, purpose: str) -> str:
    return desk.frames.words("why")[purpose]


def _goal_anchor(desk: QuestionDesk) -> Anchor:
    goal = desk.brief.focus_goal or desk.brief.career_goal
    if goal is None:
        return Anchor("goal", desk.brief.pair_id)
    return Anchor("goal", goal.id, own_words(goal))


def _experience(desk: QuestionDesk) -> Iterator[Candidate]:
    """The mentee's experience for the mentor's career goal."""
    career, why = desk.brief.career_goal, _why(desk, "experience")
    if career is None:
        for term in _matters(desk):
            values = {"term": term}
            yield Candidate(
                "experience_term", "experience", "mentor", _goal_anchor(desk), why, values
            )
    anchor = Anchor("goal", career.id, own_words(career)) if career else _goal_anchor(desk)
    mine = desk.brief.mentee.expertise
    turn = desk.number % len(mine) if mine else 0
    close = closest_expertise(desk.brief)
    # The item whose turn it is may be too like a question asked before; then the next one serves.
    for expertise in dict.fromkeys((*([close] if close else []), *mine[turn:], *mine[:turn])):
        values = {"expertise": expertise}
        yield Candidate("experience", "experience", "mentor", anchor, why, values)
    yield Candidate("experience_unnamed", "experience", "mentor", anchor, why)


def _career(desk: QuestionDesk) -> Iterator[Candidate]:
    career, why = desk.brief.career_goal, _why(desk, "career")
    if career is None:
        yield Candidate("career_unnamed", "career", "mentee", _goal_anchor(desk), why)
        return
    text = own_words(career)
    frames = "career" if _is_short(text) else "career_long"
    anchor = Anchor("goal", career.id, text)
    yield Candidate(frames, "career", "mentee", anchor, why, {"career": text})
    yield Candidate("career_long", "career", "mentee", anchor, why)


def _promises(desk: QuestionDesk, owner: Person, most: int) -> Iterator[Candidate]:
    """The owner's open promises; the other person asks."""
    promises = [promise for promise in desk.brief.promises if promise.owner == owner]
    for promise in promises[-most:]:
        yield _promised(desk, promise, "mentor" if owner == "mentee" else "mentee")


def _promised(desk: QuestionDesk, promise: OpenPromise, asked_by: Person) -> Candidate:
    anchor = Anchor("commitment", promise.ids[-1], promise.text)
    short = _is_short(promise.text)
    values = {"promise": promise.text, "due": due_words(desk.frames, promise.due or "")}
    if short and (promise.blocked or len(promise.ids) > 1):
        why = _why(desk, "obstacle_blocked" if promise.blocked else "obstacle")
        return Candidate("obstacle", "obstacle", asked_by, anchor, why, values)
    frames = f"commitment_{promise.owner}" if short else f"commitment_{promise.owner}_long"
    if not short and not promise.due:
        values["due"] = desk.frames.words("words")["last_session"]
    return Candidate(frames, "commitment", asked_by, anchor, _why(desk, "commitment"), values)


def _taught(desk: QuestionDesk) -> Iterator[Candidate]:
    """What the latest sessions taught, one question for each concept, with different purposes."""
    brief = desk.brief
    purposes: tuple[QuestionPurpose, ...] = ("apply", "analyse", "transfer")
    understood = [m for m in brief.meetings if any(s.language == brief.language for s in m.said)]
    concepts = {c.id: c.concept for m in understood for c in m.concepts}
    turn = 0
    for identity, concept in reversed(concepts.items()):
        cue = next((due.cue for due in brief.due if due.id == identity), None)
        idea = concept if _is_short(concept) else cue
        if idea is None:
            continue
        purpose = purposes[turn % len(purposes)]
        answer, citations = _model_answer(desk, concept)
        if answer and not set(content_stems(idea)) & set(content_stems(answer)):
            # It answers the concept, but not the word of it that the question names.
            answer, citations = None, ()
        if purpose == "apply" and answer is None:
            purpose = "analyse"
        anchor = Anchor("concept", identity, concept)
        yield Candidate(
            purpose,
            purpose,
            "mentor",
            anchor,
            _why(desk, purpose),
            {"idea": idea},
            answer,
            citations,
        )
        turn += 1


def _model_answer(desk: QuestionDesk, about: str) -> tuple[str | None, tuple[Citation, ...]]:
    lesson = desk.material.tech
    if lesson is None:
        return None, ()
    # A check or a slip tells what to do about something, not what it is.
    telling = replace(lesson, passages=lesson.of("idea", "text", "words"))
    if not telling.passages:
        return None, ()
    passage, number = best_sentence(telling, about)
    cited = quote(passage, number)
    wanted, said = set(content_stems(about)), set(content_stems(cited.text))
    answers = len(wanted & said) >= _ANSWERS * len(wanted)
    if not answers or len(words(cited.text)) > _LONGEST_ANSWER:
        return None, ()
    return cited.text, cited.citations


def _goal(desk: QuestionDesk) -> Iterator[Candidate]:
    goal, anchor = desk.brief.focus_goal, _goal_anchor(desk)
    short = [("", {"goal": own_words(goal)})] if goal and _is_short(own_words(goal)) else []
    named = [("_term", {"term": term}) for term in _matters(desk)]
    for which, values in [*short, *named][:1]:
        if desk.material.tech is None:
            why = _why(desk, "follow_up")
            yield Candidate(f"explore{which}", "follow_up", "mentor", anchor, why, values)
        why = _why(desk, "clarify")
        yield Candidate(f"today{which}", "clarify", "mentor", anchor, why, values)


def _matters(desk: QuestionDesk) -> list[str]:
    """Short names of what the pair works on: terms of the goal, topics, the mentor's strengths."""
    goal, meeting = desk.brief.focus_goal, desk.meeting
    named = [*(goal.terms if goal else ()), *desk.brief.focus]
    named += [*(meeting.topics if meeting else ()), *desk.brief.mentor.tech_strengths]
    return [one for one in dict.fromkeys(named) if _is_short(one)]


def _fallbacks(desk: QuestionDesk) -> Iterator[Candidate]:
    """Questions that need nothing but two people, for pairs that have written little."""
    anchor, meeting = _goal_anchor(desk), desk.meeting
    if meeting and len(desk.brief.promises) + len(meeting.concepts) < _FEW:
        yield from _noted(desk, meeting)
    yield Candidate("experience_unnamed", "experience", "mentor", anchor, _why(desk, "experience"))
    yield Candidate("career_unnamed", "career", "mentee", anchor, _why(desk, "career"))


def _noted(desk: QuestionDesk, meeting: PastMeeting) -> Iterator[Candidate]:
    """What was noted last, when nothing else of the session is there to ask about."""
    for said in meeting.said:
        whole = said.language == desk.brief.language and not dangling_opener(said.text)
        if whole and _is_short(said.text):
            anchor, values = Anchor("note", said.note_id, said.text), {"said": said.text}
            why = _why(desk, "noted")
            yield Candidate("noted", "analyse", "mentor", anchor, why, values)


def _is_short(text: str) -> bool:
    return 0 < len(words(text)) <= _LONGEST_QUOTE
