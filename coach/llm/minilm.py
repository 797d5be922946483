"""Runs all-MiniLM-L6-v2, or another model of its kind, in this process through onnxruntime."""

from collections.abc import Iterator, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from coach.llm.embeddings import EncoderFault, Vectors
from coach.llm.model_files import ModelFiles

MOST_TOKENS = 256
# Short texts share a batch until it holds this many tokens; larger ones leave the cache.
BATCH_TOKENS = 1_024
Numbers = NDArray[np.int64]


class Network:
    """The tokenizer and the session of a model."""

    def __init__(self, files: ModelFiles) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
            self._session = onnxruntime.InferenceSession(
                str(files.network), _options(), providers=["CPUExecutionProvider"]
            )
        except Exception as fault:  # both throw what they like at a bad file
            raise EncoderFault(f"The model in {files.place} cannot be read.") from fault
        # The file of the tokenizer asks for 128 places, always; we pad to the longest of a batch.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._inputs = {one.name for one in self._session.get_inputs()}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each of these texts, those of like length worked on together."""
        tokens = self._tokenizer.encode_batch([_sound(text) for text in texts])
        rows: list[tuple[int, NDArray[np.float32]]] = []
        for batch in batches([len(one.ids) for one in tokens]):
            vectors = self._run([tokens[place] for place in batch])
            rows += zip(batch, vectors, strict=True)
        return np.stack([vector for _, vector in sorted(rows, key=lambda row: row[0])])

    def _run(self, tokens: Sequence[Encoding]) -> NDArray[np.float32]:
        ids: Numbers = np.zeros((len(tokens), max(len(one.ids) for one in tokens)), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        used = {name: values for name, values in given.items() if name in self._inputs}
        found = np.asarray(self._session.run(None, used)[0], dtype=np.float32)
        return found if found.ndim == 2 else _pooled(found, mask)


def _options() -> onnxruntime.SessionOptions:
    """Settings of a session that leaves the cores to others as soon as it has its answer."""
    options = onnxruntime.SessionOptions()
    # Between two steps its threads wait by turning in place; after the last one they would go on
    # doing so, on the cores that the database needs next.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return options


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of like length, the shortest first, as many as fit one batch."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if batch and (len(batch) + 1) * lengths[place] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _pooled(states: NDArray[np.float32], mask: Numbers) -> NDArray[np.float32]:
    """The mean of the tokens that are no padding; the caller brings it to length 1."""
    weights = mask[:, :, None].astype(np.float32)
    return np.asarray((states * weights).sum(axis=1) / weights.sum(axis=1), dtype=np.float32)


def _sound(text: str) -> str:
    """The text without what the tokenizer cannot take."""
    return text.encode("utf-8", "replace").decode()
