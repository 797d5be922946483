"""The cases of an evaluation: pairs from a file, each with what is asked of the coach for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from coach.pairs.exchange import PairFile
from coach.pairs.records import PairRecord

Output = Literal["agenda", "follow_ups", "recap", "prep_mentor", "prep_mentee"]
OUTPUTS: tuple[Output, ...] = ("agenda", "follow_ups", "recap", "prep_mentor", "prep_mentee")


@dataclass(frozen=True, slots=True)
class Case:
    """One draft to be judged; `minutes` None means the length the pair asked for."""

    pair_id: str
    output: Output
    record: PairRecord
    today: date
    minutes: int | None = None

    @property
    def name(self) -> str:
        """What the report calls it."""
        length = f" {self.minutes} min" if self.minutes else ""
        return f"{self.pair_id} {self.output}{length}"


def build_cases(
    pairs: Iterable[PairFile], lengths: Sequence[int] = (), today: date | None = None
) -> tuple[Case, ...]:
    """What each pair would ask for, as far as it applies: agendas of each length, follow-up
    questions, a recap, and a prep brief for both people.

    Labels for evaluation that a file may hold stay in its raw JSON, which no pipeline is given.
    """
    cases: list[Case] = []
    for pair in pairs:
        day = today or _day_of(pair.record)
        case = Case(pair.record.id, "agenda", pair.record, day)
        cases += [replace(case, minutes=length) for length in lengths or (None,)]
        cases.append(replace(case, output="follow_ups"))
        if any(session.state == "held" for session in pair.record.sessions):
            cases.append(replace(case, output="recap"))
        cases += [replace(case, output=output) for output in ("prep_mentor", "prep_mentee")]
    return tuple(cases)


def _day_of(record: PairRecord) -> date:
    """The day a case is about, taken from its own history, so that a run can be repeated."""
    if record.wish and record.wish.for_date:
        return record.wish.for_date
    return record.sessions[-1].date if record.sessions else date(2026, 1, 5)
