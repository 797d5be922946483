"""The questions a mentor may expect, each with the passage that answers it, or none."""

from collections.abc import Iterator
from typing import Protocol

from coach.coaching.brief import Brief, Lesson, Material
from coach.coaching.composer.frames import Filled
from coach.coaching.composer.recap_parts import lesson_parts, quote, word_to_know
from coach.coaching.contract.headwords import is_known, known_terms, terms_in
from coach.coaching.drafts import Agenda, ExpectedQuestion

EXPECTED = 3
_PARTS = (
    ("slip", "ask_slip"),
    ("check", "ask_check"),
    ("other_words", "ask_other_words"),
    ("idea", "ask_why"),
    ("safe_use", "ask_safe"),
)


class Asking(Protocol):
    """What this page needs of a desk."""

    @property
    def brief(self) -> Brief:
        """The pair as the reader may know it."""

    @property
    def material(self) -> Material:
        """What may be quoted."""

    @property
    def agenda(self) -> Agenda:
        """The agenda prepared for."""

    @property
    def goal(self) -> str | None:
        """What the tech part is about."""

    @property
    def whom(self) -> str:
        """Whom to ask."""

    def may_say(self, text: str) -> bool:
        """Whether a text keeps to the boundaries of its reader."""

    def fill(self, purpose: str, **values: object) -> Filled:
        """A frame filled."""


def expected_questions(desk: Asking) -> tuple[ExpectedQuestion, ...]:
    """Three questions: what the material answers, and what it leaves open when it is silent."""
    lesson = desk.material.tech
    answered = [*_answered(desk, lesson)] if lesson else []
    found = [one for one in answered if desk.may_say(one.question) and desk.may_say(one.answer)]
    return tuple([*found, *_open(desk)][:EXPECTED])


def _answered(desk: Asking, lesson: Lesson) -> Iterator[ExpectedQuestion]:
    yield from _term(desk, lesson)
    for kind, purpose in _PARTS:
        for passage in lesson_parts(lesson, kind)[:1]:
            values = {"lesson": lesson.title} if purpose == "ask_why" else {}
            told = quote(passage, 0, 2)
            yield ExpectedQuestion(desk.fill(purpose, **values).text, told.text, told.citations)


def _term(desk: Asking, lesson: Lesson) -> Iterator[ExpectedQuestion]:
    """The first term of the lesson that the mentee has not met."""
    said = " ".join(passage.text for passage in lesson.of("steps", "idea"))
    known = known_terms(desk.brief.mentee.known_words)
    for term in terms_in(said, desk.material.headwords):
        if not is_known(term, known):
            headword = desk.material.headwords[term]
            meaning = headword.meaning.rstrip(".")
            answer = desk.fill("answer_term", word=headword.word, meaning=meaning).text
            asked = desk.fill("ask_term", word=headword.word).text
            yield ExpectedQuestion(asked, answer, word_to_know(headword).citations)
            return


def _open(desk: Asking) -> Iterator[ExpectedQuestion]:
    find_out = desk.fill("answer_find_out").text
    begin = desk.fill("ask_begin", goal=desk.goal) if desk.goal else desk.fill("ask_begin_open")
    yield ExpectedQuestion(begin.text, find_out)
    yield ExpectedQuestion(desk.fill("ask_wrong").text, find_out)
    told = desk.fill("answer_whom", whom=desk.whom).text
    yield ExpectedQuestion(desk.fill("ask_who").text, told)
