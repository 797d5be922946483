"""`coach demo` and `coach serve`: something to click through, and a real process that serves it."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest

from coach.cli.demo import read_demo_pairs
from coach.people.sign_in import redeem_link
from coach.settings import load_settings
from coach.storage.database import open_database
from tests.command_line import ROOT, call, ran

LINK = re.compile(r"^ +(?P<part>\S.*?) {2,}.*/sign-in/(?P<secret>\S+)$", re.MULTILINE)


@contextmanager
def serving(*words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A service as a process of its own; yields its address once it listens."""
    args = [sys.executable, "-m", "coach", *words]
    env = {**os.environ, "COACH_PORT": "0"}
    with subprocess.Popen(
        args, cwd=ROOT, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            told = process.stderr.readline()
            found = re.search(r"http://\S+", told)
            assert found, told
            yield found[0], process
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code after Ctrl-C, and all that was printed."""
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


def is_well(address: str) -> bool:
    """Whether a service answers there."""
    with urllib.request.urlopen(f"{address}/healthz", timeout=60) as answer:
        return bool(answer.status == 200)


def test_each_part_gets_a_link_that_works(data: pathlib.Path) -> None:
    done = call("demo", "--no-serve")
    links = {found["part"]: found["secret"] for found in LINK.finditer(done.out)}
    assert set(links) == {
        "admin",
        *(f"{pair} {role}" for pair in ("P01", "P05", "X01") for role in ("mentor", "mentee")),
    }
    database = open_database(load_settings().database_url)
    with database.transaction() as db:
        viewers = {
            part: redeem_link(db, secret, datetime.now(UTC)).viewer
            for part, secret in links.items()
        }
    database.close()
    assert [part for part, viewer in viewers.items() if viewer.is_admin] == ["admin"]
    assert len({viewer.person_id for viewer in viewers.values()}) == 7


def test_a_second_time_keeps_what_is_there_and_prints_new_links(data: pathlib.Path) -> None:
    first = call("demo", "--no-serve")
    call("library", "archive", "pivot-tables")
    second = call("demo", "--no-serve")
    assert second.code == 0
    assert set(LINK.findall(first.out)) & set(LINK.findall(second.out)) == set()
    states = {
        one["document_id"]: one["state"] for one in call("library", "list", "--format", "json").json
    }
    assert states["pivot-tables"] == "archived"


def test_without_a_folder_named_a_fresh_one_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.delenv("COACH_DATA")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = call("demo", "--no-serve")
    assert done.out.startswith(f"Data: {tmp_path}/coach-demo-")


def test_the_next_sessions_are_tomorrow_whenever_the_demo_is_run() -> None:
    pairs = read_demo_pairs(date(2031, 5, 4))
    assert [pair.record.wish.for_date for pair in pairs if pair.record.wish] == [
        date(2031, 5, 5)
    ] * 3
    assert all(
        session.date < date(2031, 5, 4) for pair in pairs for session in pair.record.sessions
    )
    assert all(pair.record.mentor.name and pair.record.mentee.name for pair in pairs)


def test_the_demo_drafts_agendas_for_its_pairs() -> None:
    path = ROOT / "coach" / "cli" / "demo_pairs.json"
    for pair in ("P01", "P05", "X01"):
        agenda = call("agenda", path, "--pair", pair, "--format", "json").json
        assert [one["clause"] for one in agenda["contract"] if one["holds"] is False] == []


def test_a_service_answers_and_is_alone_on_its_folder(data: pathlib.Path) -> None:
    with serving("serve") as (address, process):
        assert is_well(address)
        second = ran("serve", "--port", "0")
        taken = ran("serve", "--port", address.rpartition(":")[2])
        code, _ = stopped(process)
    assert (second.code, taken.code, code) == (2, 2, 0)
    assert "already" in second.err
    assert "cannot listen" in taken.err
    assert len(second.err.splitlines()) == len(taken.err.splitlines()) == 1


def test_the_demo_serves_what_it_prints(data: pathlib.Path) -> None:
    with serving("demo") as (address, process):
        assert is_well(address)
        code, out = stopped(process)
    assert code == 0
    assert len(LINK.findall(out)) == 7
    assert f"{address}/sign-in/" in out
