"""Adds the jobs that change the embedding model: asked for, decided, or due by the settings."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.jobs.rows import ROW, add_job, is_open
from coach.knowledge.model_changes import Change, NothingAsked, load_change, name_of, next_label
from coach.knowledge.serving import load_serving
from coach.knowledge.versions import check_reason
from coach.storage.database import Db


class AlreadyServing(CoachError):
    """The model that is asked for serves already."""

    status = 409
    title = (
        "The model that the settings name serves already. To make its vectors anew, say so: "
        "`coach library re-embed --anew`."
    )


class ChangeUnderWay(CoachError):
    """A change of the model is being worked on."""

    status = 409
    title = "A change of the model is under way already: `coach jobs list` shows how far it is."


@dataclass(frozen=True, slots=True)
class Models:
    """Which model serves, which the settings name, and the newest change."""

    serving: str | None
    configured: str | None
    change: Change | None


def load_models(db: Db, configured: str | None) -> Models:
    """What is known of the embedding models of this library."""
    return Models(load_serving(db), configured, load_change(db))


def add_change(db: Db, configured: str, anew: bool, author: str | None) -> UUID:
    """Add the job that brings in the model the settings name; `anew`: whatever vectors exist."""
    serving = load_serving(db)
    label = next_label(db, configured) if anew else configured
    if not anew and serving is not None and name_of(serving) == configured:
        raise AlreadyServing
    return _add(db, {"label": label}, author)


def accept_loss(db: Db, reason: str, author: str | None) -> UUID:
    """Add the job that lets the model serve which waits for a word, whatever is lost."""
    check_reason(reason)
    change = load_change(db)
    if change is None or change.state != "asks":
        raise NothingAsked
    return _add(db, {"label": change.new, "reason": reason}, author)


def is_change_due(db: Db, configured: str) -> bool:
    """Whether the settings name another model, and nothing was decided or begun about it."""
    serving = load_serving(db)
    if serving is None or name_of(serving) == configured or is_open(db, ("re-embed",)):
        return False
    change = load_change(db)
    if change is not None:
        waits = change.state == "asks" and name_of(change.new) == configured
        left = change.state == "back" and name_of(change.old) == configured
        if waits or left:
            return False
    last = sa.select(ROW.state, ROW.argument).where(ROW.kind == "re-embed")
    before = db.execute(last.order_by(ROW.created_at.desc()).limit(1)).one_or_none()
    # One that failed or was stopped is tried again when somebody says so.
    ended = before is not None and before.state in ("failed", "cancelled")
    return not (before and ended and before.argument == {"label": configured})


def add_due_change(db: Db, configured: str) -> None:
    """Add the job that brings in the model the settings name."""
    add_job(db, "re-embed", {"label": configured}, once="re-embed")


def _add(db: Db, argument: dict[str, object], author: str | None) -> UUID:
    job_id = None
    if not is_open(db, ("re-embed",)):
        job_id = add_job(db, "re-embed", argument, author=author, once="re-embed")
    if job_id is None:
        raise ChangeUnderWay
    return job_id
