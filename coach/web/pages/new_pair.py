"""The form that forms a pair, and the coach.pair/1 it stands for."""

from typing import Any
from uuid import UUID, uuid4

from coach.errors import CoachError
from coach.knowledge.documents import LEVELS
from coach.pairs.exchange import PairFile, read_pair
from coach.web.fields import Filled, Typed


class PairFormFault(CoachError):
    """The form does not describe a pair yet."""

    status = 422
    title = "Please choose two different people, and write at least one goal for each of them."


class PairForm(Filled):
    """What an admin knows of two people who will meet; lists have one entry per line."""

    mentor_id: Typed = ""
    mentee_id: Typed = ""
    mentor_role: Typed = ""
    mentor_strengths: Typed = ""
    mentee_role: Typed = ""
    mentee_expertise: Typed = ""
    mentee_level: Typed = ""
    tech_goals: Typed = ""
    career_goals: Typed = ""
    session_minutes: Typed = "45"
    cadence_days: Typed = "14"
    setting: Typed = ""
    off_limits: Typed = ""


def build_pair(form: PairForm) -> tuple[UUID, UUID, PairFile]:
    """Who is to be paired, and what is known of them; raises PairFormFault or PairFault."""
    tech, career = read_lines(form.tech_goals), read_lines(form.career_goals)
    ids = (_read_id(form.mentor_id), _read_id(form.mentee_id))
    if ids[0] is None or ids[1] is None or ids[0] == ids[1] or not (tech and career):
        raise PairFormFault
    levels = {goal: form.mentee_level for goal in tech if form.mentee_level in LEVELS}
    raw: dict[str, Any] = {
        "id": f"pair-{uuid4().hex[:8]}",
        "title": tech[0],
        "mentor": {
            "role": form.mentor_role.strip(),
            "tech_strengths": read_lines(form.mentor_strengths),
            "growth_goals": career,
        },
        "mentee": {
            "role": form.mentee_role.strip(),
            "expertise": read_lines(form.mentee_expertise),
            "tech_levels": levels,
        },
        "goals": [
            *_goals("tech", tech, 1),
            *_goals("career", career, 1 + len(tech)),
        ],
        "constraints": {
            "session_minutes": _read_number(form.session_minutes, 10, 180, "minutes"),
            "cadence_days": _read_number(form.cadence_days, 1, 365, "days between sessions"),
            "setting": form.setting.strip(),
        },
        "off_limits": [{"text": line, "terms": [line]} for line in read_lines(form.off_limits)],
        "history": [],
    }
    return ids[0], ids[1], read_pair(raw)


def read_lines(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _goals(kind: str, texts: list[str], first: int) -> list[dict[str, object]]:
    return [
        {"id": f"g{first + place}", "text": text, "kind": kind, "priority": place + 1}
        for place, text in enumerate(texts)
    ]


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _read_number(text: str, lowest: int, highest: int, name: str) -> int:
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 7):
        raise PairFormFault(f"Please write the {name} as a number.")
    if not lowest <= int(typed) <= highest:
        raise PairFormFault(f"Please choose {name} from {lowest} to {highest}.")
    return int(typed)
