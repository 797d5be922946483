"""Tries an index in a child process first: a damaged file can kill or hang whoever opens it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# To import Chroma takes a few seconds of work: a sound index is not thrown away because the machine
# is busy twenty times over.
CANARY_SECONDS = 60.0
CANARY = """
import sys, json, chromadb
from chromadb.config import Settings
path, name, want, probes = json.load(sys.stdin)
client = chromadb.PersistentClient(path, Settings(anonymized_telemetry=False, allow_reset=False))
found = client.get_collection(name, embedding_function=None)
assert found.count() == want, "count"
for key, vector in probes:
    assert found.query(query_embeddings=[vector], n_results=1)["ids"][0] == [key], "recall"
"""


def sings(
    path: Path,
    name: str,
    count: int,
    probes: Sequence[tuple[str, list[float]]],
    seconds: float = CANARY_SECONDS,
) -> bool:
    """Whether a child finds so many there in time, and each of these by its own vector."""
    case = json.dumps([str(path), name, count, probes])
    try:
        child = subprocess.run(  # noqa: S603  our own program, nothing from outside
            [sys.executable, "-c", CANARY],
            input=case.encode(),
            timeout=seconds,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0
