"""The clauses about an agenda's sources and procedures: AG10-AG12, AG23."""

from collections.abc import Iterator

from coach.coaching.boundaries import dangling_opener
from coach.coaching.contract.evidence import (
    citation_faults,
    cited_passage,
    cited_sentences,
    evidence_of,
    is_whole,
    unsupported,
)
from coach.coaching.contract.exhibit import Exhibit, decide, plain, short
from coach.coaching.contract.texts import agenda_citations, name_of, steps_of
from coach.coaching.drafts import Agenda, AgendaBlock, AgendaStep, LibraryCitation, Verdict
from coach.knowledge.documents import Passage

MUST_CITE = ("do", "show", "explain")
# What a block can hold: so many steps of a procedure, each of so many characters.
MOST_STEPS, LONGEST_STEP = 9, 400


def ag10_steps_cite_the_library(exhibit: Exhibit[Agenda]) -> Verdict:
    """Every do, show or explain step cites a passage, and every quote stands where it says."""
    faults = [f"the {step.kind} step “{short(step.text)}” of {name_of(block)} cites no passage"
              for block, step in steps_of(exhibit.draft, MUST_CITE)
              if not any(isinstance(one, LibraryCitation) for one in step.citations)]  # fmt: skip
    faults += _citation_faults(exhibit)
    return decide("AG10", faults, "every step cites what it was offered, word for word")


def _citation_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    listed = {source.document_id for source in exhibit.draft.sources}
    for where, citation in agenda_citations(exhibit.draft):
        for fault in citation_faults(citation, exhibit.brief, exhibit.material):
            yield f"{where} {fault}"
        if isinstance(citation, LibraryCitation) and citation.document_id not in listed:
            yield f"“{citation.document_title}” is cited but not among the sources"


def ag11_steps_say_what_they_cite(exhibit: Exhibit[Agenda]) -> Verdict:
    """No step states what its own citations do not carry."""
    return decide("AG11", _support_faults(exhibit), "every step is carried by what it cites")


def _support_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    for block, step in steps_of(exhibit.draft, (*MUST_CITE, "say")):
        if step.kind == "say" and not step.citations:
            continue
        evidence = evidence_of(step.citations, exhibit.brief, exhibit.material)
        for sentence in unsupported(step.text, evidence):
            yield f"{name_of(block)} says “{short(sentence)}”, which its citation does not carry"


def ag12_old_sources_are_marked(exhibit: Exhibit[Agenda]) -> Verdict:
    """Cited documents are inside their review date, or the block says that they need a check."""
    return decide("AG12", _age_faults(exhibit), "every cited document is fresh or marked")


def _age_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    for block, step in steps_of(exhibit.draft):
        for citation in step.citations:
            passage = cited_passage(citation, exhibit.material)
            if passage is None or block.needs_check:
                continue
            is_late = passage.review_by is not None and passage.review_by < exhibit.draft.date
            if is_late or passage.state == "needs_check":
                name = f"{name_of(block)} cites “{passage.document_title}”"
                yield f"{name}, which is due for a check, and is not marked"


def ag23_procedures_are_whole(exhibit: Exhibit[Agenda]) -> Verdict:
    """Procedures are complete and in source order; sentences are whole and stand alone."""
    faults = [
        *_missing_procedure(exhibit),
        *_procedure_faults(exhibit),
        *_repeats(exhibit.draft),
        *_sentence_faults(exhibit),
    ]
    return decide("AG23", faults, "procedures are complete, in order, in whole sentences")


def _missing_procedure(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    """What the mentee does is a procedure of the lesson, whenever it has one that fits."""
    lesson = exhibit.material.tech
    blocks = [block for block in exhibit.draft.blocks if block.kind == "hands_on"]
    if lesson is None or not blocks or exhibit.draft.dropped:
        return
    short_enough = (
        0 < len(passage.sentences) <= MOST_STEPS
        and all(span.end - span.start <= LONGEST_STEP for span in passage.sentences)
        for passage in lesson.of("steps")
    )
    if any(short_enough) and not any(step.kind == "do" for b in blocks for step in b.steps):
        yield f"{name_of(blocks[0])} shows none of the steps of “{lesson.title}”"


def _procedure_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    was_cut = bool(exhibit.draft.dropped)
    for kind in ("do", "show"):
        for passage, done in _procedures(exhibit, kind).items():
            source = exhibit.material.offered[passage]
            name = f"the {kind} steps of “{source.lesson}”"
            if done != sorted(done):
                yield f"{name} are not in the order of the source"
            if len(done) != len(set(done)):
                yield f"{name} repeat a step"
            expected = len(set(done)) if was_cut else len(source.sentences)
            if kind == "do" and set(done) != set(range(expected)):
                yield f"{name} leave out {len(source.sentences) - len(set(done))} steps"


def _procedures(exhibit: Exhibit[Agenda], kind: str) -> dict[str, list[int]]:
    """The numbers of the steps that are taken of each procedure, in the agenda's order."""
    found: dict[str, list[int]] = {}
    for _, step in steps_of(exhibit.draft, (kind,)):
        for citation in step.citations:
            passage = cited_passage(citation, exhibit.material)
            if isinstance(citation, LibraryCitation) and passage and passage.kind == "steps":
                found.setdefault(passage.id, []).extend(cited_sentences(citation, passage))
    return found


def _repeats(agenda: Agenda) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for block in agenda.blocks:
        in_block: set[str] = set()
        for step in block.steps:
            text = plain(step.text)
            if text in in_block or (step.kind in MUST_CITE and (step.kind, text) in seen):
                yield f"{name_of(block)} repeats “{short(step.text)}”"
            in_block.add(text)
            seen.add((step.kind, text))


def _sentence_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    for block in exhibit.draft.blocks:
        before: AgendaStep | None = None
        for step in block.steps:
            yield from _cut_quotes(exhibit, block, step)
            if dangling_opener(step.text) and not _follows(exhibit, before, step):
                yield f"{name_of(block)} opens “{short(step.text)}” on something not said before"
            before = step


def _cut_quotes(exhibit: Exhibit[Agenda], block: AgendaBlock, step: AgendaStep) -> Iterator[str]:
    for citation in step.citations:
        passage = cited_passage(citation, exhibit.material)
        if not isinstance(citation, LibraryCitation) or passage is None:
            continue
        if not is_whole(citation, passage, _meaning_starts(passage)):
            yield f"{name_of(block)} cuts the sentence “{short(citation.quote)}”"


def _meaning_starts(passage: Passage) -> tuple[int, ...]:
    """Where the meanings begin in a passage of definitions ("term: meaning")."""
    if passage.kind != "words":
        return ()
    colons = (passage.text.find(": ", span.start, span.end) for span in passage.sentences)
    return tuple(colon + 2 for colon in colons if colon >= 0)


def _follows(exhibit: Exhibit[Agenda], before: AgendaStep | None, step: AgendaStep) -> bool:
    """Whether a step quotes the sentence right after the one quoted before it."""
    if before is None:
        return False
    last, first = _places(exhibit, before), _places(exhibit, step)
    return bool(last and first) and (last[-1][0], last[-1][1] + 1) == first[0]


def _places(exhibit: Exhibit[Agenda], step: AgendaStep) -> list[tuple[str, int]]:
    places = []
    for citation in step.citations:
        passage = cited_passage(citation, exhibit.material)
        if isinstance(citation, LibraryCitation) and passage is not None:
            places += [(passage.id, number) for number in cited_sentences(citation, passage)]
    return places
