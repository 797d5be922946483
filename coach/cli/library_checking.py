"""`coach library check`: whether documents keep the rules of writing. Opens no database."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from coach.cli.libraries import today
from coach.cli.output import remark, say, say_json
from coach.knowledge.lint.checking import Report, check_paths
from coach.knowledge.lint.sheets import Finding
from coach.rendering.outline import plain

FOUND, UNREADABLE = 1, 2


@click.command()
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--beside",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Compare with these documents too, without checking them.",
)
@click.option(
    "--on",
    "day",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Judge review dates as on this day (YYYY-MM-DD) instead of today.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[Path, ...],
    beside: tuple[Path, ...],
    day: datetime | None,
    form: str,
) -> None:
    """Check documents by the rules of writing.

    PATH is a file or a folder with *.md files. Each finding is one line: file, line, rule, what to
    do, and the sentence. The exit code is 0 when there is none, 1 when there are some, and 2 when
    a file cannot be read.
    """
    report = check_paths(paths, day.date() if day else today(), beside)
    if form == "json":
        say_json([_values(one) for one in report.findings])
    else:
        _tell(report)
    for fault in report.unreadable:
        remark(fault)
    ctx.exit(UNREADABLE if report.unreadable else FOUND if report.findings else 0)


def _tell(report: Report) -> None:
    for one in report.findings:
        said = f" | {plain(one.sentence)}" if one.sentence else ""
        say(f"{plain(str(one.path))}:{one.line}: {one.rule}: {plain(one.message)}{said}")
    if not report.findings and not report.unreadable:
        number = "document keeps" if report.checked == 1 else "documents keep"
        say(f"{report.checked} {number} every rule.")


def _values(one: Finding) -> dict[str, object]:
    values = asdict(one)
    return {"file": str(values.pop("path")), **values}
