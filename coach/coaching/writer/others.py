"""Lets a model word follow-up questions and choose a recap's answer; code accepts or refuses."""

from collections.abc import Sequence
from dataclasses import replace

from coach.coaching.brief import Brief, Lesson, Material, own_words
from coach.coaching.contract import check_follow_ups
from coach.coaching.drafts import Cited, FollowUpQuestion, FollowUps, LibraryCitation, Verdict
from coach.coaching.drafts.parts import Provenance
from coach.coaching.writer.accepting import build_ground, refuse
from coach.coaching.writer.forms import BlockReply, ChoiceReply
from coach.knowledge.documents import Passage
from coach.knowledge.words import words
from coach.llm.asking import Model, Reply
from coach.llm.prompts import Prompt

MOST_SENTENCES, MOST_WORDS = 2, 50
_NOTHING = "not stated"
_ANSWERS = ("idea", "text", "example", "other_words", "check", "slip", "tip", "safe_use")


async def word_follow_ups(
    model: Model, prompt: Prompt, draft: FollowUps, brief: Brief, material: Material
) -> FollowUps:
    """The questions in better words, each kept only while every clause holds; raises LLMFault."""
    asked = [
        {"number": number, "asker": f"the {one.asked_by}", "text": one.text}
        for number, one in enumerate(draft.questions, 1)
    ]
    rendered = prompt.render(
        goal=own_words(brief.focus_goal) if brief.focus_goal else _NOTHING,
        career=own_words(brief.career_goal) if brief.career_goal else _NOTHING,
        questions=asked,
    )
    reply = await model.ask(rendered, BlockReply)
    known = _broken(draft.contract)
    lesson = material.tech.passages if material.tech else ()
    ground = build_ground(brief, (passage.text for passage in lesson))
    for proposed in reply.words.steps:
        if not 1 <= proposed.number <= len(draft.questions):
            continue
        before = draft.questions[proposed.number - 1]
        text = " ".join(proposed.text.split())
        if text == before.text or refuse(text, before.text, ground):
            continue
        tried = replace(draft, questions=_with(draft.questions, proposed.number - 1, text))
        verdicts = check_follow_ups(tried, brief, material)
        if _broken(verdicts) <= known:
            draft = replace(tried, contract=verdicts)
    changed = any(one.frame_id is None for one in draft.questions)
    return replace(draft, provenance=_sign(draft.provenance, model, prompt, reply, changed))


def _with(
    questions: Sequence[FollowUpQuestion], place: int, text: str
) -> tuple[FollowUpQuestion, ...]:
    """The questions with one of them in other words, which came from no frame."""
    return tuple(
        replace(one, text=text, frame_id=None) if number == place else one
        for number, one in enumerate(questions)
    )


async def choose_answer(
    model: Model, prompt: Prompt, question: str, lesson: Lesson
) -> tuple[Cited, Reply[ChoiceReply]] | None:
    """The one or two sentences of a lesson that a model finds to answer; raises LLMFault."""
    offered = [
        (passage, place)
        for passage in lesson.of(*_ANSWERS)
        for place in range(len(passage.sentences))
    ]
    rendered = prompt.render(
        question=question,
        sentences=[
            {"number": number, "text": passage.quotes()[place]}
            for number, (passage, place) in enumerate(offered, 1)
        ],
    )
    reply = await model.ask(rendered, ChoiceReply)
    chosen = [
        offered[n - 1] for n in dict.fromkeys(reply.words.sentences) if 1 <= n <= len(offered)
    ]
    cited = _quote(chosen[:MOST_SENTENCES])
    return (cited, reply) if cited else None


def _quote(chosen: Sequence[tuple[Passage, int]]) -> Cited | None:
    """These sentences as an answer; the first alone when both are too long."""
    for count in (len(chosen), 1):
        citations = tuple(_cite(passage, place) for passage, place in chosen[:count])
        text = " ".join(citation.quote for citation in citations)
        if citations and len(words(text)) <= MOST_WORDS:
            return Cited(text, citations)
    return None


def _cite(passage: Passage, place: int) -> LibraryCitation:
    span = passage.sentences[place]
    return LibraryCitation(
        passage.document_id,
        passage.document_title,
        passage.id,
        span.start,
        span.end,
        passage.text[span.start : span.end],
    )


def _sign(
    provenance: Provenance,
    model: Model,
    prompt: Prompt,
    reply: Reply[BlockReply] | Reply[ChoiceReply],
    changed: bool,
) -> Provenance:
    """Who wrote a draft now, and what it cost."""
    counted = replace(
        provenance,
        input_tokens=provenance.input_tokens + reply.input_tokens,
        output_tokens=provenance.output_tokens + reply.output_tokens,
    )
    if not changed:
        return counted
    told = f"{provenance.prompt} {prompt.fingerprint}"
    return replace(counted, origin="mixed", model=model.name, prompt=told)


def sign_choice(
    provenance: Provenance, model: Model, prompt: Prompt, reply: Reply[ChoiceReply]
) -> Provenance:
    """Who wrote a recap whose answer a model chose."""
    return _sign(provenance, model, prompt, reply, True)


def _broken(verdicts: tuple[Verdict, ...]) -> frozenset[str]:
    return frozenset(verdict.clause for verdict in verdicts if verdict.holds is False)
