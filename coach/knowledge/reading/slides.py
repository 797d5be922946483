"""Reads PowerPoint slides into Markdown: a heading and lines for each slide that is shown."""

import re
from collections.abc import Iterator

from lxml import etree

from coach.knowledge.reading.found import Extracted, Finding, escape_text, hidden
from coach.knowledge.reading.packed import Packed

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
SMALLEST = 400  # hundredths of a point
_SLIDE = re.compile(r"\Appt/slides/slide(\d+)\.xml\Z")
_TITLES = {"title", "ctrTitle"}


def read_slides(data: bytes) -> Extracted:
    """The visible text of a presentation, slide by slide; what speakers note is left out."""
    findings: list[Finding] = []
    blocks: list[str] = []
    with Packed(data) as packed:
        found = [match for name in packed.names if (match := _SLIDE.match(name))]
        for match in sorted(found, key=lambda one: int(one[1])):
            slide = packed.tree(match[0])
            if slide.get("show") in ("0", "false"):
                findings.append(hidden("a slide that is not shown", " ".join(_all(slide))))
            else:
                blocks += _blocks(slide, findings)
    return Extracted("pptx", "\n\n".join(blocks), tuple(findings))


def _blocks(slide: etree._Element, findings: list[Finding]) -> Iterator[str]:
    for shape in slide.iter(f"{P}sp", f"{P}graphicFrame"):
        name = shape.find(f".//{P}cNvPr")
        if name is not None and name.get("hidden") in ("1", "true"):
            findings.append(hidden("a shape that is not shown", " ".join(_all(shape))))
            continue
        place = shape.find(f".//{P}ph")
        is_title = place is not None and place.get("type") in _TITLES
        for paragraph in shape.iter(f"{A}p"):
            text = escape_text("".join(_runs(paragraph, findings)))
            if text:
                yield f"## {text}" if is_title else f"- {text}"


def _runs(paragraph: etree._Element, findings: list[Finding]) -> Iterator[str]:
    for run in paragraph:
        text = "".join(_all(run))
        why = _why_unseen(run.find(f"{A}rPr"))
        if why and text.strip():
            findings.append(hidden(why, text))
        else:
            yield " " if run.tag == f"{A}br" else text


def _all(node: etree._Element) -> Iterator[str]:
    return (text.text or "" for text in node.iter(f"{A}t"))


def _why_unseen(look: etree._Element | None) -> str:
    if look is None:
        return ""
    colour = look.find(f"{A}solidFill/{A}srgbClr")
    if colour is not None and str(colour.get("val")).upper() == "FFFFFF":
        # On a dark slide this can be read; the admin sees what was left out and may put it back.
        return "white text"
    size = str(look.get("sz") or "")
    return "text too small to see" if size.isdigit() and int(size) < SMALLEST else ""
