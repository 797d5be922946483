"""An embedding server may answer with anything: it is vectors in order, or one sentence."""

import json
from typing import Any

import httpx
import numpy as np
import pytest
import respx

from coach.llm.embeddings import EncoderFault, encode_checked
from coach.llm.encoders import HttpEncoder

BASE = "http://127.0.0.1:9/v1"


def item(index: int, *vector: float | None) -> dict[str, Any]:
    return {"object": "embedding", "index": index, "embedding": list(vector)}


def answer(*items: dict[str, Any]) -> httpx.Response:
    body = {"object": "list", "data": items, "model": "m", "usage": {}}
    body["usage"] = {"prompt_tokens": 1, "total_tokens": 1}
    return httpx.Response(200, content=json.dumps(body).encode(), headers=JSON)


JSON = {"Content-Type": "application/json"}


async def test_vectors_come_in_the_order_of_the_texts(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post(f"{BASE}/embeddings")
    route.mock(return_value=answer(item(1, 0, 1, 0), item(0, 3, 0, 4)))
    encoder = HttpEncoder(BASE, None, "m")
    found = await encode_checked(encoder, ["a", "b"])
    assert found == pytest.approx(np.array([[0.6, 0, 0.8], [0, 1, 0]]))
    assert encoder.dimension == 3
    sent = json.loads(route.calls.last.request.content)
    assert sent == {"model": "m", "input": ["a", "b"], "encoding_format": "float"}


BAD = {
    "fewer vectors": answer(item(0, 1, 0)),
    "the same place twice": answer(item(0, 1, 0), item(0, 0, 1)),
    "different lengths": answer(item(0, 1, 0), item(1, 1, 0, 0)),
    "empty vectors": answer(item(0), item(1)),
    "null in a vector": answer(item(0, 1, None), item(1, 1, 0)),
    "no direction": answer(item(0, 0, 0), item(1, 1, 0)),
    "a sign-in page": httpx.Response(200, html="<html>Sign in</html>"),
    "no JSON": httpx.Response(200, content=b"{broken", headers=JSON),
    "another JSON": httpx.Response(200, json={"hello": 1}),
    "a refusal": httpx.Response(401, json={"error": {"message": "no key"}}),
    "a redirect": httpx.Response(302, headers={"Location": "http://127.0.0.1:8/"}),
    "NaN": httpx.Response(
        200,
        content=b'{"data": [{"index": 0, "embedding": [NaN, 1]},'
        b' {"index": 1, "embedding": [1, 1]}]}',
        headers=JSON,
    ),
}


@pytest.mark.parametrize("bad", BAD)
async def test_what_is_no_answer_is_one_sentence(respx_mock: respx.MockRouter, bad: str) -> None:
    respx_mock.post(f"{BASE}/embeddings").mock(return_value=BAD[bad])
    with pytest.raises(EncoderFault) as fault:
        await encode_checked(HttpEncoder(BASE, "key", "m"), ["a", "b"])
    assert fault.value.detail.endswith(".")
    assert "key" not in fault.value.detail


async def test_another_dimension_than_before_is_refused(respx_mock: respx.MockRouter) -> None:
    respx_mock.post(f"{BASE}/embeddings").mock(
        side_effect=[answer(item(0, 1, 0)), answer(item(0, 1, 0, 0))]
    )
    encoder = HttpEncoder(BASE, None, "m")
    await encode_checked(encoder, ["a"])
    with pytest.raises(EncoderFault):
        await encode_checked(encoder, ["a"])
