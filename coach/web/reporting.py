"""Takes a reader's word that a quotation is wrong, without keeping anything of the reader."""

from coach.coaching.boundaries.sensitive import is_crisis, is_sensitive
from coach.errors import CoachError
from coach.knowledge.reports import ReportFault, check_words, save_report
from coach.people.permissions import Viewer
from coach.web.clock import now
from coach.web.service import Front


class ReasonTooPersonal(CoachError):
    """The reason speaks of something that must not reach the admins."""

    status = 422
    title = (
        "This was not kept, for it speaks of something personal. "
        "Say only what is wrong with the quoted words."
    )


class ReasonInNeed(CoachError):
    """The reason may say that somebody is in danger, and an admin's queue is no help."""

    status = 422
    title = (
        "This was not kept, and nobody was told. If you or somebody else may be in danger, "
        "please call your local emergency number or speak to someone you trust now."
    )


async def report_passage(
    front: Front, viewer: Viewer, document_id: str, passage_id: str, reason: str
) -> None:
    """Put a quotation into the queue of those who answer for it."""
    said = check_words(reason, ReportFault)
    if is_crisis(said):
        contacts = ", ".join(front.settings.help_contacts)
        raise ReasonInNeed(f"{ReasonInNeed.title} {contacts}".strip())
    if is_sensitive(said):
        raise ReasonTooPersonal
    front.reports.take(viewer.person_id)
    place = (document_id, passage_id)
    await front.resources.transact(save_report, viewer.programme_id, place, said, now())
