"""Promises as people make them: owner, action and when; accepted by their owner, with a history."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.pairs.checking import LONGEST_COMMITMENT
from coach.pairs.commitments import CommitmentFault, mark_commitment, save_commitment
from coach.pairs.records import CommitmentStatus
from coach.pairs.sessions import check_words, find_open_session
from coach.people.permissions import Role, Viewer, find_pair, is_theirs, one, role_of
from coach.storage.database import Db
from coach.storage.tables import (
    Commitment,
    CommitmentChange,
    MentoringSession,
    Pair,
    Person,
    PromiseOffer,
    now,
)

Change = Literal["made", "accepted", "done", "kept_open", "opened", "blocked", "dropped"]
CHANGE_WORDS: dict[Change, str] = {
    "made": "made",
    "accepted": "accepted",
    "done": "done",
    "kept_open": "kept open",
    "opened": "opened again",
    "blocked": "blocked",
    "dropped": "let go",
}
# The same said again by the same person within this time is a second click, not a second thought.
SAME_BREATH = timedelta(minutes=10)


class WhenMissing(CoachError):
    """A promise says by when."""

    status = 422
    title = "Say by when: a day, or an event such as “before we meet again”."


class OfferDecided(CoachError):
    """The owner has answered otherwise before."""

    status = 409
    title = "You have answered this already. Write the promise down anew if you see it otherwise."


@dataclass(frozen=True, slots=True)
class MadePromise:
    """A promise just written down; `counts` is False while its owner has not accepted it."""

    id: UUID
    counts: bool


@dataclass(frozen=True, slots=True)
class KnownOffer:
    """A promise written down for the other one, not accepted yet."""

    id: UUID
    session_id: UUID
    session_number: int
    owner: Role
    text: str
    due: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class KnownChange:
    """What became of a promise, who said so and when; `who` is None when that person has gone."""

    external_id: str
    change: Change
    who: str | None
    at: datetime


def make_promise(
    db: Db, viewer: Viewer, session_id: UUID, owner: Role, text: str, due: str
) -> MadePromise:
    """Write down one's own promise, which counts, or one for the other, who must accept it."""
    check_words("promise", text, due)
    if not text.strip() or len(text) > LONGEST_COMMITMENT or len(due) > LONGEST_COMMITMENT:
        raise CommitmentFault(f"A promise needs 1 to {LONGEST_COMMITMENT} characters.")
    if not due.strip():
        raise WhenMissing
    pair, session = find_open_session(db, viewer, session_id)
    if owner == role_of(viewer, pair):
        twin = sa.select(Commitment.id).where(
            Commitment.session_id == session.id,
            Commitment.owner == owner,
            Commitment.text == text.strip(),
            Commitment.status == "open",
        )
        known = db.scalars(twin).first()
        if known is not None:
            return MadePromise(known, True)
        made = _count(db, viewer, session.id, (owner, text.strip(), due.strip()), "made")
        return MadePromise(made, True)
    same = sa.select(PromiseOffer).where(
        PromiseOffer.session_id == session.id,
        PromiseOffer.owner == owner,
        PromiseOffer.text == text.strip(),
        PromiseOffer.state == "offered",
    )
    offer = db.scalars(same).first()
    if offer is None:
        offer = PromiseOffer(session_id=session.id, owner=owner, text=text.strip(), due=due.strip())
        db.add(offer)
        db.flush()
    return MadePromise(offer.id, False)


def decide_offer(db: Db, viewer: Viewer, offer_id: UUID, accept: bool) -> UUID | None:
    """Accept a promise written down for oneself, or decline it; the same answer twice is one.

    The id of the promise that counts from now on comes back; NotFound for anybody but its owner.
    """
    offer = one(db, _offers_of(viewer).where(PromiseOffer.id == offer_id))
    pair, _ = find_open_session(db, viewer, offer.session_id)
    if role_of(viewer, pair) != offer.owner:
        raise NotFound
    db.refresh(offer)  # the pair is locked now, and the answer may have been given meanwhile
    wanted = "accepted" if accept else "declined"
    if offer.state != "offered":
        if offer.state != wanted:
            raise OfferDecided
        return offer.commitment_id
    offer.state, offer.decided_at = wanted, now()
    if accept:
        owner = role_of(viewer, pair)
        words = (owner, offer.text, offer.due)
        offer.commitment_id = _count(db, viewer, offer.session_id, words, "accepted")
    db.flush()
    return offer.commitment_id


def list_offers(db: Db, viewer: Viewer, pair_id: UUID) -> tuple[KnownOffer, ...]:
    """Promises of one of the viewer's pairs that wait for their owner's word; or NotFound."""
    pair = find_pair(db, viewer, pair_id)
    query = _offers_of(viewer).where(MentoringSession.pair_id == pair_id)
    query = query.where(PromiseOffer.state == "offered").order_by(PromiseOffer.created_at)
    mine = role_of(viewer, pair)
    return tuple(
        KnownOffer(offer.id, offer.session_id, number, owner, offer.text, offer.due, owner == mine)
        for offer, number, owner in db.execute(
            query.add_columns(MentoringSession.number, PromiseOffer.owner)
        )
    )


def mark_promise(db: Db, viewer: Viewer, commitment_id: UUID, status: CommitmentStatus) -> None:
    """Say what became of a promise: done, kept open, blocked or dropped; it is remembered."""
    known = (
        sa.select(Commitment.external_id, Commitment.status, MentoringSession.pair_id)
        .join(MentoringSession, MentoringSession.id == Commitment.session_id)
        .join(Pair, Pair.id == MentoringSession.pair_id)
        .where(is_theirs(viewer), Commitment.id == commitment_id)
    )
    mark_commitment(db, viewer, commitment_id, status)
    external_id, _, pair_id = db.execute(known).one()
    last = _latest(db, pair_id, external_id)
    before = "open" if last is None or last.change in ("made", "accepted") else last.change
    change: Change = status if status != "open" else "opened"
    if status == "open" and before in ("open", "opened", "kept_open"):
        change = "kept_open"
    is_same = last is not None and last.change == change and last.person_id == viewer.person_id
    if last is not None and is_same and now() - last.created_at < SAME_BREATH:
        return
    _remember(db, viewer, pair_id, external_id, change)


def list_changes(db: Db, viewer: Viewer, pair_id: UUID) -> tuple[KnownChange, ...]:
    """What became of the promises of one of the viewer's pairs, the earliest first; or NotFound."""
    find_pair(db, viewer, pair_id)
    query = (
        sa.select(CommitmentChange, Person.name)
        .outerjoin(Person, Person.id == CommitmentChange.person_id)
        .where(CommitmentChange.pair_id == pair_id)
        .order_by(CommitmentChange.created_at, CommitmentChange.id)
    )
    return tuple(_build_change(row, name) for row, name in db.execute(query))


def _count(
    db: Db, viewer: Viewer, session_id: UUID, words: tuple[Role, str, str], change: Change
) -> UUID:
    """Keep a promise that counts, and remember how it came to be."""
    owner, text, due = words
    commitment_id = save_commitment(db, viewer, session_id, owner, text, due)
    row = db.get_one(Commitment, commitment_id)
    pair_id = db.get_one(MentoringSession, session_id).pair_id
    _remember(db, viewer, pair_id, row.external_id, change)
    return commitment_id


def _remember(db: Db, viewer: Viewer, pair_id: UUID, external_id: str, change: Change) -> None:
    db.add(
        CommitmentChange(
            pair_id=pair_id, external_id=external_id, person_id=viewer.person_id, change=change
        )
    )
    db.flush()


def _latest(db: Db, pair_id: UUID, external_id: str) -> CommitmentChange | None:
    query = sa.select(CommitmentChange).where(
        CommitmentChange.pair_id == pair_id, CommitmentChange.external_id == external_id
    )
    return db.scalars(query.order_by(CommitmentChange.created_at.desc()).limit(1)).one_or_none()


def _offers_of(viewer: Viewer) -> sa.Select[PromiseOffer]:
    """The offers in the pairs this person belongs to."""
    return sa.select(PromiseOffer).join(MentoringSession).join(Pair).where(is_theirs(viewer))


def _build_change(row: CommitmentChange, who: str | None) -> KnownChange:
    change: Change = row.change  # type: ignore[assignment]
    return KnownChange(row.external_id, change, who, row.created_at)
