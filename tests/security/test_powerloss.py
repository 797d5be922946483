"""What was acknowledged is there after the power went, at whatever moment it did."""

import pathlib
import shutil

import pytest

from tests.security.powerloss import look_at_states, watch_writer

NOTES, STATES = 12, 300  # 1,400 in `make soak`


def test_no_acknowledged_note_is_lost_with_the_power(tmp_path: pathlib.Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("no strace on this machine, so no system call can be watched")
    before, events = watch_writer(tmp_path, NOTES)
    if not events:
        pytest.skip("this machine does not let one process trace another")
    found = look_at_states(before, events, STATES, tmp_path)
    assert found.states == STATES
    assert found.acknowledged >= NOTES
    assert (found.lost, found.damaged) == ([], 0)
    # The same calls as if no sync had ever reached the disk: the search does find what is lost.
    without = look_at_states(before, events, 30, tmp_path, syncs=False)
    assert without.lost or without.damaged
