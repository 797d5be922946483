"""What search by meaning asks of an index, and the fault when that cannot answer."""

from typing import Protocol

from coach.errors import CoachError
from coach.llm.embeddings import Vectors


class IndexBroken(CoachError):
    """The index cannot answer; the vectors in the database can."""

    status = 503
    title = "The search index is damaged. Run `coach library rebuild-index`."


class Nearest(Protocol):
    """An index of the vectors of published passages, as of one version of the library."""

    @property
    def version(self) -> str | None:
        """The version it answers for, or None while it cannot answer."""

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, or IndexBroken."""
