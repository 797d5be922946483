"""Judges one question as a recap would: what is found, and whether the coach would answer."""

from dataclasses import dataclass

from coach.coaching.gathering import gather_for_recap
from coach.coaching.lessons import Asked
from coach.knowledge.asking import Library
from coach.knowledge.documents import Hit, Leg, LibraryQuery, Passage

MOST_HITS = 10
# As near to the threshold as this, one more word may turn the answer into a refusal.
CLOSE = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """What the library makes of a question.

    `passage` is the best of those a recap would quote from, None where it would refuse;
    `relevance` is to reach `threshold`.
    """

    question: str
    hits: tuple[Hit, ...]
    relevance: float
    threshold: float
    passage: Passage | None
    searched_for: str | None
    missing_legs: tuple[Leg, ...]

    @property
    def margin(self) -> float:
        """By how much it is above the threshold, or below it."""
        return self.relevance - self.threshold

    @property
    def is_close(self) -> bool:
        """Whether little is missing to the other side."""
        return abs(self.margin) < CLOSE

    @property
    def told(self) -> str:
        """In a sentence whether the coach would answer, and how near that is."""
        figures = f"{self.relevance:.2f}, and {self.threshold:.2f} is needed"
        if self.passage is not None:
            near = " Little is missing to a refusal." if self.is_close else ""
            return f"The coach would answer from “{self.passage.document_title}” ({figures}).{near}"
        if self.margin >= 0:
            return (
                f"The coach would refuse: {figures}, but no single document speaks of enough "
                "of the words."
            )
        near = " Little is missing to an answer." if self.is_close else ""
        return f"The coach would refuse, for the library does not cover it ({figures}).{near}"


async def judge_question(library: Library, question: str, abstain_below: float) -> Judged:
    """Search for a question, and decide as a recap does whether it is answered."""
    found = await library.search(LibraryQuery(question, None, MOST_HITS))
    material = await gather_for_recap(library, (Asked(question, 1.0),), abstain_below)
    lesson, passage = material.tech, None
    if lesson is not None:
        offered = {one.id: one for one in lesson.passages}
        best = (hit.passage.id for hit in (*found.hits, *material.hits))
        passage = next((offered[one] for one in best if one in offered), lesson.passages[0])
    return Judged(
        question=question,
        hits=found.hits,
        relevance=material.tech_coverage,
        threshold=abstain_below,
        passage=passage,
        searched_for=found.searched_for,
        missing_legs=found.missing_legs,
    )
