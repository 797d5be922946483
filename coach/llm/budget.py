"""Holds drafts to their budgets: for one draft, one person's day and one programme's day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from coach.llm.faults import BudgetSpent
from coach.llm.usage import Ledger, PocketLedger, Price, Spender, Usage, today


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tokens, and so much money; None = no limit."""

    tokens: int | None = None
    cost: float | None = None

    def allows(self, usage: Usage) -> bool:
        """Whether this much is still inside."""
        if self.tokens is not None and usage.tokens > self.tokens:
            return False
        return self.cost is None or (usage.cost or 0.0) <= self.cost


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one draft, of a person's day and of a programme's day."""

    draft: Limit = Limit()
    person: Limit = Limit()
    programme: Limit = Limit()


@dataclass
class Budget:
    """The limits, the prices, and what drafts that are being written have set aside."""

    limits: Limits = Limits()
    prices: Mapping[str, Price] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=PocketLedger)
    _aside: dict[UUID | None, Usage] = field(default_factory=dict)

    async def open(self, spender: Spender) -> "Account":
        """The account of one draft; raises BudgetSpent when a day's budget is gone."""
        day = today()
        person, programme = await self.ledger.spent(spender, day)
        account = Account(self, spender, day, person, programme)
        account.look(Usage())
        return account

    def aside(self, owner: UUID | None) -> Usage:
        """What drafts of this owner have taken or set aside that the ledger does not hold yet."""
        return self._aside.get(owner, Usage())

    def shift(self, owner: UUID | None, usage: Usage) -> None:
        """Set more aside for this owner, or less."""
        self._aside[owner] = self.aside(owner) + usage


@dataclass
class Account:
    """What one draft has used; calls set aside what they may take before they are made."""

    budget: Budget
    spender: Spender
    day: date
    person: Usage
    programme: Usage
    used: Usage = Usage()
    _pending: Usage = Usage()

    def look(self, more: Usage) -> None:
        """Raise BudgetSpent when this much more would pass a limit."""
        limits, budget = self.budget.limits, self.budget
        if not limits.draft.allows(self.used + self._pending + more):
            raise BudgetSpent("This draft would take more of the model than one draft may.")
        if self.spender.person_id and not limits.person.allows(
            self.person + budget.aside(self.spender.person_id) + more
        ):
            raise BudgetSpent("Your budget for the model is spent for today.")
        if not limits.programme.allows(
            self.programme + budget.aside(self.spender.programme_id) + more
        ):
            raise BudgetSpent("The programme's budget for the model is spent for today.")

    def reserve(self, expected: Usage) -> None:
        """Set aside what a call may take, or raise BudgetSpent."""
        self.look(expected)
        self._pending += expected
        self._shift(expected)

    def settle(self, expected: Usage, used: Usage) -> None:
        """Put what a call took in the place of what was set aside for it."""
        less = _negative(expected)
        self._pending += less
        self.used += used
        self._shift(less + used)

    def _shift(self, usage: Usage) -> None:
        for owner in dict.fromkeys((self.spender.person_id, self.spender.programme_id)):
            self.budget.shift(owner, usage)

    async def close(self, purpose: str, model: str) -> None:
        """Hand what the draft took to the ledger."""
        try:
            if self.used.tokens:
                await self.budget.ledger.keep(self.spender, purpose, model, self.used)
        finally:
            self._shift(_negative(self.used + self._pending))


def _negative(usage: Usage) -> Usage:
    cost = None if usage.cost is None else -usage.cost
    return Usage(-usage.input_tokens, -usage.output_tokens, cost)
