"""A case that cannot be drafted is a fault of its own and spoils no other; reports come back."""

import asyncio
from dataclasses import replace
from pathlib import Path

from coach.coaching.pipeline import Coach
from coach.evaluation.cases import Case, build_cases
from coach.evaluation.run import Report, Result, read_report, run_cases, write_report
from coach.pairs.exchange import read_pairs
from coach.rendering.evaluation import MOST_SHOWN, render_broken
from tests.coaching.make import TODAY, twelve
from tests.command_line import PAIRS


def test_a_fault_stands_beside_the_other_results(starter: Coach) -> None:
    record = twelve()["P01"]
    long = replace(record, constraints=replace(record.constraints, session_minutes=400), wish=None)
    cases = [Case("P01", "agenda", long, TODAY), Case("P01", "agenda", record, TODAY, 30)]
    told: list[Result] = []
    report = asyncio.run(run_cases(starter, cases, told.append))
    wrong, right = report.results
    assert told == [wrong, right]
    assert wrong.fault == "A session has between 10 and 180 minutes, not 400."
    assert (right.fault, right.broken, right.origin) == (None, {}, "extractive")
    assert (right.name, right.scores.keys() >= {"score", "grounded"}) == ("P01 agenda 30 min", True)


def test_each_pair_is_asked_for_what_applies_to_it() -> None:
    pairs = read_pairs(PAIRS.read_text(encoding="utf-8"), "pairs.json")
    cases = build_cases(pairs, (30, 45))
    assert [one.minutes for one in cases if one.pair_id == "P01"][:3] == [30, 45, None]
    never_met = [one.output for one in cases if one.pair_id == "X01"]
    assert never_met == ["agenda", "agenda", "follow_ups", "prep_mentor", "prep_mentee"]


def test_a_report_comes_back_as_it_was_written(tmp_path: Path) -> None:
    result = Result("a", "P1", "agenda", {"AG01": "why"}, ("AG02",), {"score": 0.5}, 3.0, "mixed")
    report = Report("2026-11-26T09:00:00+00:00", "v1", (result,))
    write_report(report, tmp_path / "deep" / "report.json")
    assert read_report(tmp_path / "deep" / "report.json") == report


def test_only_the_first_broken_clauses_are_shown_in_full() -> None:
    lines = render_broken([("one", {f"AG{number:02}": "no" for number in range(20)})])
    assert (lines[0], lines[-1], len(lines)) == ("one: AG00 no", "… and 8 more", MOST_SHOWN + 1)
