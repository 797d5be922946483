"""Cuts a document into passages: whole sentences under one heading, with exact places."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

from coach.knowledge.chunking import split_sentences
from coach.knowledge.documents import Header, Passage, PassageKind, Span

# About 256 tokens of English; search by meaning is best at this length or half of it.
MAX_CHARACTERS = 1_000
MAX_SENTENCE = 2_000
_LISTED: frozenset[PassageKind] = frozenset({"steps", "words", "ask"})
_PARTS: tuple[tuple[str, PassageKind], ...] = (
    ("in other words", "other_words"),
    ("questions to ask", "ask"),
    ("words to know", "words"),
    ("safe use", "safe_use"),
    ("example", "example"),
    ("check", "check"),
    ("steps", "steps"),
    ("idea", "idea"),
    ("slip", "slip"),
    ("tip", "tip"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document in plain text; `line` counts from 0 where its Markdown began."""

    form: Literal["heading", "paragraph", "item", "row", "code"]
    text: str
    level: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block with its place in the plain text and what its headings make of it."""

    start: int
    kind: PassageKind
    path: tuple[str, ...]
    section: int
    spans: tuple[Span, ...]


@dataclass(slots=True)
class _Page:
    """The plain text as it grows, and the headings over the next block."""

    text: str = ""
    parts: list[str] = field(default_factory=list)
    length: int = 0
    path: tuple[str, ...] = ()
    section: int = 0
    form: str = ""

    def write(self, block: Block) -> int:
        """Set the block below what is there and say where it begins."""
        together = block.form == self.form and block.form in {"item", "row"}
        gap = "" if not self.length else "\n" if together else "\n\n"
        start = self.length + len(gap)
        self.parts += (gap, block.text)
        self.length = start + len(block.text)
        self.form = block.form
        return start


def build_passages(header: Header, blocks: Iterable[Block]) -> tuple[str, tuple[Passage, ...]]:
    """The plain text of a document and its passages in order."""
    page = _Page()
    placed: list[_Placed] = []
    for block in blocks:
        if not block.text:
            continue
        start = page.write(block)
        if block.form == "heading":
            page.path = path_below(page.path, block)
            page.section += 1
        else:
            kind = kind_of(page.path, block)
            spans = tuple(_shift(span, start) for span in sentences_of(kind, block))
            placed.append(_Placed(start, kind, page.path, page.section, spans))
    text = "".join(page.parts)
    return text, tuple(_passages(header, text, placed))


def part_kind(heading: str, lesson: bool) -> PassageKind:
    """What a heading makes of the text below it; over a lesson the words must match whole."""
    words = " ".join(heading.casefold().split())
    for start, kind in _PARTS:
        rest = words.removeprefix(start)
        if rest != words and (rest[:1] in {"", ":"} or not (lesson or rest[0].isalnum())):
            return kind
    return "text"


def path_below(path: tuple[str, ...], heading: Block) -> tuple[str, ...]:
    """The headings over what follows this one."""
    # Level 1 and 2 both open a lesson: the title stands in the header.
    return (*path[: max(heading.level - 2, 0)], heading.text)


def kind_of(path: tuple[str, ...], block: Block) -> PassageKind:
    """The kind of a block under these headings; text beside a list of steps is no step."""
    kind: PassageKind = "text"
    for depth, heading in enumerate(path):
        own = part_kind(heading, lesson=depth == 0)
        kind = own if own != "text" else kind
    return "text" if kind in _LISTED and block.form != "item" else kind


def sentences_of(kind: PassageKind, block: Block) -> Iterable[Span]:
    """The sentences of a block; an item of a list of steps, words or questions is one."""
    if kind in _LISTED or block.form in {"row", "code"}:
        spans: tuple[Span, ...] = (Span(0, len(block.text)),)
    else:
        spans = split_sentences(block.text)
    pieces = (piece for span in spans for piece in _bounded(block.text, span))
    return [trimmed for piece in pieces for trimmed in _trimmed(block.text, piece)]


def _bounded(text: str, span: Span) -> Iterable[Span]:
    """The span, or its pieces when it is so long that it can be no sentence."""
    start = span.start
    while span.end - start > MAX_SENTENCE:
        blank = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
        end = blank if blank > 0 else start + MAX_SENTENCE
        yield Span(start, end)
        start = end
    yield Span(start, span.end)


def _trimmed(text: str, span: Span) -> Iterable[Span]:
    """The span without its outer blanks (code may begin or end with some), unless none is left."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    if stripped := words.strip():
        yield Span(start, start + len(stripped))


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _passages(header: Header, text: str, placed: list[_Placed]) -> Iterable[Passage]:
    """Passages in the order of the text, numbered from 0."""
    ordinal = 0
    for (_, kind), group in groupby(placed, key=lambda block: (block.section, block.kind)):
        blocks = list(group)
        spans = [span for block in blocks for span in block.spans]
        for part in _divide(spans, whole=kind == "steps"):
            yield _passage(header, text, replace(blocks[0], spans=tuple(part)), ordinal)
            ordinal += 1


def _divide(spans: list[Span], whole: bool) -> Iterable[list[Span]]:
    """The sentences in runs of about equal length, none of them too long for one passage."""
    if not spans:
        return
    total = spans[-1].end - spans[0].start
    target = total if whole else total / math.ceil(total / MAX_CHARACTERS)
    part: list[Span] = []
    for span in spans:
        if part and span.end - part[0].start > max(target, 1) * 1.15:
            yield part
            part = []
        part.append(span)
    yield part


def _passage(header: Header, text: str, block: _Placed, ordinal: int) -> Passage:
    """The passage of these sentences; its id changes only when its place or words do."""
    start, end = block.spans[0].start, block.spans[-1].end
    words = text[start:end]
    digest = hashlib.sha256("\n".join((*block.path, words)).encode()).hexdigest()[:6]
    return Passage(
        id=f"{header.id}#{ordinal}-{digest}",
        document_id=header.id,
        document_title=header.title,
        document_kind=header.kind,
        kind=block.kind,
        heading_path=block.path,
        ordinal=ordinal,
        start=start,
        end=end,
        text=words,
        sentences=tuple(_shift(span, -start) for span in block.spans),
        topics=header.topics,
        asked_as=header.asked_as,
        level=header.level,
        review_by=header.review_by,
    )
