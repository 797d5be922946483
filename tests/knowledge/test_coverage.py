"""What the library covers: areas, levels and how fresh it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coach.knowledge.coverage import SOON, Coverage, build_coverage
from coach.knowledge.documents import CurationState, Header, Level
from coach.knowledge.listing import Listed
from coach.knowledge.topic_map import Area

TODAY = date(2026, 11, 26)
SHEETS = Area("technology", "Spreadsheets", ("pivots", "charts", "filters"))
PHONES = Area("technology", "Phones", ("scans",))


def document(
    name: str,
    level: Level = "basic",
    review: date | None = date(2027, 10, 1),
    state: CurationState = "published",
) -> Listed:
    """A document of the library."""
    header = Header(name, name.title(), "tutorial", (), level, "CC-BY-4.0", review, "en")
    published = None if state == "draft" else 1
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return Listed(name, header.title, "tutorial", state, 1, published, header, 9, now)


def counts(coverage: Coverage) -> dict[str, list[int]]:
    """How many documents each area has at each level."""
    return {row.name: [cell.documents for cell in row.cells] for row in coverage.rows}


def test_documents_are_counted_by_area_and_level() -> None:
    shelf = [
        document("pivots"),
        document("charts", "novice"),
        document("filters"),
        document("scans"),
    ]
    found = build_coverage([SHEETS, PHONES], shelf, TODAY)
    assert counts(found) == {"Spreadsheets": [1, 2, 0, 0], "Phones": [0, 1, 0, 0]}
    assert (found.documents, found.empty) == (4, ())


def test_an_area_without_published_documents_is_named() -> None:
    found = build_coverage([SHEETS, PHONES], [document("pivots")], TODAY)
    assert found.empty == ("Phones",)


def test_what_is_not_published_waits_and_what_is_archived_is_gone() -> None:
    shelf = [document("pivots", state="draft"), document("charts", state="archived")]
    (row,) = build_coverage([SHEETS], shelf, TODAY).rows
    assert (row.documents, row.waiting) == (0, 1)


def test_documents_that_the_map_does_not_name_have_a_row_of_their_own() -> None:
    found = build_coverage([PHONES], [document("scans"), document("ours")], TODAY)
    assert [(row.group, row.documents) for row in found.rows] == [("technology", 1), ("own", 1)]


@pytest.mark.parametrize(
    ("review", "freshness"),
    [
        pytest.param(None, "fresh", id="no date"),
        pytest.param(TODAY - timedelta(days=1), "due", id="yesterday"),
        pytest.param(TODAY, "soon", id="today"),
        pytest.param(TODAY + SOON, "soon", id="within the time"),
        pytest.param(TODAY + SOON + timedelta(days=1), "fresh", id="later"),
    ],
)
def test_a_cell_is_as_fresh_as_its_oldest_document(review: date | None, freshness: str) -> None:
    shelf = [document("pivots", review=review), document("charts")]
    found = build_coverage([SHEETS], shelf, TODAY)
    assert [cell.freshness for cell in found.rows[0].cells] == ["none", freshness, "none", "none"]


def test_reviews_are_counted_over_all_areas() -> None:
    old, near = TODAY - timedelta(days=9), TODAY + timedelta(days=9)
    shelf = [document("pivots", review=old), document("scans", review=near), document("charts")]
    found = build_coverage([SHEETS, PHONES], shelf, TODAY)
    assert (found.due, found.soon) == (1, 1)
