"""Word lists as data: reads prompts/lint/*.yaml into compiled rules, and says which occur."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from coach.errors import CoachError
from coach.shipped import read_yaml, shipped

_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "‑": "-"})
_FREE = ("^", "(?:^", "(?<", ",", "[")  # expressions that may begin outside a word
_LONGEST_REMEMBERED = 2_000
_PLACE = re.compile(r"\{([a-z_]+)\}")


class WordListFault(CoachError):
    """A word list of the boundaries cannot be read; names the file and the entry."""

    status = 500
    title = "A word list in prompts/lint cannot be read."


@dataclass(frozen=True, slots=True)
class Rule:
    """One family of expressions, and the expressions that take a match back."""

    family: str
    found: re.Pattern[str]
    unless: re.Pattern[str] | None

    def finds(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where this family occurs in a folded text, matches taken back left out."""
        for match in self.found.finditer(folded):
            if match.end() > match.start() and not self._taken_back(folded, match):
                yield match.span()

    def occurs(self, folded: str) -> bool:
        """Whether this family occurs in a folded text."""
        return next(self.finds(folded), None) is not None

    def _taken_back(self, folded: str, match: re.Match[str]) -> bool:
        if self.unless is None:
            return False
        around = self.unless.finditer(folded, max(0, match.start() - 60), match.end() + 60)
        return any(one.start() <= match.end() and one.end() >= match.start() for one in around)


def fold(text: str) -> str:
    """The text in lower case with straight apostrophes and hyphens, every offset unchanged."""
    marked = text.translate(_MARKS)
    lowered = marked.lower()
    if len(lowered) == len(marked):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in marked)


@lru_cache(maxsize=32)
def read_list(name: str, folder: Path | None = None) -> Mapping[str, Any]:
    """The entries of one word list, e.g. "language"; folder None means the shipped lists."""
    path = (folder or shipped("prompts") / "lint") / f"{name}.yaml"
    try:
        values = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise WordListFault(f"The word list {path.name} cannot be read: {fault}") from fault
    if not isinstance(values, dict):
        raise WordListFault(f"The word list {path.name} must be a mapping of named lists.")
    return values


@lru_cache(maxsize=32)
def read_rules(name: str, folder: Path | None = None) -> Mapping[str, Rule]:
    """The families of one word list as compiled rules, by name."""
    values = read_list(name, folder)
    lists = {key: str(words) for key, words in (values.get("lists") or {}).items()}
    families = values.get("families")
    if not isinstance(families, dict):
        raise WordListFault(f"The word list {name}.yaml has no families.")
    return {
        family: Rule(family, *_compile(name, family, entries, lists))
        for family, entries in families.items()
    }


def families_in(name: str, text: str) -> frozenset[str]:
    """The families of a word list that occur in the text."""
    return _remembered(name, text) if len(text) <= _LONGEST_REMEMBERED else _found(name, text)


@lru_cache(maxsize=8_192)
def _remembered(name: str, text: str) -> frozenset[str]:
    return _found(name, text)


def _found(name: str, text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(family for family, rule in read_rules(name).items() if rule.occurs(folded))


def company_risk(text: str) -> bool:
    """Whether the topic needs a word on safe use: AI tools, data or accounts."""
    return bool(families_in("risk", text))


@lru_cache(maxsize=64)
def read_words(name: str, entry: str) -> frozenset[str]:
    """One plain list of words of a word list, as a set."""
    found = _listed(read_list(name).get(entry))
    if not found:
        raise WordListFault(f"The word list {name}.yaml has no list {entry!r}.")
    return frozenset(found)


def _listed(entries: object) -> tuple[str, ...]:
    """The words of an entry: a YAML list, or one text with commas between."""
    parts = entries.split(",") if isinstance(entries, str) else entries
    if not isinstance(parts, list):
        return ()
    return tuple(" ".join(str(part).split()) for part in parts if str(part).strip())


def _compile(
    name: str, family: str, entries: object, lists: Mapping[str, str]
) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    if not isinstance(entries, dict) or not (entries.get("phrases") or entries.get("patterns")):
        raise WordListFault(f"{name}.yaml: the family {family!r} has neither phrases nor patterns.")
    phrases = sorted({_phrase(words) for words in _listed(entries.get("phrases"))}, reverse=True)
    patterns = [_pattern(str(source), lists) for source in entries.get("patterns") or ()]
    unless = [_pattern(str(source), lists) for source in entries.get("unless") or ()]
    try:
        return _joined(patterns + phrases), _joined(unless) if unless else None
    except re.error as fault:
        raise WordListFault(
            f"{name}.yaml: the family {family!r} is no expression: {fault}"
        ) from fault


def _joined(sources: list[str]) -> re.Pattern[str]:
    """One expression for many; those that begin with a word share one look at the boundary."""
    bound = "|".join(source for source in sources if not source.startswith(_FREE))
    free = "|".join(source for source in sources if source.startswith(_FREE))
    # A letter must follow the boundary: the engine then skips white space and marks at once.
    parts = ([rf"\b(?=\w)(?:{bound})"] if bound else []) + ([free] if free else [])
    return re.compile("|".join(parts))


def _named(lists: Mapping[str, str], place: re.Match[str]) -> str:
    return f"(?:{lists[place[1]]})" if place[1] in lists else place[0]


def _phrase(words: str) -> str:
    """Whole words, any white space between them."""
    end = r"(?!\w)" if words[-1:].isalnum() else ""
    return r"\s{1,3}".join(re.escape(word) for word in words.split()) + end


def _pattern(source: str, lists: Mapping[str, str]) -> str:
    """An expression with its named lists filled in and blanks that match any white space."""
    bare = source.removeprefix("\\b")
    filled = _PLACE.sub(lambda place: _named(lists, place), bare)
    ended = rf"{filled}(?!\w)" if filled[-1:].isalnum() or filled[-1:] == ")" else filled
    return re.sub(r" (?![?*+{])", r"\\s{1,3}", ended)
