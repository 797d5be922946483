"""Asks the peer, LangChain's EnsembleRetriever, in an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.collections import BUILD, ROOT
from benchmarks.processes import quantile
from coach.llm.embeddings import Vectors

PEER = BUILD / "peer" / "bin" / "python"
PEER_NEEDS = (
    "langchain-classic",
    "langchain-community",
    "langchain-chroma",
    "rank-bm25",
    "chromadb>=1.5.9,<2",
)
PEER_NAME = "LangChain EnsembleRetriever of BM25Retriever and Chroma"


def ask_peer(
    folder: Path, texts: Sequence[str], vectors: Vectors, questions: Sequence[str]
) -> float | None:
    """The median of its milliseconds for these questions, or None where it cannot be asked.

    Each is asked once to warm up and once on the clock, as ours are.
    """
    if not PEER.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER.parent.parent)], check=True)
        done = subprocess.run([PEER, "-m", "pip", "install", "-q", *PEER_NEEDS], check=False)
        if done.returncode:
            print("skipped: the peer could not be installed")
            return None
    (folder / "texts.json").write_text(json.dumps(texts))
    np.save(folder / "vectors.npy", vectors)
    (folder / "questions.json").write_text(json.dumps(questions))
    model = BUILD / "data" / "models" / "all-MiniLM-L6-v2"
    done = subprocess.run(
        [PEER, "-m", "benchmarks.peer_ensemble", str(folder), str(model)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    if done.returncode:
        print("skipped: the peer did not run")
        return None
    return quantile(json.loads(done.stdout), 50)
