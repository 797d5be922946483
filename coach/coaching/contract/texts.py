"""The texts of a draft that a person reads, each with the name of its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from coach.coaching.drafts import Agenda, AgendaBlock, AgendaStep, Citation, Recap


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text a person reads, and where it stands in words a person understands."""

    where: str
    text: str


def name_of(block: AgendaBlock) -> str:
    """A block by its kind and title."""
    return f"{block.kind.replace('_', ' ')} “{block.title}”"


def steps_of(
    agenda: Agenda, kinds: tuple[str, ...] = (), blocks: tuple[str, ...] = ()
) -> Iterator[tuple[AgendaBlock, AgendaStep]]:
    """The steps of these kinds in blocks of these kinds, in order, each with its block."""
    for block in agenda.blocks:
        if not blocks or block.kind in blocks:
            for step in block.steps:
                if not kinds or step.kind in kinds:
                    yield block, step


def block_texts(block: AgendaBlock) -> Iterator[Spoken]:
    """What a person reads of one block."""
    where = name_of(block)
    yield Spoken(f"the title of {where}", block.title)
    yield Spoken(f"the outcome of {where}", block.outcome)
    for number, step in enumerate(block.steps, start=1):
        yield Spoken(f"step {number} of {where}", step.text)


def frame_texts(agenda: Agenda) -> Iterator[Spoken]:
    """What a person reads of an agenda outside its blocks."""
    yield Spoken("the purpose", agenda.purpose)
    for promise in agenda.promises:
        yield Spoken(f"the {promise.owner}'s promise", promise.text)
        yield Spoken(f"the day of the {promise.owner}'s promise", promise.when)
    for owner, tasks in (("mentor", agenda.prep.mentor), ("mentee", agenda.prep.mentee)):
        for task in tasks:
            yield Spoken(f"the {owner}'s preparation", task.text)
    for text in agenda.adaptations:
        yield Spoken("the adaptations", text)
    for gap in agenda.gaps:
        yield Spoken("a gap", gap.text)
    for dropped in agenda.dropped:
        yield Spoken("what was dropped", dropped.title)


def agenda_texts(agenda: Agenda) -> Iterator[Spoken]:
    """Everything a person reads of an agenda, in reading order."""
    yield from frame_texts(agenda)
    for block in agenda.blocks:
        yield from block_texts(block)


def agenda_citations(agenda: Agenda) -> Iterator[tuple[str, Citation]]:
    """Every citation of an agenda with the name of its place."""
    for block in agenda.blocks:
        for number, step in enumerate(block.steps, start=1):
            for citation in step.citations:
                yield f"step {number} of {name_of(block)}", citation
    for owner, tasks in (("mentor", agenda.prep.mentor), ("mentee", agenda.prep.mentee)):
        for task in tasks:
            for citation in task.citations:
                yield f"the {owner}'s preparation", citation


@dataclass(frozen=True, slots=True)
class Claim:
    """A text that states something, and what it cites for it."""

    where: str
    text: str
    citations: tuple[Citation, ...]


def recap_claims(recap: Recap) -> Iterator[Claim]:
    """The texts of a recap that state facts, each with its citations."""
    if not recap.refused:
        yield Claim("the answer", recap.answer.text, recap.answer.citations)
    for number, cited in enumerate(recap.what_we_did, start=1):
        yield Claim(f"line {number} of what you did", cited.text, cited.citations)
    for number, idea in enumerate(recap.key_ideas, start=1):
        yield Claim(f"key idea {number}", idea.explanation, idea.citations)
        if idea.common_slip is not None:
            slip = idea.common_slip
            yield Claim(f"the slip of key idea {number}", slip.text, slip.citations)
    for step in recap.steps:
        yield Claim(f"step {step.number}", step.action, step.citations)
    for word in recap.words_to_know:
        yield Claim(f"the meaning of “{word.word}”", word.meaning, word.citations)
    if recap.mentee_gave is not None:
        yield Claim("what the mentee gave", recap.mentee_gave.text, recap.mentee_gave.citations)


def explanation_texts(recap: Recap) -> Iterator[Spoken]:
    """The part of a recap that explains: answer, ideas, slips and comparisons."""
    yield Spoken("the answer", recap.answer.text)
    for number, idea in enumerate(recap.key_ideas, start=1):
        yield Spoken(f"the name of key idea {number}", idea.idea)
        yield Spoken(f"key idea {number}", idea.explanation)
        if idea.common_slip is not None:
            yield Spoken(f"the slip of key idea {number}", idea.common_slip.text)
        if idea.comparison:
            yield Spoken(f"the comparison of key idea {number}", idea.comparison)


def recap_texts(recap: Recap) -> Iterator[Spoken]:
    """What is read through of a recap: without stored promises, gaps and answers kept for later."""
    yield from explanation_texts(recap)
    for number, cited in enumerate(recap.what_we_did, start=1):
        yield Spoken(f"line {number} of what you did", cited.text)
    for step in recap.steps:
        yield Spoken(f"step {step.number}", step.action)
    for word in recap.words_to_know:
        yield Spoken(f"the meaning of “{word.word}”", f"{word.word}: {word.meaning}")
    yield from _practice_texts(recap)


def _practice_texts(recap: Recap) -> Iterator[Spoken]:
    if recap.try_it is not None:
        yield Spoken("the thing to try", f"{recap.try_it.task} {recap.try_it.when}")
    for number, recall in enumerate(recap.recall_questions, start=1):
        yield Spoken(f"recall question {number}", recall.question)
    if recap.teach_back:
        yield Spoken("the teach-back", recap.teach_back)
    if recap.mentee_gave is not None:
        yield Spoken("what the mentee gave", recap.mentee_gave.text)
    if recap.mentor_growth:
        yield Spoken("the mentor's growth", recap.mentor_growth)


def all_recap_texts(recap: Recap) -> Iterator[Spoken]:
    """Everything of a recap that its reader can come to see."""
    yield from recap_texts(recap)
    if recap.question:
        yield Spoken("the question", recap.question)
    for number, recall in enumerate(recap.recall_questions, start=1):
        yield Spoken(f"the answer to recall question {number}", recall.answer)
    for commitment in recap.commitments:
        yield Spoken("a promise", commitment.text)
    for gap in recap.not_covered:
        yield Spoken("a gap", gap.text)


def reading_text(recap: Recap) -> str:
    """The running text of a recap, whose words RC10 counts."""
    return "\n".join(spoken.text for spoken in recap_texts(recap))
