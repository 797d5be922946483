"""When something learned is best asked again: FSRS, in whole days, behind this one door."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from fsrs import Card, Rating, Scheduler

from coach.pairs.records import RecallResult

RecallAnswer = Literal["knew_it", "partly", "not"]
_RATINGS: dict[RecallAnswer, Rating] = {
    "knew_it": Rating.Good,
    "partly": Rating.Hard,
    "not": Rating.Again,
}
_RESULTS: dict[RecallResult, RecallAnswer] = {"ok": "knew_it", "missed": "not"}
# People meet days apart, so there are no steps of minutes; and equal answers give equal days.
_SCHEDULER = Scheduler(
    learning_steps=(), relearning_steps=(), maximum_interval=365, enable_fuzzing=False
)
_LAST_DAY = date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Spacing:
    """How well something sits, as FSRS keeps it, and the day on which it is asked again."""

    card: dict[str, object]
    due_on: date


def begin(on: date) -> Spacing:
    """The spacing of something that was just taught, and tried with the mentor at hand."""
    return _review(Card(card_id=0), "knew_it", on)


def move(card: dict[str, object], answer: RecallAnswer, on: date) -> Spacing:
    """The spacing after it was asked on this day."""
    values: Any = card
    return _review(Card.from_dict(values), answer, on)


def replay(results: Iterable[tuple[date, RecallResult]]) -> Spacing | None:
    """The spacing of something met on these days with these results; None when it never was."""
    spacing: Spacing | None = None
    for day, result in results:
        answer = _RESULTS.get(result)
        if spacing is None:
            spacing = begin(day) if answer is None else _review(Card(card_id=0), answer, day)
        elif answer is not None:
            spacing = move(spacing.card, answer, day)
    return spacing


def _review(card: Card, answer: RecallAnswer, on: date) -> Spacing:
    noon = datetime.combine(min(on, _LAST_DAY), time(12), UTC)
    after, _ = _SCHEDULER.review_card(card, _RATINGS[answer], noon)
    return Spacing(dict(after.to_dict()), after.due.date())
