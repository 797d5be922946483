"""Types of what strangers send: text that can be stored, whole days, ids, and strict objects."""

from datetime import date
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from coach.pairs.checking import is_day

T = TypeVar("T")
LONGEST = 20_000
LONGEST_SOURCE = 500_000


def clean(text: str) -> str:
    """The text, or ValueError for what no database keeps: NUL and lone surrogates."""
    text.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    if "\x00" in text:
        raise ValueError("a NUL character cannot be stored")
    return text


def unfold(text: str) -> str:
    """The text with line ends as everywhere else; browsers send two characters for one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_day(value: object) -> object:
    """A day from text such as 2026-11-23; anything else is left for the type to refuse."""
    if isinstance(value, str) and is_day(value):
        return date.fromisoformat(value)
    return value


def read_id(value: object) -> object:
    """An id from text; anything else is left for the type to refuse."""
    if isinstance(value, str):
        return UUID(value)
    return value


Text = Annotated[str, Field(max_length=LONGEST), AfterValidator(clean)]
Typed = Annotated[str, Field(max_length=LONGEST), AfterValidator(clean), AfterValidator(unfold)]
# A whole document; what is longer comes as a file.
Source = Annotated[
    str, Field(max_length=LONGEST_SOURCE), AfterValidator(clean), AfterValidator(unfold)
]
Day = Annotated[date, BeforeValidator(read_day)]
Id = Annotated[UUID, BeforeValidator(read_id)]
DocumentId = Annotated[str, Field(max_length=200), AfterValidator(clean)]


class Asked(BaseModel):
    """A JSON object from outside: only known fields, each of exactly its type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Filled(BaseModel):
    """A form from a page: only known fields, each read from text."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Items(BaseModel, Generic[T]):
    """A list as the API gives it; `next` leads to what follows, None when this is all."""

    items: list[T]
    next: str | None = None
