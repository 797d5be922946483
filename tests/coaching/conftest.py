"""One coach over the starter library, and the agendas of the twelve pairs, drafted once."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from coach.coaching.drafts import Agenda
from coach.coaching.pipeline import Coach
from tests.coaching.make import agenda_of, starter_coach, twelve

Drafted = Callable[[str, int], Agenda]


@pytest.fixture(scope="session")
def starter() -> Iterator[Coach]:
    """A coach over the starter library."""
    with starter_coach() as coach:
        yield coach


@pytest.fixture(scope="session")
def drafted(starter: Coach) -> Drafted:
    """The agenda of one of the twelve pairs for so many minutes."""
    records = twelve()

    @cache
    def draft(pair_id: str, minutes: int) -> Agenda:
        return agenda_of(starter, records[pair_id], minutes=minutes)

    return draft
