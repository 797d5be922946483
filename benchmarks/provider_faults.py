"""Every fault of a provider under the deadlines people have: 15, 20 and 90 seconds.

The gate lives them with deadlines twenty times shorter. Each draft has a coach of its own, for
after a few faults a coach asks no longer. Scenarios are read from COACH_SHARED_DATA, or from
../shared/data beside this folder; `python -m benchmarks.provider_faults` is a part of `make soak`.
"""

import asyncio
import base64
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT
from benchmarks.record import record
from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest, RecapRequest
from coach.coaching.drafts import Draft
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepRequest, draft_prep
from coach.coaching.recap import draft_recap
from coach.llm.client import Deadlines
from tests.coaching.make import TODAY, starter_coach, twelve
from tests.llm.provider import KEY, PIECE, Provider, model_at
from tests.llm.test_faults import PAIR, load_scenarios

COMMAND = "python -m benchmarks.provider_faults"
AT_ONCE = 12
# What the composer may take after the model's time is over, a dozen drafts at once.
GOAL_S = Deadlines().total + 5
WORD = base64.b64encode(f"data: {PIECE % 'word '}\n\n".encode()).decode()
# Those that only a real clock tells from a server that is slow.
WAITING: tuple[dict[str, Any], ...] = (
    {"id": "silent", "tcp": "silent"},
    {"id": "stalls", "stream": [WORD], "end": "hang"},
    {"id": "drips", "stream": [WORD] * 20, "delay_s": 6},
)
Drafting = Callable[[Coach], Awaitable[Draft]]


def draftings() -> dict[str, Drafting]:
    """The four drafts of one pair, each by its own call."""
    pair = twelve()[PAIR]
    asked = AgendaRequest(TODAY)

    async def prep(coach: Coach) -> Draft:
        agenda = await draft_agenda(replace(coach, model=None), pair, asked)
        return await draft_prep(coach, pair, PrepRequest(TODAY, "mentor", agenda))

    return {
        "agenda": lambda coach: draft_agenda(coach, pair, asked),
        "follow_ups": lambda coach: draft_follow_ups(coach, pair, asked),
        "recap": lambda coach: draft_recap(coach, pair, RecapRequest(TODAY)),
        "prep": prep,
    }


async def live(coach: Coach, scenario: dict[str, Any], draft: Drafting) -> tuple[float, list[str]]:
    """Seconds until the draft was there, and what is wrong with it."""
    async with Provider(scenario).serving() as base_url:
        model = model_at(base_url, Deadlines())
        before = time.monotonic()
        try:
            made = await draft(replace(coach, model=model))
        except Exception as fault:  # noqa: BLE001  whatever it is, there is no draft
            return time.monotonic() - before, [f"{type(fault).__name__}: {fault}"]
        finally:
            await model.aclose()
    took = time.monotonic() - before
    wrong = [f"{one.clause}: {one.detail}" for one in made.contract if one.holds is False]
    wrong += [] if made.provenance.notice else ["it does not say that a model was missing"]
    wrong += ["it shows the key"] if KEY in str(made) else []
    wrong += [f"it took {took:.1f} s"] if took > GOAL_S else []
    return took, wrong


async def live_all(scenarios: list[dict[str, Any]]) -> None:
    """Every scenario on every draft, a few at once: most of the time is waiting."""
    few = asyncio.Semaphore(AT_ONCE)
    times: list[float] = []
    faults: list[str] = []

    async def one(scenario: dict[str, Any], name: str, draft: Drafting) -> None:
        async with few:
            took, wrong = await live(coach, scenario, draft)
        times.append(took)
        faults.extend(f"{scenario['id']}, {name}: {fault}" for fault in wrong)

    with starter_coach() as coach:
        async with asyncio.TaskGroup() as group:
            for scenario in scenarios:
                for name, draft in draftings().items():
                    group.create_task(one(scenario, name, draft))
    record("c.provider_faults_lived", len(times), "", None, None, COMMAND)
    record("c.provider_faults_broken", len(faults), "", 0, not faults, COMMAND)
    record("c.provider_faults_longest_s", max(times), "s", GOAL_S, max(times) <= GOAL_S, COMMAND)
    print("".join(f"   {fault}\n" for fault in faults[:20]), end="")


def main() -> None:
    """Live all of them where they are at hand."""
    shared = Path(os.environ.get("COACH_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if shared.is_dir():
        asyncio.run(live_all([*load_scenarios(shared), *WAITING]))
    else:
        print(f"skipped: no scenarios in {shared}")


if __name__ == "__main__":
    main()
