"""`coach library gaps`: what the library lacks, begun as articles, closed and opened again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import anyio
import click

from coach.cli.existing import open_existing
from coach.cli.output import Form, remark, say, say_json
from coach.cli.writing import open_writing
from coach.gaps import NewArticle, begin_article, cluster_by_meaning
from coach.knowledge.documents import DOCUMENT_KINDS, LEVELS, DocumentKind, Level
from coach.llm.encoders import choose_encoder
from coach.pairs.clusters import GapCluster
from coach.pairs.gaps import KnownGap, close_gap, list_gaps_of, reopen_gap
from coach.rendering.outline import plain
from coach.settings import load_settings


@click.command()
@click.option("--closed", is_flag=True, help="List those that are closed, with their answers.")
@click.option("--close", metavar="ID", type=click.UUID, help="Close this gap by hand.")
@click.option("--reopen", metavar="ID", type=click.UUID, help="Open this gap again.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def gaps(closed: bool, close: UUID | None, reopen: UUID | None, form: Form) -> None:
    """List what the library could not answer.

    Gaps that ask for much the same stand together; questions are shown where people shared them.
    After each publication a running service asks the open ones again.
    """
    if close is not None and reopen is not None:
        raise click.UsageError("Say either --close or --reopen.")
    if close is not None or reopen is not None:
        _change(close, reopen)
        return
    settings = load_settings()
    found: Sequence[KnownGap] = ()
    with open_existing(settings) as database:
        if database is not None:
            with database.reading() as db:
                found = list_gaps_of(db, None, closed)
    encoder = choose_encoder(settings).encoder if found else None
    clusters = anyio.run(cluster_by_meaning, found, encoder)
    if form == "json":
        say_json([_values(one) for one in clusters])
        return
    for one in clusters:
        say(_lines(one))
    if not clusters:
        remark("No gap was closed." if closed else "Nothing is missing so far.")


@click.command("write")
@click.argument("gap_ids", metavar="GAP...", nargs=-1, required=True, type=click.UUID)
@click.option("--title", default="", help="Its title; one is made when none is given.")
@click.option("--kind", type=click.Choice(DOCUMENT_KINDS), default="tutorial", show_default=True)
@click.option("--level", type=click.Choice(LEVELS), default="basic", show_default=True)
@click.option("--owner", help="Who answers for it.")
def write(gap_ids: tuple[UUID, ...], title: str, kind: str, level: str, owner: str | None) -> None:
    """Begin an article that is to answer gaps.

    The draft has its header and the headings of a lesson; `coach library show` prints it, and
    `coach library add` takes the finished file.
    """
    asked = NewArticle(gap_ids, title, cast(DocumentKind, kind), cast(Level, level))
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        saved = begin_article(db, None, asked, owner, datetime.now(UTC))
    say(f"{saved.outcome}: {saved.document_id}, version {saved.number}, {saved.standing}")


def _change(close: UUID | None, reopen: UUID | None) -> None:
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        if close is not None:
            close_gap(db, None, close)
        if reopen is not None:
            reopen_gap(db, None, reopen)
    say(f"closed: {close}" if close is not None else f"open: {reopen}")


def _values(one: GapCluster) -> dict[str, object]:
    return {
        "topic": one.topic,
        "count": one.count,
        "questions": list(one.questions),
        "gaps": [_gap_values(gap) for gap in one.gaps],
    }


def _gap_values(gap: KnownGap) -> dict[str, object]:
    again = gap.asked_again
    return {
        "id": str(gap.id),
        "topic": gap.topic,
        "question": gap.question or None,
        "count": gap.count,
        "article": gap.article,
        "before": gap.before if again is None else again.before,
        "answered": None if again is None else again.answered,
        "document_id": None if again is None else again.document_id,
        "passage_id": None if again is None else again.passage_id,
        "told": None if again is None else again.told,
        "closed_at": gap.closed_at.isoformat(timespec="seconds") if gap.closed_at else None,
    }


def _lines(one: GapCluster) -> str:
    times = "once" if one.count == 1 else f"{one.count} times"
    return "\n".join((f"near {plain(one.topic)}, asked {times}", *map(_line, one.gaps)))


def _line(gap: KnownGap) -> str:
    words = plain(gap.question) if gap.question else "(words not shared)"
    article = f", article {gap.article}" if gap.article else ""
    again = gap.asked_again
    if again is None:
        return f"  {gap.id}  {words}{article}"
    place = f"answered by {again.document_id} ({again.passage_id})"
    now = again.told or (place if again.answered else "still refused")
    return f"  {gap.id}  {words}{article}: {again.before} before, {now}"
