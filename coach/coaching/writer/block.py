"""One block of an agenda as the model words it, set into what code keeps of the composer's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from langchain_core.messages import BaseMessage
from pydantic import BaseModel, ConfigDict, Field

from coach.coaching.brief import Brief, Material
from coach.coaching.composer.lines import MOST_LINES
from coach.coaching.contract.exhibit import plain
from coach.coaching.contract.families import done_today, mentions
from coach.coaching.contract.headwords import is_known, known_terms, terms_in
from coach.coaching.drafts import Agenda, AgendaBlock, AgendaStep, LibraryCitation
from coach.coaching.writer.sheet import Sheet
from coach.coaching.writer.wording import question_for, statement_for, title_for
from coach.knowledge.documents import Headword
from coach.knowledge.wording.tongues import ENGLISH
from coach.llm.prompts import Prompt

_OTHERS = ("check_in", "review")  # in English the composer asks as well here
WRITABLE = ("demo", "hands_on", "explore", "teach_back", "swap", "reflection")
_SET_BY_CODE = ("steps", "words", "safe_use")
_MOST_OWN = 3


class StepWords(BaseModel):
    """One line of a block: a line kept, or a line of the model's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    keep: int = Field(description="Number of the line kept, 0 for a line of your own.")
    kind: Literal["say", "ask", "explain", "show"]
    text: str = Field(max_length=1_000)
    passage: int = Field(description="Number of the passage that says it, 0 for a question.")
    quote: str = Field(max_length=1_000, description="The words of the passage, letter for letter.")


class BlockReply(BaseModel):
    """All that the model may write of one block."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str = Field(max_length=200)
    steps: tuple[StepWords, ...] = Field(max_length=20)


@dataclass(frozen=True, slots=True)
class Terms:
    """Which technical terms a block may use: those known, or met before it."""

    headwords: Mapping[str, Headword]
    known: frozenset[tuple[str, ...]]

    def allow(self, text: str, before: Sequence[AgendaStep]) -> bool:
        """Whether every term of a text is known or met, in earlier blocks or in these lines."""
        new = [t for t in terms_in(text, self.headwords) if not is_known(t, self.known)]
        met = terms_in(" ".join(step.text for step in before), self.headwords) if new else ()
        return all(term in met for term in new)


def terms_before(agenda: Agenda, place: int, brief: Brief, material: Material) -> Terms:
    """The terms that a block at this place may use."""
    texts = [step.text for block in agenda.blocks[:place] for step in block.steps]
    met = terms_in(" ".join(texts), material.headwords)
    known = known_terms((*brief.mentee.known_words, *met))
    return Terms(material.headwords, known)


def ask_for_block(prompt: Prompt, sheet: Sheet, block: AgendaBlock) -> list[BaseMessage]:
    """The request that shows a block as it stands."""
    lines = [f"({step.kind}) {sheet.show(step.text)}" for step in block.steps]
    return prompt.render(
        **sheet.shown,
        kind=block.kind.replace("_", " "),
        lead=block.lead,
        title=sheet.show(block.title),
        lines=lines,
        fitting=sheet.numbers(sheet.fitting(block.kind)),
    )


def has_room(block: AgendaBlock, material: Material, language: str = ENGLISH) -> bool:
    """Whether a model may word this block and has room for a line of its own."""
    fixed = sum(is_set(step, material) for step in block.steps)
    is_worded = block.kind in WRITABLE or (language != ENGLISH and block.kind in _OTHERS)
    return is_worded and fixed < MOST_LINES


def word_block(
    reply: BlockReply, block: AgendaBlock, terms: Terms, sheet: Sheet, material: Material
) -> AgendaBlock | None:
    """The block in the model's words as far as they may stand; None when none of them may."""
    own: list[AgendaStep] = []
    merged: list[AgendaStep] = []
    place = 0
    for words in reply.steps:
        if words.keep:
            if place < words.keep <= len(block.steps):
                merged += [s for s in block.steps[place : words.keep - 1] if is_set(s, material)]
                merged.append(block.steps[words.keep - 1])
                place = words.keep
        elif len(own) < _MOST_OWN and (step := _step(words, block.kind, sheet)):
            if terms.allow(step.text, merged):
                own.append(step)
                merged.append(step)
    merged += [step for step in block.steps[place:] if is_set(step, material)]
    steps = _fitting(merged, own, material)
    kept = [step for step in steps if step in own]
    if not kept:
        return None
    title = title_for(reply.title, sheet) or block.title
    title = title if terms.allow(title, ()) else block.title
    return _with_steps(replace(block, title=title), steps, material)


def is_set(step: AgendaStep, material: Material) -> bool:
    """Whether a line of the composer's must stay, whoever words the rest of its block."""
    if step.kind in ("do", "decide") or step.origin == "pair" or step.concept is not None:
        return True
    if step.kind == "ask" and mentions(step.text, done_today()):
        return True
    cited = [one for one in step.citations if isinstance(one, LibraryCitation)]
    return any(material.offered[one.passage_id].kind in _SET_BY_CODE for one in cited)


def _step(words: StepWords, kind_of_block: str, sheet: Sheet) -> AgendaStep | None:
    if words.kind == "ask":
        asked = question_for(words.text, sheet)
        return AgendaStep("ask", asked, "model") if asked else None
    found = statement_for(
        words.text, words.passage, words.quote, sheet, sheet.fitting(kind_of_block)
    )
    if found is None:
        return None
    text, citation = found
    kind = "explain" if words.kind == "say" else words.kind
    return AgendaStep(kind, text, "quotation" if text == citation.quote else "model", (citation,))


def _fitting(
    merged: Sequence[AgendaStep], own: Sequence[AgendaStep], material: Material
) -> list[AgendaStep]:
    """The lines without repeats; what code need not keep goes first when there are too many."""
    steps: list[AgendaStep] = []
    said: set[str] = set()
    for step in merged:
        if plain(step.text) not in said:
            said.add(plain(step.text))
            steps.append(step)
    spare = [step for step in steps if step not in own and not is_set(step, material)]
    for step in reversed([*own, *spare]):
        if len(steps) > MOST_LINES and step in steps:
            steps.remove(step)
    return steps


def _with_steps(block: AgendaBlock, steps: Sequence[AgendaStep], material: Material) -> AgendaBlock:
    cited = [c for step in steps for c in step.citations if isinstance(c, LibraryCitation)]
    states = {material.offered[c.passage_id].state for c in cited}
    return replace(block, steps=tuple(steps), needs_check="needs_check" in states)
