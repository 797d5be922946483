"""Writes sent many times at once under one key have one effect, and one answer."""

import asyncio
from typing import Any

import httpx2
import pytest

from tests.web.conftest import House

TIMES, KEYS = 20, 3
WRITES: dict[str, dict[str, Any]] = {
    "notes": {"text": "Said once", "visibility": "pair"},
    "commitments": {"owner": "mentee", "text": "Bring it", "due": "Friday"},
    "run/marks": {"block_id": "b1", "minutes": 4},
}


async def send_all(house: House, path: str, body: dict[str, Any]) -> set[tuple[int, bytes]]:
    """The different answers to so many keys, each sent so often at once."""
    bearer = {"authorization": f"Bearer {house.seeded.tokens['mentor']}"}
    transport = httpx2.ASGITransport(house.app)
    answers = set()
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://testserver", headers=bearer
    ) as client:

        async def send(key: str) -> None:
            while True:
                answer = await client.post(path, json=body, headers={"idempotency-key": key})
                if answer.status_code != 409:
                    answers.add((answer.status_code, answer.content))
                    return
                await asyncio.sleep(0.02)

        for key in range(KEYS):
            await asyncio.gather(*(send(f"{path}-{key}") for _ in range(TIMES)))
    return answers


@pytest.mark.parametrize("write", WRITES)
async def test_one_key_is_one_write(write: str, house: House) -> None:
    client, session = house.as_("mentor"), f"/api/v1/sessions/{house.seeded.session_id}"
    client.post(f"{session}/agenda")
    client.post(f"{session}/run", json={})
    answers = await send_all(house, f"{session}/{write}", WRITES[write])
    # A note has an id for each key; a promise said again, and a mark set again, are the same one.
    assert len(answers) == (KEYS if write == "notes" else 1)
    assert {status for status, _ in answers} <= {200, 201}
    notes = client.get(f"{session}/notes").json()["items"]
    offers = client.get(f"/api/v1/pairs/{house.seeded.pair_id}/offers").json()["items"]
    counts = {"notes": len(notes), "commitments": len(offers)}
    assert counts == {
        "notes": KEYS if write == "notes" else 0,
        "commitments": 1 if write == "commitments" else 0,
    }
