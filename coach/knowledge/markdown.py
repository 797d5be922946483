"""Reads Markdown with a header into plain text and passages with exact places in it."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from coach.errors import CoachError
from coach.knowledge.addresses import without_addresses
from coach.knowledge.documents import DocumentText, Glossary, Headword, Passage
from coach.knowledge.header import read_header, split_header
from coach.knowledge.passages import Block, build_passages
from coach.knowledge.words import normalise

MAX_BYTES = 1_000_000
MAX_LINES = 20_000
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x7fELF", b"\x1f\x8b")
# What a reader cannot see: zero width and bidirectional controls, tags, variation selectors, and
# control characters. A model or a search would still read them.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_BLANKS = re.compile(r"[ \t\xa0]+")


class DocumentUnreadable(CoachError):
    """The bytes are no Markdown text that the library can take."""

    status = 422
    title = "This file is not Markdown text in UTF-8."


class DocumentTooLong(CoachError):
    """The document is longer than the library takes."""

    status = 413
    title = "This document is too long: split it by subject."


def read_text(data: bytes, name: str, size: int | None = None) -> str:
    """The text of a file, or one sentence on why it has none; `size` when not all was read."""
    size = len(data) if size is None else size
    if size > MAX_BYTES:
        raise DocumentTooLong(
            f"{name} has {size / 1e6:.1f} MB, and a document may have {MAX_BYTES / 1e6:.0f} "
            "MB of Markdown: split it by subject."
        )
    if data.startswith(_BINARY) or data.count(0) > len(data) / 5:
        raise DocumentUnreadable(f"{name} is a binary file, and Markdown text is expected.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise DocumentUnreadable(
            f"{name}, line {line}: the text is not UTF-8; save it in that encoding."
        ) from None


def read_document(source: str, name: str) -> DocumentText:
    """The document in this source: header checked, text plain, passages in place."""
    source = strip_hidden(source, name)
    if len(source) > MAX_BYTES or source.count("\n") > MAX_LINES:
        raise DocumentTooLong(
            f"{name} has more than {MAX_BYTES:,} characters or {MAX_LINES:,} lines: "
            "split it by subject."
        )
    head, body = split_header(source, name)
    header = read_header(head, name)
    header = replace(header, title=without_addresses(header.title))
    blocks = (replace(one, text=without_addresses(one.text)) for one in read_blocks(body))
    text, passages = build_passages(header, blocks)
    if not passages:
        raise DocumentUnreadable(f"{name} has a header but no text below it.")
    digest = hashlib.sha256(source.encode()).hexdigest()
    return DocumentText(header, source, text, passages, digest)


def strip_hidden(source: str, name: str) -> str:
    """The source with plain line ends and without characters that nobody can see."""
    try:
        source.encode()
    except UnicodeEncodeError:
        raise DocumentUnreadable(
            f"{name} holds half a character and is not Unicode text."
        ) from None
    return _HIDDEN.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))


def unseen_in(source: str) -> tuple[str, str]:
    """The source without the characters that nobody can see, and the names of those it had."""
    plain = source.replace("\r\n", "\n").replace("\r", "\n")
    found = dict.fromkeys(_HIDDEN.findall(plain))
    names = (f"U+{ord(one):04X} {unicodedata.name(one, '')}".strip() for one in found)
    return _HIDDEN.sub("", plain), ", ".join(names)


# --- From tokens to blocks --------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """Where the walk through the tokens stands."""

    item: list[str] | None = None  # the words of the list item being read, deepest first
    cells: list[str] | None = None  # the cells of the table row being read
    line: int = 0  # where the list item, or else the block, begins


def parse(body: str) -> list[Token]:
    """The tokens of Markdown as the library reads it: with tables, and with HTML to drop."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)


def read_blocks(body: str) -> Iterator[Block]:
    """Headings, paragraphs, list items, table rows and code as plain text, in order."""
    walk = _Walk()
    heading = 0
    for token in parse(body):
        if token.type == "heading_open":
            yield from _end_item(walk)
            heading = int(token.tag[1])
        elif token.type == "inline" and heading:
            yield Block("heading", _line(_inline(token)), heading, _place(token))
            heading = 0
        else:
            yield from _block(walk, token)


def _block(walk: _Walk, token: Token) -> Iterator[Block]:
    """The block that this token completes, if any."""
    if token.type in {"list_item_open", "list_item_close", "bullet_list_open", "ordered_list_open"}:
        yield from _end_item(walk)
        if token.type == "list_item_open":
            walk.item, walk.line = [], _place(token)
    elif token.type == "tr_open":
        walk.cells, walk.line = [], _place(token)
    elif token.type == "tr_close":
        yield Block("row", " | ".join(cell for cell in walk.cells or () if cell), line=walk.line)
        walk.cells = None
    elif token.type in {"inline", "fence", "code_block"}:
        yield from _content(walk, token)


def _content(walk: _Walk, token: Token) -> Iterator[Block]:
    """Words go to the open item or cell, or are a block of their own."""
    text = _inline(token) if token.type == "inline" else token.content.strip("\n")
    if walk.cells is not None:
        walk.cells.append(_line(text))
    elif walk.item is not None:
        walk.item.append(_line(text))
    elif token.type == "inline":
        lines = "\n".join(_line(line) for line in text.split("\n"))
        yield Block("paragraph", lines, line=_place(token))
    else:
        yield Block("code", text, line=_place(token))


def _end_item(walk: _Walk) -> Iterator[Block]:
    """The list item read so far, as one line."""
    if walk.item is not None:
        yield Block("item", _line(" ".join(walk.item)), line=walk.line)
    walk.item = None


def _place(token: Token) -> int:
    """The line of the body on which this token begins."""
    return token.map[0] if token.map else 0


def _line(text: str) -> str:
    """The text in one line with single blanks."""
    return " ".join(text.split())


def _inline(token: Token) -> str:
    """The words of inline Markdown: marks, pictures and HTML dropped, words of links kept."""
    parts: list[str] = []
    for child in token.children or ():
        if child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
    # A numeric entity can spell a character that was stripped from the source.
    return _HIDDEN.sub("", _BLANKS.sub(" ", "".join(parts)))


# --- Definitions ------------------------------------------------------------------------------

_DEFINITION = re.compile(
    r"(?P<word>[^:\n]{1,80}?)(?:\s*:\s+|\s+[–—-]\s+)(?P<meaning>\S.*)\Z", re.DOTALL
)
_SHORT_FORM = re.compile(r"\A(?P<long>.+?)\s*\((?P<short>[^()]{1,20})\)\Z")


def headwords_of(passages: Iterable[Passage]) -> Mapping[str, Headword]:
    """Each technical term that a passage of kind words explains, under its normalised forms."""
    found: dict[str, Headword] = {}
    for passage in passages:
        if passage.kind != "words":
            continue
        for span in passage.sentences:
            match = _DEFINITION.match(passage.text[span.start : span.end])
            if match is None:
                continue
            word = Headword(match["word"].strip(), match["meaning"].strip(), passage, span)
            for form in _forms(word.word):
                found.setdefault(form, word)
    return Glossary(found)


def _forms(word: str) -> Iterator[str]:
    """The word as written, and with a short form in brackets both forms alone."""
    yield normalise(word)
    if match := _SHORT_FORM.match(word):
        yield normalise(match["long"])
        yield normalise(match["short"])
