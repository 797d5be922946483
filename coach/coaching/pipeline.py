"""The way every draft goes: a brief is enriched, written and checked in named steps."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from langchain_core.runnables import Runnable, RunnableLambda

from coach.coaching.brief import AgendaRequest, Brief
from coach.coaching.briefing import build_brief
from coach.coaching.composer.shelves import Shelves
from coach.coaching.drafts import Origin, Provenance
from coach.knowledge.asking import Library
from coach.knowledge.wording.tongues import ENGLISH, name_of
from coach.llm.asking import Asking, Model
from coach.llm.faults import BadAnswer, LLMFault
from coach.llm.usage import Spender
from coach.pairs.records import PairRecord
from coach.shipped import shipped

T = TypeVar("T")
U = TypeVar("U")
ABSTAIN_BELOW = 0.45


@dataclass(frozen=True)
class Coach:
    """What drafting needs from outside: the library, the frames, a model, what the programme set.

    Without a model the composer writes every draft; `spender` is on whose account a model writes.
    """

    library: Library
    shelves: Shelves
    abstain_below: float = ABSTAIN_BELOW
    help_contacts: tuple[str, ...] = ()
    whom_to_ask: str = ""
    model: Model | None = None
    spender: Spender = field(default_factory=Spender)

    def on_account_of(self, spender: Spender) -> "Coach":
        """The same coach, drafting on this account."""
        return replace(self, spender=spender)


def open_coach(
    library: Library,
    abstain_below: float = ABSTAIN_BELOW,
    help_contacts: tuple[str, ...] = (),
    whom_to_ask: str = "",
    model: Model | None = None,
) -> Coach:
    """A coach over this library, with the frames that ship and a model if there is one."""
    return Coach(
        library,
        Shelves(shipped("prompts") / "composer"),
        abstain_below,
        help_contacts,
        whom_to_ask,
        model,
    )


def step(work: Callable[[T], Awaitable[U]]) -> Runnable[T, U]:
    """One named pipeline step, from a value to a fuller one."""
    return RunnableLambda(work).with_config(run_name=work.__name__)


async def brief_for(coach: Coach, record: PairRecord, request: AgendaRequest) -> Brief:
    """The brief of a draft that both may read."""
    cues = tuple(headword.word for headword in (await coach.library.headwords()).values())
    frames = coach.shelves.of(record.constraints.language).agenda
    rehearsal = tuple(str(word) for word in frames.listed("rehearsal"))
    brief = build_brief(record, request, "pair", cues, rehearsal)
    return replace(brief, help_contacts=coach.help_contacts, whom=coach.whom_to_ask)


def sign(composed: Provenance, asking: Asking, written: int, wanted: int) -> Provenance:
    """Who wrote a draft in the end: a model wrote this many of the parts it was asked for."""
    if not written:
        notice = say_fault(asking.faults) if wanted else None
        return replace(composed, notice=notice, **_taken(asking))
    origin: Origin = "model" if written == wanted else "mixed"
    return replace(
        composed,
        origin=origin,
        prompt=asking.model.prompts[asking.purpose].fingerprint,
        model=asking.model.name,
        notice=say_fault(asking.faults, "parts of this") if written < wanted else None,
        **_taken(asking),
    )


def say_language(provenance: Provenance, language: str, written: str) -> Provenance:
    """The same, and an honest sentence where the pair speaks another language than the draft."""
    code = language.partition("-")[0].casefold()
    if code in ("", ENGLISH):
        return provenance
    told = f"This draft is in English, because the coach does not write in {name_of(code)} yet."
    if written == code:
        told = f"This draft is in {name_of(code)}; what it quotes from the library stays as it is."
    notice = f"{provenance.notice} {told}" if provenance.notice else told
    return replace(provenance, notice=notice)


def _taken(asking: Asking) -> dict[str, Any]:
    used = asking.account.used
    return {
        "input_tokens": used.input_tokens,
        "output_tokens": used.output_tokens,
        "cost": used.cost,
    }


def say_fault(faults: Sequence[LLMFault], wrote: str = "this") -> str | None:
    """The one sentence on why the composer wrote, an outer cause before a bad answer."""
    outer = [fault for fault in faults if not isinstance(fault, BadAnswer)]
    cause = next((fault.detail for fault in (*outer, *faults)), None)
    return cause and f"{cause.rstrip('.')}, so the coach wrote {wrote} by itself."
