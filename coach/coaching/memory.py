"""Which things taught are due for recall, from what past sessions say of them."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from coach.coaching.brief import DueItem, PastMeeting
from coach.knowledge.words import content_stems, stem, words
from coach.pairs.records import RecallResult

MOST_DUE = 2
MASTERED_AFTER = 2
_SHORTEST_CUE = 5
_SEVERAL = 2
_WORD = re.compile(r"[\w'’-]+")
_UNBROKEN = re.compile(r"[\w'’-]+(?: [\w'’-]+)*")


@dataclass(frozen=True, slots=True)
class Recalled:
    """One concept over all sessions: its latest wording and how each recall went, oldest first."""

    id: str
    concept: str
    session_number: int
    results: tuple[RecallResult, ...]

    @property
    def streak(self) -> int:
        """How many successes in a row stand at the end."""
        run = 0
        for result in reversed(self.results):
            if result != "ok":
                break
            run += 1
        return run

    @property
    def missed(self) -> bool:
        """Whether the latest recall failed."""
        return self.results[-1] == "missed"


def recalled(meetings: Sequence[PastMeeting]) -> tuple[Recalled, ...]:
    """Every concept taught, each once, in the order it was last met."""
    found: dict[str, Recalled] = {}
    for meeting in meetings:
        for concept in meeting.concepts:
            before = found.pop(concept.id, None)
            results = (*(before.results if before else ()), concept.last_result)
            found[concept.id] = Recalled(concept.id, concept.concept, meeting.number, results)
    return tuple(found.values())


def list_due(meetings: Sequence[PastMeeting], cue_words: Iterable[str] = ()) -> tuple[DueItem, ...]:
    """At most two due items: what was missed first, then what is newest and not yet sure.

    A concept rests once it was recalled twice in a row, or once when it never failed and
    was met more than one session ago. What holds no word to ask by is never due.
    """
    known = recalled(meetings)
    latest = meetings[-1].number if meetings else 0
    unsure = [item for item in known if not _rests(item, latest)]
    ranked = sorted(unsure, key=lambda item: (_urgency(item), -item.session_number))
    return _with_cues(ranked, cue_words)


def list_due_on(
    day: date,
    due_days: Mapping[str, date],
    meetings: Sequence[PastMeeting],
    cue_words: Iterable[str] = (),
) -> tuple[DueItem, ...]:
    """At most two of the mentee's own cards due by this day, missed first, then the longest due.

    Only what both learned in a session can be asked, and whether it was missed is what a session
    said of it: how the mentee answers alone moves the day and shows nowhere.
    """
    waiting = [item for item in recalled(meetings) if due_days.get(item.id, date.max) <= day]
    ranked = sorted(waiting, key=lambda item: (not item.missed, due_days[item.id]))
    return _with_cues(ranked, cue_words)


def _with_cues(ranked: Sequence[Recalled], cue_words: Iterable[str]) -> tuple[DueItem, ...]:
    cues = tuple(cue_words)
    due = [
        DueItem(item.id, item.concept, item.session_number, item.missed, cue)
        for item in ranked
        if (cue := choose_cue(item.concept, cues))
    ]
    # Two things asked by one word would be the same question twice.
    asked = {stem((item.cue or "").casefold()): item for item in reversed(due)}
    return tuple(item for item in due if item in asked.values())[:MOST_DUE]


def is_stalled(meetings: Sequence[PastMeeting]) -> bool:
    """Whether the same lesson was missed in each of the last two sessions."""
    if len(meetings) < MASTERED_AFTER:
        return False
    missed = [
        {concept.id for concept in meeting.concepts if concept.last_result == "missed"}
        for meeting in meetings[-2:]
    ]
    return bool(missed[0] & missed[1])


def is_mastered(text: str, meetings: Sequence[PastMeeting]) -> bool:
    """Whether a lesson's title says what the pair has recalled twice in a row already."""
    wanted = set(content_stems(text))
    return any(
        item.streak >= MASTERED_AFTER and says_all(item.concept, wanted)
        for item in recalled(meetings)
    )


def says_all(concept: str, wanted: Set[str]) -> bool:
    """Whether a concept says every one of these content words, when there are any."""
    return bool(wanted) and wanted <= set(content_stems(concept))


def choose_cue(concept: str, cue_words: Iterable[str]) -> str | None:
    """What of the concept, as written there, asks for it without giving it away.

    A term the library explains goes before a word that is only marked or long. A concept of one
    word is a name, so the name itself is the cue; None when there is no word.
    """
    surface = _surface(concept)
    terms = [parts for term in cue_words if (parts := [stem(word) for word in words(term)])]
    shouted = [word for word in surface if word.isupper() and len(word) > 1]
    named = _name_terms(concept, terms)
    scattered = _name_heads(surface, terms)
    marked = [word for word in surface[1:] if word[0].isupper()]
    long = [word for word in surface if len(word) >= _SHORTEST_CUE]
    for group in (shouted[::-1], named, scattered, marked[::-1]):
        if group:
            return group[0]
    return max(long or surface, key=len, default=None)


def _name_terms(concept: str, terms: Sequence[Sequence[str]]) -> list[str]:
    """The library's terms that stand in the concept, the first first, whole before a part of it."""
    places = list(_WORD.finditer(concept))
    stems = [stem(place[0].casefold()) for place in places]
    found = [
        (start, -len(term), concept[places[start].start() : places[start + len(term) - 1].end()])
        for term in terms
        for start in range(len(stems) - len(term) + 1)
        if stems[start : start + len(term)] == list(term)
    ]
    everything = set(content_stems(concept))
    return [text for _, _, text in sorted(found) if _asks(text, everything)]


def _asks(text: str, everything: Set[str]) -> bool:
    """Whether a term, written without a break, says something of a concept and not all of it."""
    said = set(content_stems(text))
    is_part = said < everything or (said == everything and len(said) == 1)
    return bool(said) and is_part and _UNBROKEN.fullmatch(text) is not None


def _name_heads(surface: Sequence[str], terms: Sequence[Sequence[str]]) -> list[str]:
    """The last words of the library's terms whose words stand in the concept apart."""
    by_stem = {stem(word.casefold()): word for word in reversed(surface)}
    several = [term for term in terms if len(term) >= _SEVERAL]
    return [by_stem[term[-1]] for term in several if all(part in by_stem for part in term)]


def _rests(item: Recalled, latest: int) -> bool:
    if item.streak >= MASTERED_AFTER:
        return True
    never_failed = "missed" not in item.results
    return item.streak == 1 and never_failed and item.session_number < latest


def _urgency(item: Recalled) -> int:
    if item.missed:
        return 0
    if "missed" in item.results:
        return 1
    return 2 if item.results[-1] != "ok" else 3


def _surface(concept: str) -> list[str]:
    kept = {word for word in words(concept) if content_stems(word)}
    stripped = [word.strip(".,;:!?()\"'“”") for word in concept.split()]
    return [word for word in stripped if word and word.casefold() in kept]
