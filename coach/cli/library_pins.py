"""`coach library bench`, `pin`, `pins` and `unpin`: one question judged, and kept as a gate."""

from datetime import UTC, datetime
from uuid import UUID

import anyio
import click

from coach.cli.drafting import tell
from coach.cli.existing import open_existing
from coach.cli.libraries import open_library
from coach.cli.output import Form, remark, say, say_json
from coach.cli.writing import open_writing
from coach.coaching.bench import Judged, judge_question
from coach.knowledge.pins import Pin, delete_pin, export_pins, list_pins, save_pin
from coach.rendering.outline import plain
from coach.settings import load_settings


@click.command()
@click.argument("question")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def bench(question: str, form: Form) -> None:
    """Ask one question as a recap does, and see why.

    Each passage found is shown with its score and the searches that found it, and whether the
    coach would answer or refuse, and how near that is. `coach library pin` keeps the question.
    """
    settings = load_settings()
    with open_library(settings) as library:
        judged = anyio.run(judge_question, library, question, settings.abstain_below)
    if form == "json":
        say_json(_judged_values(judged))
        return
    say(plain(judged.told))
    if judged.searched_for:
        say(f"searched for: {plain(judged.searched_for)}")
    for place, hit in enumerate(judged.hits, 1):
        legs = ", ".join(hit.legs)
        path = " > ".join(plain(one) for one in hit.passage.heading_path)
        say(f"{place}. {hit.passage.document_id}  {hit.score:.3f}  [{legs}]  {path}")
        say(f"   {plain(hit.passage.text)}")
    tell(library.remarks())


@click.command()
@click.argument("question")
@click.option("--expect", "expected", multiple=True, metavar="ID", help="A document; repeatable.")
@click.option("--not-covered", is_flag=True, help="The library is not to answer it.")
@click.option("--reason", default="", help="Why, for those who read it later.")
@click.option("--owner", help="Who pins it.")
def pin(
    question: str, expected: tuple[str, ...], not_covered: bool, reason: str, owner: str | None
) -> None:
    """Pin a golden question that every publication is tried with.

    Say with --expect which document answers it, or with --not-covered that none is to.
    """
    if bool(expected) == not_covered:
        raise click.UsageError("Say either --expect ID or --not-covered.")
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        kept = save_pin(db, question, expected, owner, reason, datetime.now(UTC))
    say(f"pinned: {kept.id}")


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "yaml"]), default="text")
def pins(form: str) -> None:
    """List the pinned golden questions.

    With `--format yaml` they are written as knowledge/golden.yaml writes them.
    """
    found: tuple[Pin, ...] = ()
    with open_existing(load_settings()) as database:
        if database is not None:
            with database.reading() as db:
                found = list_pins(db)
    if form == "json":
        say_json([_pin_values(one) for one in found])
    elif form == "yaml":
        say(export_pins(found).rstrip("\n"))
    else:
        for one in found:
            say(_pin_line(one))
        if not found:
            remark("No question is pinned.")


@click.command()
@click.argument("pin_id", metavar="ID", type=click.UUID)
def unpin(pin_id: UUID) -> None:
    """Unpin a golden question."""
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        delete_pin(db, pin_id)
    say(f"unpinned: {pin_id}")


def _judged_values(judged: Judged) -> dict[str, object]:
    return {
        "question": judged.question,
        "would_answer": judged.passage is not None,
        "relevance": round(judged.relevance, 4),
        "threshold": judged.threshold,
        "told": judged.told,
        "answered_from": judged.passage.id if judged.passage else None,
        "missing_legs": list(judged.missing_legs),
        "hits": [
            {
                "document_id": hit.passage.document_id,
                "passage_id": hit.passage.id,
                "heading_path": list(hit.passage.heading_path),
                "score": round(hit.score, 4),
                "legs": list(hit.legs),
                "text": hit.passage.text,
            }
            for hit in judged.hits
        ],
    }


def _pin_values(one: Pin) -> dict[str, object]:
    return {
        "id": str(one.id),
        "question": one.question,
        "expected": list(one.expected),
        "owner": one.owner,
        "reason": one.reason,
        "created_at": one.created_at.isoformat(timespec="seconds"),
    }


def _pin_line(one: Pin) -> str:
    wanted = ", ".join(one.expected) or "not covered"
    who = f", {plain(one.owner)}" if one.owner else ""
    why = f": {plain(one.reason)}" if one.reason else ""
    day = one.created_at.date().isoformat()
    return f"{one.id}  {plain(one.question)}  [{plain(wanted)}]  {day}{who}{why}"
