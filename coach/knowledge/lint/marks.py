"""What a document holds beside plain sentences: links, pictures, tables, code, kinds of lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from coach.knowledge.markdown import parse

_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S", re.IGNORECASE)
_NAMES = {
    "link_open": "link",
    "image": "image",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
    "html_inline": "html",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One such thing: link, image, table, code, html, bullet or nested, with its line."""

    line: int
    name: str


def list_marks(body: str) -> Iterator[Mark]:
    """The marks of a body of Markdown, lines counted from 0."""
    lists: list[str] = []
    for token in parse(body):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token.type)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            yield from _item(token, lists)
        else:
            yield from _plain(token)


def _item(token: Token, lists: list[str]) -> Iterator[Mark]:
    line = token.map[0] if token.map else 0
    if lists[-1] == "bullet_list_open":
        yield Mark(line, "bullet")
    if len(lists) > 1:
        yield Mark(line, "nested")


def _plain(token: Token) -> Iterator[Mark]:
    line = token.map[0] if token.map else 0
    for one in (token, *(token.children or ())):
        if one.type in _NAMES:
            yield Mark(line, _NAMES[one.type])
        elif one.type == "text" and _ADDRESS.search(one.content):
            yield Mark(line, "link")
