"""The command as a process: what it imports, what it prints where, and how it ends."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from coach.cli.main import COMMANDS
from coach.cli.main import coach as command
from tests.command_line import PAIRS, ROOT, call, ran

LOADED = """
import atexit, sys
atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))
sys.argv[0] = "coach"
from coach.__main__ import main
main()
"""

RUN_ALL = """
import json, sys
from click.testing import CliRunner
from coach.cli.main import coach
for words in json.loads(sys.argv[1]):
    done = CliRunner().invoke(coach, words)
    if done.exit_code:
        sys.exit(f"{words}: {done.output}")
print(*sys.modules)
"""
MAYA, ROBERT = "--as maya@example.org", "--as robert@example.org"
# What only keeps something or shows what is kept.
KEEPING = (
    f"note add Hello {MAYA}",
    f"note list {MAYA}",
    f"promise make Practise --by Friday {MAYA}",
    f"promise list {MAYA}",
    f"question list {MAYA}",
    f"balance {MAYA}",
    f"session list {MAYA}",
    f"session plan --date 2031-05-05 --minutes 45 {MAYA}",
    f"session move 4 --minutes 60 {MAYA}",
    f"session cancel 4 {MAYA}",
    f"session show 3 {MAYA}",
    f"session recap list 3 {ROBERT}",
    f"pairs pause {MAYA}",
    f"pairs resume {MAYA}",
    "person add Ada --email ada@example.org",
    "token add ada@example.org",
    "migrate",
    "session start --help",
    "session settle --help",
)


def modules_of(*words: str) -> set[str]:
    """The modules this command imported."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_help_waits_for_nothing_heavy() -> None:
    heavy = {"sqlalchemy", "langchain_core", "numpy", "rich", "fastapi", "alembic", "jinja2"}
    assert modules_of("--help") & heavy == set()


def test_what_needs_no_thought_waits_for_no_thinking(demo: pathlib.Path) -> None:
    asked = (sys.executable, "-c", RUN_ALL, json.dumps([words.split() for words in KEEPING]))
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "coach.cli.session_running" in loaded
    assert loaded & {"fastapi", "starlette", "chromadb", "openai"} == set()
    assert loaded & {"langchain_core", "jinja2", "numpy"} == set()


def test_an_agenda_opens_neither_index_nor_service() -> None:
    heavy = {"chromadb", "fastapi", "uvicorn", "alembic", "icalendar", "openai"}
    words = ("agenda", str(PAIRS), "--pair", "P01", "--format", "json")
    assert modules_of(*words) & heavy == set()


def test_result_and_remarks_go_their_own_ways() -> None:
    done = ran("agenda", PAIRS, "--pair", "P05", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["pair_id"] == "P05"
    done = ran("agenda", PAIRS, "--pair", "P05")
    assert done.out.startswith("P05: session 3")
    assert "starter library" in done.err
    assert "starter library" not in done.out


def test_json_is_utf_8_whatever_the_terminal_speaks() -> None:
    words = [sys.executable, "-m", "coach", "agenda", str(PAIRS), "--pair", "P01"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*words, "--format", "json"], cwd=ROOT, env=env, capture_output=True)
    assert "“" in json.loads(done.stdout.decode("utf-8"))["purpose"]
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True)
    assert (done.returncode, done.stdout.isascii()) == (0, True)


def test_a_reader_who_leaves_early_is_no_error() -> None:
    quoted = f'"{sys.executable}" -m coach library export | head -c 10'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", quoted], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) == 10


def test_bad_input_ends_with_two_and_one_sentence() -> None:
    done = ran("agenda", PAIRS, "--pair", "P99")
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)


def test_a_fault_of_our_own_ends_with_one_and_shows_its_traceback_only_on_demand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(_file: str, _pair: object) -> None:
        raise KeyError("what a pair wrote")

    monkeypatch.setattr("coach.cli.drafting.read_pair_file", stumble)
    done = call("agenda", PAIRS)
    assert (done.code, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert "KeyError" in done.err
    assert "what a pair wrote" not in done.err
    assert "Traceback" in call("--debug", "agenda", PAIRS).err


def test_the_version_is_told() -> None:
    assert call("--version").out.startswith("coach ")


def test_the_table_of_commands_says_what_the_commands_say() -> None:
    for group in (command, command.commands["library"], command.commands["session"]):
        shelf = group.commands  # type: ignore[attr-defined]
        for name, later in shelf.later.items():
            told = (shelf[name].help or "").split("\n\n")[0]
            assert " ".join(told.split()) == later.help, name


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str) -> None:
    done = call(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: coach {name}")
