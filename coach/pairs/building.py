"""Makes a pair's record from checked coach.pair/1 JSON; reads neither labels nor unknown keys."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from coach.pairs.records import (
    Commitment,
    Concept,
    Constraints,
    Goal,
    Mentee,
    Mentor,
    Note,
    OffLimits,
    PairRecord,
    PastSession,
    Wish,
)

Reader = Literal["pair", "mentor", "mentee"]
Json = Mapping[str, Any]


def build_record(raw: Json) -> PairRecord:
    """The record of one pair, every note in it, sessions in order of number."""
    sessions = (_build_session(raw["id"], item) for item in raw["history"])
    return PairRecord(
        id=raw["id"],
        title=raw.get("title", ""),
        mentor=_build_mentor(raw["mentor"]),
        mentee=_build_mentee(raw["mentee"]),
        goals=tuple(_build_goal(goal) for goal in raw["goals"]),
        constraints=_build_constraints(raw["constraints"]),
        sessions=tuple(sorted(sessions, key=lambda session: session.number)),
        wish=_build_wish(raw.get("request"), raw.get("wish")),
        off_limits=tuple(
            OffLimits(item["text"], _texts(item, "terms"), item.get("scope", "everything"))
            for item in raw.get("off_limits", ())
        ),
        agreement=raw.get("agreement"),
    )


def limit_record(record: PairRecord, reader: Reader) -> PairRecord:
    """The record as this reader may know it: shared notes, and a person's own private ones."""
    sessions = tuple(
        replace(session, notes=tuple(limit_notes(session.notes, reader)))
        for session in record.sessions
    )
    return replace(record, sessions=sessions)


def limit_notes(notes: Iterable[Note], reader: Reader) -> Iterable[Note]:
    """Those of these notes that the reader may know."""
    return (note for note in notes if note.visibility == "pair" or note.author == reader)


def _build_mentor(raw: Json) -> Mentor:
    return Mentor(
        role=raw["role"],
        name=raw.get("name"),
        background=raw.get("background", ""),
        interests=_texts(raw, "interests"),
        tech_strengths=_texts(raw, "tech_strengths"),
        growth_goals=_texts(raw, "growth_goals"),
    )


def _build_mentee(raw: Json) -> Mentee:
    return Mentee(
        role=raw["role"],
        name=raw.get("name"),
        years_experience=raw.get("years_experience"),
        tech_levels=tuple(raw.get("tech_levels", {}).items()),
        expertise=_texts(raw, "expertise"),
        learning_style=raw.get("learning_style", ""),
        known_words=_texts(raw, "known_words"),
    )


def _build_goal(raw: Json) -> Goal:
    return Goal(raw["id"], raw["text"], raw["kind"], int(raw["priority"]), _texts(raw, "terms"))


def _build_constraints(raw: Json) -> Constraints:
    usual = Constraints()
    return Constraints(
        session_minutes=int(raw.get("session_minutes", usual.session_minutes)),
        cadence_days=int(raw.get("cadence_days", usual.cadence_days)),
        setting=raw.get("setting", usual.setting),
        language=raw.get("language", usual.language),
        access_needs=_texts(raw, "access_needs"),
        confidentiality=_texts(raw, "confidentiality"),
    )


def _build_wish(request: Json | None, wish: Json | None) -> Wish | None:
    """What was asked for; a person's wish comes before the words of the request."""
    if request is None and wish is None:
        return None
    request, wish = request or {}, wish or {}
    day = request.get("for_date")
    return Wish(
        text=wish.get("text") or request.get("text", ""),
        minutes=request.get("minutes"),
        for_date=date.fromisoformat(day) if day else None,
        focus=_texts(request, "focus"),
    )


def _build_session(pair_id: str, raw: Json) -> PastSession:
    number, language = int(raw["session_number"]), raw.get("notes_language")
    return PastSession(
        number=number,
        date=date.fromisoformat(raw["date"]),
        minutes=int(raw["minutes"]),
        state=raw.get("state", "held"),
        topics=_texts(raw, "topics"),
        notes=_build_notes(f"{pair_id}-n{number}", raw["notes"], language),
        notes_language=language,
        commitments=tuple(_build_commitment(item) for item in raw["commitments"]),
        concepts=tuple(_build_concepts(f"{pair_id}-k{number}", raw.get("concepts", ()))),
        questions_asked=_texts(raw, "questions_asked"),
        mentee_led_minutes=raw.get("mentee_led_minutes"),
        agenda=raw.get("agenda"),
    )


def _build_notes(prefix: str, raw: str | list[Json], language: str | None) -> tuple[Note, ...]:
    """The notes that say something; a string is one shared note of both."""
    if isinstance(raw, str):
        return (Note(prefix, raw, "pair", None, language),) if raw.strip() else ()
    return tuple(
        Note(
            id=item["id"],
            text=item["text"],
            visibility=item["visibility"],
            author=None if is_of_both(item) else item["author"],
            language=language,
        )
        for item in raw
        if item["text"].strip()
    )


def is_of_both(note: Json) -> bool:
    """Whether a shared note came without its author, so that none may be named."""
    return note["visibility"] == "pair" and note.get("author_unknown") is True


def _build_commitment(raw: Json) -> Commitment:
    return Commitment(raw["id"], raw["owner"], raw["text"], raw.get("due"), raw["status"])


def _build_concepts(prefix: str, raw: Iterable[Json]) -> Iterable[Concept]:
    for place, item in enumerate(raw, start=1):
        if item.get("concept"):
            concept_id = item.get("id") or f"{prefix}-{place}"
            yield Concept(concept_id, item["concept"], item.get("last_result", "new"))


def _texts(raw: Json, key: str) -> tuple[str, ...]:
    return tuple(raw.get(key, ()))
