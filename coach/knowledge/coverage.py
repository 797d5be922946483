"""How well the library covers its areas: what is published at each level, and how fresh it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.knowledge.documents import LEVELS, Level
from coach.knowledge.listing import Listed
from coach.knowledge.topic_map import Area

SOON = timedelta(days=60)
OWN = Area("own", "Your own documents", ())


@dataclass(frozen=True, slots=True)
class Cell:
    """The published documents of one area at one level: all, due for a review, due soon."""

    level: Level
    documents: int
    due: int
    soon: int

    @property
    def freshness(self) -> str:
        """How fresh the oldest of them is: none, due, soon or fresh."""
        if not self.documents:
            return "none"
        return "due" if self.due else "soon" if self.soon else "fresh"


@dataclass(frozen=True, slots=True)
class Row:
    """One area with a cell for each level; `waiting` documents are not published."""

    group: str
    name: str
    cells: tuple[Cell, ...]
    waiting: int

    @property
    def documents(self) -> int:
        """How many documents are published here."""
        return sum(cell.documents for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The rows of all areas, and the counts over them."""

    rows: tuple[Row, ...]

    @property
    def documents(self) -> int:
        """How many documents are published."""
        return sum(row.documents for row in self.rows)

    @property
    def due(self) -> int:
        """How many of them are due for a review."""
        return sum(cell.due for row in self.rows for cell in row.cells)

    @property
    def soon(self) -> int:
        """How many will be due soon."""
        return sum(cell.soon for row in self.rows for cell in row.cells)

    @property
    def empty(self) -> tuple[str, ...]:
        """The areas in which nothing is published."""
        return tuple(row.name for row in self.rows if not row.documents)


def build_coverage(areas: Sequence[Area], documents: Iterable[Listed], today: date) -> Coverage:
    """The coverage of these areas; what the map does not name is a last row of its own."""
    listed = [one for one in documents if one.state != "archived"]
    known = {document for area in areas for document in area.documents}
    rows = [
        _row(area, [one for one in listed if one.id in area.documents], today) for area in areas
    ]
    others = [one for one in listed if one.id not in known]
    return Coverage((*rows, _row(OWN, others, today)) if others else tuple(rows))


def _row(area: Area, documents: Sequence[Listed], today: date) -> Row:
    shown = [one for one in documents if one.published_number is not None]
    cells = tuple(
        _cell(level, [one for one in shown if one.header.level == level], today) for level in LEVELS
    )
    return Row(area.group, area.name, cells, len(documents) - len(shown))


def _cell(level: Level, documents: Sequence[Listed], today: date) -> Cell:
    days = [one.header.review_by for one in documents if one.header.review_by is not None]
    due = sum(day < today for day in days)
    soon = sum(today <= day <= today + SOON for day in days)
    return Cell(level, len(documents), due, soon)
