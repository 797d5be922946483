"""Pairs in a few words, and drafts of them from the starter library."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, TypeVar

from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest, RecapRequest
from coach.coaching.drafts import Agenda, Draft, FollowUps, PrepBrief, Recap, build_json
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.pipeline import Coach, open_coach
from coach.coaching.prep import PrepRequest, draft_prep
from coach.coaching.recap import draft_recap
from coach.knowledge.asking import Library
from coach.knowledge.starter import open_starter_library
from coach.pairs.exchange import read_pairs
from coach.pairs.records import (
    Commitment,
    Concept,
    Constraints,
    Goal,
    Mentee,
    Mentor,
    Note,
    PairRecord,
    PastSession,
    Role,
    Visibility,
    Wish,
)
from coach.shipped import shipped
from tests.command_line import PAIRS

T = TypeVar("T")
TODAY = date(2026, 11, 14)
FIRST_DAY = date(2026, 10, 1)
TECH = Goal(
    "g1", "Build the monthly report with a pivot table", "tech", 1, ("pivot table", "report")
)
CAREER = Goal("g2", "Mentor: build a promotion case", "career", 1, ("promotion",))
LABELS = {"library_topics", "expected"}


def pair_texts() -> list[dict[str, Any]]:
    """The twelve pairs as they stand in their file, labels and all."""
    with open(PAIRS, encoding="utf-8") as file:
        pairs: list[dict[str, Any]] = json.load(file)["pairs"]
    return pairs


def twelve() -> dict[str, PairRecord]:
    """The twelve pairs by id, without their labels."""
    bare = [{k: v for k, v in one.items() if k not in LABELS} for one in pair_texts()]
    return {one.record.id: one.record for one in read_pairs(json.dumps(bare), "pairs.json")}


PAIR_IDS = tuple(one["id"] for one in pair_texts())


def pair(*sessions: PastSession, **changes: Any) -> PairRecord:
    """A pair with two goals that has met in these sessions."""
    values: dict[str, Any] = {
        "id": "T1",
        "title": "Reports and a promotion",
        "mentor": Mentor("data analyst", tech_strengths=("spreadsheets",)),
        "mentee": Mentee("regional director", expertise=("budget cycles", "promotion panels")),
        "goals": (TECH, CAREER),
        "constraints": Constraints(),
        "sessions": sessions,
    }
    return PairRecord(**(values | changes))


def session(number: int = 1, *notes: Note | str, **changes: Any) -> PastSession:
    """A session held some fortnights after the first day."""
    kept = tuple(
        one if isinstance(one, Note) else Note(f"n{number}-{place}", one, "pair", "mentor")
        for place, one in enumerate(notes)
    )
    day = FIRST_DAY + timedelta(days=14 * (number - 1))
    values: dict[str, Any] = {"number": number, "date": day, "minutes": 45, "notes": kept}
    return PastSession(**(values | changes))


def note(text: str, visibility: Visibility = "mine", author: Role | None = "mentor") -> Note:
    """A note of one person."""
    return Note(f"{visibility}-{author}", text, visibility, author)


def promise(id: str, text: str, owner: Role = "mentee", **changes: Any) -> Commitment:
    """An open promise."""
    values: dict[str, Any] = {"due": None, "status": "open"} | changes
    return Commitment(id, owner, text, **values)


def concept(id: str, text: str, result: Any = "new") -> Concept:
    """A thing taught."""
    return Concept(id, text, result)


def wish(text: str, *focus: str, minutes: int | None = None) -> Wish:
    """A wish."""
    return Wish(text, minutes, None, focus)


@contextmanager
def starter_coach(library: Library | None = None) -> Iterator[Coach]:
    """A coach over the starter library, or over this one."""
    if library is not None:
        yield open_coach(library)
        return
    with open_starter_library(today=TODAY) as starter:
        yield open_coach(starter)


def agenda_of(coach: Coach, record: PairRecord, **request: Any) -> Agenda:
    """The agenda drafted for this pair."""
    return _run(lambda: draft_agenda(coach, record, AgendaRequest(TODAY, **request)))


def follow_ups_of(coach: Coach, record: PairRecord, **request: Any) -> FollowUps:
    """The follow-up questions drafted for this pair."""
    return _run(lambda: draft_follow_ups(coach, record, AgendaRequest(TODAY, **request)))


def recap_of(coach: Coach, record: PairRecord, reader: Role = "mentee", **request: Any) -> Recap:
    """The recap drafted for this reader."""
    return _run(lambda: draft_recap(coach, record, RecapRequest(TODAY, **request), reader))


def prep_of(coach: Coach, record: PairRecord, reader: Role, agenda: Agenda) -> PrepBrief:
    """The prep brief drafted for this reader and this agenda."""
    return _run(lambda: draft_prep(coach, record, PrepRequest(TODAY, reader, agenda)))


def _run(work: Callable[[], Awaitable[T]]) -> T:
    async def whole() -> T:
        return await work()

    return asyncio.run(whole())


def false_clauses(draft: Draft) -> list[str]:
    """Every clause this draft breaks, with what was found."""
    return [f"{one.clause}: {one.detail}" for one in draft.contract if one.holds is False]


def undated(draft: Draft) -> dict[str, Any]:
    """The draft as JSON without the moment of its making."""
    values = build_json(draft)
    values["provenance"]["created_at"] = ""
    return values


def schema_of(name: str) -> dict[str, Any]:
    """A schema that ships."""
    text = (shipped("schemas") / f"{name}.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def step_texts(agenda: Agenda, *kinds: str) -> list[str]:
    """What the steps of these blocks say; of all blocks when none is named."""
    return [s.text for b in agenda.blocks if not kinds or b.kind in kinds for s in b.steps]


def says_any(text: str, terms: Sequence[str]) -> bool:
    """Whether a text holds one of these terms, whatever their case."""
    return any(term.casefold() in text.casefold() for term in terms)
