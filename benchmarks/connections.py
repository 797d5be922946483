"""Watches every connection the whole test suite opens, with all tracing switched on.

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
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import ROOT
from benchmarks.record import record

COMMAND = "python -m benchmarks.connections"
TRACING = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_TRACING_V2": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_not_a_key",
    "LANGSMITH_ENDPOINT": "http://192.0.2.1:9",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://192.0.2.1:9",
    "ANONYMIZED_TELEMETRY": "True",
}
_FAMILY = re.compile(r"sa_family=(AF_\w+)")
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_HERE = re.compile(r"127\.|0\.0\.0\.0$|::1$|::$|::ffff:127\.")


def strangers(lines: Iterable[str]) -> Iterator[str]:
    """The addresses beyond this machine in lines of strace, as often as they were called."""
    for line in lines:
        family, address = _FAMILY.search(line), _ADDRESS.search(line)
        if family and family[1] in {"AF_INET", "AF_INET6"} and address:
            where = address[1] or address[2]
            if not _HERE.match(where):
                yield where


def main() -> None:
    """Run the tests under strace, and count the connections that leave this machine."""
    if not shutil.which("strace"):
        print("skipped: no strace is here")
        return
    with TemporaryDirectory() as folder:
        log = Path(folder) / "calls"
        tests = [sys.executable, "-m", "pytest", "-q", "-n", "2", *sys.argv[1:]]
        watch = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto", "-o"]
        done = subprocess.run([*watch, str(log), *tests], cwd=ROOT, env={**os.environ, **TRACING})
        with log.open(encoding="utf-8", errors="replace") as calls:
            called, found = 0, Counter[str]()
            for line in calls:
                called += "connect(" in line
                found.update(strangers([line]))
    if not called:
        print("skipped: this machine allows no tracing of system calls")
        return
    count = sum(found.values())
    record("c.connections_watched", called, "", None, None, COMMAND)
    record("c.connections_to_strangers", count, "", 0, count == 0, COMMAND)
    print("".join(f"   {times} x {where}\n" for where, times in found.most_common(20)), end="")
    print(f"   the tests ended with {done.returncode}")


if __name__ == "__main__":
    main()
