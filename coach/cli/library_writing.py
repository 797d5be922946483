"""The commands that change the library: add, publish, archive, rebuild-index."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import anyio
import click
import sqlalchemy as sa

from coach.cli.library_files import about_files, tell_findings
from coach.cli.output import remark, say
from coach.cli.words import Name
from coach.cli.writing import open_writing
from coach.knowledge.adding import add_paths
from coach.knowledge.generations import Recipe
from coach.knowledge.generations import rebuild_index as rebuild
from coach.knowledge.library import Said, archive_document
from coach.knowledge.reading.heading import Head
from coach.knowledge.serving import load_serving, serving_encoder
from coach.knowledge.trials import publish_tried
from coach.knowledge.vectors import embed_published, list_unembedded
from coach.llm.embeddings import EncoderFault
from coach.llm.encoders import choose_encoder
from coach.rendering.outline import plain
from coach.resources import Resources, place_of
from coach.settings import load_settings
from coach.storage import tables
from coach.storage.database import Db

PUBLISHED_UNTRIED = "Published as it was added, untried"


@click.command()
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--publish", is_flag=True, help="Let drafts quote them at once, untried.")
@click.option("--reason", default="", help="Why, for those who read the history of each.")
@click.option("--author", type=Name(), help="Who brings them in.")
@about_files
def add(
    paths: tuple[Path, ...], publish: bool, reason: str, author: str | None, head: Head
) -> None:
    """Put documents into the library.

    PATH is a file (Markdown, text, HTML, PDF, Word or PowerPoint) or a folder with *.md files. All
    are read first: when one is at fault, nothing is added. A file without a header needs --kind. A
    document that is there already with the same text stays as it is.
    """
    with open_writing(load_settings()) as resources:
        now = datetime.now(UTC)
        words = Said(author, reason.strip() or (PUBLISHED_UNTRIED if publish else None))
        saved = add_paths(
            resources.database, paths, publish=publish, now=now, head=head, said=words
        )
        for path, one in saved:
            say(
                f"{one.outcome}: {one.document_id}, version {one.number}, {one.standing}, "
                f"{one.passages} passages ({plain(str(path))})"
            )
            tell_findings(one.findings)
            if one.alike:
                remark(
                    f"{one.document_id} says much the same as {one.alike.document_id} "
                    f"({one.alike.share:.0%} of its runs of words): keep one of them."
                )
        if publish:
            embed(resources)


@click.command()
@click.argument("document_ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--reason",
    "--accept-loss",
    "reason",
    help="Why, when questions are lost or nobody tried it.",
)
@click.option("--author", type=Name(), help="Who says so.")
def publish(document_ids: tuple[str, ...], reason: str | None, author: str | None) -> None:
    """Let drafts quote the newest version of documents.

    `coach library try` shows first what that changes. Over a loss, or without such a trial of this
    version, a reason is asked for; one holds for all the documents named.
    """

    if reason is not None and not reason.strip():
        raise click.UsageError("Say why: --reason REASON.")

    def work(db: Db, document_id: str, now: datetime) -> None:
        publish_tried(db, document_id, author, reason or "", now)

    _change(document_ids, work, "published", meanings=True)


@click.command()
@click.argument("document_ids", metavar="ID...", nargs=-1, required=True)
def archive(document_ids: tuple[str, ...]) -> None:
    """Take documents out of search and drafts.

    They and their versions are kept, and can be published again.
    """
    _change(document_ids, archive_document, "archived")


def _change(
    ids: tuple[str, ...],
    work: Callable[[Db, str, datetime], None],
    done: str,
    meanings: bool = False,
) -> None:
    """Do this with every document, or with none when one is unknown."""
    with open_writing(load_settings()) as resources:
        with resources.transaction() as db:
            for document_id in dict.fromkeys(ids):
                work(db, document_id, datetime.now(UTC))
        for document_id in dict.fromkeys(ids):
            say(f"{done}: {document_id}")
        if meanings:
            embed(resources)


def embed(resources: Resources) -> None:
    """Give what is published its vectors, or say why that has to wait."""
    choice = choose_encoder(resources.settings, convert=True)
    if choice.encoder is None:
        remark(f"Vectors: {choice.told}.")
        return
    encoder = serving_encoder(resources.settings, choice.encoder, resources.database)
    wanted = anyio.run(resources.read, list_unembedded, encoder)
    try:
        with click.progressbar(
            length=len(wanted), label="Comparing meanings", file=sys.stderr
        ) as bar:

            async def move(done: int, _total: int) -> None:
                bar.update(done - bar.pos)

            anyio.run(embed_published, resources.database, encoder, move)
    except EncoderFault as fault:
        remark(f"{fault.detail} The vectors will follow; until then words are found.")


@click.command("rebuild-index")
def rebuild_index() -> None:
    """Build the index of meanings anew.

    It is made from the vectors in the database, without a call to a model. A running service owns
    the index: stop it first.
    """
    settings = load_settings()
    with open_writing(settings) as resources:
        with resources.reading() as db:
            models = _models(db)
        if not models:
            say("The database holds no vectors, so there is nothing to build; words are found.")
        for model, dimension in models:
            count = rebuild(place_of(settings), resources.database, Recipe(model, dimension))
            say(f"built: {count} passages under {plain(model)}")


def _models(db: Db) -> list[tuple[str, int]]:
    """The model that serves; where none does yet, those of which the database holds vectors."""
    row, serving = tables.Vector, load_serving(db)
    found = db.execute(sa.select(row.model, row.dimension).distinct().order_by(row.model))
    return [(model, size) for model, size in found if serving in (None, model)]
