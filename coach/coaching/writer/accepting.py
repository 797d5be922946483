"""Accepts or refuses one text that a model proposes in place of one that ships."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coach.coaching.boundaries import Limits, dangling_opener, drop_reason
from coach.coaching.brief import Brief
from coach.coaching.contract.exhibit import foreign_quotes, own_quotes, own_texts
from coach.coaching.evidence import compared_stems
from coach.coaching.grounding import judge
from coach.coaching.questions import is_leading, question_marks
from coach.knowledge.chunking import split_sentences

SHORTEST, LONGEST = 3, 400
# A question asserts nothing, but most of its words must be the pair's, the topic's or its own.
KNOWN_SHARE = 0.7
_MARKUP = re.compile(r"https?:|www\.|[<>\[\]{}|`\\⟦⟧#*_~]|\S@\S|\b[\w-]+\.(?:com|org|net|io|de)\b")


@dataclass(frozen=True)
class Ground:
    """What a proposed text may draw on: the pair's own words, and the sentences of the topic."""

    own: tuple[str, ...]
    passages: tuple[str, ...]
    limits: Limits


def build_ground(brief: Brief, passages: Iterable[str]) -> Ground:
    """The ground of one block of a draft for this brief's reader."""
    limits = Limits(brief.off_limits, brief.constraints.confidentiality, brief.reader)
    return Ground(own_texts(brief), tuple(passages), limits)


def refuse(text: str, before: str, ground: Ground) -> str | None:
    """Why a text may not stand in place of the one before, as the model is told; None when it may.

    A statement must be supported by the text before, by what the pair wrote or by a passage; a
    question must keep to their words. The pair's own quoted words stay whole.
    """
    if not SHORTEST <= len(text) <= LONGEST or "\n" in text:
        return f"a step is one line of {SHORTEST} to {LONGEST} characters"
    if _MARKUP.search(text):
        return "no links, addresses or markup"
    if foreign_quotes(text, ground.own):
        return "only the people's own words stand in quotation marks, whole"
    if set(own_quotes(before, ground.own)) - set(own_quotes(text, ground.own)):
        return "the people's own words in quotation marks must stay whole"
    if drop_reason(text, ground.limits) is not None:
        return "the words are not fit for this pair"
    if dangling_opener(text):
        return "the step must stand alone"
    return _refuse_claims(text, before, ground)


def _refuse_claims(text: str, before: str, ground: Ground) -> str | None:
    if question_marks(before) and not question_marks(text):
        return "a question must stay a question"
    if question_marks(text) > max(1, question_marks(before)) or is_leading(text):
        return "one open question that suggests no answer"
    evidence = (before, *ground.own, *ground.passages)
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        if sentence.rstrip("”\"'").endswith("?"):
            if not _is_known(sentence, evidence):
                return "a question may bring in nothing new"
        elif not judge(sentence, evidence).grounded:
            return "a statement must be supported by the material, or left as it was"
    return None


def _is_known(question: str, evidence: tuple[str, ...]) -> bool:
    """Whether most content words of a question are known, and all its numbers."""
    known = {stem for text in evidence for stem in compared_stems(text)}
    asked = compared_stems(question)
    if any(stem.isdigit() and stem not in known for stem in asked):
        return False
    return not asked or sum(stem in known for stem in asked) >= KNOWN_SHARE * len(asked)
