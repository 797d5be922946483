"""What a command says: results on standard output, remarks on standard error."""

import json
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import click

Form = Literal["text", "json", "markdown", "ics"]


@dataclass(frozen=True, slots=True)
class Shown:
    """In which form a result is wanted, and whether every clause is listed."""

    form: Form
    verdicts: bool = False


def say(text: str) -> None:
    """Print a line of the result, in whatever letters the terminal has."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding))


def say_json(values: object) -> None:
    """Print the values as JSON in UTF-8, whatever the terminal speaks."""
    text = json.dumps(values, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8") + b"\n", nl=False)


def say_bytes(data: bytes) -> None:
    """Print bytes as they are."""
    click.echo(data, nl=False)


def remark(sentence: str) -> None:
    """Say something beside the result."""
    click.echo(sentence.encode("utf-8", "replace").decode("utf-8"), err=True)


def coach_version() -> str:
    """The version that is installed; a bare checkout has none."""
    try:
        return version("reverse-mentoring-coach")
    except PackageNotFoundError:
        return "(not installed)"
