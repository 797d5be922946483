"""One person asks for far too much at once, while another goes on working."""

import asyncio
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.security.duplicates import QUESTION, Crowd, client_of


@dataclass
class Abused:
    """The other person's seconds before and meanwhile, and how the abuser was answered."""

    before: list[float] = field(default_factory=list)
    meanwhile: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def ratio(self) -> float:
        """How much slower the 99th percentile of the other person's requests became."""
        return p99(self.meanwhile) / p99(self.before)


def p99(times: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(times, n=100, method="inclusive")[98]


async def abuse(crowd: Crowd, at_once: int, tries: int) -> Abused:
    """So many drafts at once by the mentee, again and again, while the mentor reads and drafts."""
    found = Abused()
    crowd.model.may_answer.set()
    async with crowd.client() as (app, client), client_of(app, crowd.other) as other:
        path = f"/api/v1/sessions/{crowd.planned_id}"

        async def work() -> float:
            before = time.perf_counter()
            answer = await other.post(f"{path}/agenda")
            assert answer.status_code == 201, answer.text
            return time.perf_counter() - before

        async def flood() -> None:
            while len(found.meanwhile) < tries:
                answer = await client.post(f"{path}/recaps", json=QUESTION)
                found.answers[answer.status_code] += 1

        await work()
        found.before = [await work() for _ in range(tries)]
        floods = [asyncio.create_task(flood()) for _ in range(at_once)]
        await asyncio.sleep(0.5)
        for _ in range(tries):
            found.meanwhile.append(await work())
        await asyncio.gather(*floods)
    return found
