"""Whether a citation is where it says, and whether a text says what it cites."""

from collections.abc import Iterator
from functools import lru_cache

from coach.coaching.brief import Brief, Material, NoteSentence
from coach.coaching.contract.exhibit import short
from coach.coaching.drafts import Citation, LibraryCitation, NoteCitation
from coach.coaching.grounding import judge
from coach.knowledge.chunking import split_sentences
from coach.knowledge.documents import Passage


@lru_cache(maxsize=4_096)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, one line never running into the next."""
    lines = (line.strip() for line in text.split("\n"))
    return tuple(
        line[span.start : span.end] for line in lines if line for span in split_sentences(line)
    )


def note_sentences(brief: Brief) -> Iterator[NoteSentence]:
    """The note sentences this reader may see, oldest first."""
    for meeting in brief.meetings:
        yield from meeting.said


def cited_passage(citation: Citation, material: Material) -> Passage | None:
    """The offered passage that a citation names, if it is one."""
    if isinstance(citation, NoteCitation):
        return None
    return material.offered.get(citation.passage_id)


def citation_faults(citation: Citation, brief: Brief, material: Material) -> Iterator[str]:
    """What is wrong with a citation, in words a person understands."""
    if isinstance(citation, NoteCitation):
        yield from _note_faults(citation, brief)
    else:
        yield from _library_faults(citation, material)


def _library_faults(citation: LibraryCitation, material: Material) -> Iterator[str]:
    passage = material.offered.get(citation.passage_id)
    if passage is None:
        yield f"cites passage {citation.passage_id}, which was not offered to this draft"
        return
    if passage.document_id != citation.document_id:
        yield f"names document {citation.document_id} for a passage of {passage.document_id}"
    if passage.document_title != citation.document_title:
        yield f"names the title “{citation.document_title}” for “{passage.document_title}”"
    if passage.state not in ("published", "needs_check"):
        yield f"cites “{passage.document_title}”, which is {passage.state}"
    if not citation.quote or passage.text[citation.start : citation.end] != citation.quote:
        yield f"quotes “{short(citation.quote)}”, which does not stand at that place"


def _note_faults(citation: NoteCitation, brief: Brief) -> Iterator[str]:
    for said in note_sentences(brief):
        inside = said.start <= citation.start < citation.end <= said.end
        if said.note_id == citation.note_id and inside:
            if said.session_number != citation.session_number:
                yield f"puts a note of session {said.session_number} in another session"
            if said.text[citation.start - said.start : citation.end - said.start] != citation.quote:
                yield f"quotes “{short(citation.quote)}”, which does not stand in that note"
            return
    yield f"cites note {citation.note_id}, of which this reader may see nothing at that place"


def evidence_of(
    citations: tuple[Citation, ...], brief: Brief, material: Material
) -> tuple[str, ...]:
    """The texts that these citations lead to: whole passages, or the note's sentences."""
    texts: list[str] = []
    for citation in citations:
        if isinstance(citation, NoteCitation):
            if not list(_note_faults(citation, brief)):
                texts.append(citation.quote)
        elif passage := material.offered.get(citation.passage_id):
            texts.append(passage.text)
    return tuple(dict.fromkeys(texts))


def supports(sentence: str, evidence: tuple[str, ...]) -> bool:
    """Whether the evidence carries a sentence, word for word or nearly so."""
    return bool(evidence) and judge(sentence, evidence).verdict in ("VERBATIM", "SUPPORTED")


def contradicts(sentence: str, evidence: tuple[str, ...]) -> bool:
    """Whether the evidence speaks against a sentence."""
    return bool(evidence) and judge(sentence, evidence).verdict == "CONFLICT"


def unsupported(text: str, evidence: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences of a text that its evidence does not carry."""
    return tuple(sentence for sentence in sentences(text) if not supports(sentence, evidence))


def is_whole(citation: LibraryCitation, passage: Passage, extra: tuple[int, ...] = ()) -> bool:
    """Whether a quote begins and ends where sentences do; `extra` are other places it may begin."""
    starts = {span.start for span in passage.sentences} | set(extra)
    return citation.start in starts and citation.end in {span.end for span in passage.sentences}


def cited_sentences(citation: LibraryCitation, passage: Passage) -> tuple[int, ...]:
    """The numbers, from 0, of the sentences that a quote covers whole."""
    return tuple(
        number
        for number, span in enumerate(passage.sentences)
        if citation.start <= span.start and span.end <= citation.end
    )
