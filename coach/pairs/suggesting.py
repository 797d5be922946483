"""Finds what somebody said they would do in a note. A suggestion counts nothing until accepted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coach.pairs.checking import LONGEST_COMMITMENT
from coach.pairs.notes import KnownNote
from coach.people.permissions import Role

MOST = 3
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_WILL = re.compile(r"^(?:I will|I'll|I’ll|I promise to|I am going to)\s+(\S.{4,})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something a person wrote they would do, in their own words, as it could be promised."""

    owner: Role
    text: str


def suggest_promises(notes: Iterable[KnownNote], known: Iterable[str]) -> tuple[Suggestion, ...]:
    """What the authors of these notes said they would do and nobody has written down."""
    taken = {text.casefold() for text in known}
    found: dict[str, Suggestion] = {}
    for note in notes:
        for sentence in _SENTENCES.split(note.text):
            said = _WILL.match(sentence.strip().rstrip(".! "))
            if said is None or note.author is None or len(said[1]) > LONGEST_COMMITMENT:
                continue
            text = said[1][0].upper() + said[1][1:]
            if text.casefold() not in taken:
                found.setdefault(text.casefold(), Suggestion(note.author, text))
    return tuple(found.values())[:MOST]
