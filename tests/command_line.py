"""Runs the command line for tests: inside this process, or as a process of its own."""

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from coach.cli.main import coach

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAIRS = ROOT / "tests" / "data" / "pairs" / "pairs.json"
KNOWLEDGE = ROOT / "knowledge"


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON, all of it."""
        return json.loads(self.out)


def call(*words: str | pathlib.Path, given: str | bytes | None = None) -> Done:
    """Run a command in this process."""
    result = CliRunner().invoke(coach, [str(word) for word in words], input=given)
    return Done(result.exit_code, result.stdout, result.stderr)


def ran(*words: str | pathlib.Path, env: Mapping[str, str] | None = None) -> Done:
    """Run a command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "coach", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def pairs_of_the_tests() -> list[dict[str, Any]]:
    """The twelve pairs as JSON."""
    raw = json.loads(PAIRS.read_text(encoding="utf-8"))
    pairs: list[dict[str, Any]] = raw["pairs"] if isinstance(raw, dict) else raw
    return pairs


def without_the_clock(draft: dict[str, Any]) -> dict[str, Any]:
    """The draft without the moment it was made."""
    provenance = {k: v for k, v in draft["provenance"].items() if k != "created_at"}
    return {**draft, "provenance": provenance}


@dataclass(frozen=True, slots=True)
class By:
    """Runs commands in the name of one person."""

    email: str

    def __call__(self, *words: str, given: str | bytes | None = None) -> str:
        """What a command says that goes well."""
        done = call(*words, "--as", self.email, given=given)
        assert done.code == 0, (words, done.err)
        return done.out

    def json(self, *words: str) -> Any:
        """The same as JSON."""
        return json.loads(self(*words, "--format", "json"))

    def refused(self, *words: str, given: str | bytes | None = None) -> str:
        """The one sentence of a command that is refused."""
        done = call(*words, "--as", self.email, given=given)
        assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1), (words, done)
        return done.err
