"""Keeps what drafts take of a model in the database: numbers, and never a word."""

from datetime import date

import sqlalchemy as sa

from coach.llm.usage import Spender, Usage, today
from coach.storage.database import Database, Db
from coach.storage.tables import ModelUsage


class SqlLedger:
    """The usage of everybody, in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, spender: Spender, day: date) -> tuple[Usage, Usage]:
        """What the person and the programme have used on this day."""
        return await self._database.read(load_spent, spender, day)

    async def keep(self, spender: Spender, purpose: str, model: str, usage: Usage) -> None:
        """Keep what one draft took."""
        await self._database.transact(save_usage, spender, purpose, model, usage)


def load_spent(db: Db, spender: Spender, day: date) -> tuple[Usage, Usage]:
    """The sums of a person's day and of a programme's day."""
    person = _sum(db, day, ModelUsage.person_id == spender.person_id)
    return person, _sum(db, day, ModelUsage.programme_id == spender.programme_id)


def _sum(db: Db, day: date, whose: sa.ColumnElement[bool]) -> Usage:
    columns = (ModelUsage.input_tokens, ModelUsage.output_tokens, ModelUsage.cost)
    found = db.execute(
        sa.select(*(sa.func.sum(column) for column in columns)).where(ModelUsage.day == day, whose)
    ).one()
    return Usage(int(found[0] or 0), int(found[1] or 0), found[2])


def save_usage(db: Db, spender: Spender, purpose: str, model: str, usage: Usage) -> None:
    """Write one row of usage."""
    db.add(
        ModelUsage(
            programme_id=spender.programme_id,
            person_id=spender.person_id,
            day=today(),
            purpose=purpose,
            model=model,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost=usage.cost,
        )
    )
