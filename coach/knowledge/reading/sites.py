"""Reads a web page into Markdown: headings, lists, tables, and only what a reader sees."""

import re
from html.parser import HTMLParser

from coach.knowledge.reading.found import Extracted, Finding, Unread, escape_text, hidden

MAX_DEPTH = 2_000
_SILENT = {"script", "style", "template", "noscript", "head", "svg", "object", "iframe", "select"}
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "ul", "ol", "li",
    "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote", "pre", "dl", "dt", "dd",
    "figure", "figcaption", "form", "body", "html", "hr", "br", "title",
}  # fmt: skip
_UNSEEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|\Z)"
    r"|font-size:(?:0|0?\.\d+|1|2|3)(?:\.\d+)?(?:px|pt|em|rem|%)?(?:;|\Z)"
    r"|(?:\A|;)color:(?:white|#fff|#ffffff|transparent|rgba?\(255,255,255[^)]*\))(?:;|!|\Z)"
    r"|text-indent:-\d{3,}|(?:left|top):-\d{3,}"
)


class _Page(HTMLParser):
    """Collects blocks of visible text; every open tag remembers whether it hides."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.blocks: list[str] = []
        self.words: list[str] = []
        self.findings: list[Finding] = []
        self.lead = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_block()
            self.lead = _lead(tag) or self.lead
        if tag in _VOID:
            return
        if len(self.open) >= MAX_DEPTH:
            raise Unread("too_large")
        why = self.open[-1][1] if self.open else ""
        self.open.append((tag, why or _why_unseen(tag, attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
        names = [name for name, _ in self.open[-64:]]
        if tag in names:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        why = self.open[-1][1] if self.open else ""
        if not why:
            self.words.append(data)
        elif why != "silent" and data.strip():
            self.findings.append(hidden(why, data))

    def handle_comment(self, data: str) -> None:
        if data.strip():
            self.findings.append(hidden("a comment", data))

    def end_block(self) -> None:
        """Keep the words read so far as one block."""
        if text := escape_text("".join(self.words)):
            self.blocks.append(self.lead + text)
            self.lead = ""
        self.words.clear()


def read_html(text: str) -> Extracted:
    """The visible text of a web page; nothing it links to is fetched."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end_block()
    return Extracted("html", "\n\n".join(page.blocks), tuple(page.findings))


def _lead(tag: str) -> str:
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return f"{'#' * int(tag[1])} "
    return "- " if tag == "li" else ""


def _why_unseen(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    """Why what stands inside this tag is not seen, or nothing."""
    if tag in _SILENT:
        return "silent"
    for name, value in attrs:
        if name == "hidden":
            return "marked as hidden"
        style = "".join((value or "").lower().split()) if name == "style" else ""
        if style and _UNSEEN.search(style):
            return "hidden by its style"
    return ""
