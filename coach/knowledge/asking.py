"""What the coach asks of the library while it thinks, wherever the answers are kept."""

from collections.abc import Mapping
from typing import Protocol

from coach.knowledge.documents import Found, Headword, LibraryQuery, Passage


class Library(Protocol):
    """A library that can be searched and read."""

    async def search(self, query: LibraryQuery) -> Found:
        """The passages for a query, best first."""

    async def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """What is published of a document, in the order of its text."""

    async def passages_of_each(self, *document_ids: str) -> Mapping[str, tuple[Passage, ...]]:
        """The same of several documents at once, by their ids."""

    async def headwords(self) -> Mapping[str, Headword]:
        """Each term the library explains, by its normalised forms."""

    async def version(self) -> str:
        """A digest of everything published."""
