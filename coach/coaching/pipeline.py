"""The way every draft goes: a brief is enriched, written and checked in named steps."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from langchain_core.runnables import Runnable, RunnableLambda

from coach.coaching.brief import AgendaRequest, Brief
from coach.coaching.briefing import build_brief
from coach.coaching.composer.frames import Frames, load_frames
from coach.knowledge.asking import Library
from coach.llm.asking import Model
from coach.llm.prompts import Prompt, load_prompt
from coach.pairs.records import PairRecord
from coach.shipped import shipped

T = TypeVar("T")
U = TypeVar("U")
ABSTAIN_BELOW = 0.45


@dataclass(frozen=True)
class Writer:
    """The model that may word a draft, with the prompts it is asked by."""

    model: Model
    block: Prompt
    follow_ups: Prompt
    recap: Prompt


@dataclass(frozen=True)
class Coach:
    """What drafting needs from outside: the library, the frames, and what the programme has set."""

    library: Library
    agenda_frames: Frames
    follow_up_frames: Frames
    recap_frames: Frames
    abstain_below: float = ABSTAIN_BELOW
    help_contacts: tuple[str, ...] = ()
    whom_to_ask: str = ""
    writer: Writer | None = None


def open_writer(model: Model | None) -> Writer | None:
    """The writer behind this model, with the prompts that ship; None without a model."""
    if model is None:
        return None
    return Writer(
        model,
        load_prompt("agenda_block"),
        load_prompt("follow_up_words"),
        load_prompt("recap_choice"),
    )


def open_coach(
    library: Library,
    abstain_below: float = ABSTAIN_BELOW,
    help_contacts: tuple[str, ...] = (),
    whom_to_ask: str = "",
    model: Model | None = None,
) -> Coach:
    """A coach over this library, with the frames that ship."""
    shelf = shipped("prompts") / "composer"
    return Coach(
        library,
        load_frames(shelf / "agenda.yaml"),
        load_frames(shelf / "follow_ups.yaml"),
        load_frames(shelf / "recap.yaml"),
        abstain_below,
        help_contacts,
        whom_to_ask,
        open_writer(model),
    )


def step(work: Callable[[T], Awaitable[U]]) -> Runnable[T, U]:
    """One named pipeline step, from a value to a fuller one."""
    return RunnableLambda(work).with_config(run_name=work.__name__)


async def brief_for(coach: Coach, record: PairRecord, request: AgendaRequest) -> Brief:
    """The brief of a draft that both may read."""
    cues = tuple(headword.word for headword in (await coach.library.headwords()).values())
    rehearsal = tuple(str(word) for word in coach.agenda_frames.listed("rehearsal"))
    brief = build_brief(record, request, "pair", cues, rehearsal)
    return replace(brief, help_contacts=coach.help_contacts, whom=coach.whom_to_ask)
