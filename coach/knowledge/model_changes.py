"""Changes of the embedding model as rows: compared, taken, and taken back.

A label is the name of a model; `#2` behind it says that its vectors were made a second time.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, cast

import sqlalchemy as sa

from coach.errors import CoachError
from coach.knowledge.comparing import Comparison
from coach.knowledge.vectors import VECTORS, count_embedded
from coach.knowledge.versions import check_reason
from coach.storage import tables
from coach.storage.database import Db

ROW = tables.ModelChange
GENERATION = tables.IndexGeneration
AGAIN = "#"
State = Literal["asks", "taken", "back"]


class NoWayBack(CoachError):
    """There is no model to go back to."""

    status = 409
    title = "There is no earlier model to go back to: its vectors are no longer kept."


class NothingAsked(CoachError):
    """No change waits for a word."""

    status = 409
    title = "No change of the model waits for a word. `coach library re-embed` begins one."


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the model; `asks` waits for a person, for golden questions are lost."""

    old: str
    new: str
    state: State
    compared: Comparison | None
    author: str | None
    reason: str | None
    created_at: datetime


def name_of(label: str) -> str:
    """The name of the model, however often its vectors were made."""
    name, mark, count = label.rpartition(AGAIN)
    return name if mark and count.isdigit() else label


def load_change(db: Db) -> Change | None:
    """The newest change, if there ever was one."""
    row = _newest(db)
    return _seen(row) if row is not None else None


def load_decided(db: Db) -> str | None:
    """The label that serves by the last decision, if one was ever made."""
    row = _newest(db, "taken", "back")
    return row.new if row is not None else None


def next_label(db: Db, name: str) -> str:
    """The label under which the vectors of this model are made anew."""
    labels = db.scalars(sa.select(ROW.new).union(sa.select(GENERATION.model))).all()
    counts = [int(one.rpartition(AGAIN)[2]) for one in labels if one != name == name_of(one)]
    return f"{name}{AGAIN}{max(counts, default=1) + 1}"


def save_first(db: Db, label: str, now: datetime) -> None:
    """Keep that this label serves, before which there was none."""
    _add(db, Change("", label, "taken", None, None, None, now))


def save_question(db: Db, old: str, new: str, found: Comparison, now: datetime) -> None:
    """Keep what was compared, for somebody to decide."""
    _add(db, Change(old, new, "asks", found, None, None, now))


def take_change(db: Db, change: Change) -> None:
    """Let the new model serve; vectors older than the one before are let go of."""
    check_reason(change.reason or "")
    _add(db, change)
    kept = VECTORS.model.not_in([change.old, change.new])
    db.execute(sa.delete(VECTORS).where(kept))


def go_back(db: Db, author: str | None, reason: str, now: datetime) -> Change:
    """Let the model before serve again, or raise NoWayBack; index and vectors follow."""
    check_reason(reason)
    last = _newest(db, "taken", "back")
    if last is None:
        raise NoWayBack
    dimension = db.scalar(sa.select(VECTORS.dimension).where(VECTORS.model == last.old).limit(1))
    if not dimension or not count_embedded(db, last.old, dimension):
        raise NoWayBack
    change = Change(last.new, last.old, "back", None, author, reason.strip() or None, now)
    _add(db, change)
    kept = db.scalar(sa.select(GENERATION.name).where(GENERATION.model == last.old).limit(1))
    if kept is not None:
        mine = GENERATION.name == kept
        db.execute(sa.update(GENERATION).values(state="retired"))
        db.execute(sa.update(GENERATION).where(mine).values(state="live"))
    return change


# --- Below the table --------------------------------------------------------------------------


def _newest(db: Db, *states: State) -> tables.ModelChange | None:
    select = sa.select(ROW).order_by(ROW.created_at.desc()).limit(1)
    if states:
        select = select.where(ROW.state.in_(states))
    return db.scalars(select).first()


def _add(db: Db, change: Change) -> None:
    figures = asdict(change.compared) if change.compared is not None else {}
    row = ROW(
        old=change.old,
        new=change.new,
        state=change.state,
        figures=cast(dict[str, object], figures),
        author=change.author,
        reason=change.reason,
        created_at=change.created_at,
    )
    db.add(row)
    db.flush()


def _seen(row: tables.ModelChange) -> Change:
    figures = cast(dict[str, Any], row.figures)
    compared = None
    if figures:
        lists: dict[str, Sequence[str]] = {one: tuple(figures[one]) for one in ("lost", "won")}
        compared = Comparison(**{**figures, **lists})
    state = cast(State, row.state)
    return Change(row.old, row.new, state, compared, row.author, row.reason, row.created_at)
