"""Text of strangers on its way to a model: visible characters only, fenced by a random mark."""

import re
import secrets
import unicodedata
from collections.abc import Mapping

_FENCES = re.compile(r"[<>‹›«»⟨⟩＜＞]{2,}|`{3,}|^-{3,}$", re.MULTILINE)
_KEPT = "\n\t"


def make_mark() -> str:
    """A mark nobody can foresee."""
    return secrets.token_hex(8)


def visible(text: str, longest: int = 2_000) -> str:
    """The text without invisible characters and without what looks like a fence of ours."""
    shown = text
    if not text.isprintable():
        shown = "".join(
            letter for letter in text
            if letter in _KEPT or unicodedata.category(letter) not in ("Cf", "Cc", "Cs", "Co", "Cn")
        )  # fmt: skip
    return _FENCES.sub(" ", shown)[:longest]


def without_names(text: str, names: Mapping[str, str]) -> str:
    """The text with each of these names replaced by a role, whole names before their parts."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", names[name], text, flags=re.IGNORECASE)
    return text


def name_parts(name: str | None, role: str) -> dict[str, str]:
    """A name and its longer parts, each with the role that stands in for it."""
    if not name or not name.strip():
        return {}
    parts = [part for part in re.split(r"[\s,.]+", name.strip()) if len(part) > 2]
    return dict.fromkeys([name.strip(), *parts], role)
