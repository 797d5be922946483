"""Reads ahead what the first draft would wait for: word lists once, the library as it changes."""

from typing import Protocol

import anyio
import structlog
from anyio import to_thread

from coach.knowledge.wording.phrases import read_list, read_rules
from coach.shipped import shipped

# A start that ends at once reads nothing ahead.
LOOK_EVERY = 1.0
log = structlog.get_logger()


class ReadAhead(Protocol):
    """A library that can be read before anybody asks."""

    async def read_ahead(self) -> None:
        """Bring to mind what every draft asks for."""


async def keep_warm(library: ReadAhead) -> None:
    """Keep everything in mind that drafts need, until cancelled."""
    await to_thread.run_sync(read_word_lists)
    while True:
        await anyio.sleep(LOOK_EVERY)
        try:
            await library.read_ahead()
        except Exception as fault:  # reading ahead must not end the service
            log.warning("read_ahead_failed", exc_info=fault)


def read_word_lists() -> None:
    """Read every word list of the boundaries into rules."""
    for path in sorted((shipped("prompts") / "lint").glob("*.yaml")):
        if "families" in read_list(path.stem):
            read_rules(path.stem)
