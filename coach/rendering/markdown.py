"""Drafts as Markdown for a chat or a document; no words of a pair or a library become markup."""

import re
from collections.abc import Iterable

from coach.coaching.drafts import Draft
from coach.rendering.drafts import outline
from coach.rendering.labels import Labels
from coach.rendering.outline import Line, Part, verdict_line, verdict_words

_MARKUP = re.compile(r"[\\`*_\[\]|~$@]|(?<=\bwww)\.|:(?=//)")
_OPENER = re.compile(r"\A([#+=-]|\d+(?=[.)]))")


def render_markdown(draft: Draft, verdicts: bool = False) -> str:
    """The draft as Markdown, ending with one line break; with `verdicts` every clause is listed."""
    told = outline(draft)
    lines = [f"# {escape(told.title)}", ""]
    if told.about:
        lines += [escape(told.about), ""]
    for part in told.parts:
        lines += [*_part(part, told.labels), ""]
    if told.sources:
        numbered = (f"{place}. {escape(name)}" for place, name in enumerate(told.sources, start=1))
        lines += [f"## {escape(told.labels.say('sources'))}", "", *numbered, ""]
    lines += [escape(verdict_line(told.verdicts, told.labels)), ""]
    if verdicts:
        listed = (verdict_words(one, told.labels) for one in told.verdicts)
        lines += [*(f"- {escape(one)}" for one in listed), ""]
    return "\n".join([*lines, f"*{escape(told.footer)}*", ""])


def escape(text: str) -> str:
    """The text so that Markdown and HTML show it as it is, and make no link of it."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _MARKUP.sub(lambda match: "\\" + match[0], safe)
    # What would begin a list or a heading: a mark is escaped itself, a number's full stop after it.
    return _OPENER.sub(lambda m: m[0] + "\\" if m[0].isdigit() else "\\" + m[0], safe)


def _part(part: Part, labels: Labels) -> Iterable[str]:
    clock = "" if part.starts_at_minute is None else f"{part.starts_at_minute}′ · "
    yield f"## {clock}{escape(part.title)}"
    yield ""
    if part.aside:
        yield f"*{escape(part.aside)}*" + (f"  \n{escape(part.outcome)}" if part.outcome else "")
        yield ""
    yield from (_line(line, labels) for line in part.lines)


def _line(line: Line, labels: Labels) -> str:
    label = f"**{escape(line.label)}** " if line.label else ""
    words = escape(line.text)
    words = labels.quoted(words) if line.quoted else words
    marks = "".join(f" \\[{mark}\\]" for mark in line.marks)
    return f"- {label}{words}{marks}"
