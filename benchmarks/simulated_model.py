"""A model server for measuring: OpenAI-compatible, with a fixed pace, scripted or obedient.

`python -m benchmarks.simulated_model --port 9999 --first 0.4 --pace 60 --script good`. With
--shared the tokens per second are shared by all streams, as on a small local machine.
"""

import argparse
import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from coach.llm.fakes import obey

LETTERS = 4  # of a token
WHOLE = "WRITE THE WHOLE AGENDA"
Messages = list[dict[str, str]]
Script = Callable[[Messages], str]
PASSAGE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
LINE = re.compile(r"^(\d+)\. \((\w+)", re.MULTILINE)
QUESTION = re.compile(r"^(\d+)\. \(.*?\) (.*)$", re.MULTILINE)
ASKED = (
    "What part of this would help you most in your own work?",
    "Where in your week would you try this next?",
    "What would you ask your mentor about this topic?",
)
NUDGE = "Which experience of yours comes closest?"


@dataclass
class Pace:
    """Seconds to the first token, tokens a second, and whether all streams share them."""

    first: float = 0.4
    tokens: float = 60.0
    shared: bool = False
    streams: int = 0
    fail_after: int | None = None
    calls: int = 0
    log: list[Messages] = field(default_factory=list)

    def wait(self) -> float:
        """Seconds until the next token of one stream."""
        return (max(1, self.streams) if self.shared else 1) / self.tokens


def passages_of(request: str) -> dict[int, str]:
    """The numbered passages of a request."""
    return {int(number): text for number, text in PASSAGE.findall(request)}


def first_sentence(text: str) -> str:
    """The first sentence of a passage."""
    return re.split(r"(?<=[.!?]) ", text)[0]


def good_script(messages: Messages) -> str:
    """A reply as a careful model writes it."""
    system, request = messages[0]["content"], messages[1]["content"]
    shown = passages_of(request)
    if '"steps"' in system:
        return json.dumps(good_block(request, shown))
    if '"says"' in system:
        return json.dumps(good_prep(request, shown))
    if '"questions"' in system:
        questions = [{"number": int(n), "text": text} for n, text in QUESTION.findall(request)]
        return json.dumps({"questions": questions})
    if '"answer"' in system:
        said = [
            {"text": first_sentence(text), "passage": number, "quote": first_sentence(text)}
            for number, text in list(shown.items())[:2]
        ]
        asked = "How would you explain this to a colleague in your own words?"
        return json.dumps({"answer": said[:1], "explanation": said[1:], "teach_back": asked})
    return '{"ok": true}'


def good_prep(request: str, shown: dict[int, str]) -> dict[str, Any]:
    """A prep brief from the first sentences of the passages that it may use."""
    numbers = re.search(r"^Passages of the lesson: (.*)\nNotes on teaching: (.*)$", request, re.M)
    parts = [re.findall(r"\d+", part) for part in (numbers.groups() if numbers else ("", ""))]
    is_mentor = "\nThe reader: mentor" in request
    told = [
        [
            {"text": said, "passage": int(n), "quote": said}
            for n in part[:2]
            if (said := first_sentence(shown[int(n)]))
        ]
        for part in parts
    ]
    asked = [{"number": int(n), "text": text} for n, text in QUESTION.findall(request)]
    told = told if is_mentor else [[], []]
    if asked and "{" not in asked[-1]["text"]:
        text = asked[-1]["text"]
        worded = f"So {text[0].lower()}{text[1:]}" if is_mentor else NUDGE
        asked[-1]["text"] = worded
    return {"says": told[0], "teaching": told[1], "asks": asked}


def good_block(request: str, shown: dict[int, str]) -> dict[str, Any]:
    """A block kept line by line, with a question and, where there is room, an explanation."""
    lines = LINE.findall(request.rsplit("The block, kind", 1)[-1])
    steps = [
        {"keep": int(number), "kind": "say", "text": "", "passage": 0, "quote": ""}
        for number, _ in lines
    ]
    asked = {"keep": 0, "kind": "ask", "text": ASKED[len(lines) % 3], "passage": 0, "quote": ""}
    steps.insert(1, asked)
    if shown:
        number = 1 + (7 * len(lines)) % len(shown)
        said = first_sentence(shown[number])
        told = {"keep": 0, "kind": "explain", "text": said, "passage": number, "quote": said}
        steps.insert(2, told)
    return {"title": "", "steps": steps}


class SimulatedModel:
    """The server: what it answers, and how fast. Written without a framework, so that it keeps
    its pace for hundreds of streams."""

    def __init__(self, script: Script = good_script, pace: Pace | None = None) -> None:
        self.script, self.pace = script, pace or Pace()

    async def serve(self, port: int) -> None:
        """Answer on this port of loopback until cancelled."""
        server = await asyncio.start_server(self.meet, "127.0.0.1", port)
        async with server:
            await server.serve_forever()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = re.search(r"(?im)^content-length:\s*(\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                await self.answer(head.partition("\r\n")[0], body, writer)
                await writer.drain()
        writer.close()

    async def answer(self, line: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        """One answer, as a stream where one is asked for."""
        if not line.startswith("POST "):
            models = {"object": "list", "data": [{"id": "simulated", "object": "model"}]}
            writer.write(whole("200 OK", json.dumps(models)))
            return
        asked = json.loads(body)
        self.pace.log.append(asked["messages"])
        self.pace.calls += 1
        if self.pace.fail_after is not None and self.pace.calls > self.pace.fail_after:
            writer.write(whole("500 Internal Server Error", "out of order", "text/plain"))
            return
        text = self.script(asked["messages"])
        if text.startswith("<html>"):
            writer.write(whole("200 OK", text, "text/html"))
        elif asked.get("stream"):
            await self.stream(text, writer)
        else:
            await asyncio.sleep(self.pace.first + len(text) / LETTERS * self.pace.wait())
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            told = {"id": "s", "object": "chat.completion", "choices": [choice]}
            writer.write(whole("200 OK", json.dumps(told)))

    async def stream(self, text: str, writer: asyncio.StreamWriter) -> None:
        """The answer token by token, at the pace."""
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        await asyncio.sleep(self.pace.first)
        self.pace.streams += 1
        due = time.perf_counter()
        try:
            for start in range(0, len(text), LETTERS):
                due += self.pace.wait()
                if (ahead := due - time.perf_counter()) > 0:
                    await asyncio.sleep(ahead)
                if writer.is_closing():
                    return
                writer.write(framed(chunk({"content": text[start : start + LETTERS]})))
        finally:
            self.pace.streams -= 1
        writer.write(framed(chunk({}, "stop")) + framed("data: [DONE]\n\n") + b"0\r\n\r\n")


def whole(status: str, text: str, kind: str = "application/json") -> bytes:
    """An answer in one piece."""
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def framed(text: str) -> bytes:
    """A piece of an answer whose length nobody knows yet."""
    body = text.encode()
    return b"%x\r\n%b\r\n" % (len(body), body)


def chunk(delta: dict[str, str], done: str | None = None) -> str:
    """One event of a stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": done}
    body = {"id": "s", "object": "chat.completion.chunk", "created": 0, "model": "simulated"}
    return f"data: {json.dumps({**body, 'choices': [choice]})}\n\n"


def obedient_script(messages: Messages) -> str:
    """A reply that does whatever the text says, and says all of it again."""
    return obey([SystemMessage(messages[0]["content"]), HumanMessage(messages[1]["content"])])


def html_script(messages: Messages) -> str:
    """What a sign-in proxy answers."""
    return "<html><body>Please sign in</body></html>"


SCRIPTS: dict[str, Script] = {
    "good": good_script,
    "html": html_script,
    "obedient": obedient_script,
}


def with_whole(script: Script, text: str) -> Script:
    """The script, which writes this text when it is asked for the whole agenda at once."""
    return lambda messages: text if messages[1]["content"] == WHOLE else script(messages)


@contextmanager
def serving(pace: Pace, script: str = "good", whole: str = "") -> Iterator[str]:
    """The address of a server in a process of its own, until the block ends."""
    with socket.socket() as free, TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        text = Path(folder) / "whole.txt"
        text.write_text(whole, "utf-8")
        told = ["--port", port, "--first", pace.first, "--pace", pace.tokens, "--script", script]
        told += ["--whole", text, *(["--shared"] if pace.shared else [])]
        free.close()
        command = [sys.executable, "-m", "benchmarks.simulated_model", *map(str, told)]
        with subprocess.Popen(command) as process:
            try:
                _wait_for(port, process)
                yield f"http://127.0.0.1:{port}/v1"
            finally:
                process.terminate()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("The simulated model did not start.")


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9999)
    parser.add_argument("--first", type=float, default=0.4)
    parser.add_argument("--pace", type=float, default=60.0)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="good")
    parser.add_argument("--fail-after", type=int, default=None)
    parser.add_argument("--whole", type=Path, default=None)
    asked = parser.parse_args()
    pace = Pace(asked.first, asked.pace, asked.shared, fail_after=asked.fail_after)
    script = SCRIPTS[asked.script]
    if asked.whole:
        script = with_whole(script, asked.whole.read_text("utf-8"))
    with suppress(KeyboardInterrupt):
        asyncio.run(SimulatedModel(script, pace).serve(asked.port))


if __name__ == "__main__":
    main()
