"""Takes the marks out of a text that has so many that reading it again would hold others up."""

import re
from collections.abc import Iterable

from coach.knowledge.header import body_of
from coach.knowledge.markdown import parse, read_blocks
from coach.knowledge.passages import Block
from coach.knowledge.reading.found import escape_text

# Reading so many takes a second or more, each time somebody looks at the text. A document of a
# megabyte with a link and a bold word in every line stays just below.
MOST_MARKS = 100_000
_MARK = re.compile(r"[\\`*_~<>\[\]&!]")


def without_dense_marks(markdown: str) -> tuple[str, int]:
    """The text, without its marks inside of lines where these are too many, and how many they were.

    0 says that nothing was taken out. Headings, lists and code stay, and so does a header.
    """
    if len(_MARK.findall(markdown)) <= MOST_MARKS:
        return markdown, 0
    body = body_of(markdown)
    marks = sum(len(_MARK.findall(one.content)) for one in parse(body) if one.type == "inline")
    if marks <= MOST_MARKS:
        return markdown, 0
    # From what a reader sees, so that nothing hidden between the marks comes to light.
    header = markdown[: len(markdown) - len(body)]
    return header + "\n\n".join(_written(read_blocks(body))), marks


def _written(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if block.form == "code":
            longest = max((len(run) for run in re.findall("`+", block.text)), default=0)
            fence = "`" * max(3, longest + 1)
            yield f"{fence}\n{block.text}\n{fence}"
            continue
        words = escape_text(_MARK.sub("", block.text))
        before = {"heading": "#" * block.level + " ", "item": "- "}.get(block.form, "")
        if words:
            yield before + words
