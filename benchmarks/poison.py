"""Reads what was made to break readers: the big poison documents and mutations of the others.

`python -m benchmarks.poison [MUTATIONS]` is a part of `make soak`. Each ends in a state the coach
has a sentence for, within the limits of time and memory, and leaves nothing behind.
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.library import SHARED
from benchmarks.record import record
from coach.knowledge.reading.child import MEMORY, SECONDS
from coach.knowledge.reading.found import SENTENCES, FileUnread
from coach.knowledge.reading.process import DEADLINE, read_upload

COMMAND = "python -m benchmarks.poison"
FOLDER = SHARED / "security" / "poison_docs"
MUTATIONS = 500
LARGEST_MUTATED = 100_000


@dataclass(frozen=True, slots=True)
class End:
    """How reading a file ended, after how many seconds of work and of waiting."""

    state: str
    cpu: float
    seconds: float


def read(data: bytes, name: str) -> End:
    """Read one file in the limited child."""
    before, begun = _cpu(), time.monotonic()
    try:
        read_upload(data, name)
        state = "done"
    except FileUnread as fault:
        state = f"failed:{fault.reason}"
    except Exception as fault:  # noqa: BLE001  what must never happen is counted
        state = f"crashed:{type(fault).__name__}"
    return End(state, _cpu() - before, time.monotonic() - begun)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def list_entries() -> list[dict[str, str]]:
    """What the manifest says of each document."""
    lines = (FOLDER / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def mutations(count: int) -> Iterator[tuple[str, bytes]]:
    """Documents changed by chance, the same on every run: bytes flipped, cut, doubled, moved."""
    dice = random.Random(20261126)  # noqa: S311  no secret
    sources = [
        (entry["file"], (FOLDER / "files" / entry["file"]).read_bytes())
        for entry in list_entries()
        if entry["made_by"] == "file" and int(entry["bytes"]) < LARGEST_MUTATED
    ]
    for number in range(count):
        name, data = sources[number % len(sources)]
        yield name, mutate(dice, data)


def mutate(dice: random.Random, data: bytes) -> bytes:
    """These bytes with up to eight changes."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(changed) + 1)
        to = min(len(changed), at + dice.randint(1, 64))
        way = dice.randrange(5)
        if way == 0:
            changed[at:to] = dice.randbytes(to - at)
        elif way == 1:
            del changed[at:to]
        elif way == 2:
            changed[at:at] = changed[at:to] * dice.randint(1, 50)
        elif way == 3:
            changed[at:at] = dice.choice((b"\0", b"\xff\xfe", b"99999999", b"<!DOCTYPE x [", b">>"))
        else:
            del changed[max(at, 1) :]
    return bytes(changed)


def is_expected(state: str, expected: str) -> bool:
    """Whether this end is one of those the manifest allows."""
    allowed = re.findall(r"(?:done|failed)(?::\w+)?", expected)
    return any(state == one or (one == "failed" and state.startswith("failed")) for one in allowed)


def read_big() -> list[tuple[str, End, bool]]:
    """The five that are too big to keep, made and read; whether each ended as it should."""
    found = []
    with TemporaryDirectory() as place:
        words = [sys.executable, str(FOLDER / "generate.py"), place]
        subprocess.run(words, check=True)
        for entry in list_entries():
            if entry["made_by"] == "generate.py":
                end = read((Path(place) / entry["file"]).read_bytes(), entry["file"])
                found.append((entry["file"], end, is_expected(end.state, entry["expect"])))
    return found


def main(words: list[str]) -> int:
    """Read all of it; 1 when something crashed or passed a limit."""
    if not FOLDER.is_dir():
        print(f"skipped: no poison documents in {FOLDER} (name the folder in COACH_SHARED_DATA)")
        return 0
    count = int(words[0]) if words else MUTATIONS
    before = set(os.listdir("/tmp"))  # noqa: S108  where a reader might leave something
    big = read_big()
    for name, end, _ in big:
        print(f"   {name:<24} {end.state:<24} {end.cpu:.1f} s of work, {end.seconds:.1f} s")
    ends = [read(data, name) for name, data in mutations(count)]
    print(f"   mutations: {dict(Counter(end.state for end in ends).most_common())}")
    known = {"done", *(f"failed:{reason}" for reason in SENTENCES)}
    wrong = sum(end.state not in known for end in ends) + sum(not right for *_, right in big)
    everything = [*ends, *(end for _, end, _ in big)]
    cpu, longest = (max(getattr(one, what) for one in everything) for what in ("cpu", "seconds"))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    planted = [one for one in set(os.listdir("/tmp")) - before if "SLIPPED" in one]  # noqa: S108
    figures = (
        ("b.poison_wrong_ends", wrong, "", 0),
        ("b.poison_files_outside", len(planted), "", 0),
        ("b.poison_cpu_s", cpu, "s", SECONDS + 1),
        ("b.poison_longest_s", longest, "s", DEADLINE + 2),
        ("b.poison_memory_mb", memory, "MB", MEMORY >> 20),
    )
    for name, value, unit, goal in figures:
        record(name, value, unit, goal, value <= goal, COMMAND)
    return int(any(value > goal for _, value, _, goal in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
