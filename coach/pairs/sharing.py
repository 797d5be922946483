"""A mentee's recap is theirs alone until they share it with their mentor, and again afterwards."""

from uuid import UUID

import sqlalchemy as sa

from coach.errors import NotFound
from coach.pairs.drafts import KeptDraft
from coach.people.permissions import Viewer, find_session, is_theirs, one, recaps_of
from coach.storage.database import Db
from coach.storage.tables import MentoringSession, Pair, Recap, RecapShare


def share_recap(db: Db, viewer: Viewer, session_id: UUID, recap_id: UUID) -> None:
    """Let the mentor read one of the viewer's own recaps; NotFound for anybody else's."""
    recap = _own(db, viewer, session_id, recap_id)
    if db.get(RecapShare, recap.id) is None:
        db.add(RecapShare(recap_id=recap.id))
        db.flush()


def unshare_recap(db: Db, viewer: Viewer, session_id: UUID, recap_id: UUID) -> None:
    """Take one of the viewer's own recaps back; NotFound for anybody else's."""
    recap = _own(db, viewer, session_id, recap_id)
    db.execute(sa.delete(RecapShare).where(RecapShare.recap_id == recap.id))


def list_shared_recaps(db: Db, viewer: Viewer, session_id: UUID) -> tuple[KeptDraft, ...]:
    """The recaps of a session its mentee shared, the latest first; NotFound outside the pair."""
    find_session(db, viewer, session_id)
    query = (
        sa.select(Recap)
        .join(RecapShare, RecapShare.recap_id == Recap.id)
        .join(MentoringSession, MentoringSession.id == Recap.session_id)
        .join(Pair, Pair.id == MentoringSession.pair_id)
        .where(is_theirs(viewer), Recap.session_id == session_id)
        .order_by(Recap.created_at.desc(), Recap.id)
    )
    return tuple(
        KeptDraft(row.id, row.session_id, row.body, row.created_at) for row in db.scalars(query)
    )


def _own(db: Db, viewer: Viewer, session_id: UUID, recap_id: UUID) -> Recap:
    recap = one(db, recaps_of(viewer).where(Recap.id == recap_id), lock=True)
    if recap.session_id != session_id:
        raise NotFound
    return recap
