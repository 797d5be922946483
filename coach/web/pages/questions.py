"""The page of a session's follow-up questions: kept for next time, asked, answered, skipped."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.pairs.pairing import KnownPair
from coach.pairs.questions import KnownQuestion, list_questions, save_question_answer, save_turn
from coach.pairs.sessions import KnownSession
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.fields import Filled, Id, Typed
from coach.web.front import AtPerson, AtResources
from coach.web.pages.agendas import load_both
from coach.web.rendering import Page, You, greet, render

router = APIRouter()
SAID = {"for_next": "in the next agenda", "asked": "asked", "skipped": "skipped"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be kept, at which question, and what was typed."""

    question_id: str = ""
    sentence: str | None = None
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage(Page):
    """Everything questions/questions.html may mention."""

    template: ClassVar[str] = "questions/questions.html"
    session: KnownSession
    pair: KnownPair
    names: dict[str, str]
    questions: tuple[KnownQuestion, ...]
    said: dict[str, str]
    trouble: Trouble


class QuestionForm(Filled):
    """The form of one question: what becomes of it, or an answer."""

    draft_id: Id
    question_id: Annotated[str, Field(max_length=100)]
    state: Literal["for_next", "asked", "skipped", "mine", "pair"]
    text: Typed = ""


@router.get("/sessions/{session_id}/questions")
async def questions(session_id: UUID, person: AtPerson, resources: AtResources) -> Response:
    """Show the follow-up questions of a session."""
    return render(await resources.read(load_page, person.viewer, session_id, greet(person)))


@router.post("/sessions/{session_id}/questions")
async def act(
    session_id: UUID,
    filled: Annotated[QuestionForm, Form()],
    person: AtPerson,
    resources: AtResources,
) -> Response:
    """Keep, ask, skip or answer a question."""
    try:
        await resources.transact(_save, person, filled)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        trouble = Trouble(filled.question_id, error.detail, filled.text)
        page = await resources.read(load_page, person.viewer, session_id, greet(person), trouble)
        return render(page, error.status)
    return RedirectResponse(f"/sessions/{session_id}/questions", 303)


def _save(db: Db, person: KnownPerson, filled: QuestionForm) -> None:
    viewer, draft, question = person.viewer, filled.draft_id, filled.question_id
    if filled.state == "mine" or filled.state == "pair":
        save_question_answer(db, viewer, draft, question, filled.text, filled.state)
    else:
        save_turn(db, viewer, draft, question, filled.state)


def load_page(
    db: Db, viewer: Viewer, session_id: UUID, you: You, trouble: Trouble | None = None
) -> QuestionsPage:
    """The page of a session's questions as this viewer may see it, or NotFound."""
    session, pair = load_both(db, viewer, session_id)
    return QuestionsPage(
        you=you,
        session=session,
        pair=pair,
        names={"mentor": pair.mentor_name, "mentee": pair.mentee_name},
        questions=list_questions(db, viewer, session_id),
        said=SAID,
        trouble=trouble or Trouble(),
    )
