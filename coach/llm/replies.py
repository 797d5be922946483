"""Reads what a model sent: thoughts and fences off, the first JSON object, held to its schema."""

import json
import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from coach.llm.faults import BadAnswer

ModelT = TypeVar("ModelT", bound=BaseModel)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_MOST_STARTS = 20
_DECODER = json.JSONDecoder()


class ReplyFault(BadAnswer):
    """A reply that is not what was asked for; `reasons` may go back to the model once."""

    def __init__(self, reasons: str) -> None:
        super().__init__()
        self.reasons = reasons


def read_reply(text: str, schema: type[ModelT]) -> ModelT:
    """The reply as this schema, or ReplyFault with what is wrong in words for the model."""
    bare = _THOUGHT.sub(" ", text)
    places = [match.start() for match in re.finditer(r"\{", bare)][:_MOST_STARTS]
    reasons = "There is no JSON object in the answer."
    for place in places:
        try:
            found, _ = _DECODER.raw_decode(bare, place)
            return schema.model_validate(found)
        except ValidationError as fault:
            reasons = _told(fault)
            break
        except (ValueError, RecursionError):
            reasons = "The JSON object is not whole."
    raise ReplyFault(reasons)


def _told(fault: ValidationError) -> str:
    """What is wrong and where, without a word of the reply itself."""
    errors = fault.errors(include_url=False, include_input=False, include_context=False)[:5]
    places = (".".join(str(one) for one in error["loc"] if isinstance(one, int) or
                       str(one).isidentifier()) for error in errors)  # fmt: skip
    told = [f"{place[:80] or 'answer'}: {error['type']}"
            for place, error in zip(places, errors, strict=True)]  # fmt: skip
    return "The JSON object does not have the form asked for: " + "; ".join(told) + "."
