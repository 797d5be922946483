"""A pair's season as a line: each meeting in its place, how it stands, what was promised there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from coach.coaching.running import RESCUE
from coach.pairs.commitments import KnownCommitment
from coach.pairs.sessions import KnownSession

StopKind = Literal["held", "rescue", "cancelled", "next", "planned"]
SHOWN, COMING = 10, 3
APART, HEIGHT = 44, 74
PIPS, PIP_APART = 4, 10
WORDS: dict[StopKind, str] = {
    "held": "held",
    "rescue": "held, short",
    "cancelled": "cancelled",
    "next": "next",
    "planned": "planned",
}


@dataclass(frozen=True, slots=True)
class Promised:
    """What became of the promises made in one session."""

    kept: int = 0
    open: int = 0
    let_go: int = 0

    @property
    def told(self) -> str:
        """The counts in words, those that are nothing left out."""
        counts = ((self.kept, "kept"), (self.open, "open"), (self.let_go, "let go"))
        return ", ".join(f"{count} {word}" for count, word in counts if count)


@dataclass(frozen=True, slots=True)
class PipView:
    """A small square of the picture: one promise, kept or still open."""

    kind: Literal["kept", "open"]
    x: int


@dataclass(frozen=True, slots=True)
class StopView:
    """One session on the line; `x` is its place in the picture, None when it is not shown."""

    session: KnownSession
    kind: StopKind
    promised: Promised
    x: int | None
    pips: tuple[PipView, ...]

    @property
    def word(self) -> str:
        """How the session went, or stands."""
        is_running = self.session.started_at is not None and self.session.state == "planned"
        return "under way" if is_running else WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class SeasonView:
    """The line of a season, the first session first."""

    stops: tuple[StopView, ...]
    width: int
    height: int = HEIGHT

    @property
    def drawn(self) -> tuple[StopView, ...]:
        """The sessions that the picture shows."""
        return tuple(stop for stop in self.stops if stop.x is not None)

    @property
    def kinds(self) -> tuple[tuple[StopKind, str], ...]:
        """The signs the picture uses and what they mean, each once."""
        used = {stop.kind for stop in self.drawn}
        return tuple((kind, word) for kind, word in WORDS.items() if kind in used)

    @property
    def has_moved(self) -> bool:
        """Whether a session in the picture was moved to another day."""
        return any(stop.session.moved_from for stop in self.drawn)

    @property
    def has_promises(self) -> bool:
        """Whether the picture shows any promise."""
        return any(stop.pips for stop in self.drawn)


def draw_season(
    sessions: Sequence[KnownSession],
    promises: Sequence[KnownCommitment],
    usual_minutes: int,
    on: date,
) -> SeasonView:
    """The season of a pair on this day; the picture shows the sessions about now, the list all."""
    following = find_next(sessions, on)
    made = count_promises(promises)
    shown = choose_shown(sessions, following)
    stops = []
    for place, session in enumerate(sessions):
        x = APART // 2 + APART * (place - shown.start) if place in shown else None
        kind = name_kind(session, session is following, usual_minutes)
        promised = made.get(session.number, Promised())
        pips = () if x is None else tuple(draw_pips(promised, x))
        stops.append(StopView(session, kind, promised, x, pips))
    return SeasonView(tuple(stops), APART * len(shown))


def choose_shown(sessions: Sequence[KnownSession], following: KnownSession | None) -> range:
    """The places of the sessions that find room: those before the next one, and a few after it."""
    last = len(sessions)
    if following is not None:
        last = min(last, sessions.index(following) + 1 + COMING)
    first = max(last - SHOWN, 0)
    return range(first, min(len(sessions), first + SHOWN))


def find_next(sessions: Sequence[KnownSession], on: date) -> KnownSession | None:
    """The planned session whose day comes first, from this day on."""
    coming = [one for one in sessions if one.state == "planned" and one.date >= on]
    return min(coming, key=lambda one: (one.date, one.number), default=None)


def name_kind(session: KnownSession, is_next: bool, usual_minutes: int) -> StopKind:
    """How a session stands on the line; a rescue is one that had far less time than usual."""
    if session.state == "held":
        return "rescue" if session.minutes <= RESCUE < usual_minutes else "held"
    if session.state == "cancelled":
        return "cancelled"
    return "next" if is_next else "planned"


def count_promises(promises: Sequence[KnownCommitment]) -> dict[int, Promised]:
    """By the number of the session each was made in, how many were kept, are open, were let go.

    A promise carried over stands in several sessions; it counts where it was made, as it is now.
    """
    first = {one.external_id: one.session_number for one in reversed(promises)}
    latest = {one.external_id: one.status for one in promises}
    by_session: dict[int, list[str]] = {}
    for promise, number in first.items():
        by_session.setdefault(number, []).append(latest[promise])
    return {
        number: Promised(
            kept=statuses.count("done"),
            open=statuses.count("open") + statuses.count("blocked"),
            let_go=statuses.count("dropped"),
        )
        for number, statuses in by_session.items()
    }


def draw_pips(promised: Promised, x: int) -> Iterator[PipView]:
    """The promises of one session side by side, the kept ones first, as many as find room."""
    shown = min(promised.kept + promised.open, PIPS)
    left = x - (PIP_APART * shown - 2) // 2
    for place in range(shown):
        yield PipView("kept" if place < promised.kept else "open", left + PIP_APART * place)
