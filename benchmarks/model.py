"""Measures drafts with a simulated model: first block, whole agenda, our own time, many at once.

The peer is one single call that writes the same agenda whole, as a plain chain does it.
"""

import asyncio
import statistics
import time
from dataclasses import replace
from datetime import date

from langchain_core.messages import HumanMessage, SystemMessage

from benchmarks.processes import PAIRS
from benchmarks.record import record
from benchmarks.simulated_model import WHOLE, Pace, serving
from coach.coaching.agenda import draft_agenda, stream_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import Agenda
from coach.coaching.pipeline import Coach, open_coach
from coach.knowledge.starter import open_starter_library
from coach.knowledge.warming import read_word_lists
from coach.llm.asking import Model
from coach.llm.chat import CoachChat
from coach.llm.client import Endpoint
from coach.llm.gate import Gate
from coach.llm.opening import PROMPTS
from coach.llm.prompts import load_prompt
from coach.pairs.exchange import read_pairs
from coach.pairs.records import PairRecord

COMMAND = "python -m benchmarks.model"
TODAY = date(2026, 11, 26)
PAIR = "P08"
RUNS = 3
ROUNDS = 5
AT_ONCE = 50


def model_at(base_url: str) -> Model:
    """The simulated model, with lanes enough for many drafts."""
    prompts = {name: load_prompt(name) for name in PROMPTS}
    chat = CoachChat.open(Endpoint(base_url, "simulated"), Gate(400, 400))
    return Model(chat, "simulated", prompts)


def text_of(agenda: Agenda) -> str:
    """All words of an agenda that a model would have to write in one single call."""
    lines = [agenda.purpose]
    for block in agenda.blocks:
        lines += [block.title, block.outcome, *(step.text for step in block.steps)]
    return "\n".join(lines)


async def time_draft(coach: Coach, pair: PairRecord) -> tuple[float, float, Agenda]:
    """Seconds until the first block and until the whole agenda."""
    before, first = time.perf_counter(), 0.0
    async for part in stream_agenda(coach, pair, AgendaRequest(TODAY)):
        first = first or time.perf_counter() - before
        if isinstance(part, Agenda):
            return first, time.perf_counter() - before, part
    raise AssertionError("the stream ended without an agenda")


async def time_single_call(model: Model) -> float:
    """Seconds of one call that writes the whole agenda."""
    before = time.perf_counter()
    await model.chat.bind(max_tokens=4_000).ainvoke(
        [SystemMessage("You write agendas."), HumanMessage(WHOLE)]
    )
    return time.perf_counter() - before


async def measure_pace(coach: Coach, pair: PairRecord, model: Model) -> tuple[float, float, float]:
    """Medians of first block, whole agenda and single call."""
    drafting = replace(coach, model=model)
    drafts = [await time_draft(drafting, pair) for _ in range(RUNS)]
    calls = [await time_single_call(model) for _ in range(1)]
    await model.aclose()
    first = statistics.median(one[0] for one in drafts)
    return first, statistics.median(one[1] for one in drafts), statistics.median(calls)


def record_pace(name: str, times: tuple[float, float, float], goal: float) -> None:
    """Keep the figures of one pace."""
    first, whole, single = times
    record(f"c.{name}single_call_s", single, "s", None, None, COMMAND)
    if not name:
        ratio = first / single
        record("c.first_block_ratio", ratio, "x", 0.5, ratio <= 0.5, COMMAND, "single call", ratio)
    ratio = whole / single
    label = f"c.{name}whole_agenda_ratio"
    record(label, ratio, "x", goal, ratio <= goal, COMMAND, "single call", ratio)
    record(f"c.{name}whole_agenda_s", whole, "s", None, None, COMMAND)


async def measure_own_time(coach: Coach, pairs: list[PairRecord], base_url: str) -> list[float]:
    """Our own milliseconds on this thread, draft by draft; the model answers at once.

    Nothing is left out: the first drafts of each pair are among them.
    """
    model = model_at(base_url)
    model.get_ready()  # as the service does when it starts
    drafting, times = replace(coach, model=model), []
    for pair in pairs * ROUNDS:
        before = time.thread_time()
        await draft_agenda(drafting, pair, AgendaRequest(TODAY))
        times.append((time.thread_time() - before) * 1000)
    await model.aclose()
    return times


async def measure_crowd(coach: Coach, pair: PairRecord, base_url: str) -> tuple[float, float]:
    """Seconds of a draft alone, and the 95th percentile of many at once."""
    model = model_at(base_url)
    drafting = replace(coach, model=model)
    alone = statistics.median([(await time_draft(drafting, pair))[1] for _ in range(2)])
    crowd = await asyncio.gather(*(time_draft(drafting, pair) for _ in range(AT_ONCE)))
    await model.aclose()
    return alone, statistics.quantiles([one[1] for one in crowd], n=20)[18]


def main() -> None:
    """Measure, print and record."""
    pairs = [one.record for one in read_pairs(PAIRS.read_text("utf-8"), PAIRS.name)]
    pair = next(one for one in pairs if one.id == PAIR)
    with open_starter_library() as library:
        coach = open_coach(library)
        read_word_lists()
        asyncio.run(library.read_ahead())  # as the service does after it has started
        with serving(Pace(0.0, 1e6)) as base_url:
            times = asyncio.run(measure_own_time(coach, pairs, base_url))
        own = statistics.quantiles(times, n=20, method="inclusive")[18]
        record("c.own_time_p95_ms", own, "ms", 120, own <= 120, COMMAND)
        record("c.own_time_first_ms", times[0], "ms", None, None, COMMAND)
        whole = text_of(asyncio.run(draft_agenda(coach, pair, AgendaRequest(TODAY))))
        for name, shared, goal in (("", False, 0.6), ("shared_", True, 1.2)):
            with serving(Pace(0.4, 60, shared), whole=whole) as base_url:
                pace = asyncio.run(measure_pace(coach, pair, model_at(base_url)))
            record_pace(name, pace, goal)
        with serving(Pace(0.4, 60)) as base_url:
            alone, p95 = asyncio.run(measure_crowd(coach, pair, base_url))
        ratio = p95 / alone
        record("c.alone_s", alone, "s", None, None, COMMAND)
        record("c.fifty_at_once_ratio", ratio, "x", 1.5, ratio <= 1.5, COMMAND, "alone", ratio)


if __name__ == "__main__":
    main()
