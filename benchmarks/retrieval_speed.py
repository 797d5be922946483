"""How fast 14,000 passages are searched, beside LangChain, and texts embedded, beside Chroma."""

import asyncio
import shutil
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import psutil
from anyio import to_thread
from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2
from numpy.typing import NDArray
from onnx import TensorProto, helper

import benchmarks.collections as collections
from benchmarks.collections import BUILD, KeepingEncoder
from benchmarks.peers import PEER_NAME, ask_peer
from benchmarks.processes import quantile
from benchmarks.record import record
from benchmarks.scale import Cluster, get, wait_for
from coach.knowledge.documents import DocumentText, LibraryQuery
from coach.knowledge.generations import Recipe, rebuild_index
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.shelf import compare
from coach.knowledge.sql_library import FEW, SqlLibrary
from coach.knowledge.stored import searched_text
from coach.knowledge.vectors import embed_published
from coach.knowledge.warming import read_for_searches
from coach.llm.embeddings import Encoder
from coach.llm.encoders import LocalEncoder
from coach.llm.minilm import Network
from coach.llm.minilm_onnx import Graph, read_weights
from coach.llm.model_files import PACKAGE, ModelFiles, folder_of_package
from coach.storage.database import Database

COMMAND = "python -m benchmarks retrieval_speed"
SIZE = 14_000
QUESTIONS = 200


def documents() -> list[DocumentText]:
    """Documents of the largest collections that make up 14,000 passages together."""
    chosen: list[DocumentText] = []
    count = 0
    for name in ("vaswani", "kb_summary"):
        for text in collections.read_collection(name).documents:
            if count >= SIZE:
                return chosen
            chosen.append(text)
            count += len(text.passages)
    return chosen


def questions() -> tuple[list[str], list[str]]:
    """Questions as people ask them, and the same in about 60 words."""
    asked = list(collections.read_collection("stackfaq").questions.values())[:: 1249 // QUESTIONS]
    asked += list(collections.read_collection("vaswani").questions.values())
    short = asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]
    long = [" ".join(" ".join(asked[place:] + asked).split()[:60]) for place in range(len(short))]
    return short, long


async def ask_all(library: SqlLibrary, asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each question the first time, and again; no answer comes from memory."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(2):
        for question in asked:
            before = time.perf_counter()
            await library.search(LibraryQuery(question, limit=8 + turn))
            times[turn].append((time.perf_counter() - before) * 1000)
    return times


async def measure_search(database: Database, encoder: Encoder, folder: Path) -> float:
    """Our own search as the service makes it, and by the index; the median as it is made."""
    short, long = questions()
    meanings = Meanings(database, encoder, Place(folder / "index"))
    await meanings.step()
    served = SqlLibrary(database, encoder, meanings, compared=FEW)
    await served.read_ahead()
    await read_for_searches(served)
    first, ours = await ask_all(served, short)
    _, lengthy = await ask_all(served, long)
    _, indexed = await ask_all(SqlLibrary(database, encoder, meanings), short)
    await measure_server(database, encoder, folder, quantile(indexed, 50))
    middle, high = quantile(ours, 50), quantile(ours, 95)
    record("b.search_p50_14k", middle, "ms", 8, middle <= 8, COMMAND)
    unknown = quantile(first, 50)
    record("b.search_first_p50_14k", unknown, "ms", 8, unknown <= 8, COMMAND)
    record("b.search_p95_14k", high, "ms", None, None, COMMAND)
    record("b.search_index_p50_14k", quantile(indexed, 50), "ms", None, None, COMMAND)
    ratio = quantile(lengthy, 50) / middle
    record("b.search_60_words_ratio_14k", ratio, "x", 2, ratio <= 2, COMMAND)
    return middle


async def measure_server(
    database: Database, encoder: Encoder, folder: Path, embedded: float
) -> None:
    """How many times as long a search by a Chroma server takes as one by the index in a folder."""
    cluster = Cluster(folder / "server", {})
    cluster.folder.mkdir()
    cluster.chroma()
    try:
        port = cluster.ports["chroma"]
        wait_for("the Chroma server", lambda: get(port, "/api/v2/heartbeat")[0] == 200)
        meanings = Meanings(database, encoder, Place(url=cluster.settings["COACH_CHROMA_URL"]))
        await meanings.step()
        _, times = await ask_all(SqlLibrary(database, encoder, meanings), questions()[0])
    finally:
        cluster.close()
    ratio = quantile(times, 50) / embedded
    record("b.search_server_ratio_14k", ratio, "x", 2, ratio <= 2, COMMAND, "embedded", ratio)


def measure_peer(encoder: KeepingEncoder, folder: Path, ours: float) -> None:
    """The peer on the same texts, vectors, model and questions."""
    texts = [searched_text(one) for text in documents() for one in text.passages]
    vectors = [
        asyncio.run(encoder.encode(texts[at : at + 500])) for at in range(0, len(texts), 500)
    ]
    theirs = ask_peer(folder, texts, np.concatenate(vectors), questions()[0])
    if theirs is None:
        return
    ratio = theirs / ours
    record(
        "b.search_times_faster_14k", ratio, "x", 5, ratio >= 5, COMMAND, PEER_NAME, round(ratio, 1)
    )
    record("b.peer_search_p50_14k", theirs, "ms", None, None, COMMAND, PEER_NAME)


def measure_building(database: Database, encoder: Encoder, folder: Path) -> None:
    """A whole index from the vectors in the database, tried before it counts as built."""
    before = time.perf_counter()
    count = rebuild_index(
        Place(folder / "again"), database, Recipe(encoder.model, encoder.dimension)
    )
    speed = count / (time.perf_counter() - before)
    record("b.index_passages_per_s", speed, "1/s", 1500, speed >= 1500, COMMAND)


async def measure_embedding(encoder: LocalEncoder) -> None:
    """Passages of about 180 tokens, ours and by Chroma's function on the same network file."""
    words = " ".join(one.text for text in documents()[:400] for one in text.passages).split()
    texts = [" ".join(words[at : at + 140]) for at in range(0, 140 * 48, 140)]
    theirs = chroma_function()
    ours_ms, theirs_ms = [], []
    await encoder.encode(texts[:4])
    theirs(texts[:4])
    for _ in range(3):
        before = time.perf_counter()
        await encoder.encode(texts)
        ours_ms.append((time.perf_counter() - before) * 1000 / len(texts))
        before = time.perf_counter()
        theirs(texts)
        theirs_ms.append((time.perf_counter() - before) * 1000 / len(texts))
    ours, ratio = min(ours_ms), min(theirs_ms) / min(ours_ms)
    record("b.embed_passage_ms", ours, "ms", 17, ours <= 17, COMMAND)
    name = "Chroma's own function"
    record("b.embed_times_faster", ratio, "x", 1.4, ratio >= 1.4, COMMAND, name, round(ratio, 2))
    asked = questions()[0]
    times = []
    for question in asked:
        before = time.perf_counter()
        await encoder.encode([question])
        times.append((time.perf_counter() - before) * 1000)
    record("b.embed_question_p50", statistics.median(times), "ms", None, None, COMMAND)


class AsPublished(Graph):
    """The network with the weights of its products as they were published."""

    def times(self, value: str, matrix: NDArray[np.float32], name: str) -> str:
        """The product with a matrix of weights."""
        return self.run("MatMul", [value, self.constant(f"{name}.matrix", matrix.T)])


def published_network() -> onnx.ModelProto:
    """The network of the installed package, nothing in it rounded."""
    package = folder_of_package(PACKAGE)
    assert package is not None  # noqa: S101  its network is here, so it is installed
    return AsPublished(read_weights(package / "model" / "model.safetensors")).model()


def measure_rounding(folder: Path) -> None:
    """What eight bits cost and give: questions one by one, beside the weights as published."""
    ours = BUILD / "data" / "models" / "all-MiniLM-L6-v2"
    onnx.save(published_network(), str(folder / "published.onnx"))
    vectors, times = [], []
    for path in (folder / "published.onnx", ours / "model.onnx"):
        network = Network(ModelFiles(path, ours / "tokenizer.json", "minilm", "build"))
        rows, spent = [], []
        for question in questions()[0]:
            before = time.perf_counter()
            rows.append(network.encode([question])[0])
            spent.append((time.perf_counter() - before) * 1000)
        vectors.append(np.stack(rows))
        times.append(statistics.median(spent))
    record("b.rounded_times_faster", times[0] / times[1], "x", None, None, COMMAND)
    least = float((vectors[0] * vectors[1]).sum(axis=1).min())
    record("b.rounded_least_cosine", least, "", None, None, COMMAND)


def measure_comparing() -> None:
    """By how much a question is compared with all vectors faster than by a product of matrices."""
    dice = np.random.default_rng(13)
    vectors = dice.standard_normal((SIZE, 384)).astype(np.float32)
    # What other work leaves in the caches between two searches is not the vectors.
    between = np.ones(1 << 24, dtype=np.float32)
    times: dict[str, list[float]] = {"product": [], "compared": []}
    for vector in vectors[:QUESTIONS]:
        for name, work in (("product", np.matmul), ("compared", compare)):
            between.sum()
            before = time.perf_counter()
            work(vectors, vector)
            times[name].append((time.perf_counter() - before) * 1000)
    product, compared = (statistics.median(found) for found in times.values())
    ratio = product / compared
    record("b.compared_ms_14k", compared, "ms", None, None, COMMAND)
    record("b.compared_times_faster", ratio, "x", None, None, COMMAND, "numpy.matmul", ratio)


def chroma_function() -> ONNXMiniLM_L6_V2:
    """Chroma's function with a network of ours in place of its download, before its own pooling."""
    folder = BUILD / "chroma" / "onnx"
    folder.mkdir(parents=True, exist_ok=True)
    ours = BUILD / "data" / "models" / "all-MiniLM-L6-v2"
    model = published_network()
    graph = model.graph
    state = [node.output[0] for node in graph.node if node.op_type == "LayerNormalization"][-1]
    graph.input.append(
        helper.make_tensor_value_info("token_type_ids", TensorProto.INT64, ["texts", "tokens"])
    )
    del graph.output[:]
    graph.output.append(
        helper.make_tensor_value_info(state, TensorProto.FLOAT, ["texts", "tokens", 384])
    )
    onnx.save(model, str(folder / "model.onnx"))
    shutil.copyfile(ours / "tokenizer.json", folder / "tokenizer.json")
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
        (folder / name).touch()

    class Here(ONNXMiniLM_L6_V2):
        """It, with its files in build/."""

        DOWNLOAD_PATH = folder.parent

    return Here()


async def main() -> None:
    """Measure all of it."""
    if reason := collections.missing():
        print(reason)
        return
    encoder = collections.local_encoder()
    if not isinstance(encoder, LocalEncoder):
        print("skipped: no embedding model is here (make model)")
        return
    await measure_embedding(encoder)
    with TemporaryDirectory() as place:
        measure_rounding(Path(place))
    measure_comparing()
    keeping = KeepingEncoder(encoder)
    with TemporaryDirectory() as place, collections.library_of(documents()) as database:
        folder = Path(place)
        await embed_published(database, keeping)
        ours = await measure_search(database, encoder, folder)
        used = psutil.Process().memory_info().rss / 1e6
        record("b.memory_mb_14k", used, "MB", None, None, COMMAND)
        await to_thread.run_sync(measure_building, database, encoder, folder)
        await to_thread.run_sync(measure_peer, keeping, folder, ours)


if __name__ == "__main__":
    asyncio.run(main())
