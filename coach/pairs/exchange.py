"""Reads files of coach.pair/1: one pair, a list of pairs, or {"pairs": […]}."""

import json
from dataclasses import dataclass
from typing import NoReturn

from coach.pairs.building import build_record
from coach.pairs.checking import LARGEST_NUMBER, PairFault, check_pair
from coach.pairs.records import PairRecord

DEEPEST = 60


@dataclass(frozen=True, slots=True)
class PairFile:
    """A pair as a file gave it: `raw` is the JSON whole, `record` what drafting may know."""

    record: PairRecord
    raw: dict[str, object]


def read_pairs(text: str, name: str) -> tuple[PairFile, ...]:
    """The pairs in this text, in their order; raises PairFault naming the file and the place."""
    try:
        found = _places(_parse(text))
        pairs = tuple(read_pair(raw, place) for place, raw in found)
        _refuse_twins(pairs)
    except PairFault as fault:
        raise PairFault(f"{name}: {fault.detail}") from fault
    return pairs


def read_pair(raw: object, place: str = "") -> PairFile:
    """One pair from its JSON; `place` is where it stands in its file."""
    check_pair(raw, place)
    assert isinstance(raw, dict)  # noqa: S101  the check says so
    return PairFile(build_record(raw), raw)


def _places(found: object) -> list[tuple[str, object]]:
    """Each pair with its place in the file."""
    place = ""
    if isinstance(found, dict) and "pairs" in found and "mentor" not in found:
        found, place = found["pairs"], "pairs"
    if isinstance(found, dict) and not place:
        return [("", found)]
    if not isinstance(found, list):
        raise PairFault(f"{place or 'The file'} must hold one pair or a list of pairs.")
    if not found:
        raise PairFault("There is no pair in this file.")
    return [(f"{place}[{number}]", raw) for number, raw in enumerate(found)]


def _refuse_twins(pairs: tuple[PairFile, ...]) -> None:
    seen: set[str] = set()
    for pair in pairs:
        if pair.record.id in seen:
            raise PairFault(f"Two pairs have the id {pair.record.id}.")
        seen.add(pair.record.id)


def _parse(text: str) -> object:
    try:
        found: object = json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_refuse_number,
            parse_int=_read_whole,
            parse_float=_read_fraction,
        )
    except json.JSONDecodeError as fault:
        raise PairFault(
            f"This is not JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}."
        ) from fault
    except RecursionError as fault:
        raise PairFault(f"Lists and objects may lie at most {DEEPEST} deep.") from fault
    if _depth(found) > DEEPEST:
        raise PairFault(f"Lists and objects may lie at most {DEEPEST} deep.")
    return found


def _depth(found: object) -> int:
    """How deep the lists and objects lie in each other."""
    depth, layer = 0, [found]
    while layer:
        depth += 1
        layer = [
            item
            for value in layer
            if isinstance(value, dict | list)
            for item in (value.values() if isinstance(value, dict) else value)
        ]
    return depth


def _once(items: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand there once."""
    found = dict(items)
    if len(found) < len(items):
        raise PairFault("An object in this file has the same key twice.")
    return found


def _read_whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_NUMBER:
        _refuse_number(digits)
    return int(digits)


def _read_fraction(digits: str) -> float:
    number = float(digits)
    if not abs(number) <= LARGEST_NUMBER:
        _refuse_number(digits)
    return int(number) if number.is_integer() else number  # 60.0 is the same JSON number as 60


def _refuse_number(_digits: str) -> NoReturn:
    raise PairFault(f"Numbers must lie between -{LARGEST_NUMBER} and {LARGEST_NUMBER}.")
