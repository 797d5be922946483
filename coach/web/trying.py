"""Tries out what publishing a document would change, and keeps what was found."""

from coach.knowledge.golden import golden_file, load_golden
from coach.knowledge.trial import try_publishing
from coach.knowledge.trials import KeptTrial, publish_tried, save_trial
from coach.people.people import load_person
from coach.people.permissions import Viewer
from coach.resources import Resources
from coach.storage.database import Db
from coach.web.front import now


async def try_document(resources: Resources, document_id: str) -> KeptTrial:
    """What publishing the newest version would change for the golden questions that ship."""
    encoder = resources.meanings.encoder if resources.meanings is not None else None
    questions = load_golden(golden_file())
    trial = await try_publishing(resources.database, encoder, document_id, questions, now())
    return await resources.transact(save_trial, document_id, trial, now())


def save_publication(db: Db, admin: Viewer, document_id: str, reason: str) -> None:
    """Publish the newest version in this admin's name."""
    author = load_person(db, admin, admin.person_id).name
    publish_tried(db, document_id, author, reason, now())
