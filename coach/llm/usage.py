"""Counts what a draft takes of a model: tokens, and money by the price table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from uuid import UUID

_MILLION = 1_000_000
_LETTERS = 4  # of a token, where a server does not count


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens of a model cost, in and out."""

    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens in and out, and what they cost; None where the model has no price."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class Spender:
    """On whose account a draft is written; nobody's on the command line."""

    person_id: UUID | None = None
    programme_id: UUID | None = None


class Ledger(Protocol):
    """Where usage is kept from one draft to the next."""

    async def spent(self, spender: Spender, day: date) -> tuple[Usage, Usage]:
        """What the person and the programme have used on this day."""

    async def keep(self, spender: Spender, purpose: str, model: str, usage: Usage) -> None:
        """Keep what one draft took."""


class PocketLedger:
    """Keeps usage for the life of the process."""

    def __init__(self) -> None:
        self.rows: list[tuple[date, Spender, Usage]] = []

    async def spent(self, spender: Spender, day: date) -> tuple[Usage, Usage]:
        """What the person and the programme have used on this day."""
        rows = [row for row in self.rows if row[0] == day]
        person = [usage for _, one, usage in rows if one.person_id == spender.person_id]
        whole = [usage for _, one, usage in rows if one.programme_id == spender.programme_id]
        return total(person), total(whole)

    async def keep(self, spender: Spender, purpose: str, model: str, usage: Usage) -> None:
        """Keep what one draft took."""
        self.rows.append((today(), spender, usage))


def total(parts: Sequence[Usage]) -> Usage:
    """The sum of these."""
    return sum(parts, Usage())


def today() -> date:
    """The day budgets are counted by, which ends at midnight UTC."""
    return datetime.now(UTC).date()


def guess_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return len(text) // _LETTERS + 1


def price_usage(prices: Mapping[str, Price], model: str, tokens_in: int, tokens_out: int) -> Usage:
    """Tokens with their cost by the price table."""
    price = prices.get(model)
    if price is None:
        return Usage(tokens_in, tokens_out)
    cost = (tokens_in * price.input + tokens_out * price.output) / _MILLION
    return Usage(tokens_in, tokens_out, cost)
