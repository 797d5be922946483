"""A header is complete, and its review date fits the facts."""

from datetime import date

import pytest

from coach.knowledge.lint import heads
from tests.knowledge.sheets import rules, sheet

TODAY = date(2026, 11, 26)


def test_a_complete_header_passes() -> None:
    assert [one for rule in heads.RULES for one in rule(sheet(), TODAY)] == []


@pytest.mark.parametrize("field", ["topics", "level", "licence", "review_by", "language", "owner"])
def test_each_field_must_be_stated(field: str) -> None:
    (found,) = heads.check_fields(sheet(**{field: None}), TODAY)
    assert (found.rule, found.line) == ("header-field", 1)
    assert field in found.message


@pytest.mark.parametrize(
    ("topics", "broken"),
    [
        pytest.param("[sorting, lists, order]", [], id="three"),
        pytest.param("[sorting, lists]", ["header-topics"], id="two"),
        pytest.param("[lists, lists, lists]", ["header-topics"], id="one three times"),
        pytest.param("[]", ["header-topics"], id="none"),
    ],
)
def test_a_document_has_three_topics(topics: str, broken: list[str]) -> None:
    assert rules(heads.check_topics(sheet(topics=topics), TODAY)) == broken


@pytest.mark.parametrize(
    ("head", "day", "broken"),
    [
        pytest.param({}, "2026-11-26", [], id="today is not past"),
        pytest.param({}, "2026-11-25", ["review-past"], id="yesterday is past"),
        pytest.param({}, "2027-11-26", [], id="a tool in a year"),
        pytest.param({}, "2027-11-27", ["review-window"], id="a tool beyond a year"),
        pytest.param({"title": "First prompts"}, "2027-05-26", [], id="AI in six months"),
        pytest.param({"title": "First prompts"}, "2027-05-27", ["review-window"], id="AI later"),
        pytest.param(
            {"topics": "[lists, order, chatbots]"}, "2027-08-01", ["review-window"], id="AI topic"
        ),
        pytest.param({"kind": "career"}, "2028-11-26", [], id="career in two years"),
        pytest.param({"kind": "career"}, "2028-11-27", ["review-window"], id="career later"),
        pytest.param({"kind": "programme"}, "2028-11-26", [], id="programme in two years"),
    ],
)
def test_a_review_date_fits_how_fast_facts_change(
    head: dict[str, str], day: str, broken: list[str]
) -> None:
    assert rules(heads.check_review(sheet(**head, review_by=day), TODAY)) == broken


def test_months_end_where_the_month_does() -> None:
    late = date(2026, 8, 31)
    within = sheet(title="First prompts", review_by="2027-02-28")
    beyond = sheet(title="First prompts", review_by="2027-03-01")
    assert rules(heads.check_review(within, late)) == []
    assert rules(heads.check_review(beyond, late)) == ["review-window"]
