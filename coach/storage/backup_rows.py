"""How rows stand in a backup: which tables and columns there are, and each value as JSON."""

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from coach.storage.columns import AS_WRITTEN, JSON, UTCDateTime
from coach.storage.tables import Table

Kind = Literal["text", "whole", "number", "yes_no", "uuid", "moment", "day", "bytes", "json", "raw"]
# The rows of full-text search are kept too: no passage need be read again to be found.
WORDS = "passages_fts"
_WORD_COLUMNS = ("kind", "title", "heading", "text")
_TYPES: dict[Kind, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "whole": sa.BigInteger(),
    "number": sa.Double(),
    "yes_no": sa.Boolean(),
    "uuid": sa.Uuid(),
    "moment": UTCDateTime(),
    "day": sa.Date(),
    "bytes": sa.LargeBinary(),
    "json": JSON,
    "raw": AS_WRITTEN,
}
_WRAP = 1 << 256


@dataclass(slots=True)
class Tally:
    """How many rows, and a sum over them that does not depend on their order."""

    rows: int = 0
    sum: int = 0

    def add(self, row: list[Any]) -> None:
        """Count one more row. Keys of objects count in any order: PostgreSQL sorts them."""
        line = json.dumps(row, sort_keys=True).encode()
        self.rows += 1
        self.sum = (self.sum + int.from_bytes(hashlib.sha256(line).digest())) % _WRAP


@dataclass(frozen=True, slots=True)
class Kept:
    """One table of a backup: its columns with their kinds, and what its rows come to."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    tally: Tally = field(default_factory=Tally)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.tally.rows

    @property
    def is_lexical(self) -> bool:
        """Whether these are the rows of full-text search."""
        return self.name == WORDS

    def counted(self, tally: Tally) -> "Kept":
        """The same with what its rows come to."""
        return replace(self, tally=tally)

    def table(self, dialect: str, name: str | None = None) -> sa.TableClause:
        """The table in a database of this kind, with just these columns."""
        names = [column for column, _ in self.columns]
        if self.is_lexical and dialect == "sqlite":
            names[0] = "rowid"
        kinds = [kind for _, kind in self.columns]
        columns = [sa.column(one, _TYPES[kind]) for one, kind in zip(names, kinds, strict=True)]
        return sa.table(name or self.name, *columns)

    def to_json(self) -> dict[str, Any]:
        """What the manifest says of it."""
        columns = [list(column) for column in self.columns]
        return {
            "name": self.name,
            "columns": columns,
            "rows": self.rows,
            "sum": f"{self.tally.sum:064x}",
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Kept":
        """The table of which a manifest says this; ValueError or KeyError when it is none."""
        columns = tuple((str(name), kind) for name, kind in values["columns"])
        if unknown := {kind for _, kind in columns} - _TYPES.keys():
            raise ValueError(f"unknown kinds of columns: {sorted(unknown)}")
        return cls(str(values["name"]), columns, Tally(int(values["rows"]), int(values["sum"], 16)))


def kept_tables() -> tuple[Kept, ...]:
    """Every table there is, owners before what belongs to them, full-text search last."""
    mapped = [
        Kept(table.name, tuple((column.name, _kind(column.type)) for column in table.c))
        for table in Table.metadata.sorted_tables
    ]
    words: tuple[tuple[str, Kind], ...] = (
        ("key", "whole"),
        *((column, "text") for column in _WORD_COLUMNS),
    )
    return (*mapped, Kept(WORDS, words))


def write_value(kind: Kind, value: Any) -> Any:  # noqa: ANN401  a value of any column
    """The value as JSON keeps it."""
    if value is None or kind in ("text", "whole", "number", "yes_no", "json", "raw"):
        return value
    if kind == "uuid":
        return str(value)
    if kind == "bytes":
        return base64.b64encode(value).decode()
    return value.isoformat()


def read_value(kind: Kind, value: Any) -> Any:  # noqa: ANN401  a value of any column
    """The value that `write_value` wrote."""
    if value is None:
        return None
    if kind == "uuid":
        return UUID(value)
    if kind == "bytes":
        return base64.b64decode(value, validate=True)
    if kind == "moment":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "day" else value


def _kind(of: sa.types.TypeEngine[Any]) -> Kind:
    """The kind of a column of this type."""
    if isinstance(of, sa.JSON):
        return "raw" if of is AS_WRITTEN or not of._variant_mapping else "json"
    if isinstance(of, UTCDateTime):
        return "moment"
    types: tuple[tuple[type[Any], Kind], ...] = (
        (sa.Uuid, "uuid"),
        (sa.Boolean, "yes_no"),
        (sa.Integer, "whole"),
        (sa.Float, "number"),
        (sa.Date, "day"),
        (sa.LargeBinary, "bytes"),
    )
    return next((kind for known, kind in types if isinstance(of, known)), "text")
