"""Lines of a draft before they are steps: a frame filled, or a sentence quoted with its place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from coach.coaching.brief import Brief, Lesson, Material, own_words
from coach.coaching.composer.frames import Filled, Frames
from coach.coaching.contract.exhibit import own_texts
from coach.coaching.contract.headwords import Familiar, familiar_to
from coach.coaching.drafts import AgendaStep, LibraryCitation, StepKind, WordsOrigin
from coach.coaching.shape import Shape
from coach.knowledge.documents import Passage
from coach.pairs.records import Goal

LONGEST_STEP = 400
LONGEST_TITLE = 90
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One step with the frame it was made from."""

    step: AgendaStep
    frame_id: str | None = None


@dataclass(frozen=True, slots=True)
class BlockWords:
    """All the words of one block, and what they are about."""

    title: str
    outcome: str
    lines: tuple[Line, ...]
    goal_ids: tuple[str, ...] = ()
    commitment_ids: tuple[str, ...] = ()
    memory_item_ids: tuple[str, ...] = ()
    is_pause: bool = False
    is_early: bool = False

    def adding(self, *lines: Line, first: bool = False) -> "BlockWords":
        """The same block with these lines before or after its own, as far as they fit."""
        joined = (*lines, *self.lines) if first else (*self.lines, *lines)
        return replace(self, lines=joined[:MOST_LINES])


@dataclass(frozen=True)
class Desk:
    """What the composer has before it while it writes one agenda."""

    brief: Brief
    material: Material
    shape: Shape
    frames: Frames
    used: tuple[str, ...] = ()

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Every text of the pair that may stand quoted, gathered once for the whole agenda."""
        return own_texts(self.brief)

    @cached_property
    def familiar(self) -> Familiar:
        """The terms the mentee needs no help with, gathered once for the whole agenda."""
        return familiar_to(self.brief, self.material.headwords)

    @property
    def turn(self) -> int:
        """Which frame's turn it is: the session's number."""
        return self.brief.session_number

    @property
    def topic(self) -> str:
        """What the tech part is about, in the pair's own words as far as there are any."""
        goal = self.brief.focus_goal
        own = own_words(goal) if goal else self.brief.wish or self.brief.title
        return own or self.frames.words("titles")["topic"]

    @property
    def whom(self) -> str:
        """Whom to ask when the library is silent."""
        return self.brief.whom or self.frames.words("titles")["whom"]

    def fill(self, purpose: str, shift: int = 0, **values: object) -> Filled:
        """A frame of this purpose, in rotation."""
        return self.frames.fill(purpose, self.turn + shift, self.used, **values)

    def line(self, kind: StepKind, purpose: str, shift: int = 0, **values: object) -> Line:
        """A step made from a frame; it is the pair's when it carries their words."""
        filled = self.fill(purpose, shift, **values)
        origin: WordsOrigin = "pair" if values else "template"
        return Line(AgendaStep(kind, filled.text, origin), filled.frame_id)


def cite_span(passage: Passage, start: int, end: int) -> LibraryCitation:
    """The citation of this stretch of a passage."""
    return LibraryCitation(
        document_id=passage.document_id,
        document_title=passage.document_title,
        passage_id=passage.id,
        start=start,
        end=end,
        quote=passage.text[start:end],
    )


def quote_line(
    kind: StepKind, passage: Passage, first: int = 0, count: int = 1, concept: str | None = None
) -> Line:
    """Whole sentences of a passage in a row as one step; fewer when they are too long."""
    spans = passage.sentences[first : first + count]
    while len(spans) > 1 and spans[-1].end - spans[0].start > LONGEST_STEP:
        spans = spans[:-1]
    citation = cite_span(passage, spans[0].start, spans[-1].end)
    step = AgendaStep(kind, citation.quote, "quotation", (citation,), concept, concept is not None)
    return Line(step)


def is_quotable(passage: Passage, first: int = 0) -> bool:
    """Whether the sentence at this place fits a step."""
    if first >= len(passage.sentences):
        return False
    span = passage.sentences[first]
    return 3 <= span.end - span.start <= LONGEST_STEP


def procedure_of(lesson: Lesson | None, most: int) -> tuple[Line, ...]:
    """Every step of the lesson's first procedure that fits whole; nothing when none does."""
    if lesson is None:
        return ()
    for passage in lesson.of("steps"):
        count = len(passage.sentences)
        if count <= most and all(is_quotable(passage, number) for number in range(count)):
            return tuple(quote_line("do", passage, number) for number in range(count))
    return ()


def first_quotes(lesson: Lesson | None, kind: StepKind, *parts: str, count: int = 1) -> list[Line]:
    """The opening sentences of the first part of these kinds that can be quoted."""
    if lesson is None:
        return []
    for passage in lesson.of(*parts):
        if is_quotable(passage):
            return [quote_line(kind, passage, 0, count)]
    return []


def owner_word(frames: Frames, owner: str) -> str:
    """How a draft names the one who promised."""
    return frames.words("words")[owner]


def day_words(frames: Frames, day: date) -> str:
    """A day as people say it: 7 December 2026."""
    month = frames.listed("months")[day.month - 1]
    return frames.fill("day", day=day.day, month=month, year=day.year).text


def due_words(frames: Frames, due: str) -> str:
    """A due date as people say it after “by”; the pair's own words stay as they are."""
    try:
        return day_words(frames, date.fromisoformat(due))
    except ValueError:
        # What we propose says “before the next session”, which does not go with “by”.
        own, small = due.strip(), frames.words("words")
        if own.startswith(small["proposed"]):
            return small["proposed_due"] + own.removeprefix(small["proposed"])
        return own


def language_words(frames: Frames, codes: Sequence[str]) -> str:
    """Languages by their names in the language of the draft: Spanish and German."""
    names = frames.words("languages")
    return f" {frames.words('words')['and']} ".join(names.get(code, code) for code in codes)


def goal_ids(*goals: Goal | None) -> tuple[str, ...]:
    """The ids of the goals that exist."""
    return tuple(goal.id for goal in goals if goal is not None)


def fits(text: str, longest: int = LONGEST_STEP) -> bool:
    """Whether a filled frame is short enough to be a step."""
    return len(text) <= longest


def quoted_list(frames: Frames, texts: Sequence[str]) -> str:
    """Several texts of the pair, each whole and in quotation marks."""
    return join_texts(frames, [f"“{text}”" for text in texts])


def join_texts(frames: Frames, texts: Sequence[str]) -> str:
    """Several texts in one sentence, with what the language puts between."""
    return frames.words("words")["between"].join(texts)


def titled(frames: Frames, title: str, lesson: Lesson | None) -> str:
    """A title with the name of its lesson; alone where both would be too long."""
    if lesson is None:
        return title
    longer = frames.fill("titled", title=title, lesson=lesson.title).text
    return longer if len(longer) <= LONGEST_TITLE else title
