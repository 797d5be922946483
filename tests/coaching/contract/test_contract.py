"""The contract as a whole: every clause is there, in order, and each is shown to pass and fail."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from coach.coaching.contract import check_agenda, check_follow_ups, check_recap
from coach.coaching.drafts import Agenda, Provenance, Verdict
from tests.coaching.contract import (
    test_follow_up_clauses,
    test_frame_clauses,
    test_grounding_clauses,
    test_learning_clauses,
    test_recap_clauses,
    test_shape_clauses,
    test_words_clauses,
)
from tests.coaching.contract.make import agenda, brief, first_brief, material
from tests.coaching.contract.make_others import follow_ups, recap

FAMILIES: list[Any] = [
    pytest.param("AG", 25, check_agenda(agenda(), brief(), material()), id="agenda"),
    pytest.param("FQ", 16, check_follow_ups(follow_ups(), brief(), material()), id="follow-ups"),
    pytest.param("RC", 21, check_recap(recap(), brief(), material()), id="recap"),
]
NEEDS_A_RATER = ("AG14", "FQ11", "FQ13", "RC06", "RC13")
ROWS = [
    (str(one.values[0]), one.values[1])
    for module in (
        test_follow_up_clauses,
        test_frame_clauses,
        test_grounding_clauses,
        test_learning_clauses,
        test_recap_clauses,
        test_shape_clauses,
        test_words_clauses,
    )
    for one in module.TABLES
]
CLAUSES = [f"AG{n:02}" for n in range(1, 26)] + [f"FQ{n:02}" for n in range(1, 17)]
CLAUSES += [f"RC{n:02}" for n in range(1, 22)]


@pytest.mark.parametrize(("family", "count", "verdicts"), FAMILIES)
def test_every_clause_of_a_family_is_judged_in_order(
    family: str, count: int, verdicts: tuple[Verdict, ...]
) -> None:
    assert [one.clause for one in verdicts] == [f"{family}{n:02}" for n in range(1, count + 1)]


@pytest.mark.parametrize(("family", "count", "verdicts"), FAMILIES)
def test_a_good_draft_fails_no_clause_and_every_verdict_says_why(
    family: str, count: int, verdicts: tuple[Verdict, ...]
) -> None:
    assert [one for one in verdicts if one.holds is False] == []
    assert all(one.detail for one in verdicts)


@pytest.mark.parametrize("clause", [one for one in CLAUSES if one not in NEEDS_A_RATER])
def test_each_clause_is_shown_to_pass_and_twice_to_fail(clause: str) -> None:
    shown = Counter(row.holds for name, row in ROWS if name == clause)
    assert shown[True] >= 1
    assert shown[False] >= 2


@pytest.mark.parametrize("origin", ["model", "extractive", "mixed"])
def test_the_origin_a_draft_claims_changes_no_verdict(origin: Any) -> None:
    claimed = replace(agenda(), provenance=Provenance(origin, "v1", "p", "m", "2026-11-20"))
    steps = replace(claimed, blocks=tuple(
        replace(one, steps=tuple(replace(step, origin="template") for step in one.steps))
        for one in claimed.blocks))  # fmt: skip
    assert check_agenda(steps, brief(), material()) == check_agenda(agenda(), brief(), material())


@pytest.mark.parametrize(
    ("draft", "pair"),
    [
        pytest.param(agenda(blocks=()), brief(), id="an agenda without blocks"),
        pytest.param(agenda(blocks=(), minutes=10), first_brief(crisis=True), id="in a crisis"),
        pytest.param(agenda(promises=(), adaptations=(), purpose=""), brief(), id="empty texts"),
    ],
)
def test_an_empty_draft_is_judged_and_not_refused(draft: Agenda, pair: Any) -> None:
    verdicts = check_agenda(draft, pair, material())
    assert len(verdicts) == 25
    assert any(one.holds is False for one in verdicts)


def test_empty_follow_ups_fail_what_they_must() -> None:
    empty = replace(follow_ups(), questions=())
    verdicts = {one.clause: one.holds for one in check_follow_ups(empty, brief(), material())}
    assert verdicts["FQ01"] is False
    assert verdicts["FQ02"] is False
    assert verdicts["FQ06"] is False
