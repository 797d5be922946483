"""Reads a Word document into Markdown: headings, lists, tables, and only what a reader sees."""

import re
from collections.abc import Iterator

from lxml import etree

from coach.knowledge.reading.found import Extracted, Finding, Unread, escape_text, hidden
from coach.knowledge.reading.packed import Packed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SMALLEST = 8  # half points: four points are the least that anyone reads
_WHITE = re.compile(r"\A[fF][a-fA-F0-9][fF][a-fA-F0-9][fF][a-fA-F0-9]\Z")
_HEADING = re.compile(r"\A(?:heading|berschrift|titre)\s*([1-6])\Z", re.IGNORECASE)
_OFF = {"0", "false", "off", "none"}
# What was taken out of the text, what only reviewers see, and what comes from another file.
_UNSEEN = {
    f"{W}del": "deleted text kept by change tracking",
    f"{W}moveFrom": "moved text kept by change tracking",
    f"{W}altChunk": "a part from another file",
    f"{W}instrText": "a field code",
}
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class _Reader:
    """One walk through a document, with what is hidden by style and what was found."""

    def __init__(self, packed: Packed) -> None:
        self.findings: list[Finding] = []
        self.styles: dict[str, str] = {}
        self.hiding: dict[str, str] = {}
        if "word/styles.xml" in packed.names:
            for style in packed.tree("word/styles.xml").iter(f"{W}style"):
                self._learn(style)
        if "word/comments.xml" in packed.names:
            for comment in packed.tree("word/comments.xml").iter(f"{W}comment"):
                self._note("a comment", comment)

    def _learn(self, style: etree._Element) -> None:
        """Keep the name of a style, and whether text in it is hidden."""
        key = str(style.get(f"{W}styleId"))
        self.styles[key] = _value(style.find(f"{W}name")) or key
        if why := _why_unseen(style.find(f"{W}rPr")):
            self.hiding[key] = why

    def blocks(self, parent: etree._Element) -> Iterator[str]:
        """The blocks of a body, in order."""
        for child in parent:
            if child.tag == f"{W}p":
                if block := self.paragraph(child):
                    yield block
            elif child.tag == f"{W}tbl":
                if rows := list(self.rows(child)):
                    yield "\n".join(rows)
            elif child.tag in _UNSEEN:
                self._note(_UNSEEN[str(child.tag)], child)
            else:
                yield from self.blocks(child)

    def paragraph(self, node: etree._Element) -> str:
        """A paragraph as a heading, a list item or plain words."""
        look = node.find(f"{W}pPr")
        style = _value(look.find(f"{W}pStyle")) if look is not None else ""
        text = escape_text(self.words(node, self.hiding.get(style, "")))
        name = self.styles.get(style, style)
        if not text:
            return ""
        if name.lower() == "title":
            return f"# {text}"
        if match := _HEADING.match(name):
            return f"{'#' * min(int(match[1]) + 1, 6)} {text}"
        listed = look is not None and look.find(f"{W}numPr") is not None
        return f"- {text}" if listed or name.lower().startswith("list") else text

    def rows(self, table: etree._Element) -> Iterator[str]:
        """The rows of a table in Markdown."""
        for number, row in enumerate(table.iterchildren(f"{W}tr")):
            cells = [escape_text(self.words(cell, "")) for cell in row.iterchildren(f"{W}tc")]
            yield f"| {' | '.join(cells)} |"
            if number == 0:
                yield f"|{' --- |' * len(cells)}"

    def words(self, node: etree._Element, why: str) -> str:
        """The visible words below this node; `why` hides them all."""
        return "".join(self._pieces(node, why))

    def _pieces(self, node: etree._Element, why: str) -> Iterator[str]:
        for child in node:
            if child.tag in _UNSEEN:
                self._note(_UNSEEN[str(child.tag)], child)
            elif child.tag == f"{W}r":
                yield self._run(child, why)
            elif child.tag not in (_CHOICE, f"{W}pPr"):
                yield from self._pieces(child, why)
                yield " " if child.tag == f"{W}p" else ""

    def _run(self, run: etree._Element, why: str) -> str:
        look = run.find(f"{W}rPr")
        style = _value(look.find(f"{W}rStyle")) if look is not None else ""
        why = _why_unseen(look) or self.hiding.get(style, "") or why
        text = "".join(self._run_pieces(run))
        if why and text.strip():
            self.findings.append(hidden(why, text))
        return "" if why else text

    def _run_pieces(self, run: etree._Element) -> Iterator[str]:
        for child in run:
            if child.tag == f"{W}t":
                yield child.text or ""
            elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                yield " "
            elif child.tag in _UNSEEN:
                self._note(_UNSEEN[str(child.tag)], child)
            elif child.tag not in (_CHOICE, f"{W}rPr"):
                yield from self._pieces(child, "")

    def _note(self, why: str, node: etree._Element) -> None:
        self.findings.append(hidden(why, " ".join(str(text) for text in node.itertext())))


def read_word(data: bytes) -> Extracted:
    """The visible text of a Word document."""
    with Packed(data) as packed:
        reader = _Reader(packed)
        body = packed.tree("word/document.xml").find(f"{W}body")
        if body is None:
            raise Unread("corrupt")
        blocks = list(reader.blocks(body))
    return Extracted("docx", "\n\n".join(blocks), tuple(reader.findings))


def _value(node: etree._Element | None) -> str:
    return str(node.get(f"{W}val") or "") if node is not None else ""


def _why_unseen(look: etree._Element | None) -> str:
    """Why text of this look is not seen, or nothing."""
    if look is None:
        return ""
    for mark in ("vanish", "webHidden", "specVanish"):
        found = look.find(f"{W}{mark}")
        if found is not None and _value(found) not in _OFF:
            return "marked as hidden"
    if _WHITE.match(_value(look.find(f"{W}color"))):
        return "white text"
    size = _value(look.find(f"{W}sz"))
    return "text too small to see" if size.isdigit() and int(size) < SMALLEST else ""
