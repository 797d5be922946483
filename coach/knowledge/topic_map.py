"""The topic map of the shipped library: its areas, and which documents each of them has."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import yaml

from coach.errors import CoachError
from coach.shipped import read_yaml, shipped

GROUPS = ("technology", "career", "programme")
FILE = "topics.yaml"


class TopicMapFault(CoachError):
    """The topic map cannot be read."""

    status = 500
    title = "The topic map of the library cannot be read."


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the library and the ids of its documents."""

    group: str
    name: str
    documents: tuple[str, ...]


@lru_cache(maxsize=1)
def shipped_areas() -> tuple[Area, ...]:
    """The areas of the map that ships."""
    return read_topic_map((shipped("knowledge") / FILE).read_text(encoding="utf-8"))


def read_topic_map(source: str) -> tuple[Area, ...]:
    """The areas in this text, in order, or one sentence on what is wrong with it."""
    try:
        values = read_yaml(source)
    except yaml.YAMLError as fault:
        raise TopicMapFault(f"{FILE} is not YAML: {fault}") from None
    if not isinstance(values, dict) or tuple(values) != GROUPS:
        raise TopicMapFault(f"{FILE} must have the groups {', '.join(GROUPS)}, in this order.")
    areas = tuple(area for group in GROUPS for area in _areas(group, values[group]))
    seen: dict[str, str] = {}
    for area in areas:
        for document in area.documents:
            other = seen.setdefault(document, area.name)
            if other != area.name or area.documents.count(document) > 1:
                raise TopicMapFault(f"{FILE} gives {document!r} two places: {other}, {area.name}.")
    return areas


def _areas(group: str, values: object) -> Iterator[Area]:
    if not isinstance(values, dict):
        raise TopicMapFault(f"{FILE}: {group} must be a mapping of areas.")
    for name, documents in values.items():
        listed: list[object] = documents if isinstance(documents, list) else [None]
        if not all(isinstance(document, str) for document in listed):
            raise TopicMapFault(f"{FILE}: {name} must be a list of ids of documents.")
        yield Area(group, str(name), tuple(map(str, listed)))
