"""The sentence frames of the composer: data in prompts/composer, checked and rotated."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from coach.errors import CoachError
from coach.knowledge.wording.tongues import ENGLISH
from coach.shipped import read_yaml

# Values are plain text here; they are escaped where they are shown.
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
# A quotation that ends a sentence brings its own stop.
_DOUBLE_STOP = re.compile(r"([.!?…])”\.")


class FrameFault(CoachError):
    """A file of frames is not what the composer can read."""

    status = 500
    title = "A file under prompts/composer is damaged. Install the coach again."


@dataclass(frozen=True, slots=True)
class Frame:
    """One sentence with places for whole quotations."""

    id: str
    text: str

    @property
    def places(self) -> frozenset[str]:
        """The names of what this frame is filled with."""
        return frozenset(meta.find_undeclared_variables(_ENVIRONMENT.parse(self.text)))


@dataclass(frozen=True, slots=True)
class Filled:
    """A frame with its places filled."""

    text: str
    frame_id: str


@dataclass(frozen=True)
class Frames:
    """All frames of one file, with its titles, outcomes and word lists."""

    id: str
    version: int
    digest: str
    by_purpose: Mapping[str, tuple[Frame, ...]]
    extras: Mapping[str, object]
    language: str = ENGLISH
    _templates: dict[str, Template] = field(default_factory=dict, repr=False)

    @property
    def fingerprint(self) -> str:
        """Id, language where it is not English, version and digest, as stored with every draft."""
        name = self.id if self.language == ENGLISH else f"{self.id}/{self.language}"
        return f"{name}@{self.version}:{self.digest}"

    def fill(
        self, purpose: str, turn: int = 0, used: Sequence[str] = (), **values: object
    ) -> Filled:
        """The frame whose turn it is, filled; frames in `used` step aside while others are left."""
        frames = self.by_purpose[purpose]
        fresh = [frame for frame in frames if frame.id not in used] or list(frames)
        frame = fresh[turn % len(fresh)]
        try:
            text = self._template(frame).render(**values)
        except TemplateError as fault:
            raise FrameFault(f"The frame {frame.id} cannot be filled: {fault}.") from fault
        return Filled(_DOUBLE_STOP.sub(r"\1”", text), frame.id)

    def check(self) -> None:
        """Raise FrameFault when a frame cannot be read as a template."""
        for frames in self.by_purpose.values():
            for frame in frames:
                try:
                    self._template(frame)
                except TemplateError as fault:
                    raise FrameFault(f"The frame {frame.id} is no template: {fault}.") from fault

    def _template(self, frame: Frame) -> Template:
        # Compiled when first used: a draft needs a few dozen of the two hundred.
        if frame.id not in self._templates:
            self._templates[frame.id] = _ENVIRONMENT.from_string(frame.text)
        return self._templates[frame.id]

    def words(self, name: str) -> Mapping[str, str]:
        """One of the tables beside the frames, such as titles."""
        table = self.extras.get(name)
        if not isinstance(table, dict):
            raise FrameFault(f"The table {name} is missing in prompts/composer.")
        return table

    def listed(self, name: str) -> Sequence[object]:
        """One of the lists beside the frames, such as comparisons."""
        entries = self.extras.get(name)
        if not isinstance(entries, list):
            raise FrameFault(f"The list {name} is missing in prompts/composer.")
        return entries


def load_frames(path: Path, language: str = ENGLISH) -> Frames:
    """The frames of one file, or FrameFault when an id is doubled or a frame is not a sentence."""
    source = path.read_text("utf-8")
    data = read_yaml(source)
    by_purpose: dict[str, tuple[Frame, ...]] = {}
    seen: set[str] = set()
    for purpose, entries in data["frames"].items():
        by_purpose[purpose] = tuple(Frame(entry["id"], entry["text"]) for entry in entries)
        for frame in by_purpose[purpose]:
            if frame.id in seen:
                raise FrameFault(f"{path.name} has two frames called {frame.id}.")
            seen.add(frame.id)
    extras = {
        name: value for name, value in data.items() if name not in ("id", "version", "frames")
    }
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    return Frames(data["id"], data["version"], digest, by_purpose, extras, language)
