"""Reads the header of a document, and says in one sentence what is wrong with it and where."""

import re
from datetime import date
from pathlib import PurePath
from typing import Literal, cast

import yaml

from coach.errors import CoachError
from coach.knowledge.documents import DOCUMENT_KINDS, LEVELS, DocumentKind, Header, Level

FIELDS = (
    "id", "title", "kind", "topics", "asked_as",
    "level", "licence", "review_by", "language", "owner",
)  # fmt: skip
MAX_HEADER = 10_000
MAX_VALUE = 300
_HEAD = re.compile(r"\A---[ \t]*\n(?P<head>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class HeaderFault(CoachError):
    """The header of a document is missing or wrong."""

    status = 422
    title = "The header of this document cannot be read."


class _Fields:
    """The header's values with their lines; each reader checks one value and names its place."""

    def __init__(self, name: str, node: yaml.MappingNode) -> None:
        self.name = name
        self.nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            word = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if word not in FIELDS:
                known = ", ".join(FIELDS)
                raise self.fault(key, str(word)[:40], f"this field is not known; known are {known}")
            if word in self.nodes:
                raise self.fault(key, word, "this field stands twice")
            self.nodes[word] = value

    def fault(self, node: yaml.Node, field: str, what: str) -> HeaderFault:
        """What is wrong, with file, line and field."""
        # The head begins on the second line of the file, and marks count from zero.
        return HeaderFault(f"{self.name}, line {node.start_mark.line + 2}, {field}: {what}.")

    def text(self, field: str, default: str | None = None) -> str:
        """A line of text; without a default it must be there."""
        node = self.nodes.get(field)
        value = _scalar(node) if node is not None else None
        if node is not None and value is None:
            raise self.fault(node, field, "one line of text is expected here")
        if not value:
            if default is None:
                raise HeaderFault(f"{self.name}: the header lacks the field {field}.")
            return default
        if node is not None and len(value) > MAX_VALUE:
            raise self.fault(node, field, f"at most {MAX_VALUE} characters are expected here")
        return value

    def one_of(self, field: str, known: tuple[str, ...], default: str | None = None) -> str:
        """One of these words."""
        value = self.text(field, default)
        if value not in known:
            what = f"{value[:40]!r} is not one of {', '.join(known)}"
            raise self.fault(self.nodes[field], field, what)
        return value

    def matching(self, field: str, shape: re.Pattern[str], default: str, what: str) -> str:
        """A text of this shape."""
        value = self.text(field, default)
        if field in self.nodes and not shape.match(value):
            raise self.fault(self.nodes[field], field, f"{value[:40]!r} is not {what}")
        return value

    def day(self, field: str) -> date | None:
        """A calendar day, or nothing."""
        what = "a day of the calendar written YYYY-MM-DD"
        value = self.matching(field, _DAY, "", what)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise self.fault(self.nodes[field], field, f"{value!r} is not {what}") from None

    def listed(self, field: str) -> tuple[str, ...]:
        """A list of short texts; a single text is a list of one."""
        node = self.nodes.get(field)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        values = [_scalar(item) for item in items]
        if any(value is None or len(value) > MAX_VALUE for value in values):
            raise self.fault(node, field, "a list of short texts is expected, as in [one, two]")
        return tuple(dict.fromkeys(value for value in values if value))


def _scalar(node: yaml.Node) -> str | None:
    """The node's text in one line, or None when it is no plain value."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    # A letter written as two escapes comes as two halves, which no file could hold.
    whole = str(node.value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(whole.split())


def split_header(source: str, name: str) -> tuple[str, str]:
    """The YAML between the two lines of dashes, and the body below them."""
    match = _HEAD.match(source)
    if match is None:
        raise HeaderFault(
            f"{name}, line 1: a header between two lines of three dashes (---) is expected."
        )
    if len(match["head"]) > MAX_HEADER:
        raise HeaderFault(f"{name}, line 1: the header is longer than {MAX_HEADER} characters.")
    return match["head"], source[match.end() :]


def body_of(source: str) -> str:
    """What stands below the header, or everything where there is none."""
    match = _HEAD.match(source)
    return source[match.end() :] if match is not None else source


def read_header(head: str, name: str) -> Header:
    """The header's values, checked; `name` is the file it came from."""
    fields = _Fields(name, _compose(head, name))
    title = fields.text("title")
    kind = fields.one_of("kind", DOCUMENT_KINDS)
    return Header(
        id=fields.matching(
            "id", _ID, id_from(name), "an id of small letters, digits, dots and hyphens"
        ),
        title=title,
        kind=cast(DocumentKind, kind),
        topics=fields.listed("topics"),
        level=cast(Level, fields.one_of("level", LEVELS, "basic")),
        licence=fields.text("licence", "not stated"),
        review_by=fields.day("review_by"),
        language=fields.matching("language", _LANGUAGE, "en", "a language code such as en"),
        owner=fields.text("owner", "") or None,
        asked_as=fields.listed("asked_as"),
    )


def _compose(head: str, name: str) -> yaml.MappingNode:
    """The header as a tree of nodes; nothing in it is ever built into an object."""
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        line = (fault.problem_mark.line if fault.problem_mark else 0) + 2
        raise HeaderFault(
            f"{name}, line {line}: the header is not YAML ({fault.problem})."
        ) from None
    except (yaml.YAMLError, RecursionError):
        raise HeaderFault(f"{name}, line 1: the header is not YAML.") from None
    if not isinstance(node, yaml.MappingNode):
        raise HeaderFault(f"{name}, line 2: lines of the form 'field: value' are expected.")
    return node


def id_from(name: str) -> str:
    """An id made from a file's name: small letters, digits and hyphens."""
    stem = PurePath(name).stem.lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:100] or "document"


def header_values(header: Header) -> dict[str, object]:
    """The header as plain values for storage."""
    return {
        "id": header.id,
        "title": header.title,
        "kind": header.kind,
        "topics": list(header.topics),
        "level": header.level,
        "licence": header.licence,
        "review_by": header.review_by.isoformat() if header.review_by else None,
        "language": header.language,
        "owner": header.owner,
        "asked_as": list(header.asked_as),
    }


def state_of(review_by: date | None, today: date) -> Literal["published", "needs_check"]:
    """Whether a published document is inside its review date."""
    return "needs_check" if review_by is not None and review_by < today else "published"
