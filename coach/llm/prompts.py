"""Prompts as checked files: a header that names the inputs, a system text, a request."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from coach.errors import CoachError
from coach.shipped import read_yaml, shipped

_PARTS = re.compile(
    r"\A---\n(?P<head>.*?)\n---\n(?P<system>.*?)\n---\n(?P<request>.*)\Z", re.DOTALL
)
# Values are plain text for a model; pages escape what they show.
_SHELF = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
    "\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_FENCE = re.compile(r"[⟦⟧]|[<>]{2,}|<\|.*?\|>|\[/?INST\]", re.IGNORECASE)


class PromptFault(CoachError):
    """A file in prompts/ is damaged, or is filled with other values than it names."""

    status = 500
    title = "A file under prompts/ is damaged. Install the coach again."


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt with its places filled, and which prompt it came from."""

    system: str
    request: str
    fingerprint: str


@dataclass(frozen=True)
class Prompt:
    """A prompt as its file has it."""

    id: str
    version: int
    inputs: frozenset[str]
    system: str
    request: str
    digest: str

    @property
    def fingerprint(self) -> str:
        """Id, version and digest, as stored with every draft."""
        return f"{self.id}@{self.version}:{self.digest}"

    def render(self, mark: str | None = None, **values: object) -> Rendered:
        """The prompt filled; `mark` parts what people wrote from what we ask, new for each request.

        The system text takes no values at all, so nothing that people wrote can reach it.
        """
        if wrong := self.inputs ^ values.keys():
            raise PromptFault(f"{self.id}: these values do not fit the header: {sorted(wrong)}.")
        fence = mark or secrets.token_hex(8)
        try:
            request = _SHELF.from_string(self.request).render(
                fence=fence, **{name: clean(value) for name, value in values.items()}
            )
        except TemplateError as fault:
            raise PromptFault(f"{self.id} cannot be filled: {fault}.") from fault
        return Rendered(self.system.strip(), request.strip(), self.fingerprint)


def load_prompt(name: str) -> Prompt:
    """The prompt of this name, checked: header and text must agree about the inputs."""
    return read_prompt(shipped("prompts") / f"{name}.md.j2")


def read_prompt(path: Path) -> Prompt:
    """The prompt in this file, or PromptFault."""
    source = path.read_text("utf-8")
    match = _PARTS.match(source)
    if match is None:
        raise PromptFault(f"{path.name}: a header, a system text and a request are expected.")
    head: Mapping[str, Any] = read_yaml(match["head"])
    if set(head) != {"id", "version", "inputs"}:
        raise PromptFault(f"{path.name}: the header must name id, version and inputs.")
    inputs = frozenset(head["inputs"])
    used = meta.find_undeclared_variables(_SHELF.parse(match["request"])) - {"fence"}
    if wrong := used ^ inputs:
        raise PromptFault(f"{path.name}: header and text disagree about {sorted(wrong)}.")
    if meta.find_undeclared_variables(_SHELF.parse(match["system"])):
        raise PromptFault(f"{path.name}: the system text may take no values.")
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    return Prompt(head["id"], head["version"], inputs, match["system"], match["request"], digest)


def clean(value: object) -> object:
    """The value with characters nobody sees and anything like a fence taken out of its texts."""
    if isinstance(value, str):
        return _FENCE.sub(" ", _HIDDEN.sub("", value))
    if isinstance(value, Mapping):
        return {name: clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    return value
