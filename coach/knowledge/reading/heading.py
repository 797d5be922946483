"""Gives a text from a file of any kind the header that the library asks for."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePath

import yaml

from coach.knowledge.documents import DocumentText
from coach.knowledge.header import HeaderFault, id_from
from coach.knowledge.markdown import read_document
from coach.knowledge.reading.found import Extracted, Finding
from coach.knowledge.reading.process import read_upload

_HEADED = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_TITLE = re.compile(r"^#{1,6}[ \t]+(?P<title>\S.*?)[ \t#]*$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
MAX_TITLE = 200
UNTITLED = "Untitled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is said about a file that has no header of its own; only `kind` has to be."""

    kind: str = ""
    title: str = ""
    topics: Sequence[str] = ()
    level: str = ""
    licence: str = ""
    review_by: str = ""
    language: str = ""
    owner: str = ""
    id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document made from a file, and what an admin should know of what was left out."""

    text: DocumentText
    findings: tuple[Finding, ...] = ()


def has_header(data: bytes) -> bool:
    """Whether these bytes begin as Markdown with a header does."""
    return bool(_HEADED.match(data))


def read_any(data: bytes, name: str, head: Head, found: Extracted | None = None) -> DocumentRead:
    """The document in a file of any kind; a child process reads it first, or has `found` it."""
    found = found or read_upload(data, name)
    source = found.markdown
    if not (found.format == "markdown" and has_header(source.encode())):
        source = add_header(source, name, head)
    return DocumentRead(read_document(source, name), found.findings)


def add_header(body: str, name: str, head: Head) -> str:
    """The text below a header of what was said; raises HeaderFault when no kind was said."""
    if not head.kind:
        raise HeaderFault(
            f"{name} has no header: say with --kind what it is (tutorial, career or programme), "
            "and its title, topics and level if you can."
        )
    values = {key: value for key, value in asdict(head).items() if value}
    values["title"] = head.title or first_heading(body) or PurePath(name).stem or UNTITLED
    values["topics"] = list(head.topics)
    lines = yaml.safe_dump({"id": id_from(name), **values}, sort_keys=False, allow_unicode=True)
    return f"---\n{lines}---\n\n{body.strip()}\n"


def first_heading(body: str) -> str:
    """The words of the first heading, or nothing."""
    match = _TITLE.search(body)
    return _ESCAPE.sub(r"\1", match["title"])[:MAX_TITLE].strip() if match else ""
