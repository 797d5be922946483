"""Lets a model put one block of an agenda into better words, and keeps what code accepts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from coach.coaching.brief import Brief, Material, own_words
from coach.coaching.drafts import AgendaBlock, AgendaStep, LibraryCitation
from coach.coaching.grounding import QuoteNotFound, cite
from coach.coaching.writer.accepting import Ground, build_ground, refuse
from coach.coaching.writer.forms import BlockReply, StepWords
from coach.knowledge.documents import Passage
from coach.llm.asking import Model, Reply
from coach.llm.prompts import Prompt, Rendered

# Blocks whose words are a person's own, or an agreement: a model has no say in them.
OPEN_KINDS = frozenset({"demo", "hands_on", "explore", "teach_back", "swap", "reflection"})
_REWORDED = frozenset({"ask", "say", "decide"})
# What a quotation may be exchanged for; a procedure stays as it is, whole and in order.
_EXCHANGED = frozenset({"idea", "text", "example", "other_words", "check", "tip"})
_NOTHING = "not stated"
_NAMES = {
    "hands_on": "hands-on practice",
    "teach_back": "telling it back",
    "swap": "swapping roles",
}
TURNS = 2


@dataclass(frozen=True)
class Wording:
    """A block with whatever was accepted, and what the model's turns cost."""

    block: AgendaBlock
    accepted: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class BlockDesk:
    """What is needed to word one block: the pair, the material and the prompt."""

    brief: Brief
    material: Material
    prompt: Prompt

    def passages_for(self, block: AgendaBlock) -> tuple[Passage, ...]:
        """The passages of this block's lesson that may be quoted in place of another."""
        lesson = self.material.career if block.kind == "swap" else self.material.tech
        return lesson.of(*sorted(_EXCHANGED)) if lesson else ()


def is_open(block: AgendaBlock) -> bool:
    """Whether a model may word anything in this block."""
    return block.kind in OPEN_KINDS and any(map(_is_reworded, block.steps))


async def word_block(model: Model, desk: BlockDesk, block: AgendaBlock) -> Wording:
    """The block with the words a model proposed and code accepted; raises LLMFault.

    What was refused goes back once with its reason; what is refused again stays as it was.
    """
    passages = desk.passages_for(block)
    ground = build_ground(desk.brief, (passage.text for passage in passages))
    wording = Wording(block)
    refused: tuple[str, ...] = ()
    for _ in range(TURNS):
        rendered = render_block(desk, wording.block, passages, refused)
        reply = await model.ask(rendered, BlockReply)
        wording, refused = _take(wording, reply, passages, ground)
        if not refused:
            break
    return wording


def render_block(
    desk: BlockDesk, block: AgendaBlock, passages: Sequence[Passage], refused: Sequence[str] = ()
) -> Rendered:
    """The request for one block; names of people are in none of it."""
    brief = desk.brief
    steps = [
        {"number": number, "mark": _mark(step), "text": step.text}
        for number, step in enumerate(block.steps, 1)
    ]
    rendered = desk.prompt.render(
        block=_NAMES.get(block.kind, block.kind),
        minutes=block.minutes,
        leader="both" if block.lead == "both" else f"the {block.lead}",
        goal=own_words(brief.focus_goal) if brief.focus_goal else _NOTHING,
        career=own_words(brief.career_goal) if brief.career_goal else _NOTHING,
        wish=brief.wish or _NOTHING,
        level=brief.level or _NOTHING,
        steps=steps,
        passages=[{"number": n, "text": p.text} for n, p in enumerate(passages, 1)],
    )
    if not refused:
        return rendered
    told = "\n".join(refused)
    return replace(rendered, request=f"{rendered.request}\n\nRefused before:\n{told}")


def _mark(step: AgendaStep) -> str:
    if _is_reworded(step):
        return "open"
    return "quotation" if _is_exchanged(step) else "fixed"


def _is_reworded(step: AgendaStep) -> bool:
    return step.origin != "quotation" and step.kind in _REWORDED and not step.citations


def _is_exchanged(step: AgendaStep) -> bool:
    return step.kind == "explain" and step.origin == "quotation" and not step.is_new


def _take(
    before: Wording, reply: Reply[BlockReply], passages: Sequence[Passage], ground: Ground
) -> tuple[Wording, tuple[str, ...]]:
    """The block with what may stand, and why the rest may not."""
    steps = list(before.block.steps)
    refused: list[str] = []
    accepted = 0
    for words in reply.words.steps:
        if not 1 <= words.number <= len(steps):
            continue
        found, reason = _new_step(steps[words.number - 1], words, passages, ground)
        if found is not None:
            steps[words.number - 1] = found
            accepted += 1
        elif reason:
            refused.append(f"Step {words.number}: {reason}.")
    block = replace(before.block, steps=tuple(steps))
    return Wording(
        block,
        before.accepted + accepted,
        before.input_tokens + reply.input_tokens,
        before.output_tokens + reply.output_tokens,
    ), tuple(refused)


def _new_step(
    step: AgendaStep, words: StepWords, passages: Sequence[Passage], ground: Ground
) -> tuple[AgendaStep | None, str]:
    """The step in other words, or None with the reason."""
    text = " ".join(words.text.split())
    if text == step.text:
        return None, ""
    if _is_reworded(step):
        reason = refuse(text, step.text, ground)
        return (None, reason) if reason else (replace(step, text=text, origin="model"), "")
    if not _is_exchanged(step):
        return None, "this step is fixed"
    for passage in _offered(words.passage, passages):
        if text in passage.quotes():
            cited: tuple[LibraryCitation, ...] = (_cite(passage, text),)
            return replace(step, text=text, citations=cited), ""
    return None, "copy one whole sentence of a passage word for word, with its number"


def _offered(number: int, passages: Sequence[Passage]) -> Iterator[Passage]:
    if 1 <= number <= len(passages):
        yield passages[number - 1]


def _cite(passage: Passage, text: str) -> LibraryCitation:
    try:
        return cite(passage, text)
    except QuoteNotFound:  # a sentence that is cut out of a longer word is quoted by its place
        span = next(s for s in passage.sentences if passage.text[s.start : s.end] == text)
        return LibraryCitation(
            passage.document_id, passage.document_title, passage.id, span.start, span.end, text
        )
