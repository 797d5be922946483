"""Rewords follow-up questions: a model says them, code puts the pair's own words back in."""

import re
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field

from coach.coaching.brief import Brief, Material
from coach.coaching.contract import check_follow_ups
from coach.coaching.contract.exhibit import own_quotes, own_texts, quoted
from coach.coaching.drafts import FollowUps
from coach.coaching.writer.sheet import Sheet
from coach.coaching.writer.wording import question_for
from coach.knowledge.wording.tongues import ENGLISH
from coach.llm.asking import Asking
from coach.llm.faults import LLMFault

_PLACE = re.compile(r"\{(\d+)\}")


class QuestionWords(BaseModel):
    """One question reworded, by its number."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    text: str = Field(max_length=600)


class QuestionsReply(BaseModel):
    """All that the model may write of a set of questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    questions: tuple[QuestionWords, ...] = Field(max_length=10)


@dataclass(frozen=True, slots=True)
class Held:
    """A question with places where the pair's own words stood."""

    text: str
    words: tuple[str, ...]


def hold_words(text: str, own: tuple[str, ...]) -> Held:
    """A question without the pair's own words, which stay here and are put back later."""
    kept = list[str]()
    for words in own_quotes(text, own):
        if quoted(words) in text:
            kept.append(words)
            text = text.replace(quoted(words), f"{{{len(kept)}}}")
    return Held(text, tuple(kept))


def put_back(text: str, held: Held, sheet: Sheet) -> str | None:
    """A reworded question with the pair's own words whole again; None when it may not stand."""
    places = [int(number) for number in _PLACE.findall(text)]
    if sorted(places) != list(range(1, len(held.words) + 1)):
        return None
    # Judged with a plain word in each place: what the pair wrote itself is not on trial.
    bare = question_for(
        _PLACE.sub("it" if sheet.language == ENGLISH else "x", text), sheet, held.text
    )
    if bare is None:
        return None
    plain = " ".join(text.split())
    return _PLACE.sub(lambda match: quoted(held.words[int(match[1]) - 1]), plain)


async def reword(
    composed: FollowUps, brief: Brief, material: Material, sheet: Sheet, asking: Asking
) -> tuple[FollowUps, int]:
    """The questions in a model's words as far as each keeps the contract clean, and how many."""
    own = own_texts(brief)
    held = [hold_words(question.text, own) for question in composed.questions]
    drafts = [
        f"({question.purpose}, asked by the {question.asked_by}) {sheet.show(one.text)}"
        for question, one in zip(composed.questions, held, strict=True)
    ]
    found: list[tuple[FollowUps, int]] = []

    def judge(reply: QuestionsReply) -> str | None:
        draft, count = _put_in(reply, composed, held, (brief, material, sheet))
        if not count:
            return "No question keeps its places and the rules, with words the material uses."
        found.append((draft, count))
        return None

    try:
        messages = asking.model.prompts["follow_ups"].render(**sheet.shown, drafts=drafts)
        await asking.ask(messages, QuestionsReply, judge)
    except LLMFault:
        return composed, 0
    return found[-1]


def _put_in(
    reply: QuestionsReply,
    composed: FollowUps,
    held: list[Held],
    against: tuple[Brief, Material, Sheet],
) -> tuple[FollowUps, int]:
    brief, material, sheet = against
    failing = {v.clause for v in check_follow_ups(composed, brief, material) if v.holds is False}
    draft, count = composed, 0
    for words in {one.number: one for one in reply.questions}.values():
        if not 1 <= words.number <= len(held):
            continue
        text = put_back(words.text, held[words.number - 1], sheet)
        if text is None:
            continue
        questions = list(draft.questions)
        questions[words.number - 1] = replace(questions[words.number - 1], text=text, frame_id=None)
        trial = replace(draft, questions=tuple(questions), language=sheet.language)
        verdicts = check_follow_ups(trial, brief, material)
        if all(v.holds is not False or v.clause in failing for v in verdicts):
            draft, count = trial, count + 1
    return draft, count
