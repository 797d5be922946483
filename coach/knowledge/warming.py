"""Reads ahead what the first draft would wait for: word lists once, the library as it changes."""

from typing import Protocol

import anyio
import structlog
from anyio import to_thread

from coach.knowledge.spelling import known_elsewhere
from coach.knowledge.wording.phrases import read_list, read_rules
from coach.shipped import shipped

# A start that ends at once reads nothing ahead.
LOOK_EVERY = 1.0
# Between two parts of the words, so that searches are not kept waiting.
REST = 0.02
log = structlog.get_logger()


class ReadAhead(Protocol):
    """A library that can be read before anybody asks."""

    async def version(self) -> str:
        """A digest that is another one when the library has changed."""

    async def read_ahead(self) -> None:
        """Bring to mind what every draft asks for."""

    async def read_vectors_ahead(self) -> None:
        """Bring to mind what searches for meanings compare with."""

    async def read_words_ahead(self) -> bool:
        """Bring to mind what searches for words ask for; True while there may be more."""


async def keep_warm(library: ReadAhead) -> None:
    """Keep everything in mind that drafts need, until cancelled.

    While documents come in one after the other, what searches need is not read for each.
    """
    await to_thread.run_sync(read_word_lists)
    before = None
    while True:
        await anyio.sleep(LOOK_EVERY)
        try:
            await library.read_ahead()
            version = await library.version()
            if version == before:
                await read_for_searches(library)
            before = version
        except Exception as fault:  # reading ahead must not end the service
            log.warning("read_ahead_failed", exc_info=fault)


async def read_for_searches(library: ReadAhead) -> None:
    """Read vectors, and words until enough are read or the library has changed."""
    await library.read_vectors_ahead()
    while await library.read_words_ahead():  # noqa: ASYNC110  nothing is waited for
        await anyio.sleep(REST)


def read_word_lists() -> None:
    """Read every word list of the boundaries into rules, and the words that are no slip."""
    known_elsewhere()
    for path in sorted((shipped("prompts") / "lint").glob("*.yaml")):
        if "families" in read_list(path.stem):
            read_rules(path.stem)
