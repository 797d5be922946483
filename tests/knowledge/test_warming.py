"""What drafts need is read ahead, and read again when the library has changed."""

import anyio
import pytest

from coach.knowledge import warming
from coach.knowledge.starter import open_starter_library
from coach.knowledge.wording.phrases import read_rules


class Failing:
    """A library that cannot be read the first time."""

    def __init__(self) -> None:
        self.reads = 0
        self.was_read_thrice = anyio.Event()

    async def read_ahead(self) -> None:
        self.reads += 1
        if self.reads == 1:
            raise OSError("the database is away")
        if self.reads == 3:
            self.was_read_thrice.set()


async def test_a_fault_while_reading_ahead_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.001)
    library = Failing()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(warming.keep_warm, library)
        with anyio.fail_after(5):
            await library.was_read_thrice.wait()
        tasks.cancel_scope.cancel()


async def test_nothing_is_read_for_the_first_question_that_was_read_ahead() -> None:
    read_rules.cache_clear()
    warming.read_word_lists()
    known = read_rules.cache_info().currsize
    assert known >= 5
    with open_starter_library() as library:
        await library.read_ahead()
        memo = library._memo
        assert memo is not None
        assert memo.vocabulary is not None
        assert memo.headwords is not None
        await library.read_ahead()
        assert library._memo is memo
