"""The commands that move many documents at once: import and export."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from coach.cli.edge import Told
from coach.cli.libraries import open_documents, today
from coach.cli.library_files import about_files, tell_findings
from coach.cli.output import say, say_json
from coach.cli.writing import open_writing
from coach.knowledge.archive import export_files, write_archive
from coach.knowledge.bulk import Imported, import_bulk, list_bulk
from coach.knowledge.listing import export_library
from coach.knowledge.reading.heading import Head
from coach.rendering.outline import plain
from coach.settings import load_settings


@click.command("import")
@click.argument("path", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option("--author", help="Who brings them in.")
@about_files
def import_(path: Path, author: str | None, head: Head) -> None:
    """Bring a folder or ZIP of files, or an exported library, into the library.

    Each file gets a line; one that cannot be read hurts only itself. What was imported before is
    skipped, so a run that was stopped goes on where it was. All new documents are drafts; those
    of an exported library keep their states.
    """
    failed = 0
    with open_writing(load_settings()) as resources:
        files = import_bulk(resources.database, path, head, author, datetime.now(UTC))
        with click.progressbar(
            files, length=len(list_bulk(path)), label="Importing", file=sys.stderr
        ) as bar:
            for one in bar:
                _tell(one)
                failed += one.outcome == "failed"
    if failed:
        raise Told(f"{failed} of these files could not be imported; their lines say why.")


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
