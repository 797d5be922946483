"""Prompts as files: found, checked against their header, and rendered with every value named."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from coach.errors import CoachError
from coach.shipped import read_yaml, shipped

_INCLUDED = re.compile(r"{%-?\s*include\s+\"([^\"]+)\"")


class PromptFault(CoachError):
    """A prompt file and its header disagree, or a value is missing or too many."""

    status = 500
    title = "A file under prompts is damaged. Install the coach again."


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: what the model is told, and how a request is put to it."""

    id: str
    version: int
    inputs: frozenset[str]
    digest: str
    system: str
    request: str

    @property
    def fingerprint(self) -> str:
        """Id, version and digest, as stored with every draft."""
        return f"{self.id}@{self.version}:{self.digest}"

    def render(self, **values: object) -> list[BaseMessage]:
        """The messages with these values; PromptFault when one is missing or surplus."""
        if wrong := self.inputs ^ set(values):
            raise PromptFault(f"{self.id} got other values than it names: {sorted(wrong)}.")
        try:
            system = _template(self.system).render()
            request = _template(self.request).render(**values)
        except TemplateError as fault:
            raise PromptFault(f"{self.id} cannot be filled.") from fault
        return [SystemMessage(system.strip()), HumanMessage(request.strip())]


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """The prompt of this name, checked; raises PromptFault."""
    folder = folder or shipped("prompts")
    path = folder / f"{name}.md.j2"
    source = path.read_text("utf-8")
    parts = source.split("---\n", 3)
    if len(parts) != 4 or parts[0].strip():
        raise PromptFault(f"{path.name} has no header, system and request between --- lines.")
    try:
        head = read_yaml(parts[1])
        inputs = frozenset(head["inputs"])
        identity, version = str(head["id"]), int(head["version"])
    except (yaml.YAMLError, LookupError, TypeError, ValueError) as fault:
        raise PromptFault(f"The header of {path.name} cannot be read.") from fault
    whole = "\n".join([source, *_partials(source, folder)])
    prompt = Prompt(
        identity, version, inputs, hashlib.sha256(whole.encode()).hexdigest()[:12], parts[2],
        parts[3],
    )  # fmt: skip
    _check(prompt, folder, name)
    return prompt


def _check(prompt: Prompt, folder: Path, name: str) -> None:
    shelf = _environment()
    if prompt.id != name:
        raise PromptFault(f"{name}.md.j2 calls itself {prompt.id}.")
    try:
        # What people wrote may never reach the system message, so that one has no variables.
        told = "\n".join([prompt.system, *_partials(prompt.system, folder)])
        asked = "\n".join([prompt.request, *_partials(prompt.request, folder)])
        in_system = meta.find_undeclared_variables(shelf.parse(told))
        used = meta.find_undeclared_variables(shelf.parse(asked))
    except TemplateError as fault:
        raise PromptFault(f"{name}.md.j2 is no template: {fault}.") from fault
    if in_system:
        raise PromptFault(f"{name}.md.j2 puts {sorted(in_system)} into the system message.")
    if wrong := used ^ prompt.inputs:
        raise PromptFault(f"{name}.md.j2: header and text disagree about {sorted(wrong)}.")


def _partials(text: str, folder: Path) -> list[str]:
    return [(folder / name).read_text("utf-8") for name in _INCLUDED.findall(text)]


@lru_cache(maxsize=64)
def _template(text: str) -> Template:
    return _environment().from_string(text)


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    # Plain text goes to the model; pages escape it where they show it.
    return SandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        loader=FileSystemLoader(shipped("prompts")),
    )
