"""Tells the admin what the library lacks: a topic and a count, and words only when shared."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import TypeAdapter

from coach.coaching.boundaries.sensitive import is_sensitive
from coach.coaching.brief import own_words
from coach.coaching.drafts import Agenda, Recap
from coach.errors import CoachError, NotFound
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.retrieval import Library
from coach.pairs.drafts import load_recap
from coach.pairs.gaps import UNHEARD, Before, save_gap
from coach.pairs.records import PairRecord
from coach.people.permissions import Viewer
from coach.resources import Resources
from coach.storage.database import Db

LACKING = "not_in_library"
_NEAR = 3
_RECAP = TypeAdapter(Recap)


class NothingToShare(CoachError):
    """The library answered, or the question is too personal to leave the page."""

    status = 409
    title = "There is no question here that the library could not answer and that may be shared."


async def near_topics(library: Library, lacking: Iterable[str]) -> list[str]:
    """The library's own word for what comes nearest to each thing that was lacking."""
    # In order, so that two drafts that count the same gaps at once never wait for each other.
    return sorted([await near_topic(library, text) for text in lacking])


def count_gaps(db: Db, viewer: Viewer, topics: Iterable[str]) -> None:
    """Count a gap of the library under each of these topics."""
    for topic in topics:
        save_gap(db, viewer.programme_id, LACKING, topic)


async def near_topic(library: Library, text: str) -> str:
    """A topic of the published document nearest to a text, so that no pair's word is told."""
    found = await library.search(LibraryQuery(text, None, _NEAR))
    topics = (topic for hit in found.hits for topic in hit.passage.topics)
    return next(topics, UNHEARD)


def lacking_for_agenda(agenda: Agenda, record: PairRecord) -> list[str]:
    """The goals that an agenda says the library does not carry, and the wish if it says so."""
    goals = {goal.id: own_words(goal) for goal in record.goals}
    lacking = [gap for gap in agenda.gaps if gap.reason == LACKING]
    named = [goals[one] for gap in lacking for one in gap.goal_ids if one in goals]
    return named + [gap.text for gap in lacking if not gap.goal_ids]


def lacking_for_recap(recap: Recap) -> list[str]:
    """What a refused question asked; of a whole session, what the recap says it lacks."""
    lacking = [gap for gap in recap.not_covered if gap.reason == LACKING]
    return [recap.question or gap.text for gap in lacking][:1]


async def share_question(
    resources: Resources, viewer: Viewer, session_id: UUID, recap_id: UUID
) -> None:
    """Set the words of a refused question beside its gap; nothing says who asked."""
    kept = await resources.read(load_recap, viewer, recap_id)
    if kept.session_id != session_id:
        raise NotFound
    recap = _RECAP.validate_python(kept.body)
    question = question_to_share(recap)
    if question is None:
        raise NothingToShare
    topic = await near_topic(resources.library, question)
    before: Before = "refused" if recap.refused else "partly"
    await resources.transact(save_gap, viewer.programme_id, LACKING, topic, question, before)


def question_to_share(recap: Recap) -> str | None:
    """The question of a recap that the library could not answer, unless it is too personal."""
    if recap.question is None or not lacking_for_recap(recap) or is_sensitive(recap.question):
        return None
    return recap.question
