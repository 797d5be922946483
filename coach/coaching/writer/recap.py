"""Words the part of a recap that explains: each sentence grounded, or quoted, or gone."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from coach.coaching.drafts import Citation, Cited, LibraryCitation, Recap, RecapSource, Verdict
from coach.coaching.writer.sheet import Sheet
from coach.coaching.writer.wording import question_for, statement_for
from coach.llm.asking import Asking
from coach.llm.faults import LLMFault

Check = Callable[[Recap], Sequence[Verdict]]
_MOST_ANSWER, _MOST_EXPLANATION = 2, 3


class SentenceWords(BaseModel):
    """One sentence with the passage that says it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str = Field(max_length=1_000)
    passage: int
    quote: str = Field(max_length=1_000)


class RecapReply(BaseModel):
    """All that the model may write of a recap."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: tuple[SentenceWords, ...] = Field(max_length=8)
    explanation: tuple[SentenceWords, ...] = Field(max_length=12)
    teach_back: str = Field(max_length=600)


async def reword_recap(
    composed: Recap, style: str | None, sheet: Sheet, asking: Asking, check: Check
) -> tuple[Recap, int]:
    """The recap in a model's words as far as each part keeps it clean, and how many parts."""
    found: list[tuple[Recap, int]] = []

    def judge(reply: RecapReply) -> str | None:
        recap, count = _put_in(reply, composed, sheet, check)
        if not count:
            return "No part says what a passage says, in short sentences, and keeps the rules."
        found.append((recap, count))
        return None

    explanation = composed.key_ideas[0].explanation if composed.key_ideas else ""
    messages = asking.model.prompts["recap"].render(
        **sheet.shown,
        question=sheet.show(composed.question or "the whole session"),
        style=(style or "plain").replace("_", " "),
        answer=sheet.show(composed.answer.text),
        explanation=sheet.show(explanation),
    )
    try:
        await asking.ask(messages, RecapReply, judge)
    except LLMFault:
        return composed, 0
    return found[-1]


def _put_in(reply: RecapReply, composed: Recap, sheet: Sheet, check: Check) -> tuple[Recap, int]:
    failing = {verdict.clause for verdict in check(composed) if verdict.holds is False}
    recap, count = composed, 0
    for trial in _trials(reply, sheet):
        changed = trial(recap)
        if changed is None or changed == recap:
            continue
        changed = _with_sources(changed)
        if all(v.holds is not False or v.clause in failing for v in check(changed)):
            recap, count = changed, count + 1
    return recap, count


def _trials(reply: RecapReply, sheet: Sheet) -> list[Callable[[Recap], Recap | None]]:
    def answer(recap: Recap) -> Recap | None:
        # What happened in a session is told by its notes alone.
        if not any(isinstance(one, LibraryCitation) for one in recap.answer.citations):
            return None
        told = _told(reply.answer[:_MOST_ANSWER], sheet)
        return replace(recap, answer=told) if told else None

    def explanation(recap: Recap) -> Recap | None:
        told = _told(reply.explanation[:_MOST_EXPLANATION], sheet)
        if told is None or not recap.key_ideas:
            return None
        idea = replace(recap.key_ideas[0], explanation=told.text, citations=told.citations)
        return replace(recap, key_ideas=(idea, *recap.key_ideas[1:]))

    def teach_back(recap: Recap) -> Recap | None:
        asked = question_for(reply.teach_back, sheet)
        if asked is None or not recap.teach_back:
            return None
        return replace(recap, teach_back=asked, language=sheet.language)

    return [answer, explanation, teach_back]


def _told(said: Sequence[SentenceWords], sheet: Sheet) -> Cited | None:
    found = [statement_for(one.text, one.passage, one.quote, sheet, sheet.passages) for one in said]
    kept = {text: citation for text, citation in (one for one in found if one)}
    citations: tuple[Citation, ...] = tuple(dict.fromkeys(kept.values()))
    return Cited(" ".join(kept), citations) if kept else None


def _with_sources(recap: Recap) -> Recap:
    cited = [recap.answer.citations, *(idea.citations for idea in recap.key_ideas)]
    every = [citation for group in cited for citation in group]
    return replace(recap, sources=known_sources(recap.sources, every))


def known_sources(
    sources: Sequence[RecapSource], cited: Sequence[Citation]
) -> tuple[RecapSource, ...]:
    """These sources, and after them the documents that are quoted besides."""
    known = {source.document_id: source for source in sources}
    for citation in cited:
        if isinstance(citation, LibraryCitation):
            title = citation.document_title
            known.setdefault(citation.document_id, RecapSource(citation.document_id, title))
    return tuple(known.values())
