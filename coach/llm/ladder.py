"""Asks for structured output as strictly as a server can: by schema, as JSON, or in words."""

from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel

Rung = Literal["json_schema", "json_object", "text"]
RUNGS: tuple[Rung, ...] = ("json_schema", "json_object", "text")
_NAMES = ("response_format", "json_schema", "json_object", "grammar", "structured", "schema")


class Ladder:
    """Remembers per server and model which rung works, and whether tokens are counted there."""

    def __init__(self) -> None:
        self._rungs: dict[tuple[str, str], int] = {}
        self._uncounted: set[tuple[str, str]] = set()

    def rung(self, base_url: str, model: str) -> Rung:
        """The strictest rung not known to fail."""
        return RUNGS[self._rungs.get((base_url, model), 0)]

    def counts(self, base_url: str, model: str) -> bool:
        """Whether the server takes the option that makes it count tokens."""
        return (base_url, model) not in self._uncounted

    def learn(self, base_url: str, model: str, refusal: str) -> bool:
        """Whether a refused request may be sent again, one rung lower or without the option."""
        key = (base_url, model)
        if "stream_options" in refusal and key not in self._uncounted:
            self._uncounted.add(key)
            return True
        place = self._rungs.get(key, 0)
        if place + 1 < len(RUNGS) and any(name in refusal for name in _NAMES):
            self._rungs[key] = place + 1
            return True
        return False


def format_request(rung: Rung, schema: type[BaseModel] | None) -> dict[str, Any]:
    """What the request says of the form of its answer."""
    if schema is None or rung == "text":
        return {}
    if rung == "json_object":
        return {"response_format": {"type": "json_object"}}
    named = {"name": schema.__name__, "schema": strict_schema(schema), "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


@lru_cache(maxsize=16)
def strict_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The schema as strict servers take it: flat, closed, everything required, nothing counted."""
    full = schema.model_json_schema()
    definitions = full.pop("$defs", {})
    strict: dict[str, Any] = _strict(full, definitions)
    return strict


def _strict(node: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(node, list):
        return [_strict(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _strict(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    kept = {name: value for name, value in node.items()
            if name in ("type", "enum", "items", "description")}  # fmt: skip
    kept = {name: _strict(value, definitions) for name, value in kept.items()}
    if "properties" in node:
        names = node["properties"]
        kept["properties"] = {name: _strict(one, definitions) for name, one in names.items()}
        kept["required"] = list(names)
        kept["additionalProperties"] = False
    return kept
