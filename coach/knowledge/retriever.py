"""The library as a retriever of langchain-core, for the chains of others."""

from typing import Any

import anyio
from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from coach.knowledge.asking import Library
from coach.knowledge.documents import DocumentKind, Found, Hit, LibraryQuery


class LibraryRetriever(BaseRetriever):
    """Finds published passages with their neighbours, or nothing when the library lacks a topic."""

    library: Any
    kind: DocumentKind | None = None
    limit: int = 8
    around: int = 1
    abstain_below: float = 0.0

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        return await self._find(query)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return anyio.run(self._find, query)

    async def _find(self, query: str) -> list[Document]:
        library: Library = self.library
        found = await library.search(LibraryQuery(query, self.kind, self.limit, self.around))
        if found.relevance < self.abstain_below:
            return []
        return [document_of(hit, found) for hit in found.hits]


def document_of(hit: Hit, found: Found) -> Document:
    """A hit as LangChain knows documents; its words stay exactly as they are quoted."""
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document_id": passage.document_id,
            "title": passage.document_title,
            "heading_path": list(passage.heading_path),
            "kind": passage.kind,
            "score": hit.score,
            "legs": list(hit.legs),
            "missing_legs": list(found.missing_legs),
            "around": [one.text for one in hit.around],
        },
    )
