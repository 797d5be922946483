"""Chooses among lessons by the whole season: fresh ones first; what returns has a reason."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coach.coaching.brief import Brief, Lesson, PastMeeting, Returned, own_words
from coach.coaching.memory import MASTERED_AFTER, Recalled, recalled, says_all
from coach.knowledge.chunking import split_sentences
from coach.knowledge.documents import Passage
from coach.knowledge.words import content_stems, words
from coach.pairs.records import Goal

# AG22 allows less than a half, and the words around a procedure add to what it shares.
_ALIKE, _FEW = 0.4, 20
_PRACTISED = ("demo", "hands_on", "teach_back")
_WHOLE_DOCUMENT = ("words", "safe_use", "ask")
_LATELY = 2
# Shares of the best score. Below the second a lesson may only happen to use the same words, so its
# names have to speak of the goal as well.
_CLOSE, _NEAR, _NEARISH = 0.6, 0.4, 0.2
# Words that nearly every career note and goal has in common.
_SAYS_LITTLE = frozenset(content_stems("work talk career goal people team job year good mentor"))
_STEPS = 3
CLOSE, NEAR, RETURNS, FAR, NONE = range(5)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A lesson with how well it answers what was asked."""

    score: float
    lesson: Lesson


@dataclass(frozen=True, slots=True)
class Picked:
    """The lesson of a choice, how good a choice it is (the less the better), why it returns."""

    lesson: Lesson | None = None
    place: int = NONE
    returned: Returned | None = None


NOTHING = Picked()


def pick_lesson(ranked: Sequence[Ranked], brief: Brief, is_wished: bool = False) -> Picked:
    """The best lesson that is not mastered: missed or fresh, else the one taught longest ago.

    Fresh is what no settled agenda has taught. What was missed may return at once, and so may
    what keeps stalling or, when `is_wished`, the best answer to a wish.
    """
    if not ranked:
        return NOTHING
    season = Season(brief, ranked)
    open_ones = [one for one in ranked if not season.is_mastered(one.lesson)]
    places = [(season.place(one, is_wished), one) for one in open_ones]
    best = min(places, key=lambda entry: season.order(*entry), default=None)
    if best is not None and best[0] != NONE:
        return Picked(best[1].lesson, best[0], season.reason(best[1].lesson, is_wished))
    kind = ranked[0].lesson.passages[0].document_kind
    # How to meet is a short text: when all of it was said lately, it is not said again.
    if kind == "programme" or (not open_ones and kind == "tutorial"):
        return NOTHING
    # Career guidance is a conversation: the same note carries another one.
    last = (open_ones or ranked)[0].lesson
    return Picked(last, FAR, season.reason(last, False))


@dataclass(frozen=True)
class Season:
    """What a pair has had so far, beside the lessons to choose from."""

    brief: Brief
    ranked: Sequence[Ranked]

    def place(self, one: Ranked, is_wished: bool) -> int:
        """How good a choice this lesson is; NONE for one that the last two sessions had."""
        lesson, top = one.lesson, self.ranked[0]
        close = self._is_close(one) or self._is_once_more(lesson)
        if self._must_return(lesson):
            return CLOSE if close else NEAR if self._is_near(one) else FAR
        if self._is_lately(lesson):
            return NONE
        if self._taught(lesson) is not None and not self._is_once_more(lesson):
            return CLOSE if is_wished and one is top else RETURNS
        return CLOSE if close else NEAR if self._is_near(one) else FAR

    def order(self, place: int, one: Ranked) -> tuple[int, bool, int, int, bool, float, int]:
        """What comes first: a good place, what is due, the longest ago, document, score.

        Of what is wished for once more, the lesson comes first whose title says most of the wish.

        Career notes of much the same score follow the order of their document.
        """
        top, lesson = self.ranked[0], one.lesson
        last = (self._taught(lesson) or 0) if place == RETURNS else 0
        apart = lesson.is_tutorial and lesson.document_id != top.lesson.document_id
        score, ordinal = -one.score, lesson.passages[0].ordinal
        if not lesson.is_tutorial and top.score:
            score = -round(_STEPS * one.score / top.score)
        again = self._is_once_more(lesson)
        named = len(self._wished & set(content_stems(lesson.title))) if again else 0
        is_due = again or self._is_missed(lesson)
        return place, not is_due, -named, last, apart, score, ordinal

    def reason(self, lesson: Lesson, is_wished: bool) -> Returned | None:
        """Why a lesson returns, or None when it is fresh."""
        last = self._taught(lesson)
        if last is None:
            return None
        if self._must_return(lesson):
            return Returned("missed", last)
        is_top = is_wished and lesson is self.ranked[0].lesson
        return Returned("wished" if is_top or self._is_once_more(lesson) else "again", last)

    def is_mastered(self, lesson: Lesson) -> bool:
        """Whether what this lesson taught, or what its title says, is surely known."""
        if not self._sure:
            return False
        wanted = set(content_stems(lesson.title))
        own = {words(quote) for quote in _own_quotes(lesson)}
        return any(
            words(item.concept) in own or says_all(item.concept, wanted) for item in self._sure
        )

    @cached_property
    def _sure(self) -> list[Recalled]:
        return [one for one in recalled(self.brief.meetings) if one.streak >= MASTERED_AFTER]

    @cached_property
    def _quoted(self) -> Mapping[str, int]:
        """Every sentence quoted from the library so far, with the last session that did."""
        return {text: one.number for one in self.brief.meetings for text in _sentences_in(one)}

    @cached_property
    def _numbers_lately(self) -> frozenset[int]:
        return frozenset(one.number for one in self.brief.meetings[-_LATELY:])

    @cached_property
    def _practised(self) -> list[set[str]]:
        """The content words of each procedure of the last two settled agendas."""
        meetings = self.brief.meetings[-_LATELY:]
        blocks = [block for meeting in meetings for block in meeting.agenda_blocks()]
        practised = [quotes_in(block) for block in blocks if block.get("kind") in _PRACTISED]
        return [set(content_stems("\n".join(quotes))) for quotes in practised]

    def _taught(self, lesson: Lesson) -> int | None:
        """The last session whose agenda quoted this lesson."""
        numbers = (self._quoted[one] for one in _own_quotes(lesson) if one in self._quoted)
        return max(numbers, default=None)

    def _is_lately(self, lesson: Lesson) -> bool:
        """Whether the last two sessions had this lesson, or one that says much the same."""
        return self._taught(lesson) in self._numbers_lately or _is_alike(lesson, self._practised)

    def _is_close(self, one: Ranked) -> bool:
        top = self.ranked[0]
        is_beside = one.lesson.document_id == top.lesson.document_id
        return one.score >= _CLOSE * top.score or is_beside and self._is_near(one)

    def _is_near(self, one: Ranked) -> bool:
        top, lesson = self.ranked[0], one.lesson
        share = one.score / top.score if top.score else 1.0
        if lesson.is_tutorial:
            is_beside = lesson.document_id == top.lesson.document_id
            return (
                is_beside or share >= _NEAR or share >= _NEARISH and _speaks_of(lesson, self._tech)
            )
        return share >= _NEARISH and (not self._career or _speaks_of(lesson, self._career))

    @cached_property
    def _wished(self) -> set[str]:
        return set(content_stems(self.brief.wish or ""))

    @cached_property
    def _tech(self) -> set[str]:
        """The words that the goal at hand and the wish are known by."""
        brief, goal = self.brief, self.brief.focus_goal
        return _telling(goal, brief.wish or "", *brief.focus)

    @cached_property
    def _career(self) -> set[str]:
        """The words that the mentor's career goal is known by; none where it has no goal."""
        goal = self.brief.career_goal
        return _telling(goal, *self.brief.mentor.growth_goals) if goal else set()

    def _must_return(self, lesson: Lesson) -> bool:
        return lesson.is_tutorial and (self.brief.stalled or self._is_missed(lesson))

    def _is_once_more(self, lesson: Lesson) -> bool:
        """Whether the wish is to have this again, and says so."""
        brief = self.brief
        if not brief.once_more or not lesson.is_tutorial or self._taught(lesson) is None:
            return False
        return _speaks_of(lesson, self._wished)

    def _is_missed(self, lesson: Lesson) -> bool:
        wanted = set(content_stems(lesson.title))
        missed = (set(content_stems(item.concept)) for item in self.brief.due if item.missed)
        return lesson.is_tutorial and any(wanted & one for one in missed)


def is_for_all(passage: Passage) -> bool:
    """Whether a passage belongs to every lesson of its document."""
    return len(passage.heading_path) < 2 and passage.kind in _WHOLE_DOCUMENT


def quotes_in(block: Mapping[str, Any]) -> list[str]:
    """Every quotation in a block of an agenda as it was kept."""
    steps = (one for one in block.get("steps", ()) if isinstance(one, dict))
    return [str(cited.get("quote", "")) for one in steps for cited in one.get("citations", ())]


def _sentences_in(meeting: PastMeeting) -> list[str]:
    texts = [text for block in meeting.agenda_blocks() for text in quotes_in(block)]
    return [text[span.start : span.end] for text in texts for span in split_sentences(text)]


def _own_quotes(lesson: Lesson) -> list[str]:
    return [quote for p in lesson.passages if not is_for_all(p) for quote in p.quotes()]


def _is_alike(lesson: Lesson, practised: Sequence[Set[str]]) -> bool:
    """Whether most content words of its procedure were in a procedure of the last two sessions."""
    if not practised:
        return False
    parts = lesson.of("steps", "check", "slip")
    own = {stem for part in parts for stem in content_stems(part.text)}
    return any(
        own and len(own & before) >= _ALIKE * max(min(len(own), len(before)), _FEW)
        for before in practised
    )


def _telling(goal: Goal | None, *texts: str) -> set[str]:
    """The stems of a goal's terms, or of its text where it has none, and of these texts."""
    named = " ".join(goal.terms) or own_words(goal) if goal else ""
    return set(content_stems(" ".join((named, *texts)))) - _SAYS_LITTLE


def _speaks_of(lesson: Lesson, wanted: Set[str]) -> bool:
    named = (lesson.title, lesson.document_title, *lesson.passages[0].topics)
    return bool(wanted & set(content_stems(" ".join(named))))
