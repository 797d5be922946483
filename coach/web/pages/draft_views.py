"""Recaps and follow-up questions as their pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from coach.coaching.drafts import Citation, Cited, FollowUps, Gap, Recap, TryIt
from coach.knowledge.documents import Passage
from coach.knowledge.retrieval import Library
from coach.pairs.drafts import KeptDraft
from coach.pairs.pairing import KnownPair
from coach.web.gaps import question_to_share
from coach.web.pages.agenda_view import (
    Checked,
    Place,
    passages_for,
    say_origin,
    show_place,
    sum_up,
)

RECAP = TypeAdapter(Recap)
FOLLOW_UPS = TypeAdapter(FollowUps)
Passages = dict[str, Passage]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence or two, with the places they come from."""

    text: str
    places: tuple[Place, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class IdeaView:
    """One idea of a recap."""

    title: str
    explanation: Told
    slip: Told | None
    comparison: str | None


@dataclass(frozen=True, slots=True)
class RecapView:
    """Everything the page says of one recap."""

    id: UUID
    created_at: datetime
    question: str | None
    refused: bool
    answer: Told
    ideas: tuple[IdeaView, ...]
    steps: tuple[Told, ...]
    words: tuple[Told, ...]
    did: tuple[Told, ...]
    try_it: TryIt | None
    recall: tuple[tuple[str, str], ...]
    teach_back: str | None
    gave: Told | None
    gaps: tuple[Gap, ...]
    can_share: bool
    checked: Checked
    origin: str
    language: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One follow-up question, with who may ask it."""

    text: str
    asker: str
    why: str
    model_answer: str | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class QuestionsView:
    """Everything the page says of a set of follow-up questions."""

    questions: tuple[QuestionView, ...]
    checked: Checked
    origin: str
    language: str


async def show_recaps(library: Library, drafts: Iterable[KeptDraft]) -> tuple[RecapView, ...]:
    """Recaps with the passages they quote."""
    return tuple([await _show_recap(library, draft) for draft in drafts])


async def show_questions(
    library: Library, drafts: tuple[KeptDraft, ...], pair: KnownPair
) -> QuestionsView | None:
    """The latest set of follow-up questions, or None when there is none."""
    if not drafts:
        return None
    found = FOLLOW_UPS.validate_python(drafts[0].body)
    cited = (cited for question in found.questions for cited in question.citations)
    passages = await passages_for(library, cited)
    names = {"mentor": pair.mentor_name, "mentee": pair.mentee_name}
    questions = tuple(
        QuestionView(
            one.text,
            names[one.asked_by],
            one.why,
            one.model_answer,
            _places(one.citations, passages),
        )
        for one in found.questions
    )
    checked, origin = sum_up(found.contract), say_origin(found.provenance)
    return QuestionsView(questions, checked, origin, found.language)


async def _show_recap(library: Library, draft: KeptDraft) -> RecapView:
    recap = RECAP.validate_python(draft.body)
    passages = await passages_for(library, _cited_in(recap))
    return RecapView(
        id=draft.id,
        created_at=draft.created_at,
        question=recap.question,
        refused=recap.refused,
        answer=_told(recap.answer, passages),
        ideas=_ideas(recap, passages),
        steps=tuple(
            Told(one.action, _places(one.citations, passages), str(one.number))
            for one in recap.steps
        ),
        words=tuple(
            Told(one.meaning, _places(one.citations, passages), one.word)
            for one in recap.words_to_know
        ),
        did=tuple(_told(one, passages) for one in recap.what_we_did),
        try_it=recap.try_it,
        recall=tuple((one.question, one.answer) for one in recap.recall_questions),
        teach_back=recap.teach_back,
        gave=_told(recap.mentee_gave, passages) if recap.mentee_gave else None,
        gaps=recap.not_covered,
        can_share=question_to_share(recap) is not None,
        checked=sum_up(recap.contract),
        origin=say_origin(recap.provenance),
        language=recap.language,
    )


def _ideas(recap: Recap, passages: Passages) -> tuple[IdeaView, ...]:
    return tuple(
        IdeaView(
            one.idea,
            Told(one.explanation, _places(one.citations, passages)),
            _told(one.common_slip, passages) if one.common_slip else None,
            one.comparison,
        )
        for one in recap.key_ideas
    )


def _cited_in(recap: Recap) -> Iterable[Citation]:
    slips = (idea.common_slip for idea in recap.key_ideas)
    told = (recap.answer, *recap.what_we_did, recap.mentee_gave, *slips)
    yield from (cited for one in told if one is not None for cited in one.citations)
    yield from (cited for idea in recap.key_ideas for cited in idea.citations)
    yield from (cited for step in recap.steps for cited in step.citations)
    yield from (cited for word in recap.words_to_know for cited in word.citations)


def _told(cited: Cited, passages: Passages) -> Told:
    return Told(cited.text, _places(cited.citations, passages))


def _places(citations: Iterable[Citation], passages: Passages) -> tuple[Place, ...]:
    return tuple(show_place(citation, passages) for citation in citations)
