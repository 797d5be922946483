"""Makes the brief of a draft from a pair's record: picks goals and level, keeps boundaries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from coach.coaching.boundaries import Limits, drop_reason, is_crisis, sanitise
from coach.coaching.brief import (
    AgendaRequest,
    Brief,
    DueItem,
    NoteSentence,
    OpenPromise,
    PastMeeting,
    Reader,
    goals_left,
    left_over,
)
from coach.coaching.memory import is_stalled, list_due, list_due_on
from coach.errors import CoachError
from coach.knowledge.chunking import split_sentences
from coach.knowledge.documents import LEVELS, Level
from coach.knowledge.words import content_stems, normalise
from coach.pairs.records import Commitment, Goal, Mentee, Mentor, Note, PairRecord, PastSession

SHORTEST, LONGEST, USUAL = 10, 180, 45
SWAP_FLOOR = 0.15
# Parts that every session has of its own: nothing of last time's is missed when it has no time.
_EVERY_TIME = ("check_in", "review", "warm_up", "teach_back", "reflection", "promises")


class MinutesOutOfRange(CoachError):
    """The session is too short or too long to plan."""

    status = 422
    title = f"A session has between {SHORTEST} and {LONGEST} minutes."


def build_brief(
    record: PairRecord,
    request: AgendaRequest,
    reader: Reader,
    cue_words: Iterable[str] = (),
    rehearsal_words: Iterable[str] = (),
) -> Brief:
    """What a draft for this reader may know of the pair; raises MinutesOutOfRange."""
    held = [session for session in record.sessions if session.state == "held"]
    wish, focus = choose_wish(record, request)
    asked = " ".join((wish or "", *focus))
    goals = tuple(goal for goal in record.goals if _may_say(goal.text, record, reader))
    meetings = tuple(_build_meeting(session, record, reader) for session in held)
    kinds, left = ("tech", "career"), goals_left(meetings)
    focus_goal, career_goal = (choose_goal(goals, kind, asked, left) for kind in kinds)
    day = choose_day(record, request, held)
    brief = Brief(
        reader=reader,
        pair_id=record.id,
        title=record.title if _may_say(record.title, record, reader) else "",
        session_number=request.session_number or (held[-1].number + 1 if held else 1),
        date=day,
        minutes=choose_minutes(record, request),
        next_date=day + timedelta(days=max(record.constraints.cadence_days, 1)),
        language=record.constraints.language,
        mentor=_sayable_mentor(record, reader),
        mentee=_sayable_mentee(record, reader),
        goals=goals,
        focus_goal=focus_goal,
        career_goal=career_goal,
        wish=wish if wish and _may_say(wish, record, reader) else None,
        focus=tuple(part for part in focus if _may_say(part, record, reader)),
        level=choose_level(record, focus_goal, asked),
        constraints=record.constraints,
        off_limits=record.off_limits,
        meetings=meetings,
        rehearsal=any(word in normalise(asked) for word in rehearsal_words),
        crisis=_is_crisis(record, wish, reader),
    )
    return _with_history(brief, record, (*focus, *cue_words))


def _with_history(brief: Brief, record: PairRecord, cues: Sequence[str]) -> Brief:
    """The brief with what past sessions leave to this one."""
    meetings = brief.meetings
    terms = tuple(term for goal in brief.goals for term in goal.terms)
    return replace(
        brief,
        low_balance=is_low([session for session in record.sessions if session.state == "held"]),
        promises=list_promises(meetings),
        due=_due(brief, record, (*cues, *terms)),
        keeps_cards=record.recall_days is not None,
        kept_questions=tuple(
            one for one in record.kept_questions if _may_quote(one.text, record, brief.reader)
        ),
        stalled=is_stalled(meetings) or _repeats(meetings),
        withheld=_withheld(record, meetings),
        dropped_before=_dropped_before(meetings, record),
        foreign_languages=_foreign(meetings, record),
    )


def _due(brief: Brief, record: PairRecord, cues: Sequence[str]) -> tuple[DueItem, ...]:
    """What is due on the day: by the mentee's own cards where they are kept, else by history."""
    met = _understood(brief.meetings, record)
    if record.recall_days is None:
        return list_due(met, cues)
    return list_due_on(brief.date, record.recall_days, met, cues)


def choose_wish(record: PairRecord, request: AgendaRequest) -> tuple[str | None, tuple[str, ...]]:
    """The wish asked with, or the one the pair has written down, with what it puts first."""
    if request.wish is not None:
        return request.wish.strip() or None, ()
    if record.wish is None:
        return None, ()
    return record.wish.text, record.wish.focus


def choose_minutes(record: PairRecord, request: AgendaRequest) -> int:
    """The session's length: asked for, wished for, agreed, or 45."""
    wished = record.wish.minutes if record.wish else None
    asked = (request.minutes, wished, record.constraints.session_minutes)
    minutes = next((one for one in asked if one is not None), USUAL)
    if not SHORTEST <= minutes <= LONGEST:
        raise MinutesOutOfRange(
            f"A session has between {SHORTEST} and {LONGEST} minutes, not {minutes}."
        )
    return minutes


def choose_day(record: PairRecord, request: AgendaRequest, held: Sequence[PastSession]) -> date:
    """The session's day: asked for, wished for, or one cadence after the last."""
    if request.for_date:
        return request.for_date
    if record.wish and record.wish.for_date:
        return record.wish.for_date
    cadence = timedelta(days=max(record.constraints.cadence_days, 1))
    return max(held[-1].date + cadence, request.today) if held else request.today


def choose_goal(
    goals: Sequence[Goal], kind: str, asked: str, left: Collection[str] = ()
) -> Goal | None:
    """The goal the wish speaks of; else one left over last time, else that of highest priority."""
    wanted = set(content_stems(asked))

    def rank(goal: Goal) -> tuple[int, bool, int]:
        said = set(content_stems(" ".join((goal.text, *goal.terms))))
        return -len(wanted & said), goal.id not in left, goal.priority

    return min((goal for goal in goals if goal.kind == kind), key=rank, default=None)


def choose_level(record: PairRecord, goal: Goal | None, asked: str) -> Level | None:
    """The mentee's level in what is asked for; the lowest stated level when none speaks of it."""
    levels = record.mentee.tech_levels
    if not levels:
        return None
    wanted = set(
        content_stems(" ".join((asked, goal.text if goal else "", *(goal.terms if goal else ()))))
    )
    named = [level for topic, level in levels if wanted & set(content_stems(topic))]
    return min(named or [level for _, level in levels], key=LEVELS.index)


def list_promises(meetings: Sequence[PastMeeting]) -> tuple[OpenPromise, ...]:
    """Open and blocked commitments, identical ones once, in the order they were made."""
    latest: dict[str, Commitment] = {}
    for meeting in meetings:
        for commitment in meeting.commitments:
            latest[commitment.id] = commitment
    merged: dict[tuple[str, str], OpenPromise] = {}
    for commitment in latest.values():
        if commitment.status not in ("open", "blocked") or not commitment.text.strip():
            continue
        key = (commitment.owner, normalise(commitment.text))
        before = merged.get(key)
        merged[key] = OpenPromise(
            ids=(*(before.ids if before else ()), commitment.id),
            owner=commitment.owner,
            text=before.text if before else commitment.text,
            due=commitment.due or (before.due if before else None),
            blocked=commitment.status == "blocked" or bool(before and before.blocked),
        )
    return tuple(merged.values())


def is_low(held: Sequence[PastSession]) -> bool:
    """Whether career guidance fell short of its share over the last three sessions that say so."""
    known = [session for session in held if session.mentee_led_minutes is not None][-3:]
    total = sum(session.minutes for session in known)
    led = sum(session.mentee_led_minutes or 0 for session in known)
    return total > 0 and led < SWAP_FLOOR * total


def _is_crisis(record: PairRecord, wish: str | None, reader: Reader) -> bool:
    """Whether a note this reader may see, or the wish, may speak of self-harm."""
    notes = (note.text for session in record.sessions for note in _visible(session, reader))
    return any(is_crisis(text) for text in (*notes, wish or ""))


def _visible(session: PastSession, reader: Reader) -> tuple[Note, ...]:
    return tuple(
        note
        for note in session.notes
        if note.visibility == "pair" or (reader != "pair" and note.author == reader)
    )


def _may_say(text: str, record: PairRecord, reader: Reader) -> bool:
    limits = Limits(record.off_limits, reader=reader)
    return bool(text.strip()) and drop_reason(text, limits) is None


def _sayable_mentor(record: PairRecord, reader: Reader) -> Mentor:
    mentor = record.mentor
    growth = tuple(one for one in mentor.growth_goals if _may_say(one, record, reader))
    return replace(mentor, growth_goals=growth)


def _sayable_mentee(record: PairRecord, reader: Reader) -> Mentee:
    mentee = record.mentee
    return replace(
        mentee,
        expertise=tuple(one for one in mentee.expertise if _may_say(one, record, reader)),
        learning_style=mentee.learning_style
        if _may_say(mentee.learning_style, record, reader)
        else "",
    )


def _may_quote(text: str, record: PairRecord, reader: Reader) -> bool:
    limits = Limits(record.off_limits, record.constraints.confidentiality, reader)
    return drop_reason(text, limits) is None


def _build_meeting(session: PastSession, record: PairRecord, reader: Reader) -> PastMeeting:
    said = [
        sentence
        for note in _visible(session, reader)
        for sentence in _sentences(note, session, record, reader)
    ]
    return PastMeeting(
        number=session.number,
        date=session.date,
        minutes=session.minutes,
        topics=session.topics,
        said=tuple(said),
        commitments=tuple(c for c in session.commitments if _may_quote(c.text, record, reader)),
        concepts=tuple(c for c in session.concepts if _may_quote(c.concept, record, reader)),
        questions_asked=session.questions_asked,
        mentee_led_minutes=session.mentee_led_minutes,
        agenda=session.agenda,
    )


def _sentences(
    note: Note, session: PastSession, record: PairRecord, reader: Reader
) -> list[NoteSentence]:
    language = note.language or session.notes_language or record.constraints.language
    limits = Limits(record.off_limits, record.constraints.confidentiality, reader)
    return [
        NoteSentence(
            note.id,
            session.number,
            span.start,
            span.end,
            note.text[span.start : span.end],
            language,
        )
        for span in sanitise(note.text, split_sentences(note.text), limits)
    ]


def _understood(meetings: Sequence[PastMeeting], record: PairRecord) -> list[PastMeeting]:
    """The meetings noted in the pair's language: the composer cannot ask in another."""
    language = record.constraints.language
    return [m for m in meetings if not m.said or any(s.language == language for s in m.said)]


def _repeats(meetings: Sequence[PastMeeting]) -> bool:
    return any(len(p.ids) > 1 and p.owner == "mentee" for p in list_promises(meetings))


def _dropped_before(meetings: Sequence[PastMeeting], record: PairRecord) -> tuple[str, ...]:
    """The titles of what the last session had no time for, as far as they may be said."""
    rest = [entry for entry in left_over(meetings) if entry.get("kind") not in _EVERY_TIME]
    titles = [str(entry.get("title", "")).strip() for entry in rest]
    return tuple(t for t in dict.fromkeys(titles) if t and _may_quote(t, record, "pair"))


def _withheld(record: PairRecord, meetings: Sequence[PastMeeting]) -> tuple[str, ...]:
    kept = {commitment.id for meeting in meetings for commitment in meeting.commitments}
    held = [session for session in record.sessions if session.state == "held"]
    every = [c for session in held for c in session.commitments if c.status in ("open", "blocked")]
    return tuple(dict.fromkeys(c.id for c in every if c.id not in kept))


def _foreign(meetings: Sequence[PastMeeting], record: PairRecord) -> tuple[str, ...]:
    spoken = [sentence.language for meeting in meetings for sentence in meeting.said]
    return tuple(dict.fromkeys(lang for lang in spoken if lang != record.constraints.language))
