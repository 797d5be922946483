"""One door from any draft to its outline."""

from coach.coaching.drafts import Agenda, Draft, FollowUps, PrepBrief
from coach.rendering.agenda import outline_agenda
from coach.rendering.follow_ups import outline_follow_ups
from coach.rendering.labels import Labels, labels_of
from coach.rendering.outline import Outline
from coach.rendering.prep import outline_prep
from coach.rendering.recap import outline_recap


def outline(draft: Draft) -> Outline:
    """The draft in the order a person reads it, set as its language sets words."""
    labels = labels_of(draft.language)
    return _outlined(draft, labels).told_by(labels.typeset)


def _outlined(draft: Draft, labels: Labels) -> Outline:
    if isinstance(draft, Agenda):
        return outline_agenda(draft, labels)
    if isinstance(draft, FollowUps):
        return outline_follow_ups(draft, labels)
    if isinstance(draft, PrepBrief):
        return outline_prep(draft, labels)
    return outline_recap(draft, labels)
