"""One door from any draft to its outline."""

from coach.coaching.drafts import Agenda, Draft, FollowUps
from coach.rendering.agenda import outline_agenda
from coach.rendering.follow_ups import outline_follow_ups
from coach.rendering.outline import Outline
from coach.rendering.recap import outline_recap


def outline(draft: Draft) -> Outline:
    """The draft in the order a person reads it."""
    if isinstance(draft, Agenda):
        return outline_agenda(draft)
    if isinstance(draft, FollowUps):
        return outline_follow_ups(draft)
    return outline_recap(draft)
