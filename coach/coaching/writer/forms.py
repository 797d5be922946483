"""The forms a model fills: flat, small, and with nothing in them that code decides."""

from pydantic import BaseModel, ConfigDict, Field


class StepWords(BaseModel):
    """A step in other words, or another sentence of a passage for a step that quotes one."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    number: int
    text: str = Field(max_length=2_000)
    passage: int = 0


class BlockReply(BaseModel):
    """All that a model may say of one block; steps it leaves out stay as they are."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    title: str = Field(default="", max_length=400)
    steps: tuple[StepWords, ...] = Field(default=(), max_length=40)


class ChoiceReply(BaseModel):
    """The sentences a model chose, by number."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    sentences: tuple[int, ...] = Field(default=(), max_length=40)
