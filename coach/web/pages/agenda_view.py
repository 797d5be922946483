"""An agenda as its page shows it: times, names and places worked out, nothing left to compute."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from pydantic import ValidationError

from coach.coaching.drafts import (
    Agenda,
    AgendaBlock,
    AgendaStep,
    Citation,
    Gap,
    Leader,
    LibraryCitation,
    PrepTask,
    Promise,
    Provenance,
    Source,
    Verdict,
    read_agenda,
)
from coach.knowledge.documents import Passage
from coach.knowledge.retrieval import Library
from coach.pairs.drafts import KeptAgenda
from coach.pairs.pairing import KnownPair

Shown = Literal["said", "quoted", "own"]
ORIGINS = {
    "extractive": "Composed from the library and your own words; no model was used.",
    "model": "Written with a model and checked against the library; read it before you rely on it.",
    "mixed": "Written partly with a model, checked against the library; read it before you rely on "
    "it.",
}
STATES = {"draft": "Draft", "edited": "Draft, with your changes", "settled": "Settled"}
BAR = 600


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands, with what is around it; `href` is empty for notes.

    `report` leads to where a reader says that the words are wrong.
    """

    title: str
    href: str
    path: str
    before: str
    quote: str
    after: str
    report: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step; `shown` says whether it is said, quoted or in the pair's own words."""

    number: int
    kind: str
    text: str
    shown: Shown
    places: tuple[Place, ...]
    editable: bool


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block with its time and the name of who leads it."""

    id: str
    title: str
    starts: int
    ends: int
    minutes: int
    lead: Leader
    leads: str
    hands: str
    hands_of: Leader
    outcome: str
    steps: tuple[StepView, ...]
    needs_check: bool
    done: bool
    bar_x: int
    bar_width: int


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdicts of a contract, summed up."""

    count: int
    failed: tuple[Verdict, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class AgendaView:
    """Everything the agenda's part of a page may mention."""

    state: str
    settled: bool
    version: int
    minutes: int
    purpose: str
    blocks: tuple[BlockView, ...]
    promises: tuple[tuple[str, Promise], ...]
    prep: tuple[tuple[str, tuple[PrepTask, ...]], ...]
    gaps: tuple[Gap, ...]
    adaptations: tuple[str, ...]
    sources: tuple[Source, ...]
    dropped: tuple[str, ...]
    checked: Checked
    origin: str
    language: str


async def show_agenda(library: Library, kept: KeptAgenda, pair: KnownPair) -> AgendaView | None:
    """The kept agenda with the passages it quotes; None when an import brought something else."""
    try:
        agenda = read_agenda(kept.body)
    except ValidationError:
        return None
    return await show(library, agenda, pair, kept.version, kept.state)


async def show(
    library: Library, agenda: Agenda, pair: KnownPair, version: int, state: str
) -> AgendaView:
    """An agenda with the passages it quotes."""
    cited = (cited for block in agenda.blocks for step in block.steps for cited in step.citations)
    passages = await passages_for(library, cited)
    names = {"mentor": pair.mentor_name, "mentee": pair.mentee_name, "both": "both of you"}
    fixed = state == "settled"
    scale = BAR / max(agenda.minutes, 1)
    return AgendaView(
        state=STATES[state],
        settled=fixed,
        version=version,
        minutes=agenda.minutes,
        purpose=agenda.purpose,
        blocks=tuple(_block(block, names, passages, fixed, scale) for block in agenda.blocks),
        promises=tuple((names[one.owner], one) for one in agenda.promises),
        prep=tuple(
            (name, tasks)
            for name, tasks in (
                (pair.mentor_name, agenda.prep.mentor),
                (pair.mentee_name, agenda.prep.mentee),
            )
            if tasks
        ),
        gaps=agenda.gaps,
        adaptations=agenda.adaptations,
        sources=agenda.sources,
        dropped=tuple(one.title for one in agenda.dropped),
        checked=sum_up(agenda.contract),
        origin=say_origin(agenda.provenance),
        language=agenda.language,
    )


async def passages_for(library: Library, cited: Iterable[Citation]) -> dict[str, Passage]:
    """The passages these citations come from, by id; a withdrawn document brings none."""
    documents = {one.document_id for one in cited if isinstance(one, LibraryCitation)}
    found: dict[str, Passage] = {}
    for document_id in sorted(documents):
        for passage in await library.passages_of(document_id):
            found[passage.id] = passage
    return found


def sum_up(verdicts: Sequence[Verdict]) -> Checked:
    """The verdicts, the failed ones apart."""
    failed = tuple(verdict for verdict in verdicts if verdict.holds is False)
    return Checked(len(verdicts), failed, tuple(verdicts))


def say_origin(provenance: Provenance) -> str:
    """Who wrote the draft, and why no model did, in a sentence each."""
    told = ORIGINS[provenance.origin]
    return f"{told} {provenance.notice}" if provenance.notice else told


def show_place(citation: Citation, passages: Mapping[str, Passage]) -> Place:
    """Where a quotation stands."""
    if not isinstance(citation, LibraryCitation):
        title = f"Your notes of session {citation.session_number}"
        return Place(title, "", "", "", citation.quote, "")
    passage = passages.get(citation.passage_id)
    report = f"/library/{citation.document_id}/wrong?passage={quote(citation.passage_id)}"
    if passage is None or passage.text[citation.start : citation.end] != citation.quote:
        path = "This document has changed since; the words are kept here as they were quoted."
        return Place(citation.document_title, "", path, "", citation.quote, "", report)
    return Place(
        title=citation.document_title,
        href=f"/library/{citation.document_id}#p{passage.ordinal}",
        path=" › ".join(passage.heading_path),
        before=passage.text[: citation.start],
        quote=citation.quote,
        after=passage.text[citation.end :],
        report=report,
    )


def _block(
    block: AgendaBlock,
    names: Mapping[str, str],
    passages: Mapping[str, Passage],
    fixed: bool,
    scale: float,
) -> BlockView:
    minutes = block.minutes if block.actual_minutes is None else block.actual_minutes
    ends = block.starts_at_minute + minutes
    teaching = block.kind in ("demo", "hands_on")
    left = round(block.starts_at_minute * scale)
    return BlockView(
        id=block.id,
        title=block.title,
        starts=block.starts_at_minute,
        ends=ends,
        minutes=minutes,
        lead=block.lead,
        leads=names[block.lead],
        hands=names[block.hands] if teaching else "",
        hands_of=block.hands,
        outcome=block.outcome,
        steps=tuple(_step(n, step, passages, fixed) for n, step in enumerate(block.steps)),
        needs_check=block.needs_check,
        done=block.actual_minutes is not None,
        bar_x=left,
        bar_width=max(round(ends * scale) - left - 2, 1),
    )


def _step(number: int, step: AgendaStep, passages: Mapping[str, Passage], fixed: bool) -> StepView:
    shown: Shown = "said"
    if step.origin == "quotation":
        shown = "quoted"
    elif step.origin == "pair":
        shown = "own"
    places = tuple(show_place(citation, passages) for citation in step.citations)
    return StepView(number, step.kind, step.text, shown, places, not fixed)
