"""Text a person types for a command."""

import sys

import click

LONGEST_WORDS = 2_000


class Words(click.ParamType[str]):
    """Text a person typed: not empty, not endless, and text indeed."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, or one sentence on why it will not do."""
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            self.fail("it is not text in UTF-8.", param, ctx)
        if not value.strip():
            self.fail("it is empty.", param, ctx)
        if len(value) > LONGEST_WORDS:
            self.fail(f"it is longer than {LONGEST_WORDS} characters.", param, ctx)
        return value


class Name(Words):
    """The name of who says something, without the blanks around it."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, or one sentence on why it will not do."""
        return super().convert(value, param, ctx).strip()


class Typed(click.ParamType[str]):
    """Text that is judged where it is kept; - reads it from standard input."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text with line ends as everywhere else, or one sentence on why it will not do."""
        if value == "-":
            try:
                value = sys.stdin.buffer.read().decode("utf-8")
            except UnicodeDecodeError:
                self.fail("standard input is not text in UTF-8.", param, ctx)
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            self.fail("it is not text in UTF-8.", param, ctx)
        return value.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
