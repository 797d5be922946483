"""Drafts agendas again and again: whether memory keeps growing, and what an import beside costs."""

import asyncio
import statistics
import threading
import time
from datetime import date

import psutil

from benchmarks.processes import PAIRS
from benchmarks.record import record
from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.pipeline import open_coach
from coach.fairness import fair_threads
from coach.knowledge.markdown import read_document
from coach.knowledge.retrieval import open_starter_library
from coach.pairs.exchange import read_pairs
from coach.shipped import shipped

COMMAND = "python -m benchmarks.soak"
TODAY = date(2026, 11, 23)
DRAFTS = 300
WARM_AFTER = 60
GOAL_MB = 30.0
BESIDE = 5.0


def resident_mb() -> float:
    """The memory this process holds now."""
    return psutil.Process().memory_info().rss / 1e6


async def soak() -> tuple[list[float], list[float]]:
    """Milliseconds and resident memory of each draft, over all pairs and lengths."""
    pairs = [file.record for file in read_pairs(PAIRS.read_text(encoding="utf-8"), PAIRS.name)]
    lengths = [10 + turn * 170 // (DRAFTS // len(pairs)) for turn in range(DRAFTS // len(pairs))]
    times, memory = [], []
    with open_starter_library() as library:
        coach = open_coach(library)
        for minutes in lengths:
            for pair in pairs:
                before = time.perf_counter()
                await draft_agenda(coach, pair, AgendaRequest(TODAY, minutes))
                times.append((time.perf_counter() - before) * 1000)
                memory.append(resident_mb())
    return times, memory


def read_on(stop: threading.Event) -> None:
    """Read the documents of the shipped library again and again, as an import does."""
    files = [path for path in shipped("knowledge").rglob("*.md") if path.stem != "README"]
    sources = [(path.read_text(encoding="utf-8"), path.name) for path in sorted(files)]
    while not stop.is_set():
        for source, name in sources:
            read_document(source, name)
            if stop.is_set():
                return


async def draft_beside() -> float:
    """How many times as long a draft takes while another thread reads documents, by the median."""
    pairs = [file.record for file in read_pairs(PAIRS.read_text(encoding="utf-8"), PAIRS.name)]
    stop, medians = threading.Event(), []
    with fair_threads(), open_starter_library() as library:
        coach = open_coach(library)
        reader = threading.Thread(target=read_on, args=(stop,))
        try:
            for minutes in (45, 50, 40):  # the first to warm up
                times = []
                if minutes == 40:
                    reader.start()
                for pair in pairs:
                    before = time.perf_counter()
                    await draft_agenda(coach, pair, AgendaRequest(TODAY, minutes))
                    times.append(time.perf_counter() - before)
                medians.append(statistics.median(times))
        finally:
            stop.set()
    return medians[2] / medians[1]


def main() -> None:
    """Measure, print and record what drafts after the warm-up add, and how they share a process."""
    times, memory = asyncio.run(soak())
    grown = memory[-1] - memory[WARM_AFTER - 1]
    record("a.soak_growth_mb", grown, "MB", GOAL_MB, grown <= GOAL_MB, COMMAND)
    record("a.soak_rss_mb", memory[-1], "MB", None, None, COMMAND)
    record("a.soak_agenda_p50_ms", statistics.median(times), "ms", None, None, COMMAND)
    print(f"   {len(times)} drafts; memory was {memory[0]:.0f} MB after the first")
    for turn in range(WARM_AFTER, len(memory) + 1, WARM_AFTER):
        print(f"   after {turn:>3} drafts {memory[turn - 1]:.0f} MB")
    beside = asyncio.run(draft_beside())
    record("a.soak_beside_reading", beside, "x", BESIDE, beside <= BESIDE, COMMAND)


if __name__ == "__main__":
    main()
