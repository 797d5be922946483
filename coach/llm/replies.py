"""Reads what a chat model sent back: the first JSON object in it, as the values asked for."""

import json
import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from coach.errors import CoachError

Words = TypeVar("Words", bound=BaseModel)
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MOST_TOLD = 5


class ReplyFault(CoachError):
    """A reply is not of the form asked for; says which parts, for one repair turn."""

    status = 502
    title = "The reply holds no JSON object of the form asked for."


def read_reply(text: str, form: type[Words]) -> Words:
    """The values in a reply, thinking and prose around the JSON left out; or ReplyFault."""
    found = first_object(_THINKING.sub("", _UNSTORABLE.sub("", text)))
    if found is None:
        raise ReplyFault
    try:
        return form.model_validate(found)
    except ValidationError as fault:
        raise ReplyFault(_sentence(fault)) from fault


def first_object(text: str) -> object | None:
    """The first JSON object that can be read in a text; None when there is none."""
    decoder = json.JSONDecoder()
    place = text.find("{")
    while place >= 0:
        try:
            found, _ = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError):
            place = text.find("{", place + 1)
            continue
        return found if isinstance(found, dict) else None
    return None


def strict_schema(form: type[BaseModel]) -> dict[str, object]:
    """The JSON schema of a form, flat and strict: every field required, nothing else allowed."""
    schema = form.model_json_schema()
    _tighten(schema)
    return schema


def _tighten(part: object) -> None:
    if isinstance(part, list):
        for item in part:
            _tighten(item)
        return
    if not isinstance(part, dict):
        return
    for word in ("title", "default", "maxLength", "minLength", "minimum", "maximum", "maxItems"):
        if not isinstance(part.get(word), dict):
            part.pop(word, None)
    if part.get("type") == "object":
        part["additionalProperties"] = False
        part["required"] = list(part.get("properties", {}))
    for value in part.values():
        _tighten(value)


def _sentence(fault: ValidationError) -> str:
    told = [
        f"{'.'.join(map(str, one['loc'])) or 'the object'}: {one['msg']}"
        for one in fault.errors(include_url=False, include_input=False)[:MOST_TOLD]
    ]
    return "; ".join(told)
