"""One-time links, and the signed-in browsers that come of them; only hashes are stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.storage.tables import Person, SignIn, SignInLink

LINK_LASTS = timedelta(hours=24)
SIGN_IN_LASTS = timedelta(days=14)


class LinkUsed(CoachError):
    """The link is unknown, was used before, or has run out; the answer does not tell which."""

    status = 400
    title = "This sign-in link works once and for a day, and no longer does. Ask for a new one."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a browser gets: the secret of its cookie, and until when it holds."""

    secret: str
    viewer: Viewer
    expires_at: datetime


def save_sign_in_link(db: Db, person_id: UUID, now: datetime, lasts: timedelta = LINK_LASTS) -> str:
    """The secret of a new one-time link; it is told here and nowhere else."""
    secret = secrets.token_urlsafe(32)
    db.add(SignInLink(hash=digest(secret), person_id=person_id, expires_at=now + lasts))
    db.flush()
    return secret


def sign_in_url(base_url: str, secret: str) -> str:
    """The one-time link a person opens to sign in."""
    return f"{base_url}/sign-in/{secret}"


def redeem_link(db: Db, secret: str, now: datetime, before: str | None = None) -> SignedIn:
    """Sign in with a one-time link, or raise LinkUsed; the browser's sign-in before it ends."""
    # One statement takes the link, so that of two clicks at once only one signs in.
    taken = db.scalar(
        sa.update(SignInLink)
        .where(
            SignInLink.hash == digest(secret),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(SignInLink.person_id)
    )
    if taken is None:
        raise LinkUsed
    if before is not None:
        revoke_sign_in(db, before, now)
    return _save_sign_in(db, taken, now)


def rotate_sign_in(db: Db, secret: str, now: datetime) -> SignedIn | None:
    """A new secret for a browser that is signed in; the old one ends. None when it was not."""
    viewer = load_viewer_by_sign_in(db, secret, now)
    if viewer is None:
        return None
    revoke_sign_in(db, secret, now)
    return _save_sign_in(db, viewer.person_id, now)


def revoke_sign_in(db: Db, secret: str, now: datetime) -> None:
    """End this sign-in; one that has ended or never was stays so."""
    db.execute(
        sa.update(SignIn)
        .where(SignIn.hash == digest(secret), SignIn.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_all_sign_ins(db: Db, person_id: UUID, now: datetime) -> None:
    """End every sign-in of this person, and the links not yet used."""
    db.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    db.execute(
        sa.update(SignInLink)
        .where(SignInLink.person_id == person_id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )


def load_viewer_by_sign_in(db: Db, secret: str, now: datetime) -> Viewer | None:
    """Who this browser belongs to, or None when it is not signed in."""
    query = (
        sa.select(Person.id, Person.programme_id, Person.is_admin)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.hash == digest(secret), SignIn.revoked_at.is_(None), SignIn.expires_at > now)
    )
    found = db.execute(query).one_or_none()
    return Viewer(*found) if found else None


def forget_old_sign_ins(db: Db, now: datetime) -> None:
    """Delete links and sign-ins that have run out."""
    db.execute(sa.delete(SignInLink).where(SignInLink.expires_at <= now))
    db.execute(sa.delete(SignIn).where(SignIn.expires_at <= now))


def digest(secret: str) -> str:
    """What is stored in place of a secret of 32 random bytes."""
    # A slow hash guards guessable passwords; 256 random bits need none.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _save_sign_in(db: Db, person_id: UUID, now: datetime) -> SignedIn:
    person = db.get_one(Person, person_id)
    secret = secrets.token_urlsafe(32)
    expires_at = now + SIGN_IN_LASTS
    db.add(SignIn(hash=digest(secret), person_id=person_id, expires_at=expires_at, created_at=now))
    db.flush()
    return SignedIn(secret, Viewer(person.id, person.programme_id, person.is_admin), expires_at)
