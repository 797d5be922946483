"""Runs cases through the production pipelines and keeps what came out: clauses, scores, times."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest, RecapRequest
from coach.coaching.drafts import Person, ScoredDraft
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepRequest, draft_prep
from coach.coaching.recap import draft_recap
from coach.errors import CoachError
from coach.evaluation.cases import Case
from coach.evaluation.scores import score_draft


class ReportUnread(CoachError):
    """A report cannot be read or written."""

    title = "This is no report of `coach evaluate`."


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case; `broken` are the clauses that do not hold, with their reason.

    `held` counts the clauses that do hold.
    """

    name: str
    pair_id: str
    output: str
    broken: dict[str, str]
    not_applicable: tuple[str, ...]
    scores: dict[str, float]
    milliseconds: float
    origin: str = ""
    held: int = 0
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All results of one run, with what they were made from."""

    created_at: str
    library_version: str
    results: tuple[Result, ...] = field(default=())
    schema: Literal["coach.evaluation/1"] = "coach.evaluation/1"


_REPORT = TypeAdapter(Report)


async def run_cases(
    coach: Coach, cases: Iterable[Case], told: Callable[[Result], None] = lambda _result: None
) -> Report:
    """Every case drafted and judged, one after the other; `told` hears of each as it is done."""
    results = []
    for case in cases:
        result = await run_case(coach, case)
        told(result)
        results.append(result)
    created_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Report(created_at, await coach.library.version(), tuple(results))


async def run_case(coach: Coach, case: Case) -> Result:
    """One case drafted and judged; an error a person would read is its fault."""
    start = time.perf_counter()
    try:
        draft = await _draft(coach, case)
    except CoachError as error:
        took = (time.perf_counter() - start) * 1_000
        return Result(case.name, case.pair_id, case.output, {}, (), {}, took, fault=error.detail)
    took = (time.perf_counter() - start) * 1_000
    return Result(
        name=case.name,
        pair_id=case.pair_id,
        output=case.output,
        broken={one.clause: one.detail for one in draft.contract if one.holds is False},
        not_applicable=tuple(one.clause for one in draft.contract if one.holds is None),
        scores={name: round(value, 4) for name, value in score_draft(draft, case.record).items()},
        milliseconds=round(took, 1),
        origin=draft.provenance.origin,
        held=sum(one.holds is True for one in draft.contract),
    )


async def _draft(coach: Coach, case: Case) -> ScoredDraft:
    if case.output == "recap":
        return await draft_recap(coach, case.record, RecapRequest(case.today))
    request = AgendaRequest(case.today, case.minutes)
    if case.output == "prep_mentor" or case.output == "prep_mentee":
        reader: Person = "mentor" if case.output == "prep_mentor" else "mentee"
        agenda = await draft_agenda(coach, case.record, request)
        return await draft_prep(coach, case.record, PrepRequest(case.today, reader, agenda))
    if case.output == "follow_ups":
        return await draft_follow_ups(coach, case.record, request)
    return await draft_agenda(coach, case.record, request)


def build_report_json(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    values: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    return values


def write_report(report: Report, path: Path) -> None:
    """Keep the report in this file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(build_report_json(report), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise ReportUnread(f"The report cannot be written to {path}: {error.strerror}.") from error


def read_report(path: Path) -> Report:
    """The report in this file, or ReportUnread."""
    try:
        return _REPORT.validate_json(path.read_bytes())
    except OSError as error:
        raise ReportUnread(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise ReportUnread(f"{path} is no report of `coach evaluate --report`.") from error
