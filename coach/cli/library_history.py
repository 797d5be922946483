"""The commands around the history of a document: versions, diff, restore, submit."""

from datetime import UTC, datetime

import click

from coach.cli.libraries import open_documents
from coach.cli.output import Form, say, say_json
from coach.cli.words import Name
from coach.cli.writing import open_writing
from coach.knowledge.versions import (
    DiffLine,
    PublishedOver,
    Version,
    compare_versions,
    list_versions,
    restore_version,
    submit_document,
)
from coach.rendering.outline import plain
from coach.settings import load_settings

_MARKS = {"added": "+ ", "removed": "- ", "same": "  "}


@click.command()
@click.argument("document_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def versions(document_id: str, form: Form) -> None:
    """List the versions of a document.

    The newest stands first; each tells who wrote it, when and why, and why it was published when
    golden questions lost their document by it.
    """
    with open_documents(load_settings()) as shelves, shelves.database.reading() as db:
        found = list_versions(db, document_id)
    if form == "json":
        say_json([_version_values(one) for one in found])
        return
    for one in found:
        say(_version_line(one))


@click.command()
@click.argument("document_id", metavar="ID")
@click.argument("before", type=click.IntRange(min=1), required=False)
@click.argument("after", type=click.IntRange(min=1), required=False)
def diff(document_id: str, before: int | None, after: int | None) -> None:
    """Show what changed between two versions of a document.

    BEFORE and AFTER are numbers of versions; without them the last change is shown.
    """
    with open_documents(load_settings()) as shelves, shelves.database.reading() as db:
        newest = list_versions(db, document_id)[0].number
        after = after or newest
        lines = compare_versions(db, document_id, before or max(after - 1, 1), after)
    say("\n".join(map(_diff_line, lines)) or "The two versions are the same.")


@click.command()
@click.argument("document_id", metavar="ID")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", default="", help="Why, for those who read the history.")
@click.option("--author", type=Name(), help="Who brings it back.")
def restore(document_id: str, number: int, reason: str, author: str | None) -> None:
    """Bring an old version back as the newest.

    It becomes a new version, so nothing in between is lost; drafts quote it once it is published.
    """
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        saved = restore_version(db, document_id, number, author, reason, datetime.now(UTC))
    say(f"{saved.outcome}: {saved.document_id}, version {saved.number}, {saved.standing}")


@click.command()
@click.argument("document_ids", metavar="ID...", nargs=-1, required=True)
def submit(document_ids: tuple[str, ...]) -> None:
    """Hand drafts in for review.

    All of them are handed in, or none when one is not a draft.
    """
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        for document_id in dict.fromkeys(document_ids):
            submit_document(db, document_id, datetime.now(UTC))
    for document_id in dict.fromkeys(document_ids):
        say(f"in review: {document_id}")


def _version_values(version: Version) -> dict[str, object]:
    return {
        "version": version.number,
        "title": version.title,
        "author": version.author,
        "reason": version.reason,
        "created_at": version.created_at.isoformat(timespec="seconds"),
        "newest": version.is_newest,
        "published": version.is_published,
        "published_over": _over_values(version.published_over),
        "published_by": version.published_by,
    }


def _over_values(over: PublishedOver | None) -> dict[str, object] | None:
    if over is None:
        return None
    return {
        "asked": over.asked,
        "lost": list(over.lost),
        "reason": over.reason,
        "author": over.author,
    }


def _version_line(version: Version) -> str:
    marks = [mark for mark, is_so in (("newest", version.is_newest),
                                      ("published", version.is_published)) if is_so]  # fmt: skip
    told = [
        f"version {version.number}",
        version.created_at.date().isoformat(),
        plain(version.author or "author not named"),
        *([plain(version.reason)] if version.reason else []),
    ]
    line = ", ".join(told) + (f" ({', '.join(marks)})" if marks else "")
    over, by = version.published_over, version.published_by
    if by and (over is None or over.author != by):
        line = f"{line}\n  published by {plain(by)}"
    if over is None:
        return line
    who = f" ({plain(over.author)})" if over.author else ""
    lost = "".join(f"\n    lost: {plain(one)}" for one in over.lost)
    return f"{line}\n  {over.told.lower()}{who}: {plain(over.reason)}{lost}"


def _diff_line(line: DiffLine) -> str:
    return "…" if line.change == "gap" else f"{_MARKS[line.change]}{plain(line.text)}"
