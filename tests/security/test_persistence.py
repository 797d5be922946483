"""What a session taught is read by later ones: an injection planted once changes nothing there."""

import pathlib

import pytest

from tests.security.assault import live_on
from tests.security.cases import load_own, planted
from tests.security.obedient import Obedient
from tests.security.stage import Stage

SESSIONS = 3


@pytest.mark.shared_data
def test_planted_once_it_changes_nothing_in_three_later_sessions(
    stage: Stage, obedient: Obedient, shared_data: pathlib.Path
) -> None:
    attack = planted(load_own(shared_data))["marker"]
    tally = live_on(stage, obedient, attack, SESSIONS)
    assert tally.faults == []
    assert tally.total == SESSIONS * 4
    with stage.front.resources.reading() as db:
        told = db.connection().exec_driver_sql("SELECT count(*) FROM sessions WHERE state = 'held'")
        assert told.scalar_one() >= SESSIONS
