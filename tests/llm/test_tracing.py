"""No trace of a draft leaves this machine, whatever the shell asks for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coach.llm.model_files import ModelFiles
from tests.conftest import ROOT

ON = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_TRACING_V2": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_not_a_key",
    "LANGSMITH_ENDPOINT": "http://192.0.2.1:9",
}
WATCH = """
import asyncio, json, socket, time
tried = []

def watched(real, host_of):
    def call(*args, **kwargs):
        host = str(host_of(args))
        if host not in ("127.0.0.1", "::1", "localhost", "None"):
            tried.append(host)
            raise OSError("watched")
        return real(*args, **kwargs)
    return call

def host_of_address(args):
    return args[1][0] if isinstance(args[1], tuple) else None

for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, watched(getattr(socket.socket, name), host_of_address))
socket.getaddrinfo = watched(socket.getaddrinfo, lambda args: args[0])
"""
DRAFT = """
import coach.settings
from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from dataclasses import replace
from tests.coaching.make import TODAY, starter_coach, twelve
from tests.security.obedient import serving
from tests.security.outbound import Recorder, model_at
recorder = Recorder()

async def whole(address):
    model = model_at(address)
    with starter_coach() as coach:
        await draft_agenda(replace(coach, model=model), twelve()["P08"], AgendaRequest(TODAY))
    await model.aclose()

with serving(recorder) as address:
    asyncio.run(whole(address))
"""
BARE = """
from langchain_core.runnables import RunnableLambda

async def work(value):
    return value

recorder = None
asyncio.run(RunnableLambda(work).ainvoke(1))
"""
TELL = """
time.sleep(2)
print(json.dumps({"tried": tried, "asked": len(recorder.requests) if recorder else 0}))
"""


def run(script: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", WATCH + script + TELL],
        env={**os.environ, **ON}, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_a_draft_with_a_model_opens_no_socket_outside_even_with_tracing_on() -> None:
    told = run(DRAFT)
    assert told["tried"] == []
    assert isinstance(told["asked"], int)
    assert told["asked"] >= 3


def test_without_our_settings_a_trace_would_leave() -> None:
    assert run(BARE)["tried"]


@pytest.mark.parametrize("first", ["pass", "import coach.settings"])
def test_the_embedding_model_leaves_no_id_of_this_device(
    first: str, minilm: ModelFiles, tmp_path: Path
) -> None:
    script = f"{first}\nimport onnxruntime\nonnxruntime.InferenceSession({str(minilm.network)!r})"
    switches = {"CI", "GITHUB_ACTIONS", "TF_BUILD", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    given = {name: value for name, value in os.environ.items() if name not in switches}
    subprocess.run([sys.executable, "-c", script], env={**given, "HOME": str(tmp_path)}, check=True)
    written = any(path.name == "deviceid" for path in tmp_path.rglob("*"))
    if first == "pass" and not written:
        pytest.skip("this onnxruntime tells its makers nothing")
    assert written == (first == "pass")
