"""What the page that a command prints on looks like."""

import sys

from rich.console import Console

from coach.rendering.text import Look


def look(verdicts: bool = False) -> Look:
    """The page that standard output offers: no colour where nobody watches."""
    console = Console(file=sys.stdout)
    colour = console.is_terminal and not console.no_color and console.color_system is not None
    return Look(console.width, colour, verdicts)
