"""Chooses what turns texts into vectors, and says what it chose.

What runs or reaches a model is imported when the first text comes: a command that compares no
meanings should not wait for it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from anyio import to_thread

from coach.llm.embeddings import Encoder, EncoderFault, Vectors
from coach.llm.model_files import MODEL, ModelFiles, find_model
from coach.settings import Settings

DIMENSION = 384
NONE_HERE = (
    "no model is here: search finds words and word stems. `make model` installs one, "
    "`coach embeddings fetch` downloads one"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The encoder of this process, if there is one, and what a person should know about it."""

    encoder: Encoder | None
    told: str
    wrong: bool = False


def choose_encoder(settings: Settings, convert: bool = False) -> Choice:
    """The encoder the settings ask for; `convert` lets a model be written to the data folder."""
    if settings.embeddings == "off":
        return Choice(None, "off: search finds words and word stems")
    try:
        return _choose(settings, convert)
    except EncoderFault as fault:
        return Choice(None, f"{fault.detail} Search finds words and word stems", wrong=True)


def _choose(settings: Settings, convert: bool) -> Choice:
    asked = settings.embeddings
    if asked in {"local", "auto"}:
        files = find_model(settings.embeddings_folder, settings.data, convert)
        if files is not None:
            return Choice(LocalEncoder(files), f"local: {files.name}, from {files.place}")
    if asked in {"openai", "auto"} and settings.embeddings_model:
        address = settings.embeddings_base_url
        if address is not None:
            key = settings.embeddings_api_key
            secret = key.get_secret_value() if key else None
            encoder = HttpEncoder(address, secret, settings.embeddings_model)
            return Choice(encoder, f"openai: {encoder.model}")
    if asked == "openai":
        raise EncoderFault("COACH_EMBEDDINGS_BASE_URL and COACH_EMBEDDINGS_MODEL are not set.")
    return Choice(None, NONE_HERE, wrong=asked == "local")


def encoder_named(settings: Settings, name: str) -> Encoder | None:
    """A model that the settings do not choose but still reach: one that a change leaves behind."""
    files = find_model(settings.embeddings_folder, settings.data, convert=False)
    if files is None or files.name != name:
        files = find_model(None, settings.data, convert=False)
    if files is not None and files.name == name:
        return LocalEncoder(files)
    if settings.embeddings_base_url is None:
        return None
    key = settings.embeddings_api_key
    secret = key.get_secret_value() if key else None
    return HttpEncoder(settings.embeddings_base_url, secret, name)


class _Network(Protocol):
    def encode(self, texts: Sequence[str]) -> Vectors: ...


def _open_network(files: ModelFiles) -> _Network:
    from coach.llm.minilm import Network  # noqa: PLC0415  see the top

    return Network(files)


class LocalEncoder:
    """A model in this process; its dimension is known once it has answered."""

    def __init__(self, files: ModelFiles) -> None:
        self.model = files.name
        self.dimension = DIMENSION if files.name == MODEL else 0
        self._files = files
        self._network: _Network | None = None
        # The network keeps all cores busy on its own.
        self._turn = threading.Lock()

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return await to_thread.run_sync(self._encode, texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        with self._turn:
            if self._network is None:
                self._network = _open_network(self._files)
            vectors = self._network.encode(texts)
        self.dimension = self.dimension or vectors.shape[1]
        return vectors


class HttpEncoder:
    """A model behind an address; its dimension is known once it has answered."""

    def __init__(self, base_url: str, key: str | None, model: str) -> None:
        self.model = model
        self.dimension = 0
        self._base_url = base_url
        self._key = key

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        from coach.llm.embeddings_http import embed  # noqa: PLC0415  see the top

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = await embed(self._base_url, self._key, self.model, texts)
        self.dimension = self.dimension or vectors.shape[1]
        return vectors
