"""`coach evaluate`: cases through the production pipelines, whole seasons, two runs compared."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import anyio
import click
from rich.console import Console
from rich.progress import Progress

from coach.cli.demo import PAIRS
from coach.cli.drafting import open_drafting
from coach.cli.output import Shown, say, say_json
from coach.cli.pair_files import read_pair_files
from coach.coaching.minutes import LONGEST, SHORTEST
from coach.coaching.pipeline import Coach
from coach.evaluation.cases import Case, build_cases
from coach.evaluation.compare import Difference, compare
from coach.evaluation.run import (
    Report,
    Result,
    build_report_json,
    read_report,
    run_cases,
    write_report,
)
from coach.evaluation.scripts import SESSIONS
from coach.evaluation.season import SeasonReport, run_seasons
from coach.pairs.records import PairRecord
from coach.rendering.evaluation import render_broken, render_scores

Suite = Literal["drafts", "season"]
MOST_PAIRS = 2_000


@click.command()
@click.argument("cases", metavar="[CASES]", required=False)
@click.option(
    "--suite", type=click.Choice(["drafts", "season"]), default="drafts", show_default=True,
    help="Single drafts, or whole seasons of eight sessions lived by script.",
)  # fmt: skip
@click.option(
    "--minutes", multiple=True, type=click.IntRange(SHORTEST, LONGEST),
    help="Length of the agendas; may be given several times.",
)  # fmt: skip
@click.option(
    "--seasons", type=click.IntRange(1, MOST_PAIRS), default=36, show_default=True,
    help="How many seasons are lived.",
)  # fmt: skip
@click.option("--report", type=click.Path(path_type=Path), help="Keep the results in this file.")
@click.option(
    "--against", type=click.Path(path_type=Path), help="An earlier report to compare with."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def evaluate(cases: str | None, suite: Suite, **wanted: Any) -> None:  # noqa: ANN401  click's values
    """Judge what the coach drafts, by every clause and by scores.

    CASES holds pairs in the form coach.pair/1; without it the pairs of the demonstration serve.
    Exits with 1 when a clause does not hold or a season finds a fault.
    """
    pairs = read_pair_files(cases or str(PAIRS))
    shown = Shown(wanted["form"])
    with open_drafting(shown) as coach:
        if suite == "season":
            records = [pair.record for pair in pairs]
            sound = _live_seasons(coach, records, wanted["seasons"], shown)
        else:
            sound = _judge(coach, build_cases(pairs, wanted["minutes"]), shown, wanted)
    if not sound:
        raise click.exceptions.Exit(1)


def _judge(coach: Coach, cases: Sequence[Case], shown: Shown, wanted: dict[str, Any]) -> bool:
    earlier = read_report(wanted["against"]) if wanted["against"] else None
    with _told(len(cases), shown) as told:
        report = anyio.run(run_cases, coach, cases, told)
    if wanted["report"]:
        write_report(report, wanted["report"])
    changes = compare(earlier, report) if earlier else ()
    if shown.form == "json":
        say_json({**build_report_json(report), "differences": [_as_json(one) for one in changes]})
    else:
        _say_report(report, changes)
    return not any(one.broken or one.fault for one in report.results)


def _live_seasons(coach: Coach, records: Sequence[PairRecord], seasons: int, shown: Shown) -> bool:
    with _told(seasons, shown) as told:
        report = anyio.run(run_seasons, coach, records, seasons, told)
    if shown.form == "json":
        say_json(_season_json(report))
    else:
        _say_seasons(report)
    return not report.findings


@contextmanager
def _told(count: int, shown: Shown) -> Iterator[Callable[[object], None]]:
    """What is called for each thing done: it moves a bar on standard error beside text."""
    with Progress(
        console=Console(stderr=True), disable=shown.form != "text", transient=True
    ) as bar:
        task = bar.add_task("Drafting", total=count)
        yield lambda _done: bar.advance(task)


def _say_report(report: Report, changes: Sequence[Difference]) -> None:
    results = report.results
    by_output: dict[str, list[dict[str, float]]] = {}
    for one in results:
        by_output.setdefault(one.output, []).append(one.scores)
    for line in render_scores(by_output):
        say(line)
    for line in render_broken([(one.name, _wrong(one)) for one in results]):
        say(line)
    for output in by_output:
        say(_count_clauses(output, [one for one in results if one.output == output]))
    broken = sum(bool(_wrong(one)) for one in results)
    say(f"{len(results)} drafts, {len(results) - broken} with every clause holding.")
    for change in changes:
        say(_changed(change))


def _count_clauses(output: str, results: Sequence[Result]) -> str:
    held = sum(one.held for one in results)
    broken = sum(len(one.broken) for one in results)
    excused = sum(len(one.not_applicable) for one in results)
    return f"{output}: clauses {held} hold, {broken} broken, {excused} do not apply."


def _changed(change: Difference) -> str:
    mark = "changed" if change.is_plain else "no plain change"
    return (
        f"{change.output} {change.score}: {change.before:.3f} before, {change.after:.3f} now "
        f"(difference {change.low:+.3f} to {change.high:+.3f} over {change.pairs} pairs; {mark})"
    )


def _wrong(result: Result) -> dict[str, str]:
    return {"fault": result.fault} if result.fault else result.broken


def _say_seasons(report: SeasonReport) -> None:
    for line in render_broken(
        [(f"{f.pair_id}, session {f.number} ({f.script})", {f.check: f.detail})
         for f in report.findings]
    ):  # fmt: skip
        say(line)
    counts = ", ".join(f"{check} {count}" for check, count in report.count().items())
    many = "season" if report.pairs == 1 else "seasons"
    say(f"{report.pairs} {many} of {SESSIONS} sessions, {report.agendas} agendas: {counts}.")


def _season_json(report: SeasonReport) -> dict[str, Any]:
    found = [
        {"pair_id": f.pair_id, "script": f.script, "session": f.number, "check": f.check,
         "detail": f.detail}
        for f in report.findings
    ]  # fmt: skip
    counts = report.count()
    return {"seasons": report.pairs, "agendas": report.agendas, "found": counts, "findings": found}


def _as_json(change: Difference) -> dict[str, Any]:
    return {
        "output": change.output, "score": change.score, "pairs": change.pairs,
        "before": change.before, "after": change.after, "low": change.low, "high": change.high,
    }  # fmt: skip
