"""Watches all that the whole test suite connects to and sends, with all tracing switched on.

The kernel's own record, so that no library can slip past a hook of Python's. Arguments go to
pytest in place of the whole suite. Needs strace; `python -m benchmarks.connections` is a part of
`make soak`.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import ROOT
from benchmarks.record import record

COMMAND = "python -m benchmarks.connections"
CALLS = "connect,sendto,sendmsg,sendmmsg"
TRACING = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_TRACING_V2": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_not_a_key",
    "LANGSMITH_ENDPOINT": "http://192.0.2.1:9",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://192.0.2.1:9",
    "ANONYMIZED_TELEMETRY": "True",
}
_CALL = re.compile(r"(connect|send\w+)\(\d+(?:<([\w-]+):\[(.*?)\]>)?")
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_COMMAND = re.compile(r"\d+<([^>]*)>")
_PEER = re.compile(r"->\[?([0-9a-fA-F.:]+?)\]?:\d+$")
_HERE = re.compile(r"127\.|0\.0\.0\.0$|::1$|::$|::ffff:127\.")


@dataclass(frozen=True, slots=True)
class Stranger:
    """An address beyond this machine, whether anything was sent there, and the thread's name."""

    address: str
    sent: bool
    command: str = ""


def strangers(lines: Iterable[str]) -> Iterator[Stranger]:
    """The addresses beyond this machine in lines of strace, as often as they were called.

    To connect a socket of UDP sends nothing: the kernel looks up a route, which is how Chromium
    learns whether it has IPv6. What is sent over it afterwards is a line of its own.
    """
    for line in lines:
        call = _CALL.search(line)
        if not call or call[2] and not call[2].startswith(("TCP", "UDP")):
            continue
        address = _ADDRESS.search(line) or _PEER.search(call[3] or "")
        where = address and next(filter(None, address.groups()))
        if where and not _HERE.match(where):
            looked_up = call[1] == "connect" and (call[2] or "").startswith("UDP")
            command = _COMMAND.match(line)
            yield Stranger(where, not looked_up, command[1] if command else "")


def main() -> None:
    """Run the tests under strace, and count the connections that leave this machine."""
    if not shutil.which("strace"):
        print("skipped: no strace is here")
        return
    with TemporaryDirectory() as folder:
        log = Path(folder) / "calls"
        tests = [sys.executable, "-m", "pytest", "-q", "-n", "2", *sys.argv[1:]]
        watch = ["strace", "-f", "--seccomp-bpf", "-qq", "-yy", "-Y", f"-etrace={CALLS}", "-o"]
        done = subprocess.run([*watch, str(log), *tests], cwd=ROOT, env={**os.environ, **TRACING})
        with log.open(encoding="utf-8", errors="replace") as calls:
            called, found = 0, Counter[Stranger]()
            for line in calls:
                called += "connect(" in line
                found.update(strangers([line]))
    if not called:
        print("skipped: this machine allows no tracing of system calls")
        return
    sent = sum(times for stranger, times in found.items() if stranger.sent)
    record("c.connections_watched", called, "", None, None, COMMAND)
    record("c.connections_to_strangers", sent, "", 0, sent == 0, COMMAND)
    record("c.routes_looked_up", found.total() - sent, "", None, None, COMMAND)
    for stranger, times in found.most_common(20):
        told = "" if stranger.sent else ", nothing sent"
        print(f"   {times} x {stranger.address} by {stranger.command}{told}")
    print(f"   the tests ended with {done.returncode}")


if __name__ == "__main__":
    main()
