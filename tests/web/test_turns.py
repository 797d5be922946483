"""One person's drafts take turns, and a crowd of them is told to wait."""

import asyncio
import time
from itertools import pairwise
from uuid import uuid4

import pytest

from coach.web.turns import TooManyDrafts, Turns


async def test_one_persons_drafts_go_one_after_the_other() -> None:
    turns, me, under_way, most = Turns(at_once=1, waiting=4), uuid4(), [0], [0]

    async def draft() -> None:
        async with turns.take(me):
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            await asyncio.sleep(0.001)
            under_way[0] -= 1

    await asyncio.gather(*(draft() for _ in range(5)))
    assert most == [1]


async def test_nobody_waits_for_another_person() -> None:
    turns = Turns(at_once=1)
    async with turns.take(uuid4()), asyncio.timeout(1), turns.take(uuid4()):
        pass


async def test_of_ten_thousand_at_once_no_more_than_may_wait_get_in() -> None:
    turns, me, done = Turns(at_once=1, waiting=8, pause=0.0), uuid4(), []

    async def draft() -> None:
        async with turns.take(me):
            await asyncio.sleep(0)
            done.append(1)

    told = await asyncio.gather(*(draft() for _ in range(10_000)), return_exceptions=True)
    assert len(done) == 9
    assert sum(isinstance(one, TooManyDrafts) for one in told) == 9_991
    async with asyncio.timeout(1), turns.take(me):  # the line is empty again
        pass


async def test_whoever_breaks_off_leaves_the_line() -> None:
    turns, me = Turns(at_once=1, waiting=1), uuid4()
    async with turns.take(me):
        waiting = asyncio.create_task(turns.take(me).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(1), turns.take(me):
        pass


async def test_a_queue_leaves_the_machine_to_others_between_its_drafts() -> None:
    turns, me, begun = Turns(at_once=1, waiting=3), uuid4(), []

    async def draft() -> None:
        async with turns.take(me):
            begun.append(time.monotonic())
            await asyncio.sleep(0.02)

    await asyncio.gather(*(draft() for _ in range(3)))
    assert all(later - before >= 0.075 for before, later in pairwise(begun))


async def test_the_more_are_refused_the_slower_they_are_told() -> None:
    turns, me, told = Turns(at_once=1, waiting=0, pause=0.01), uuid4(), []

    async def ask() -> None:
        before = time.monotonic()
        with pytest.raises(TooManyDrafts):
            await turns.take(me).__aenter__()
        told.append(time.monotonic() - before)

    async with turns.take(me):
        await asyncio.gather(*(ask() for _ in range(40)))
    assert min(told) >= 0.01
    assert max(told) >= 0.1
