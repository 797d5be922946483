"""The commands that move many documents at once: import and export."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import anyio
import click

from coach.cli.edge import Told
from coach.cli.libraries import open_documents, today
from coach.cli.library_files import about_files, tell_findings
from coach.cli.output import say, say_json
from coach.cli.words import Name
from coach.cli.writing import open_writing
from coach.knowledge.archive import INDEX, export_files, write_archive
from coach.knowledge.batches import Batch, BatchTrial, publish_batch, say_trial
from coach.knowledge.bulk import Imported, import_bulk, list_bulk
from coach.knowledge.handed_in import Publishing
from coach.knowledge.listing import export_library
from coach.knowledge.reading.heading import Head
from coach.knowledge.serving import serving_encoder
from coach.knowledge.versions import check_reason
from coach.llm.encoders import choose_encoder
from coach.rendering.outline import plain
from coach.resources import Resources, gate_of
from coach.settings import load_settings

HELD_BACK = 1


def publishing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --publish and --accept-loss, handed on as one `publishing`."""

    @wraps(command)
    def with_publishing(**given: Any) -> None:  # noqa: ANN401  click's own values
        publish, reason = given.pop("publish"), given.pop("accept_loss")
        if reason is not None and not reason.strip():
            raise click.UsageError("Say why the loss is right: --accept-loss REASON.")
        if reason is not None and not publish:
            raise click.UsageError("--accept-loss goes with --publish.")
        check_reason(reason)
        command(**given, publishing=Publishing(reason or "") if publish else None)

    for option in (
        click.option("--accept-loss", metavar="REASON", help="Publish even if questions are lost."),
        click.option("--publish", is_flag=True, help="Publish them when no question is lost."),
    ):
        with_publishing = option(with_publishing)
    return with_publishing


@click.command("import")
@click.argument("path", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option("--author", type=Name(), help="Who brings them in.")
@publishing_options
@about_files
@click.pass_context
def import_(
    ctx: click.Context, path: Path, author: str | None, publishing: Publishing | None, head: Head
) -> None:
    """Bring a folder or ZIP of files, or an exported library, into the library.

    Each file gets a line; one that cannot be read hurts only itself. What was imported before is
    skipped, so a run that was stopped goes on where it was. All new documents are drafts. With
    --publish the golden questions are asked before and after, once for all of them; when some
    are lost, the documents stay in review and the command ends with 1, unless --accept-loss says
    why that is right. An exported library keeps its states; beside published documents it is
    tried in the same way.
    """
    failed, brought = 0, dict[str, int]()
    with open_writing(load_settings()) as resources:
        said = (path, head, author, datetime.now(UTC), publishing is not None)
        files = import_bulk(resources.database, *said)
        listed = list_bulk(path)
        with click.progressbar(
            files, length=len(listed), label="Importing", file=sys.stderr
        ) as bar:
            for one in bar:
                _tell(one)
                failed += one.outcome == "failed"
                if one.brought is not None:
                    brought[one.brought.document_id] = one.brought.number
        restored, found = INDEX in listed, None
        if publishing is not None or restored:
            reason = publishing.accept_loss.strip() if publishing else ""
            batch = Batch(brought, author, reason or None, restored=restored)
            found = publish_all(resources, batch)
    if found is not None:
        say(say_trial(found))
        for line in flip_lines(found):
            say(line)
    if failed:
        raise Told(f"{failed} of these files could not be imported; their lines say why.")
    ctx.exit(HELD_BACK if found is not None and found.fate == "in_review" else 0)


def publish_all(resources: Resources, batch: Batch) -> BatchTrial | None:
    """Try and publish what was brought, with a bar; None when there was nothing to do."""
    configured = choose_encoder(resources.settings, convert=True).encoder
    database = resources.database
    encoder = configured and serving_encoder(resources.settings, configured, database)
    with click.progressbar(length=100, label="Asking", file=sys.stderr) as bar:

        async def move(stage: str, done: int, total: int) -> None:
            if stage == "asking":
                bar.update(max(0, 100 * done // total - bar.pos))

        gate = gate_of(resources.settings)
        return anyio.run(publish_batch, database, encoder, batch, gate, move)


def flip_lines(found: BatchTrial) -> Iterator[str]:
    """A line for each golden question that flips, with the documents that cause it."""
    for word, flips in (("lost", found.lost), ("won", found.won)):
        for one in flips:
            by = f" (by {', '.join(one.documents)})" if one.documents else ""
            yield f"{word}: {plain(one.question + by)}"


@click.command()
@click.argument("path", metavar="[FOLDER|ZIP]", type=click.Path(path_type=Path), required=False)
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
def export(path: Path | None, form: str) -> None:
    """Print every document with its passages as JSON, or write the whole library as files.

    Printed, a published document comes with the passages that drafts quote, another with its
    newest ones. With FOLDER or a name ending in .zip, every version is written as Markdown with
    its author, time, reason and state; `coach library import` brings it back elsewhere.
    """
    with open_documents(load_settings()) as shelves, shelves.database.reading() as db:
        if path is None:
            say_json(export_library(db, today()))
            return
        files = dict(export_files(db))
    write_archive(path, files)
    say(f"exported: {len(files) - 1} versions ({plain(str(path))})")


def _tell(one: Imported) -> None:
    failed = "failed: " if one.outcome == "failed" else ""
    say(f"{plain(one.name)}: {failed}{plain(one.told)}")
    tell_findings(one.findings)
