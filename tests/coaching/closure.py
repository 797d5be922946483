"""Says where every visible string of a draft comes from: library, pair, or a frame that ships."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import yaml

from coach.coaching.brief import Brief, Material
from coach.coaching.contract.exhibit import own_texts
from coach.shipped import shipped

FILES = ("agenda", "follow_ups", "recap", "prep")
_PLACE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
_DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_LANGUAGES = r"[A-Z][a-z]+(?: and [A-Z][a-z]+)*"


@cache
def frames_of(name: str) -> dict[str, Any]:
    """One file of frames as it stands."""
    text = (shipped("prompts") / "composer" / f"{name}.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def every_frame() -> list[tuple[str, str, str, str]]:
    """File, purpose, id and text of every frame."""
    return [
        (name, purpose, frame["id"], frame["text"])
        for name in FILES
        for purpose, entries in frames_of(name)["frames"].items()
        for frame in entries
    ]


class Origins:
    """What a draft of this pair with this material may say, word for word."""

    def __init__(self, brief: Brief, material: Material) -> None:
        self.own = {_loose(text) for text in own_texts(brief)}
        self.own |= {_loose(text).rstrip(".") for text in self.own}
        self.own |= {brief.whom, *brief.help_contacts, brief.pair_id}
        self.own.discard("")
        self.titles = {p.lesson for p in material.offered.values()}
        self.titles |= {p.document_title for p in material.offered.values()}
        self.titles |= {p.heading_path[-1] for p in material.offered.values() if p.heading_path}
        self.words = {one.word for one in material.headwords.values()}
        self.meanings = {one.meaning.rstrip(".") for one in material.headwords.values()}
        self.runs = {_loose(run) for p in material.offered.values() for run in _runs(p.quotes())}

    def know(self, text: str, deeper: bool = True) -> bool:
        """Whether a text is the library's, the pair's, or a frame filled with known words."""
        plain = _loose(text)
        known = plain in self.runs or plain in self.own or plain in _tables()
        known = known or plain in self.titles or plain in self.words or plain in self.meanings
        return known or (deeper and (self._is_frame(plain) or self._is_several(plain)))

    def _is_frame(self, text: str) -> bool:
        return any(self._fits(match) for frame in _patterns() if (match := frame.fullmatch(text)))

    def _fits(self, match: re.Match[str]) -> bool:
        return all(self._is_value(value) for value in match.groups())

    def _is_value(self, value: str) -> bool:
        if self.know(value, deeper=False) or self.know(f"{value}.", deeper=False):
            return True
        if re.fullmatch(rf"\d+|(?:[Tt]he )?[Mm]ent(?:or|ee)|{_DATE}|{_LANGUAGES}", value):
            return True
        parts = value[1:-1].split("”; “") if value[:1] == "“" else value.split("; ")
        # Two sentences of a note, each quoted whole.
        parts = value.split("” “") if "” “" in value else parts
        return self._is_frame(value) or (len(parts) > 0 and all(p in self.own for p in parts))

    def _is_several(self, text: str) -> bool:
        """Whether a text is a row of frames: meanings of several terms, a promise with its day."""
        cuts = [match.start() for match in re.finditer(r"(?<=[.?!”]) (?=[A-Z])", text)]
        return any(self._is_frame(text[:c]) and self.know(text[c + 1 :]) for c in cuts)

    def title_of(self, title: str) -> bool:
        """Whether a block's title is a usual one, alone or before a lesson's."""
        usual, _, lesson = title.partition(": ")
        usuals = frames_of("agenda")["titles"].values()
        return title in usuals or (usual in usuals and lesson in self.titles)


def _loose(text: str) -> str:
    return " ".join(text.split())


def _runs(quotes: tuple[str, ...]) -> Iterator[str]:
    """One, two or three sentences in a row."""
    for size in (1, 2, 3):
        for start in range(len(quotes) - size + 1):
            yield " ".join(quotes[start : start + size])


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Each frame as a pattern whose places stand for anything."""
    return tuple(re.compile(_pattern(text)) for *_, text in every_frame())


def _pattern(text: str) -> str:
    parts = _PLACE.split(_loose(text))
    # A quotation that ends in a stop of its own takes the place of the frame's.
    whole = "".join("(.+?)" if one.startswith("{") else re.escape(one) for one in parts)
    return whole.replace(re.escape("”."), "”\\.?")


@lru_cache(maxsize=1)
def _tables() -> frozenset[str]:
    """Titles, outcomes, reasons and adaptations that ship."""
    found: set[str] = set()
    for name in FILES:
        for table in ("titles", "outcomes", "why"):
            found |= set(frames_of(name).get(table, {}).values())
    return frozenset(found | {one["text"] for one in frames_of("agenda")["adaptations"]})


def strings_of(values: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a draft with its place."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from strings_of(value, f"{path}.{key}")
    elif isinstance(values, list):
        for value in values:
            yield from strings_of(value, path)
    elif isinstance(values, str):
        yield path, values


_HIDDEN = frozenset(
    """id ref schema pair_id state language date kind lead hands origin reason owner source frame_id
    frame_ids goal_ids commitment_ids memory_item_ids merged_kinds passage_id document_id note_id
    due due_on ask_again_on review_by asked_by type""".split()
)


def visible_strings(values: Any) -> Iterator[tuple[str, str]]:
    """Every string of a draft a person reads, with its place; verdicts and ids are none."""
    for place, text in strings_of(values):
        outside = place.startswith((".contract", ".provenance", ".questions.purpose"))
        if not outside and place.rpartition(".")[2] not in _HIDDEN:
            yield place, text


def strangers_in(values: Any, origins: Origins) -> list[str]:
    """The visible strings that come from nowhere."""
    return [
        f"{place}: {text}"
        for place, text in visible_strings(values)
        if not (origins.title_of(text) if place == ".blocks.title" else origins.know(text))
    ]
