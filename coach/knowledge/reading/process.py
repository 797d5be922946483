"""Starts the child that reads a file, waits no longer than its deadline, and ends it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, cast, get_args

from coach.knowledge.reading.found import Extracted, FileUnread, Finding, Reason

DEADLINE = 30.0
MAX_FILE = 20_000_000
MAX_ANSWER = 8 << 20
MAX_PLAIN = 100_000
ALL = "all"
# The child gets nothing of our environment: no key, no address, no path.
_BARE = {"LANG": "C.UTF-8"}
_CHILD = ("-I", "-B", "-X", "utf8", "-m", "coach.knowledge.reading.child")


def read_upload(data: bytes, name: str, deadline: float = DEADLINE) -> Extracted:
    """The text of this file, read by a child process; raises FileUnread with one sentence.

    `name` is only for that sentence: no file of that name is ever made.
    """
    if len(data) > MAX_FILE:
        raise FileUnread(name, "too_large")
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as found:
        given.write(data)
        given.seek(0)
        code = _run(given, found, deadline)
        found.seek(0)
        answer = found.read(MAX_ANSWER + 1)
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        raise FileUnread(name, "too_slow")
    try:
        return _extracted(json.loads(answer), name)
    except (ValueError, KeyError, TypeError):
        # The child ended without an answer, by a limit or a crash of a parser.
        raise FileUnread(name, "unreadable") from None


def read_plain(files: Sequence[bytes]) -> list[Extracted | None]:
    """The texts of plain files, read by one child for all of them; None for what it left.

    What a child of its own reads in a few milliseconds takes most of a second to start. A file
    that ends this child costs the others nothing: all of them are then left.
    """
    left: list[Extracted | None] = [None] * len(files)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as found:
        given.write(json.dumps([len(data) for data in files]).encode() + b"\n" + b"".join(files))
        given.seek(0)
        if _run(given, found, DEADLINE, ALL) != 0:
            return left
        found.seek(0)
        answer = found.read(MAX_ANSWER + 1)
    try:
        answers = json.loads(answer)
        read = [None if "reason" in one else _extracted(one, "") for one in answers]
    except (ValueError, KeyError, TypeError):
        return left
    return [*read] if len(read) == len(files) else left


def is_plain(data: bytes) -> bool:
    """Whether these bytes are a short text, which no parser of ours unpacks."""
    begins = data[:1024].lstrip()
    return (
        len(data) <= MAX_PLAIN
        and 0 not in data
        and b"%PDF-" not in data[:1024]
        and not begins.startswith((b"<", b"\xef\xbb\xbf<", b"PK"))
    )


def _run(given: IO[bytes], found: IO[bytes], deadline: float, *words: str) -> int:
    """The exit code of the child, which is gone with all its group afterwards."""
    child = subprocess.Popen(
        [sys.executable, *_CHILD, *words],
        stdin=given,
        stdout=found,
        stderr=subprocess.DEVNULL,
        env=_BARE,
        cwd="/",
        start_new_session=True,
    )
    try:
        return child.wait(deadline)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _extracted(answer: dict[str, object], name: str) -> Extracted:
    reason = answer.get("reason")
    if reason is not None:
        known = reason if reason in get_args(Reason) else "unreadable"
        raise FileUnread(name, cast(Reason, known))
    findings = cast(list[dict[str, str]], answer["findings"])
    return Extracted(
        answer["format"],  # type: ignore[arg-type]
        str(answer["markdown"]),
        tuple(Finding(**one) for one in findings),  # type: ignore[arg-type]
    )
