"""`coach jobs`: the background work, seen, added, stopped and tried again."""

from dataclasses import asdict
from pathlib import Path
from typing import cast
from uuid import UUID

import click

from coach.cli.existing import open_existing
from coach.cli.library_bulk import flip_lines, publishing_options
from coach.cli.library_files import about_files
from coach.cli.output import Form, remark, say, say_json
from coach.cli.words import Name
from coach.cli.writing import open_writing
from coach.jobs.faults import JobNotFound
from coach.jobs.rows import (
    Job,
    Kind,
    add_job,
    cancel_job,
    list_jobs,
    load_job,
    retry_job,
)
from coach.knowledge.bulk import list_bulk
from coach.knowledge.handed_in import Publishing, hand_in, list_told
from coach.knowledge.importing import accept_loss, load_found
from coach.knowledge.reading.heading import Head
from coach.rendering.outline import plain
from coach.settings import load_settings

WHO = "A running service or `coach worker` does it; `coach jobs show` tells how far it is."


@click.group()
def jobs() -> None:
    """Look after the background work."""


@jobs.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_(limit: int, form: Form) -> None:
    """List the newest jobs."""
    found: tuple[Job, ...] = ()
    with open_existing(load_settings()) as database:
        if database is not None:
            with database.reading() as db:
                found = list_jobs(db, limit)
    if form == "json":
        say_json([_values(job) for job in found])
        return
    for job in found:
        say(_line(job))
    if not found:
        remark("There are no jobs.")


@jobs.command()
@click.argument("job_id", metavar="ID", type=click.UUID)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def show(job_id: UUID, form: Form) -> None:
    """Show a job with a line for each of its files."""
    with open_existing(load_settings()) as database:
        if database is None:
            raise JobNotFound
        with database.reading() as db:
            job, files = load_job(db, job_id), list_told(db, job_id)
            found = load_found(db, job_id)
    if form == "json":
        lines = [{"name": name, "outcome": one, "told": told} for name, one, told in files]
        say_json({**_values(job), "trial": found and asdict(found), "files": lines})
        return
    say(_line(job))
    named = {"author": job.author, "told": job.told, "error": job.error, "hint": job.hint}
    for label, text in named.items():
        if text:
            say(f"  {label}: {plain(text)}")
    for line in flip_lines(found) if found else ():
        say(f"  {line}")
    for name, outcome, told in files:
        say(f"  {plain(name)}: {outcome}{f': {plain(told)}' if told else ''}")
    if job.state == "done" and found is not None and found.fate == "in_review":
        remark("To publish them all the same: coach jobs publish ID --accept-loss WHY --author WHO")


@jobs.command()
@click.argument("job_id", metavar="ID", type=click.UUID)
def cancel(job_id: UUID) -> None:
    """Stop a job; what it finished stays."""
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        job = cancel_job(db, job_id)
    say(_line(job))


@jobs.command()
@click.argument("job_id", metavar="ID", type=click.UUID)
def retry(job_id: UUID) -> None:
    """Let a failed or cancelled job go on from where it was."""
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        job = retry_job(db, job_id)
    say(_line(job))
    remark(WHO)


@jobs.command()
@click.argument("job_id", metavar="ID", type=click.UUID)
@click.option("--accept-loss", "reason", required=True, help="Why the loss is right.")
@click.option("--author", type=Name(), required=True, help="Who says so.")
def publish(job_id: UUID, reason: str, author: str) -> None:
    """Publish what an import held back for golden questions that go wrong."""
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        job = accept_loss(db, job_id, reason, author)
    say(_line(job))
    remark(WHO)


@jobs.command()
@click.argument("kind", type=click.Choice(["index", "re-embed", "freshness"]))
@click.option("--author", type=Name(), help="Who wants it.")
def add(kind: str, author: str | None) -> None:
    """Add a job: bring the index up to date, or look for documents past their review date."""
    with open_writing(load_settings()) as resources, resources.transaction() as db:
        once = "index" if kind != "freshness" else None
        job_id = add_job(db, cast(Kind, kind), author=author, once=once)
    say(f"added: {job_id}" if job_id else "There is one that waits already.")
    remark(WHO)


@jobs.command("import")
@click.argument("path", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option("--author", type=Name(), help="Who brings them in.")
@publishing_options
@about_files
def import_(path: Path, author: str | None, publishing: Publishing | None, head: Head) -> None:
    """Hand a folder or ZIP in, to be imported in the background.

    The files are kept in the database first, so the folder may go; each gets a line that
    `coach jobs show` prints. What was imported before is skipped. With --publish the golden
    questions are asked before and after, once for all files, as `coach library import` does it.
    """
    with open_writing(load_settings()) as resources:
        job_id = hand_in(resources.database, list_bulk(path), head, author, publishing)
    say(f"added: {job_id}")
    remark(WHO)


def _line(job: Job) -> str:
    far = f" {job.done} of {job.total}" if job.total else ""
    tries = f", attempt {job.attempts}" if job.attempts > 1 else ""
    at = job.stage if job.state == "running" else job.state
    about = f"  {plain(job.document_id)}" if job.document_id else ""
    return f"{job.id}  {job.kind:<9}  {at}{far}{tries}{about}"


def _values(job: Job) -> dict[str, object]:
    values = asdict(job)
    moments = {name: values[name].isoformat() for name in ("created_at", "changed_at")}
    return {**values, **moments, "id": str(job.id)}
