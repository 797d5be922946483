"""`coach library reports`: what readers say is wrong in the library, and the answers."""

from datetime import UTC, datetime
from uuid import UUID

import click

from coach.cli.libraries import open_documents
from coach.cli.output import Form, say, say_json
from coach.cli.writing import open_writing
from coach.knowledge.reports import Report, list_reports, settle_report
from coach.rendering.outline import plain
from coach.settings import load_settings


@click.command()
@click.option("--settle", metavar="ID", type=click.UUID, help="Close this report.")
@click.option("--answer", help="With which answer; readers of the passage see it.")
@click.option("--settled", is_flag=True, help="List those that have an answer.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def reports(settle: UUID | None, answer: str | None, settled: bool, form: Form) -> None:
    """List the quotations that readers say are wrong.

    Each names the passage, the version and the reason; nothing tells who said it.
    """
    if (settle is None) != (answer is None):
        raise click.UsageError("--settle and --answer go together.")
    if settle is not None and answer is not None:
        with open_writing(load_settings()) as resources, resources.transaction() as db:
            settle_report(db, None, settle, answer, datetime.now(UTC))
        say(f"settled: {settle}")
        return
    with open_documents(load_settings()) as shelves, shelves.database.reading() as db:
        found = list_reports(db, None, settled)
    if form == "json":
        say_json([_values(one) for one in found])
        return
    say("\n".join(_line(one) for one in found) or "Nothing to settle.")


def _values(one: Report) -> dict[str, object]:
    return {
        "id": str(one.id),
        "document_id": one.document_id,
        "owner": one.owner,
        "passage_id": one.passage_id,
        "version": one.version,
        "text": one.text,
        "reason": one.reason,
        "created_at": one.created_at.isoformat(timespec="seconds"),
        "answer": one.answer,
    }


def _line(one: Report) -> str:
    answer = f" Answer: {plain(one.answer)}" if one.answer else ""
    return f"{one.id}  {one.passage_id}, version {one.version}: {plain(one.reason)}{answer}"
