"""Who is known to the service, and how they sign in."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coach.storage.columns import Table, belongs, key, moment


class Programme(Table):
    """An organisation's reverse-mentoring scheme."""

    __tablename__ = "programmes"
    id: Mapped[UUID] = key()
    name: Mapped[str] = mapped_column(unique=True)
    help_contacts: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = moment()


class Person(Table):
    """Someone known to the service; a placeholder came with an imported pair, not by invitation."""

    __tablename__ = "people"
    __table_args__ = (sa.UniqueConstraint("programme_id", "email"),)
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id")
    name: Mapped[str]
    email: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_placeholder: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = moment()


class SignInLink(Table):
    """A one-time link, known by its hash only."""

    __tablename__ = "sign_in_links"
    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = belongs("people.id")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Table):
    """A signed-in browser, known by the hash of its opaque id only."""

    __tablename__ = "sign_ins"
    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = belongs("people.id")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()


class ApiToken(Table):
    """A token for programs, known by its prefix and hash."""

    __tablename__ = "api_tokens"
    id: Mapped[UUID] = key()
    person_id: Mapped[UUID] = belongs("people.id")
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()


class IdempotencyKey(Table):
    """The saved answer of a request, so that the same request twice has one effect."""

    __tablename__ = "idempotency_keys"
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    payload_hash: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
