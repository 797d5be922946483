"""The frames by language: four files and the small words beside them, for each folder that ships.

A language without a folder is written in English.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coach.coaching.composer.frames import Frame, FrameFault, Frames, load_frames
from coach.knowledge.wording.tongues import ENGLISH, code_of

FILES = ("agenda", "follow_ups", "recap", "prep", "words")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The frames of one language, each file with the small words beside its own."""

    agenda: Frames
    follow_ups: Frames
    recap: Frames
    prep: Frames

    @property
    def language(self) -> str:
        """The code of the language that is written with these frames."""
        return self.agenda.language


@dataclass(frozen=True)
class Shelves:
    """All frames under one folder: the English ones in it, each other language in a folder of it.

    English is read at once, another language when somebody first speaks it.
    """

    folder: Path
    _english: dict[str, Frames] = field(default_factory=dict, repr=False)
    _read: dict[str, Shelf] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._english.update({name: load_frames(self.folder / f"{name}.yaml") for name in FILES})
        self._read[ENGLISH] = _shelf(self._english)

    def of(self, language: str) -> Shelf:
        """The frames that a pair of this language is written to with; English where it has none."""
        code = code_of(language)
        code = code if code in self.languages() else ENGLISH
        if code not in self._read:
            self._read[code] = load_shelf(self.folder, code, self._english)
        return self._read[code]

    def languages(self) -> tuple[str, ...]:
        """The codes of all languages that there are frames of, English first."""
        return (ENGLISH, *list_languages(self.folder))


def list_languages(folder: Path) -> tuple[str, ...]:
    """The codes of the languages other than English that have all files of frames here."""
    return tuple(
        one.name
        for one in sorted(folder.iterdir())
        if one.is_dir() and all((one / f"{name}.yaml").is_file() for name in FILES)
    )


def load_shelf(folder: Path, language: str, english: Mapping[str, Frames]) -> Shelf:
    """The frames of one language; FrameFault when they are not the English ones, translated."""
    files = {name: folder / language / f"{name}.yaml" for name in FILES}
    found = {name: load_frames(path, language) for name, path in files.items()}
    for name, frames in found.items():
        if faults := list_faults(english[name], frames):
            raise FrameFault(f"{language}/{name}.yaml: {faults[0]}.")
        found[name] = replace(frames, extras=_with_english(frames.extras, english[name].extras))
    return _shelf(found)


def _shelf(found: Mapping[str, Frames]) -> Shelf:
    agenda, follow_ups, recap, prep, words = (found[name] for name in FILES)
    return Shelf(*(_beside(frames, words) for frames in (agenda, follow_ups, recap, prep)))


def _beside(frames: Frames, words: Frames) -> Frames:
    return replace(
        frames,
        by_purpose={**words.by_purpose, **frames.by_purpose},
        extras={**words.extras, **frames.extras},
    )


def list_faults(english: Frames, other: Frames) -> list[str]:
    """Where the frames of a language are not the English ones: purposes, ids, places, tables."""
    faults = [f"it is called {other.id}, not {english.id}"] if other.id != english.id else []
    faults += [f"the purpose {one} is missing" for one in english.by_purpose.keys()
               - other.by_purpose.keys()]  # fmt: skip
    faults += [f"the purpose {one} is unknown" for one in other.by_purpose.keys()
               - english.by_purpose.keys()]  # fmt: skip
    for purpose in english.by_purpose.keys() & other.by_purpose.keys():
        faults += _frame_faults(english.by_purpose[purpose], other.by_purpose[purpose])
    return sorted([*faults, *_table_faults(english.extras, other.extras)])


def _frame_faults(english: Sequence[Frame], other: Sequence[Frame]) -> Iterator[str]:
    wanted, found = ({frame.id: frame for frame in frames} for frames in (english, other))
    yield from (f"the frame {one} is missing" for one in wanted.keys() - found.keys())
    yield from (f"the frame {one} is unknown" for one in found.keys() - wanted.keys())
    for one in wanted.keys() & found.keys():
        if wanted[one].places != found[one].places:
            names = ", ".join(sorted(wanted[one].places)) or "nothing"
            yield f"the frame {one} has to be filled with {names}"


def _table_faults(english: Mapping[str, object], other: Mapping[str, object]) -> Iterator[str]:
    for name, entries in other.items():
        wanted = english.get(name)
        if type(entries) is not type(wanted):
            yield f"the table {name} is of another kind than the English one"
        elif name == "months" or name == "adaptations":
            if isinstance(entries, list) and isinstance(wanted, list):
                if len(entries) != len(wanted):
                    yield f"{name} has {len(entries)} entries, not {len(wanted)}"
        elif isinstance(entries, dict) and isinstance(wanted, dict):
            yield from (f"{name} has no {key}" for key in wanted.keys() - entries.keys())
            yield from (f"{name} has {key}, unknown" for key in entries.keys() - wanted.keys())


def _with_english(own: Mapping[str, object], english: Mapping[str, object]) -> dict[str, object]:
    """The tables of a language; what it leaves out is English, and people mix in English words."""
    return {name: _joined(own.get(name), entries) for name, entries in english.items()}


def _joined(own: object, english: object) -> object:
    if own is None:
        return english
    if isinstance(own, list) and isinstance(english, list):
        if any(isinstance(one, dict) for one in english):
            pairs = zip(own, english, strict=True)
            return [{**one, "match": [*one["match"], *two["match"]]} for one, two in pairs]
        return [*own, *(one for one in english if one not in own)]
    if isinstance(own, dict) and isinstance(english, dict):
        return {key: _joined(value, english[key]) for key, value in own.items()}
    return own
