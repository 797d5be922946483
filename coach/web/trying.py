"""Has a publication tried out in the background, and publishes in an admin's name."""

from coach.jobs.rows import Job
from coach.knowledge.trials import publish_tried
from coach.knowledge.trying import start_trial
from coach.people.people import load_person
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.clock import now


def save_trial_job(db: Db, admin: Viewer, document_id: str) -> Job | None:
    """Have the newest version tried out; None when pairs read it already."""
    author = load_person(db, admin, admin.person_id).name
    return start_trial(db, document_id, author, now())


def save_publication(db: Db, admin: Viewer, document_id: str, reason: str) -> None:
    """Publish the newest version in this admin's name."""
    author = load_person(db, admin, admin.person_id).name
    publish_tried(db, document_id, author, reason, now())
