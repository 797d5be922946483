"""Embeddings from any server that speaks `/embeddings` as OpenAI does."""

import asyncio
import ssl
from collections.abc import Sequence
from functools import lru_cache

import httpx2
import numpy as np
import openai

from coach.llm.embeddings import EncoderFault, Vectors

BATCH = 64
SECONDS = 60.0
CONNECT = 5.0


async def embed(
    base_url: str,
    key: str | None,
    model: str,
    texts: Sequence[str],
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Vectors:
    """One row for each text, in order, or EncoderFault with one sentence."""
    # A command and a service run loops of their own, and a client belongs to one of them.
    try:
        made = make_embedding_client(base_url, key, transport)
    except AttributeError as fault:
        # While another thread imports the older httpx, the client takes half of it for the whole.
        raise EncoderFault(f"The embedding model {model} cannot be asked just now.") from fault
    async with made as client:
        rows = [
            await ask(client, model, texts[start : start + BATCH])
            for start in range(0, len(texts), BATCH)
        ]
    if len({part.shape[1] for part in rows}) != 1:
        raise EncoderFault(f"{model} gave vectors of different lengths.")
    return np.concatenate(rows)


def make_embedding_client(
    base_url: str, key: str | None, transport: httpx2.AsyncBaseTransport | None = None
) -> openai.AsyncOpenAI:
    """A client that follows no redirects and no proxy of the environment."""
    http = httpx2.AsyncClient(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        verify=_trust(),
        timeout=httpx2.Timeout(20, connect=CONNECT),
    )
    return openai.AsyncOpenAI(
        base_url=base_url, api_key=key or "not-needed", max_retries=2, http_client=http
    )


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The certificates this machine trusts; reading them takes longer than a question."""
    return httpx2.create_ssl_context(trust_env=False)


async def ask(client: openai.AsyncOpenAI, model: str, texts: Sequence[str]) -> Vectors:
    """The vectors of these texts within a minute, or EncoderFault with one sentence."""
    try:
        async with asyncio.timeout(SECONDS):
            # Older servers refuse base64, the client's own choice.
            answer = await client.embeddings.create(
                model=model, input=list(texts), encoding_format="float"
            )
        return _rows(answer, model, len(texts))
    except (EncoderFault, asyncio.CancelledError):
        raise
    except Exception as fault:  # the client lets errors of many libraries through
        raise EncoderFault(
            f"The embedding model {model} cannot be reached ({type(fault).__name__})."
        ) from fault


def _rows(answer: object, model: str, count: int) -> Vectors:
    """The vectors in the order of the texts, or what is wrong with the answer."""
    items = getattr(answer, "data", None)
    # A sign-in page in front of the server comes back as a text with status 200.
    if not isinstance(items, list):
        raise EncoderFault(f"What answers for {model} is no embedding server.")
    places = [item.index for item in items]
    if sorted(places) != list(range(count)):
        raise EncoderFault(f"{model} gave {len(items)} vectors for {count} texts.")
    ordered = [item.embedding for item in sorted(items, key=lambda item: int(item.index))]
    lengths = {len(vector) if isinstance(vector, list) else 0 for vector in ordered}
    if len(lengths) != 1 or 0 in lengths:
        raise EncoderFault(f"{model} gave vectors of different lengths.")
    vectors = np.asarray(ordered, dtype=np.float32)
    if not np.isfinite(vectors).all():
        raise EncoderFault(f"{model} gave a vector that is not a number.")
    return vectors
