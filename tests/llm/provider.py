"""A provider on loopback that sends the very bytes of a scenario, wrong as they are."""

import asyncio
import base64
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from pydantic import SecretStr

from coach.llm.asking import Model
from coach.llm.budget import Budget
from coach.llm.chat import CoachChat
from coach.llm.client import Deadlines, Endpoint
from coach.llm.opening import PROMPTS
from coach.llm.prompts import load_prompt

KEY = "sk-never-to-be-seen"
SHORT = Deadlines(first=0.75, idle=1.0, total=4.5)
PATIENT = Deadlines(first=10.0, idle=10.0, total=20.0)
PIECE = '{"choices": [{"index": 0, "delta": {"content": "%s"}, "finish_reason": null}]}'


def model_at(base_url: str, deadlines: Deadlines = SHORT, budget: Budget | None = None) -> Model:
    """A model at this address, with a key."""
    endpoint = Endpoint(base_url, "fake", SecretStr(KEY), deadlines)
    prompts = {name: load_prompt(name) for name in PROMPTS}
    return Model(CoachChat.open(endpoint), "fake", prompts, budget or Budget())


class Provider:
    """Serves one scenario, and counts the requests that came."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        self.scenario = scenario
        self.requests = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """The address while the provider is up; nobody listens there when it refuses."""
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        if self.scenario.get("tcp") in ("refuse", "nxdomain"):
            server.close()
            await server.wait_closed()
        try:
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take requests and send the scenario's bytes until the connection ends."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    await reader.readexactly(int(line.split(b":")[1]))
            self.requests += 1
            await self._send(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        scenario = self.scenario
        if scenario.get("tcp") == "rst":
            reset(writer)
            return
        if scenario.get("tcp") == "silent":
            await asyncio.sleep(30)
            return
        if "http_status" in scenario:
            body = scenario["body"].encode()
            headers = {"content-type": "application/json", **scenario["headers"]}
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"HTTP/1.1 {scenario['http_status']} X\r\nconnection: close\r\n{lines}"
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
        )
        for piece in pieces_of(scenario):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(scenario.get("delay_s") or 0)
        if scenario.get("end") == "rst":
            # A reset throws away what was not read yet, and then nothing would have been sent.
            await asyncio.sleep(0.05)
            reset(writer)
        elif scenario.get("end") == "hang":
            await asyncio.sleep(30)


def pieces_of(scenario: dict[str, Any]) -> list[bytes]:
    """The pieces of a stream; the big ones are described in words."""
    if scenario.get("stream") is not None:
        return [base64.b64decode(piece) for piece in scenario["stream"]]
    return [b"data: " + (PIECE % ("A" * 8_000_000)).encode() + b"\n\n"]


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection rudely."""
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
