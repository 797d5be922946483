"""Files of other kinds on the command line: what is said about them, and how they look inside."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

import click

from coach.cli.output import Form, remark, say, say_json
from coach.knowledge.adding import bytes_of
from coach.knowledge.documents import DOCUMENT_KINDS, LEVELS
from coach.knowledge.reading.found import Finding
from coach.knowledge.reading.heading import Head
from coach.knowledge.reading.process import MAX_FILE, read_upload
from coach.rendering.outline import plain

_OPTIONS = (
    click.option(
        "--kind",
        type=click.Choice(DOCUMENT_KINDS),
        help="What it is; a file without a header needs this.",
    ),
    click.option("--title", help="Its title; else its first heading."),
    click.option("--topics", help="Its topics, with commas between."),
    click.option("--level", type=click.Choice(LEVELS), help="Whom it suits."),
    click.option("--licence", help="Under which licence it stands."),
    click.option("--review-by", help="The day to look at it again, YYYY-MM-DD."),
    click.option("--language", help="A code such as en."),
)


def about_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that stand for a header, handed on as one `head`."""

    @wraps(command)
    def with_head(**given: Any) -> None:  # noqa: ANN401  click's own values
        said = {name: given.pop(name) or "" for name in Head.__dataclass_fields__ if name in given}
        topics = [topic.strip() for topic in str(said.pop("topics")).split(",")]
        command(**given, head=Head(**said, topics=[topic for topic in topics if topic]))

    for option in reversed(_OPTIONS):
        with_head = option(with_head)
    return with_head


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def preview(path: Path, form: Form) -> None:
    """Show the text that would be taken from a file.

    FILE is Markdown, text, HTML, PDF, Word or PowerPoint; its content decides, not its name. What
    was hidden in it is named. Nothing is added.
    """
    found = read_upload(bytes_of(path, MAX_FILE)[0], str(path))
    if form == "json":
        say_json(asdict(found))
        return
    say("\n".join(plain(line) for line in found.markdown.split("\n")))
    remark(f"Read as {found.format}.")
    tell_findings(found.findings)


def tell_findings(findings: Iterable[Finding]) -> None:
    """Name what was hidden in a file or cut from it."""
    for one in findings:
        told = "Hidden text found" if one.kind == "hidden" else "Cut"
        remark(f"{told}: {one.why}: {plain(one.text)}")
