"""What drafts take of a model is kept as numbers, on both databases, and limits a day."""

from datetime import timedelta

import pytest

from coach.llm.budget import Budget, Limit, Limits
from coach.llm.faults import BudgetSpent
from coach.llm.ledger import SqlLedger
from coach.llm.usage import Spender, Usage, today
from coach.storage.database import open_database
from coach.storage.migrate import migrate
from coach.storage.tables import Person, Programme


async def test_usage_adds_up_by_person_and_programme(database_url: str) -> None:
    migrate(database_url)
    database = open_database(database_url)
    try:
        programme = Programme(name="One")
        with database.transaction() as db:
            db.add(programme)
            db.flush()
            person = Person(programme_id=programme.id, name="A", email=None)
            db.add(person)
            db.flush()
            one = Spender(person.id, programme.id)
        ledger = SqlLedger(database)
        await ledger.keep(one, "recap", "fake", Usage(10, 5, 0.5))
        await ledger.keep(one, "recap", "fake", Usage(1, 1))
        await ledger.keep(Spender(None, one.programme_id), "recap", "fake", Usage(100, 0, 1.0))
        person_day, programme_day = await ledger.spent(one, today())
        assert person_day == Usage(11, 6, 0.5)
        assert programme_day == Usage(111, 6, 1.5)
        assert (await ledger.spent(one, today() - timedelta(days=1)))[0].tokens == 0
        budget = Budget(Limits(person=Limit(tokens=16)), ledger=ledger)
        with pytest.raises(BudgetSpent):
            await budget.open(one)
    finally:
        database.close()
