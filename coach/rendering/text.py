"""Drafts as text for a terminal: a timeline a person likes to read; plain where nobody watches."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from coach.coaching.drafts import Draft
from coach.rendering.drafts import outline
from coach.rendering.labels import Labels
from coach.rendering.outline import Line, Outline, Part, verdict_line, verdict_words

WIDEST = 100
NARROWEST = 30
_HELD = "\ue000"


@dataclass(frozen=True, slots=True)
class Look:
    """How wide the page is, whether it has colour, and whether every clause is listed."""

    width: int = 80
    colour: bool = False
    verdicts: bool = False


def render_text(draft: Draft, look: Look) -> str:
    """The draft as lines no wider than asked, without blanks at their ends."""
    page = io.StringIO()
    console = Console(
        file=page,
        width=max(NARROWEST, min(look.width, WIDEST)),
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(_page(outline(draft), look))
    lines = page.getvalue().replace(_HELD, "\N{NO-BREAK SPACE}").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _page(told: Outline, look: Look) -> Group:
    rows: list[RenderableType] = [_text(told.title, style="bold")]
    if told.about:
        rows.append(_text(told.about))
    timed = any(part.starts_at_minute is not None for part in told.parts)
    for part in told.parts:
        rows += ["", _part(part, timed, told.labels)]
    if told.sources:
        numbered = (Line(name, f"[{place}]") for place, name in enumerate(told.sources, start=1))
        rows += ["", _part(Part(told.labels.say("sources"), tuple(numbered)), timed, told.labels)]
    rows += ["", _verdicts(told, look.verdicts), _text(told.footer, style="dim")]
    return Group(*rows)


def _part(part: Part, timed: bool, labels: Labels) -> RenderableType:
    """A part; in a timed draft all parts leave room for the clock at their left."""
    if not timed:
        return _body(part, labels)
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=4, justify="right", no_wrap=True)
    row.add_column(ratio=1)
    clock = "" if part.starts_at_minute is None else f"{part.starts_at_minute}'"
    row.add_row(_text(clock, style="bold cyan"), _body(part, labels))
    return row


def _body(part: Part, labels: Labels) -> Group:
    head = _text(part.title, style="bold")
    rows: list[RenderableType] = [head]
    if part.aside:
        rows.append(_text(part.aside, style="dim"))
    if part.outcome:
        rows.append(_text(labels.say("done_when", outcome=part.outcome), style="italic"))
    if part.lines:
        rows.append(_lines(part.lines, labels))
    return Group(*rows)


def _lines(lines: Iterable[Line], labels: Labels) -> RenderableType:
    """The lines under each other, their labels in a column of its own."""
    lines = tuple(lines)
    widest = max(len(line.label) for line in lines)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=min(widest, 14) or 1, style="cyan")
    table.add_column(ratio=1)
    for line in lines:
        table.add_row(_text(line.label if widest else "-"), _words(line, labels))
    return Padding(table, (0, 0, 0, 2))


def _words(line: Line, labels: Labels) -> Text:
    words = _text(labels.quoted(line.text) if line.quoted else line.text)
    if line.quoted:
        words.stylize("green")
    for mark in line.marks:
        words.append(f" [{mark}]", style="dim")
    return words


def _verdicts(told: Outline, every: bool) -> RenderableType:
    failing = any(verdict.holds is False for verdict in told.verdicts)
    line = _text(verdict_line(told.verdicts, told.labels), style="bold red" if failing else "dim")
    if not every:
        return line
    return Group(line, *(_text(f"  {verdict_words(one, told.labels)}") for one in told.verdicts))


def _text(words: str, style: str = "") -> Text:
    """The words in a style, with a mark for each no-break space: lines would break there."""
    return Text(words.replace("\N{NO-BREAK SPACE}", _HELD), style=style)
