"""What a reader found in a file, and why it may have found nothing."""

import re
from dataclasses import dataclass
from typing import Literal

from coach.errors import CoachError

Format = Literal["markdown", "text", "html", "pdf", "docx", "pptx"]
Reason = Literal[
    "corrupt",
    "dtd_forbidden",
    "empty",
    "encoding",
    "encrypted",
    "no_text",
    "too_large",
    "too_many_entries",
    "too_many_pages",
    "too_slow",
    "type_mismatch",
    "unknown_type",
    "unreadable",
]
SENTENCES: dict[Reason, str] = {
    "corrupt": "is damaged or was cut short: save it anew and take that copy.",
    "dtd_forbidden": "declares entities of its own, which no office program writes: "
    "save it anew from the program it came from.",
    "empty": "is empty.",
    "encoding": "is not text in UTF-8: save it in that encoding.",
    "encrypted": "is locked with a password: save a copy without one.",
    "no_text": "holds no text that can be read; if its pages are pictures, "
    "run text recognition on it first.",
    "too_large": "holds more than can be read at once: split it by subject.",
    "too_many_entries": "is packed from more parts than a document has: save it anew.",
    "too_many_pages": "has too many pages: split it by subject.",
    "too_slow": "takes too long to read: split it, or save it as plain text.",
    "type_mismatch": "is two kinds of file in one: save it anew from the program it came from.",
    "unknown_type": "is none of the kinds that can be read: "
    "Markdown, text, HTML, PDF, Word (.docx) or PowerPoint (.pptx).",
    "unreadable": "cannot be read: save it anew, or as plain text.",
}
MAX_SHOWN = 300
MAX_FINDINGS = 50
_MARKS = re.compile(r"([\\`*<>\[\]&|])|(?<![^\W_])(_)|(_)(?![^\W_])")
_LEADING = re.compile(r"\A([#+=~-]|\d{1,9}(?=[.)]))")


class FileUnread(CoachError):
    """A file from which no document can be made; `reason` names the end it came to."""

    status = 422
    title = "This file cannot be read."

    def __init__(self, name: str, reason: Reason) -> None:
        self.reason = reason
        super().__init__(f"{name} {SENTENCES[reason]}")


class Unread(Exception):
    """Inside the child: reading ends here, for this reason."""

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an admin should see: text that was hidden and left out, or text that was cut."""

    kind: Literal["hidden", "cut"]
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file as Markdown, and what was left out of it."""

    format: Format
    markdown: str
    findings: tuple[Finding, ...] = ()


def hidden(why: str, text: str) -> Finding:
    """Text that nobody sees in the file, shortened to what a list can show."""
    return Finding("hidden", why, " ".join(text.split())[:MAX_SHOWN])


def escape_text(text: str) -> str:
    """The words in one line, with every sign that Markdown would take for a mark escaped."""
    line = _MARKS.sub(lambda match: "\\" + match[0], " ".join(text.split()))
    return _LEADING.sub(lambda m: m[0] + "\\" if m[0].isdigit() else "\\" + m[0], line)
