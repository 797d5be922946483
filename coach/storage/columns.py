"""What the columns of all tables are made of: types, keys, links and the base class."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
# JSONB would forget the order of keys, and a pair's own JSON comes back as it was written.
AS_WRITTEN = sa.JSON(none_as_null=True)


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC; a naive one is refused, for nobody knows when it was."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC, as both databases keep it."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone, which SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.utcoffset() is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The base of every mapped class."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        str: sa.Text(),
        datetime: UTCDateTime(),
        dict[str, object]: JSON,
        list[object]: JSON,
        list[str]: JSON,
    }


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """A constraint that lets this column hold these words only."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=column)


def key() -> Mapped[UUID]:
    """A primary key made here, so that a row is known before it is stored."""
    return mapped_column(primary_key=True, default=uuid4)


def belongs(target: str, index: bool = True) -> Mapped[UUID]:
    """A required link to an owner; the row goes when the owner goes."""
    return mapped_column(sa.ForeignKey(target, ondelete="CASCADE"), index=index)


def moment() -> Mapped[datetime]:
    """When the row was made."""
    return mapped_column(default=now)
