"""Reads PDF pages into Markdown, without the text that is drawn but not seen."""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, NameObject

from coach.knowledge.reading.found import Extracted, Finding, Unread, escape_text, hidden

MAX_PAGES = 2_000
SMALLEST = 2.0  # points
_PAGES = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_SHOWS = {b"Tj", b"TJ", b"'", b'"'}
_BREAK = re.compile(r"\n\s*\n")
_WHITE = {b"g": [1.0], b"rg": [1.0, 1.0, 1.0], b"k": [0.0, 0.0, 0.0, 0.0]}


def read_pdf(data: bytes) -> Extracted:
    """The visible text of a PDF, a paragraph for each block of lines."""
    logging.getLogger("pypdf").disabled = True
    if len(_PAGES.findall(data)) > MAX_PAGES:
        raise Unread("too_many_pages")
    findings: list[Finding] = []
    try:
        blocks = list(_blocks(data, findings))
    except FileNotDecryptedError:
        raise Unread("encrypted") from None
    except LimitReachedError:
        raise Unread("too_large") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise Unread("corrupt") from None
    return Extracted("pdf", "\n\n".join(blocks), tuple(findings))


def _blocks(data: bytes, findings: list[Finding]) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unread("encrypted")
    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES:
            raise Unread("too_many_pages")
        _drop_unseen(page, reader, findings)
        for part in _BREAK.split(page.extract_text()):
            if text := escape_text(part):
                yield text


def _drop_unseen(page: PageObject, reader: PdfReader, findings: list[Finding]) -> None:
    """Take out of the page's drawing what no one sees, before its text is read."""
    drawn = page.get_contents()
    if drawn is None:
        return
    kept: list[tuple[Any, bytes]] = []
    look = _Look()
    for operands, operator in drawn.operations:
        why = look.follow(operands, operator)
        if operator in _SHOWS and why:
            findings.append(hidden(why, _text(operands)))
        else:
            kept.append((operands, operator))
    if len(kept) != len(drawn.operations):
        seen = ContentStream(None, reader)
        seen.operations = kept
        page[NameObject("/Contents")] = seen


class _Look:
    """How text would be drawn now; saved and brought back as the page asks."""

    def __init__(self) -> None:
        self.state: dict[str, str] = {}
        self.saved: list[dict[str, str]] = []

    def follow(self, operands: Sequence[Any], operator: bytes) -> str:
        """Take one operation in; the reason why text drawn now is unseen, or nothing."""
        if operator == b"q":
            self.saved.append(dict(self.state))
        elif operator == b"Q" and self.saved:
            self.state = self.saved.pop()
        elif operator == b"Tr":
            self.state["mode"] = "text that is not drawn" if operands[0] in (3, 7) else ""
        elif operator in _WHITE:
            white = [float(value) for value in operands] == _WHITE[operator]
            self.state["colour"] = "white text" if white else ""
        elif operator == b"Tf":
            self.state["size"] = str(abs(float(operands[1])))
        elif operator in (b"Tm", b"cm") and len(operands) > 3:
            scale = max(abs(float(operands[1])), abs(float(operands[3])))
            self.state["scale"] = str(scale)
        return self._why()

    def _why(self) -> str:
        size = float(self.state.get("size", 10)) * float(self.state.get("scale", 1))
        small = "text too small to see" if size < SMALLEST else ""
        return self.state.get("mode") or self.state.get("colour") or small


def _text(operands: Sequence[Any]) -> str:
    """The words that an operation would draw, as far as its font lets them be read."""
    shown = operands[-1] if operands else ""
    parts = shown if isinstance(shown, list) else [shown]
    return "".join(
        part if isinstance(part, str) else part.decode("latin-1")
        for part in parts
        if isinstance(part, str | bytes)
    )
