"""Turns coach.pair/1 JSON into rows and rows back into equal JSON; knows nothing of rights.

A row remembers the keys its object had, in their order, and the values that have no column.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol
from uuid import UUID, uuid4

from coach.storage.tables import (
    Agenda,
    Commitment,
    Concept,
    Goal,
    MentoringSession,
    Note,
    Pair,
    QuestionAsked,
    Table,
)

Json = Mapping[str, Any]
# Key in the file → column; the keys in front are required by the schema.
GOAL = {
    "id": "external_id",
    "text": "text",
    "kind": "kind",
    "priority": "priority",
    "terms": "terms",
}
SESSION = {
    "session_number": "number",
    "date": "date",
    "minutes": "minutes",
    "state": "state",
    "topics": "topics",
    "notes_language": "notes_language",
    "mentee_led_minutes": "mentee_led_minutes",
    "wish": "wish",
}
COMMITMENT = {
    "id": "external_id",
    "owner": "owner",
    "text": "text",
    "status": "status",
    "due": "due",
}
CONCEPT = {"id": "external_id", "concept": "concept", "last_result": "last_result"}
NOTE = {"id": "external_id", "author": "author_role", "visibility": "visibility", "text": "text"}
PARTS = ("notes", "commitments", "concepts", "questions_asked", "agenda")
# What an absent key means; a value like it is not written unless the file had the key.
SILENT: tuple[object, ...] = (None, "", [], {})


class Kept(Protocol):
    """A row that remembers how its object was written."""

    keys: Any
    extra: Any


def language_of(pair: Pair) -> str:
    """The language the pair speaks with each other; English where they named none."""
    agreed: Any = pair.profile.get("constraints") or {}
    return str(agreed.get("language") or "en")


def build_profile(raw: Json) -> dict[str, object]:
    """What stays in the pair's own row: everything but goals, history, id and title."""
    apart = ("id", "title", "goals", "history")
    return {key: value for key, value in raw.items() if key not in apart}


def build_goals(pair_id: UUID, raw: Iterable[Json]) -> Iterable[Goal]:
    """A row for each goal."""
    for position, item in enumerate(raw):
        yield Goal(pair_id=pair_id, position=position, **split(item, GOAL))


def build_session_rows(
    pair: Pair, position: int, raw: Json
) -> tuple[MentoringSession, list[Table]]:
    """The row of one session, and the rows that hang on it."""
    columns = {**SESSION} if isinstance(raw.get("wish"), str) else _without_wish()
    own = {key: value for key, value in raw.items() if key not in PARTS}
    fields = split(own, columns)
    fields["keys"] = list(raw)
    fields["date"] = date.fromisoformat(raw["date"])
    fields.setdefault("state", "held")
    session = MentoringSession(id=uuid4(), pair_id=pair.id, position=position, **fields)
    hanging: list[Table] = [*_note_rows(pair, session, raw["notes"])]
    for place, item in enumerate(raw["commitments"]):
        hanging.append(Commitment(session_id=session.id, position=place, **split(item, COMMITMENT)))
    for place, item in enumerate(raw.get("concepts", ())):
        hanging.append(Concept(session_id=session.id, position=place, **split(item, CONCEPT)))
    for place, text in enumerate(raw.get("questions_asked", ())):
        hanging.append(QuestionAsked(session_id=session.id, position=place, text=text))
    if "agenda" in raw:
        hanging.append(Agenda(session_id=session.id, body=raw["agenda"], state="settled"))
    return session, hanging


def _without_wish() -> dict[str, str]:
    return {key: column for key, column in SESSION.items() if key != "wish"}


def _note_rows(pair: Pair, session: MentoringSession, raw: str | list[Json]) -> Iterable[Note]:
    """A string is one shared note whose author nobody knows; an item names its author."""
    if isinstance(raw, str):
        yield Note(
            session_id=session.id,
            visibility="pair",
            form="string",
            external_id=f"{pair.external_id}-n{session.number}",
            text=raw,
        )
        return
    people = {"mentor": pair.mentor_id, "mentee": pair.mentee_id}
    for position, item in enumerate(raw):
        yield Note(
            session_id=session.id,
            author_id=people[item["author"]],
            position=position,
            **split(item, NOTE),
        )


def export_goal(goal: Goal) -> dict[str, object]:
    """The goal as its file had it."""
    return join(goal, GOAL, 4)


def export_commitment(commitment: Commitment) -> dict[str, object]:
    """The commitment as its file had it, with its status of today."""
    return join(commitment, COMMITMENT, 4)


def export_concept(concept: Concept) -> dict[str, object]:
    """The concept as its file had it, with its latest result."""
    return join(concept, CONCEPT, 0)


def export_notes(notes: list[Note]) -> str | list[dict[str, object]]:
    """One string when there is that one note only; else a list that says who wrote what."""
    if len(notes) == 1 and notes[0].form == "string":
        return notes[0].text
    return [_export_note(note) for note in notes]


def export_session(session: MentoringSession, parts: dict[str, object]) -> dict[str, object]:
    """The session as its file had it, with the parts that hang on it."""
    columns = SESSION if "wish" not in session.extra else _without_wish()
    values = {key: getattr(session, column) for key, column in columns.items()}
    values["date"] = session.date.isoformat()
    required = ("session_number", "date", "minutes", "notes", "commitments")
    silent = {"state": "held"}
    return _write(session, {**values, **session.extra, **parts}, required, silent)


def split(raw: Json, columns: Mapping[str, str]) -> dict[str, Any]:
    """The values of a row: those with a column, the keys there were, and the rest."""
    fields = {columns[key]: value for key, value in raw.items() if key in columns}
    extra = {key: value for key, value in raw.items() if key not in columns}
    return {**fields, "keys": list(raw), "extra": extra}


def join(row: Kept, columns: Mapping[str, str], required: int) -> dict[str, object]:
    """The object a row came from, with its values of today."""
    values = {key: getattr(row, column) for key, column in columns.items()} | row.extra
    return _write(row, values, tuple(columns)[:required], {})


def _write(
    row: Kept, values: dict[str, Any], required: tuple[str, ...], silent: Mapping[str, object]
) -> dict[str, object]:
    """The keys there were, in their order, then those that have come to say something."""
    keys = required if row.keys is None else row.keys
    written = {key: values[key] for key in keys if key in values}
    for key, value in values.items():
        if key not in written and value not in SILENT and value != silent.get(key):
            written[key] = value
    return written


def _export_note(note: Note) -> dict[str, object]:
    """A note as an item; one that came as a string says that its author is not known."""
    item = join(note, NOTE, 4)
    if note.author_role is None:
        item |= {"author": "mentor", "author_unknown": True}
    return item
