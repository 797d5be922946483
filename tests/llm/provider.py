"""A provider on loopback that sends exactly the bytes of a scenario, whatever it is asked."""

import asyncio
import base64
import json
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

REASONS = {200: "OK"}


@dataclass
class Provider:
    """Where it listens, and how many requests it got."""

    url: str = ""
    requests: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def provider(scenario: dict[str, Any]) -> AsyncIterator[Provider]:
    """A server for one scenario, gone when the block ends."""
    made = Provider()
    if scenario.get("tcp") in ("refuse", "nxdomain"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            made.url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        yield made
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _answer(scenario, made, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        yield made


async def _answer(
    scenario: dict[str, Any],
    made: Provider,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-len")),
        0,
    )
    made.requests.append(await reader.readexactly(length))
    if scenario.get("tcp") == "rst":
        _reset(writer)
        return
    if "http_status" in scenario:
        writer.write(_plain(scenario))
    else:
        await _stream(scenario, writer)
    await writer.drain()
    if scenario.get("end") == "rst":
        _reset(writer)


def _plain(scenario: dict[str, Any]) -> bytes:
    body: bytes = scenario["body"].encode()
    headers = {"content-type": "application/json", **scenario["headers"]}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    status = scenario["http_status"]
    start = f"HTTP/1.1 {status} {REASONS.get(status, 'Fault')}\r\n{lines}"
    return f"{start}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


async def _stream(scenario: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
    for piece in scenario["stream"] or _huge():
        writer.write(base64.b64decode(piece) if isinstance(piece, str) else piece)
        await writer.drain()
        await asyncio.sleep(scenario.get("delay_s", 0))
    if scenario.get("end") == "hang":
        await asyncio.sleep(30)


def _huge() -> list[bytes]:
    return [chunk("A" * 8_000_000), chunk("", "stop"), b"data: [DONE]\n\n"]


def chunk(text: str, finish: str | None = None) -> bytes:
    """One event of a stream of chat completions."""
    values = {
        "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
    }  # fmt: skip
    return f"data: {json.dumps(values)}\n\n".encode()


def saying(text: str) -> dict[str, Any]:
    """A scenario in which the model says this."""
    return {"stream": [chunk(text), chunk("", "stop"), b"data: [DONE]\n\n"], "end": "close"}


def _reset(writer: asyncio.StreamWriter) -> None:
    found = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
