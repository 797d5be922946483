"""The peer: LangChain's EnsembleRetriever of BM25Retriever and Chroma, where it is installed.

Run by benchmarks.retrieval_speed with the Python of that environment: texts, vectors and questions
come as files, milliseconds for each question go out as JSON. It embeds with the same model.
"""

import json
import sys
import time
from pathlib import Path

import chromadb
import numpy as np
from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from coach.llm.minilm import Network
from coach.llm.model_files import ModelFiles

BATCH = 5_000
EACH = 50


class Same(Embeddings):
    """The same model through the same session."""

    def __init__(self, folder: Path) -> None:
        self.network = Network(
            ModelFiles(folder / "model.onnx", folder / "tokenizer.json", "minilm", "build")
        )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        return [[float(number) for number in row] for row in self.network.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def main(folder: Path, model: Path) -> None:
    """Build both retrievers, ask every question once to warm up and once on the clock."""
    texts = json.loads((folder / "texts.json").read_text())
    vectors = np.load(folder / "vectors.npy")
    questions = json.loads((folder / "questions.json").read_text())
    client = chromadb.PersistentClient(str(folder / "peer"))
    store = Chroma("peer", Same(model), client=client)
    names = [str(number) for number in range(len(texts))]
    for start in range(0, len(texts), BATCH):
        part = slice(start, start + BATCH)
        store._collection.add(
            ids=names[part], documents=texts[part], embeddings=vectors[part].tolist()
        )
    bm25 = BM25Retriever.from_documents([Document(text) for text in texts], k=EACH)
    dense = store.as_retriever(search_kwargs={"k": EACH})
    both = EnsembleRetriever(retrievers=[bm25, dense], weights=[0.5, 0.5])
    times = []
    for turn in range(2):
        for question in questions:
            before = time.perf_counter()
            both.invoke(question)
            if turn:
                times.append((time.perf_counter() - before) * 1000)
    print(json.dumps(times))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
