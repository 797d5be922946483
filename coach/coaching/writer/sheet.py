"""What the model is shown of one draft: the pair's facts and numbered passages, fenced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from coach.coaching.boundaries import Limits
from coach.coaching.brief import Brief, Lesson, Material, own_words
from coach.coaching.composer.frames import Frames
from coach.coaching.drafts import LibraryCitation
from coach.knowledge.documents import Passage
from coach.knowledge.wording.tongues import name_of, writable
from coach.knowledge.words import content_stems, words
from coach.llm.untrusted import make_mark, name_parts, visible, without_names

_UNQUOTABLE = ("steps", "words")  # procedures and definitions are set by code, whole
_LONGEST_PASSAGE, _LONGEST_FACT = 700, 300
_MOST_PASSAGES = 16
_RECITAL = 6  # words in a row


@dataclass(frozen=True)
class Sheet:
    """What one draft shows a model; `passages` are numbered from 1."""

    brief: Brief
    passages: tuple[Passage, ...]
    facts: tuple[str, ...]
    mark: str
    names: Mapping[str, str]
    frames: Frames

    def passage(self, number: int) -> Passage | None:
        """The passage of this number, if it was shown."""
        return self.passages[number - 1] if 1 <= number <= len(self.passages) else None

    def show(self, text: str, longest: int = _LONGEST_PASSAGE) -> str:
        """A text as it may leave: one visible line, with roles for names."""
        return " ".join(without_names(visible(text, longest), self.names).split())

    @cached_property
    def shown(self) -> dict[str, object]:
        """The values that all prompts of this draft share, in front for the provider's cache."""
        return {
            "mark": self.mark,
            "facts": self.facts,
            "passages": [self.show(passage.text) for passage in self.passages],
        }

    @property
    def language(self) -> str:
        """The language a model is asked to write in: the pair's, where it can be judged."""
        return writable(self.brief.language)

    def fitting(self, kind: str) -> tuple[Passage, ...]:
        """The passages that a block of this kind may lean on: career notes in the swap alone."""
        career = kind == "swap"
        return tuple(p for p in self.passages if (p.document_kind == "career") == career)

    def numbers(self, passages: Sequence[Passage]) -> str:
        """The numbers of these passages, as the model is told them."""
        known = [str(self.passages.index(one) + 1) for one in passages]
        return ", ".join(known) or "none"

    @property
    def limits(self) -> Limits:
        """What this reader's draft must keep out."""
        return Limits(
            self.brief.off_limits, self.brief.constraints.confidentiality, self.brief.reader
        )

    def on_topic(self, citation: LibraryCitation) -> bool:
        """Whether a quotation speaks of what its lesson is about, and not of something else."""
        passage = next(one for one in self.passages if one.id == citation.passage_id)
        about = content_stems(" ".join((*passage.heading_path, *passage.topics)))
        return not set(about).isdisjoint(content_stems(citation.quote))

    @cached_property
    def named(self) -> frozenset[str]:
        """The words that a question may write as names."""
        texts = [" ".join(passage.heading_path) for passage in self.passages]
        texts += [frame.text for group in self.frames.by_purpose.values() for frame in group]
        return frozenset(word for text in texts for word in words(text))

    @cached_property
    def naming(self) -> frozenset[str]:
        """The stems a title may be made of: of the headings and the frames."""
        return frozenset(content_stems(" ".join(self.named)))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems a question may be made of: of the passages, the pair's facts and the frames."""
        texts = [*self.facts, *(passage.text for passage in self.passages)]
        return self.naming | frozenset(content_stems(" ".join(texts)))

    def recites(self, text: str) -> bool:
        """Whether a text repeats what somebody wrote: many words in a row, without saying so."""
        return not _runs(text).isdisjoint(self._written)

    @cached_property
    def _written(self) -> frozenset[tuple[str, ...]]:
        texts = (*self.facts, *(passage.text for passage in self.passages))
        return frozenset().union(*map(_runs, texts))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every stretch of a text that is as long as a recital."""
    said = words(text)
    return frozenset(zip(*(said[start:] for start in range(_RECITAL)), strict=False))


def build_sheet(
    brief: Brief,
    material: Material,
    frames: Frames,
    hide_names: bool,
    beside: Sequence[Passage] = (),
) -> Sheet:
    """The sheet of a draft, made from what its reader may see and nothing else.

    The passages are those of the lessons, and those `beside` them.
    """
    names = {}
    if hide_names:
        names = {
            **name_parts(brief.mentor.name, "the mentor"),
            **name_parts(brief.mentee.name, "the mentee"),
        }
    passages = [one for lesson in (material.tech, material.career) for one in _quotable(lesson)]
    passages = [*passages[: _MOST_PASSAGES - len(beside)], *beside]
    bare = Sheet(brief, (), (), "", names, frames)
    facts = tuple(bare.show(fact, _LONGEST_FACT) for fact in _facts(brief))
    return Sheet(brief, tuple(passages), facts, make_mark(), names, frames)


def _quotable(lesson: Lesson | None) -> Sequence[Passage]:
    return [one for one in lesson.passages if one.kind not in _UNQUOTABLE] if lesson else []


def _facts(brief: Brief) -> list[str]:
    facts = [f"The language of the pair: {name_of(writable(brief.language))}"]
    facts += [
        f"Role of the mentor: {brief.mentor.role}",
        f"Role of the mentee: {brief.mentee.role}",
    ]
    facts += [f"Level of the mentee in the topic: {brief.level or 'not known'}"]
    if brief.focus_goal:
        facts.append(f"Goal of the mentee: {own_words(brief.focus_goal)}")
    if brief.career_goal:
        facts.append(f"Career goal of the mentor: {own_words(brief.career_goal)}")
    if brief.wish:
        facts.append(f"Wish for this time: {brief.wish}")
    if brief.mentee.expertise:
        facts.append(f"The mentee is experienced in: {', '.join(brief.mentee.expertise[:6])}")
    return facts
