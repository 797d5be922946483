"""Ties statements to passages: citations word for word, and the verdict on a paraphrase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from coach.coaching.drafts.parts import Citation, LibraryCitation
from coach.coaching.evidence import (
    Evidence,
    EvidenceSentence,
    best_window,
    compared_stems,
    longest_run,
    read_evidence,
    stands_in,
    whole_words,
)
from coach.coaching.guards import failed_guards
from coach.errors import CoachError
from coach.knowledge.documents import Passage
from coach.knowledge.wording.sentences import dangling_opener

StatementVerdict = Literal["VERBATIM", "SUPPORTED", "CONFLICT", "WEAK", "UNSUPPORTED"]
SUPPORTED_FROM = 0.75
WEAK_FROM = 0.50
_LEANS_FROM = 0.50
_LONGEST_REMEMBERED = 4_000


class QuoteNotFound(CoachError):
    """The words are not in the passage as whole words."""

    status = 422
    title = "These words do not stand in the passage they are quoted from."


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one statement, its support (0..1) and the guards it trips."""

    verdict: StatementVerdict
    support: float
    failed_guards: tuple[str, ...] = ()

    @property
    def grounded(self) -> bool:
        """Whether the statement may stand in a draft."""
        return self.verdict in ("VERBATIM", "SUPPORTED")


def judge(statement: str, evidence: tuple[str, ...]) -> Judgement:
    """The verdict on a statement against the passages it cites."""
    if len(statement) + sum(map(len, evidence)) <= _LONGEST_REMEMBERED:
        return _remembered(statement, evidence)
    return _judge(statement, evidence)


def cite(passage: Passage, quote: str) -> LibraryCitation:
    """The citation of exactly these words, or QuoteNotFound."""
    start = _place(passage.text, quote)
    if start < 0:
        raise QuoteNotFound(f"The passage {passage.id} does not say these words as they stand.")
    return LibraryCitation(
        document_id=passage.document_id,
        document_title=passage.document_title,
        passage_id=passage.id,
        start=start,
        end=start + len(quote),
        quote=quote,
    )


def holds(
    citation: Citation,
    passages: Mapping[str, Passage],
    notes: Mapping[str, str] | None = None,
) -> bool:
    """Whether a citation names a known passage (or note) and quotes it word for word."""
    if not citation.quote.strip() or not 0 <= citation.start < citation.end:
        return False
    if not isinstance(citation, LibraryCitation):
        text = (notes or {}).get(citation.note_id, "")
        return text[citation.start : citation.end] == citation.quote
    passage = passages.get(citation.passage_id)
    if passage is None:
        return False
    named = (passage.document_id, passage.document_title)
    if named != (citation.document_id, citation.document_title):
        return False
    return passage.text[citation.start : citation.end] == citation.quote


def quotation_for(statement: str, passages: Sequence[Passage]) -> LibraryCitation | None:
    """The whole library sentence a statement leans on most, or None when it leans on none."""
    stems = frozenset(compared_stems(statement))
    best: tuple[float, LibraryCitation | None] = (0.0, None)
    for passage in passages:
        for span in passage.sentences:
            quote = passage.text[span.start : span.end]
            score = _leaning(stems, quote)
            if score > best[0] and not dangling_opener(quote):
                best = (score, _cited(passage, span.start, span.end))
    return best[1]


def _cited(passage: Passage, start: int, end: int) -> LibraryCitation:
    quote = passage.text[start:end]
    return LibraryCitation(
        passage.document_id, passage.document_title, passage.id, start, end, quote
    )


def _leaning(stems: frozenset[str], quote: str) -> float:
    """How much a statement leans on a sentence; 0.0 below half of its content words."""
    found = read_evidence(quote).unigrams
    shared = len(stems & found)
    if shared < min(2, len(stems)) or not shared or shared / len(stems) < _LEANS_FROM:
        return 0.0
    return 0.75 * shared / len(stems) + 0.25 * shared / len(found)


def _place(text: str, quote: str) -> int:
    """Where the quote stands in the text as whole words, or -1."""
    place = text.find(quote) if quote.strip() else -1
    while place >= 0 and not whole_words(text, place, place + len(quote)):
        place = text.find(quote, place + 1)
    return place


@lru_cache(maxsize=8_192)
def _remembered(statement: str, evidence: tuple[str, ...]) -> Judgement:
    return _judge(statement, evidence)


def _judge(statement: str, evidence: tuple[str, ...]) -> Judgement:
    read = [read_evidence(text) for text in evidence]
    if any(stands_in(statement, one) for one in read):
        return Judgement("VERBATIM", 1.0)
    # What runs on for pages is no statement: it is quoted whole or it is not grounded.
    stems = compared_stems(statement) if len(statement) <= _LONGEST_REMEMBERED else ()
    sentences = [sentence for one in read for sentence in one.sentences]
    if not stems or not sentences:
        return Judgement("UNSUPPORTED", 0.0)
    support = _support(stems, read)
    failed = failed_guards(statement, stems, read, _best(frozenset(stems), sentences))
    return Judgement(_verdict(support, failed), round(support, 4), failed)


def _verdict(support: float, failed: tuple[str, ...]) -> StatementVerdict:
    if support < WEAK_FROM:
        return "UNSUPPORTED"
    if failed:
        return "CONFLICT"
    return "SUPPORTED" if support >= SUPPORTED_FROM else "WEAK"


def _support(stems: tuple[str, ...], read: Sequence[Evidence]) -> float:
    """.45 words + .25 neighbouring words + .15 best two sentences + .15 longest run."""
    wanted = frozenset(stems)
    known = frozenset[str]().union(*(one.unigrams for one in read))
    single = len(wanted & known) / len(wanted)
    pairs = frozenset(zip(stems, stems[1:], strict=False))
    joined = frozenset[tuple[str, str]]().union(*(one.bigrams for one in read))
    double = len(pairs & joined) / len(pairs) if pairs else single
    window = max(best_window(wanted, one) for one in read)
    run = max(longest_run(stems, one) for one in read) / len(stems)
    return 0.45 * single + 0.25 * double + 0.15 * window + 0.15 * run


def _best(stems: frozenset[str], sentences: Sequence[EvidenceSentence]) -> EvidenceSentence:
    """The sentence that shares most with the statement; of equals the one that says least else."""
    return max(sentences, key=lambda one: (len(one.stems & stems), -len(one.stems)))
