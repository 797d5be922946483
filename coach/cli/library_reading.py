"""The commands that look at the library: list, show, search. None of them writes."""

import sys
from collections.abc import Iterable

import anyio
import click
from rich.console import Console

from coach.cli.drafting import tell
from coach.cli.libraries import open_documents, open_library, today
from coach.cli.output import Form, remark, say, say_json
from coach.cli.words import Words
from coach.knowledge.documents import DOCUMENT_KINDS, DocumentKind, DocumentText, Hit, LibraryQuery
from coach.knowledge.header import header_values
from coach.knowledge.listing import Listed, list_documents, load_document
from coach.rendering.outline import plain
from coach.settings import load_settings

MOST_HITS = 50
LONGEST_ROW = 500


@click.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_(form: Form) -> None:
    """List the documents with their states."""
    with open_documents(load_settings()) as shelves, shelves.database.reading() as db:
        documents = list_documents(db, today())
    if form == "json":
        say_json([_listed_values(listed) for listed in documents])
        return
    say("\n".join(_table(documents)))
    tell(shelves.remarks)


@click.command()
@click.argument("document_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
def show(document_id: str, form: Form) -> None:
    """Show a document as it was read.

    text shows the passages under their headings, markdown the source, json the passages with
    their places.
    """
    with open_documents(load_settings()) as shelves, shelves.database.reading() as db:
        listed, text = load_document(db, document_id, today())
    if form == "json":
        say_json(_document_values(listed, text))
    elif form == "markdown":
        say(text.source.rstrip("\n"))
    else:
        say("\n".join(_document_lines(listed, text)))
        tell(shelves.remarks)


@click.command()
@click.argument("query", type=Words())
@click.option("--kind", type=click.Choice(DOCUMENT_KINDS), help="Only documents of this kind.")
@click.option("--limit", type=click.IntRange(1, MOST_HITS), default=8, show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def search(query: str, kind: DocumentKind | None, limit: int, form: Form) -> None:
    """Search the library as the coach does."""
    with open_library(load_settings()) as library:
        found = anyio.run(library.search, LibraryQuery(query, kind, limit))
    # Drafts see hits spread over documents; whoever searches by hand wants the best first.
    hits = sorted(found.hits, key=lambda hit: -hit.score)
    if form == "json":
        say_json([_hit_values(hit) for hit in hits])
        return
    for hit in hits:
        say(f"{hit.score:.3f}  {_place(hit)} ({', '.join(hit.legs)})")
        say("\n".join(f"       {plain(quote)}" for quote in hit.passage.quotes()[:2]))
    if not hits:
        say("Nothing was found.")
    if found.searched_for is not None:
        remark(f"Searched for: {plain(found.searched_for)}.")
    tell(library.remarks())


def _place(hit: Hit) -> str:
    return plain(" > ".join((hit.passage.document_title, *hit.passage.heading_path)))


def _hit_values(hit: Hit) -> dict[str, object]:
    return {
        "document_id": hit.passage.document_id,
        "passage_id": hit.passage.id,
        "score": hit.score,
        "legs": list(hit.legs),
        "text": hit.passage.text,
    }


def _listed_values(listed: Listed) -> dict[str, object]:
    head = header_values(listed.header)
    return {
        "document_id": listed.id,
        **{name: value for name, value in head.items() if name != "id"},
        "state": listed.state,
        "version": listed.number,
        "published_version": listed.published_number,
        "passages": listed.passages,
        "changed_at": listed.changed_at.isoformat(timespec="seconds"),
    }


def _document_values(listed: Listed, text: DocumentText) -> dict[str, object]:
    passages = [
        {
            "passage_id": passage.id,
            "heading_path": list(passage.heading_path),
            "kind": passage.kind,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "sentences": [[span.start, span.end] for span in passage.sentences],
        }
        for passage in text.passages
    ]
    return {**_listed_values(listed), "text": text.text, "passages": passages}


def _document_lines(listed: Listed, text: DocumentText) -> Iterable[str]:
    """The document as a person reads it, each passage with its kind."""
    head = listed.header
    due = f", review by {head.review_by}" if head.review_by else ""
    yield plain(listed.title)
    yield f"{listed.id}: {listed.kind}, {head.level}, {listed.state}, version {listed.number}{due}"
    heading: tuple[str, ...] | None = None
    for passage in text.passages:
        if passage.heading_path != heading:
            heading = passage.heading_path
            yield ""
            yield plain(" > ".join(heading))
        yield from (f"  {passage.kind:<12} {plain(quote)}" for quote in passage.quotes())


def _table(documents: Iterable[Listed]) -> Iterable[str]:
    """The documents, one line each; where a person watches, no wider than they see."""
    rows = [("id", "kind", "state", "version", "title")]
    rows += [(one.id, one.kind, one.state, str(one.number), plain(one.title)) for one in documents]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    console = Console(file=sys.stdout)
    most = console.width if console.is_terminal else LONGEST_ROW
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield line.rstrip() if len(line.rstrip()) <= most else f"{line[: most - 1]}…"
