"""Drafts a prep brief for one person: what they may read, what it says, verdicts."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from langchain_core.runnables import Runnable

from coach.coaching.brief import AgendaRequest, Brief, Lesson, Material
from coach.coaching.briefing import build_brief
from coach.coaching.composer.prep import PrepDesk, compose_prep, tech_steps
from coach.coaching.contract.prep_clauses import PrepExhibit, check_prep
from coach.coaching.drafts import Agenda, LibraryCitation, Person, PrepBrief
from coach.coaching.lessons import build_lesson
from coach.coaching.pipeline import Coach, say_fault, say_language, sign, step
from coach.coaching.writer.prep import lay_out, reword_prep
from coach.coaching.writer.sheet import build_sheet
from coach.knowledge.asking import Library
from coach.knowledge.documents import Glossary, LibraryQuery, Passage
from coach.knowledge.markdown import headwords_of
from coach.knowledge.wording.tongues import ENGLISH
from coach.llm.faults import BudgetSpent
from coach.pairs.records import PairRecord

_DEPTH = 12


@dataclass(frozen=True, slots=True)
class PrepRequest:
    """Whose brief for which agenda; `today` is the day the request is made."""

    today: date
    reader: Person
    agenda: Agenda


@dataclass(frozen=True, slots=True)
class PrepWritten:
    """A prep brief with what it was written from."""

    desk: PrepDesk
    prep: PrepBrief

    @property
    def exhibit(self) -> PrepExhibit:
        """The brief beside what it was written from."""
        return PrepExhibit(self.prep, self.desk.brief, self.desk.material, self.desk.agenda)


@dataclass(frozen=True, slots=True)
class PrepAsked:
    """A brief for one reader with the agenda it prepares."""

    brief: Brief
    request: PrepRequest


def prep_pipeline(coach: Coach) -> Runnable[PrepAsked, PrepBrief]:
    """An agenda and its reader go in; a checked prep brief comes out."""

    async def retrieve(asked: PrepAsked) -> PrepDesk:
        return await gather_for_prep(coach, asked)

    async def write(desk: PrepDesk) -> PrepWritten:
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        return PrepWritten(desk, compose_prep(desk, created_at))

    async def reworded(written: PrepWritten) -> PrepWritten:
        return await _reword(coach, written)

    async def hold_contract(written: PrepWritten) -> PrepBrief:
        prep, language = written.prep, written.desk.brief.language
        signed = say_language(prep.provenance, language, prep.language)
        return replace(prep, contract=check_prep(written.exhibit), provenance=signed)

    return step(retrieve) | step(write) | step(reworded) | step(hold_contract)


async def _reword(coach: Coach, written: PrepWritten) -> PrepWritten:
    """The brief in a model's words, as far as there is a model and nobody needs help first."""
    model, desk, composed = coach.model, written.desk, written.prep
    if model is None or desk.brief.crisis:
        return written
    notes = desk.teaching if desk.reader == "mentor" else ()
    sheet = build_sheet(desk.brief, desk.material, desk.frames, model.hide_names, notes)
    laid = lay_out(written.exhibit, sheet, notes)
    try:
        async with model.open(coach.spender, "prep_brief") as asking:
            prep, count = await reword_prep(laid, asking)
            signed = sign(composed.provenance, asking, count, laid.wanted)
    except BudgetSpent as fault:
        prep, signed = composed, replace(composed.provenance, notice=say_fault([fault]))
    return replace(written, prep=replace(prep, provenance=signed))


async def draft_prep(coach: Coach, record: PairRecord, request: PrepRequest) -> PrepBrief:
    """A checked prep brief for this reader alone, written from this agenda."""
    agenda = request.agenda
    coming = AgendaRequest(
        request.today, agenda.minutes, None, agenda.date, session_number=agenda.session_number
    )
    cues = (headword.word for headword in (await coach.library.headwords()).values())
    brief = build_brief(record, coming, request.reader, cues)
    brief = replace(brief, help_contacts=coach.help_contacts, whom=coach.whom_to_ask)
    return await prep_pipeline(coach).ainvoke(PrepAsked(brief, request))


async def gather_for_prep(coach: Coach, asked: PrepAsked) -> PrepDesk:
    """The lesson that the agenda quotes, the notes on teaching, and what words mean."""
    library, agenda = coach.library, asked.request.agenda
    every = [step for block in agenda.blocks for step in block.steps]
    tasks = (*agenda.prep.mentor, *agenda.prep.mentee)
    citations = [*(c for one in every for c in one.citations)]
    citations += [c for task in tasks for c in task.citations]
    cited = [one for one in citations if isinstance(one, LibraryCitation)]
    passages = await _passages(library, cited)
    lesson = await _lesson(library, agenda, passages)
    notes = await _teaching_notes(coach)
    known = [*passages.values(), *notes, *(lesson.passages if lesson else ())]
    headwords = Glossary({**await library.headwords(), **headwords_of(known)})
    known += [headword.passage for headword in headwords.values()]
    material = Material(
        library_version=await library.version(),
        offered={passage.id: passage for passage in known},
        headwords=headwords,
        tech=lesson,
    )
    stale = any(
        one.passage_id not in passages
        or passages[one.passage_id].text[one.start : one.end] != one.quote
        for one in cited
    )
    reader = asked.request.reader
    frames = coach.shelves.of(asked.brief.language).prep
    return PrepDesk(asked.brief, material, frames, agenda, reader, notes, stale)


async def _passages(library: Library, cited: list[LibraryCitation]) -> dict[str, Passage]:
    documents = dict.fromkeys(citation.document_id for citation in cited)
    return {p.id: p for document in documents for p in await library.passages_of(document)}


async def _lesson(library: Library, agenda: Agenda, passages: dict[str, Passage]) -> Lesson | None:
    """The lesson that the steps on technology quote."""
    for one in tech_steps(agenda):
        for citation in one.citations:
            if not isinstance(citation, LibraryCitation):
                continue
            passage = passages.get(citation.passage_id)
            tutorial = passage is not None and passage.document_kind == "tutorial"
            if passage is not None and tutorial and len(passage.heading_path) > 1:
                whole = await library.passages_of(passage.document_id)
                return build_lesson(whole, passage.lesson)
    return None


async def _teaching_notes(coach: Coach) -> tuple[Passage, ...]:
    """The idea of the best note for each thing about teaching that is looked for."""
    found: dict[str, Passage] = {}
    for topic, wanted in coach.shelves.of(ENGLISH).prep.words("teaching").items():
        answer = await coach.library.search(LibraryQuery(wanted, "career", _DEPTH))
        fitting = (hit.passage for hit in answer.hits if topic in hit.passage.topics)
        note = next(fitting, None)
        if note is not None:
            whole = await coach.library.passages_of(note.document_id)
            ideas = [one for one in whole if one.kind == "idea" and one.sentences]
            found |= {one.id: one for one in ideas[:1]}
    return tuple(found.values())
