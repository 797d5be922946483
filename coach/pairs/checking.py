"""Judges JSON against coach.pair/1 and says in one sentence where it fails and what it expected."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match

from coach.errors import CoachError
from coach.shipped import shipped

SHORTEST, LONGEST = 10, 180
LONGEST_COMMITMENT = 300
LONGEST_ID = 100
LARGEST_NUMBER = 2**53
_HALF = re.compile("[\ud800-\udfff]")
# Paths to whole numbers, each with the range that makes sense.
RANGES: tuple[tuple[str, int, int], ...] = (
    ("constraints.session_minutes", SHORTEST, LONGEST),
    ("constraints.cadence_days", 0, 3650),
    ("request.minutes", SHORTEST, LONGEST),
    ("history.session_number", 1, 100_000),
    ("history.minutes", 0, 1440),
    ("history.mentee_led_minutes", 0, 1440),
)
KINDS = {
    "string": "text",
    "integer": "a whole number",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


class PairFault(CoachError):
    """A pair does not have the form of coach.pair/1."""

    status = 422
    title = "This is not a pair in the form coach.pair/1."


def check_pair(raw: object, place: str = "") -> None:
    """Raise PairFault when this is not a pair; `place` is where it stands in its file."""
    check_text(raw, place)
    fault = best_match(_validator().iter_errors(raw))
    if fault is not None:
        raise PairFault(f"{_path(place, fault.absolute_path)} {_expected(fault)}.")
    assert isinstance(raw, dict)  # noqa: S101  the schema says so
    if not 0 < len(raw["id"]) <= LONGEST_ID:
        raise PairFault(f"{_path(place, ['id'])} must have 1 to {LONGEST_ID} characters.")
    for path, lowest, highest in RANGES:
        for where, value in _values(raw, path.split("."), []):
            if not lowest <= value <= highest:
                raise PairFault(f"{_path(place, where)} must be from {lowest} to {highest}.")
    _check_sessions(raw["history"], place)


def check_text(raw: object, place: str = "") -> None:
    """Raise PairFault for text and numbers that no database keeps as they are."""
    # A list instead of recursion: depth is the stranger's choice.
    todo: list[tuple[object, tuple[str | int, ...]]] = [(raw, ())]
    while todo:
        value, where = todo.pop()
        if isinstance(value, str):
            if fault := _unkeepable(value):
                raise PairFault(f"{_path(place, where)} holds {fault}.")
        elif isinstance(value, dict):
            todo += [(name, where) for name in value]
            todo += [(item, (*where, name)) for name, item in value.items()]
        elif isinstance(value, list):
            todo += [(item, (*where, number)) for number, item in enumerate(value)]


def is_day(value: object) -> bool:
    """Whether this is a day as 2026-11-23; anything that is no text passes."""
    if not isinstance(value, str):
        return True
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _check_sessions(history: list[dict[str, Any]], place: str) -> None:
    numbers: set[int] = set()
    for index, session in enumerate(history):
        where: list[str | int] = ["history", index]
        if session["session_number"] in numbers:
            raise PairFault(f"{_path(place, [*where, 'session_number'])} stands there twice.")
        numbers.add(session["session_number"])
        minutes = session["minutes"]
        if session.get("state") == "planned" and not SHORTEST <= minutes <= LONGEST:
            name = _path(place, [*where, "minutes"])
            raise PairFault(f"{name} must be from {SHORTEST} to {LONGEST}.")
        for number, commitment in enumerate(session["commitments"]):
            if len(commitment["text"]) > LONGEST_COMMITMENT:
                name = _path(place, [*where, "commitments", number, "text"])
                raise PairFault(f"{name} must have at most {LONGEST_COMMITMENT} characters.")


def _unkeepable(text: str) -> str | None:
    if "\x00" in text:
        return "a NUL character, which cannot be stored"
    if _HALF.search(text):
        return "half a character (a lone surrogate), which cannot be stored"
    return None


def _values(
    raw: object, names: Sequence[str], where: list[str | int]
) -> Iterator[tuple[list[str | int], int]]:
    """The whole numbers at the end of this path, lists on the way walked through."""
    if isinstance(raw, list):
        for number, item in enumerate(raw):
            yield from _values(item, names, [*where, number])
    elif not names:
        if isinstance(raw, int | float):
            yield where, int(raw)
    elif isinstance(raw, dict) and names[0] in raw:
        yield from _values(raw[names[0]], names[1:], [*where, names[0]])


def _expected(fault: ValidationError) -> str:
    """What the schema wanted, without a word of what was there."""
    wanted: Any = fault.validator_value
    match fault.validator:
        case "required":
            there: Any = fault.instance
            missing = next(name for name in wanted if name not in there)
            return f"lacks the field {missing}"
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return "must be " + " or ".join(KINDS[kind] for kind in kinds)
        case "enum":
            return "must be one of " + ", ".join(wanted)
        case "const":
            return f"must be {wanted}"
        case "format":
            return "must be a day such as 2026-11-23"
    return "must be text, or a list of notes with id, author, visibility and text"


def _path(place: str, parts: Iterable[str | int]) -> str:
    """The field's name as history[0].date; a key nobody knows stays unsaid."""
    path = place
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part.isascii() and part.replace(" ", "_").isidentifier() and len(part) <= 40:
            path += f".{part}"
        else:
            path += ".…"
    return path.lstrip(".") or "The pair"


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((shipped("schemas") / "pair.schema.json").read_text(encoding="utf-8"))
    formats = FormatChecker(formats=())
    formats.checks("date")(is_day)
    return Draft202012Validator(schema, format_checker=formats)
