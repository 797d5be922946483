"""A document as the lint looks at it: every sentence with its line, its part and its lesson."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from coach.knowledge.documents import DocumentText, PassageKind
from coach.knowledge.header import split_header
from coach.knowledge.lint.marks import Mark, list_marks
from coach.knowledge.markdown import read_blocks
from coach.knowledge.passages import Block, kind_of, part_kind, path_below, sentences_of


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, step, definition or question; `lesson` is the line of the heading over it."""

    text: str
    line: int
    kind: PassageKind
    lesson: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; over a lesson `parts` are the kinds of the headings below it, in order."""

    text: str
    line: int
    parts: tuple[PassageKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document with all that the rules ask about it."""

    path: Path
    document: DocumentText
    fields: Mapping[str, int]
    lessons: tuple[Heading, ...]
    sentences: tuple[Sentence, ...]
    marks: tuple[Mark, ...]

    def of_kind(self, *kinds: PassageKind) -> tuple[Sentence, ...]:
        """The sentences of these parts, in order."""
        return tuple(one for one in self.sentences if one.kind in kinds)

    def by_lesson(self, kind: PassageKind) -> Iterator[tuple[Heading, list[Sentence]]]:
        """Every lesson with its sentences of this part."""
        found: dict[int, list[Sentence]] = {}
        for one in self.of_kind(kind):
            found.setdefault(one.lesson, []).append(one)
        return ((lesson, found.get(lesson.line, [])) for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of a rule: where it is, which rule, what to do, and the words it is about."""

    path: Path
    line: int
    rule: str
    message: str
    sentence: str = ""


def read_sheet(path: Path, document: DocumentText) -> Sheet:
    """The sheet of a document that was read from this file."""
    head, body = split_header(document.source, str(path))
    offset = document.source[: len(document.source) - len(body)].count("\n") + 1
    blocks = list(read_blocks(body))
    return Sheet(
        path=path,
        document=document,
        fields=_fields(head),
        lessons=tuple(_lessons(blocks, offset)),
        sentences=tuple(_sentences(blocks, offset)),
        marks=tuple(Mark(mark.line + offset, mark.name) for mark in list_marks(body)),
    )


def _fields(head: str) -> Mapping[str, int]:
    """The fields that the header states, each with its line."""
    node = yaml.compose(head, Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)  # noqa: S101  the document was read before
    return {key.value: key.start_mark.line + 2 for key, _ in node.value}


def _lessons(blocks: Iterable[Block], offset: int) -> Iterator[Heading]:
    """The headings that open a lesson; those that open a part of the whole document do not."""
    lesson: Heading | None = None
    for block in blocks:
        if block.form != "heading":
            continue
        if block.level > 2:
            part = part_kind(block.text, lesson=False)
            lesson = lesson and Heading(lesson.text, lesson.line, (*lesson.parts, part))
            continue
        if lesson:
            yield lesson
        whole = part_kind(block.text, lesson=True) != "text"
        lesson = None if whole else Heading(block.text, block.line + offset)
    if lesson:
        yield lesson


def _sentences(blocks: Iterable[Block], offset: int) -> Iterator[Sentence]:
    path: tuple[str, ...] = ()
    lesson = 0
    for block in blocks:
        if block.form == "heading":
            path = path_below(path, block)
            lesson = block.line + offset if len(path) == 1 else lesson
            continue
        kind = kind_of(path, block)
        for span in sentences_of(kind, block):
            words = block.text[span.start : span.end]
            yield Sentence(words, block.line + offset, kind, lesson)
