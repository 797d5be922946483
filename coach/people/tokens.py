"""API tokens: a prefix one may see and 32 random bytes shown once; only their hash is stored."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.people.permissions import Viewer
from coach.people.sign_in import digest
from coach.storage.database import Db
from coach.storage.tables import ApiToken, Person

MARK = "coach"


class TokenFault(CoachError):
    """A token cannot be made as described."""

    status = 422
    title = "A token needs a name of 1 to 100 characters, so that it can be told from the others."


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token as a list shows it: without its secret."""

    id: UUID
    name: str
    prefix: str
    created_at: datetime
    revoked_at: datetime | None


def save_token(db: Db, person_id: UUID, name: str) -> str:
    """A new token of this person, whole; it is shown here and nowhere else."""
    if not 0 < len(name.strip()) <= 100:
        raise TokenFault
    if db.get(Person, person_id) is None:
        raise NotFound
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = f"{MARK}_{prefix}_{secret}"
    db.add(ApiToken(person_id=person_id, name=name.strip(), prefix=prefix, hash=digest(token)))
    db.flush()
    return token


def load_viewer_by_token(db: Db, token: str) -> Viewer | None:
    """Whose token this is, or None when it is unknown or revoked."""
    prefix = token.split("_", 2)[1] if token.count("_") >= 2 else ""
    if not (prefix.isascii() and prefix.isalnum()):
        return None
    query = (
        sa.select(ApiToken.hash, Person.id, Person.programme_id, Person.is_admin)
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.prefix == prefix, ApiToken.revoked_at.is_(None))
    )
    found = db.execute(query).one_or_none()
    if found is None or not hmac.compare_digest(found[0], digest(token)):
        return None
    return Viewer(found[1], found[2], found[3])


def list_tokens(db: Db, viewer: Viewer) -> tuple[KnownToken, ...]:
    """The viewer's own tokens, oldest first."""
    query = sa.select(ApiToken).where(ApiToken.person_id == viewer.person_id)
    found = db.scalars(query.order_by(ApiToken.created_at, ApiToken.id))
    return tuple(
        KnownToken(row.id, row.name, row.prefix, row.created_at, row.revoked_at) for row in found
    )


def revoke_token(db: Db, viewer: Viewer, token_id: UUID, now: datetime) -> None:
    """End one of the viewer's own tokens, or raise NotFound."""
    mine = sa.and_(ApiToken.id == token_id, ApiToken.person_id == viewer.person_id)
    ended = sa.func.coalesce(ApiToken.revoked_at, sa.literal(now, type_=ApiToken.revoked_at.type))
    changed = db.execute(
        sa.update(ApiToken).where(mine).values(revoked_at=ended).returning(ApiToken.id)
    )
    if changed.one_or_none() is None:
        raise NotFound
