"""A trial of publishing as a job: asked for in a moment, done in the background."""

from datetime import datetime

from coach.jobs.rows import Claim, Job, add_job, find_last, hold, load_job
from coach.jobs.runner import Tell
from coach.knowledge.comparing import NOTHING_ASKED, Comparison, Gate
from coach.knowledge.trial import is_published, newest_number, try_publishing
from coach.knowledge.trials import DocumentMovedOn, save_trial
from coach.llm.embeddings import Encoder
from coach.storage.columns import now
from coach.storage.database import Database, Db


def start_trial(db: Db, document_id: str, author: str | None, moment: datetime) -> Job | None:
    """The job that tries out the newest version, a new one unless one is open already.

    None when pairs read that version, so that there is nothing to try; raises DocumentNotFound.
    """
    if is_published(db, document_id):
        save_trial(db, document_id, NOTHING_ASKED, moment)
        return None
    before = find_trial(db, document_id)
    if before is not None and before.is_open:
        return before
    argument = {"document_id": document_id}
    job_id = add_job(db, "trial", argument, author=author, once=f"trial {document_id}")
    return load_job(db, job_id) if job_id is not None else find_trial(db, document_id)


def find_trial(db: Db, document_id: str) -> Job | None:
    """The last job that tried this document out."""
    return find_last(db, "trial", {"document_id": document_id})


async def try_as_job(
    database: Database, encoder: Encoder | None, gate: Gate, claim: Claim, tell: Tell
) -> str:
    """Try the newest version out, and keep what was found; a sentence on it."""
    document_id = str(claim.argument["document_id"])
    number = await database.read(newest_number, document_id)
    trial = await try_publishing(database, encoder, document_id, gate, now(), tell)
    await database.transact(_keep, claim, document_id, number, trial)
    return (
        f"{document_id}, version {number}: {trial.asked} questions asked, "
        f"{len(trial.lost)} lost, {len(trial.won)} won"
    )


def _keep(db: Db, claim: Claim, document_id: str, number: int, trial: Comparison) -> None:
    hold(db, claim)
    if newest_number(db, document_id) != number:
        raise DocumentMovedOn
    save_trial(db, document_id, trial, now())
