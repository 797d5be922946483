"""Takes the marks out of a text that has so many that reading it again would hold others up."""

import re

from coach.knowledge.markdown import parse

# A document of a megabyte with a link and a bold word in every line has about 60,000; reading
# 100,000 takes a second or more, each time somebody looks at it.
MOST_MARKS = 100_000
_HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TAG = re.compile(r"<[^<>\n]*>")
_MARK = re.compile(r"[\\`*_~<>\[\]&!]")
_BULLET = re.compile(r"\s*\* ")


def without_dense_marks(markdown: str) -> tuple[str, int]:
    """The text, without its marks inside of lines where these are too many, and how many they were.

    0 says that nothing was taken out. Headings and lists stay, and so does the header.
    """
    found = _HEADER.match(markdown)
    start = found.end() if found else 0
    tokens = parse(markdown[start:])
    marks = sum(len(_MARK.findall(one.content)) for one in tokens if one.type == "inline")
    if marks <= MOST_MARKS:
        return markdown, 0
    lines = markdown[start:].split("\n")
    for token in tokens:
        if token.type == "html_block" and token.map:  # what is in it was never read
            lines[slice(*token.map)] = [""] * (token.map[1] - token.map[0])
    return markdown[:start] + "\n".join(map(_plain, lines)), marks


def _plain(line: str) -> str:
    bullet = _BULLET.match(line)
    kept = bullet[0] if bullet else ""
    return kept + _MARK.sub("", _TAG.sub("", line[len(kept) :]))
