"""What was answered is there, once and whole, after the service was killed."""

import pathlib

from tests.security.kills import kill_often

KILLS = 2  # 20 in `make soak`


def test_nothing_answered_is_lost_or_doubled_by_a_kill(
    tmp_path: pathlib.Path, database_url: str
) -> None:
    found = kill_often(tmp_path, database_url, KILLS)
    assert found.faults == []
    assert found.kills == KILLS
    assert set(found.acknowledged) == {"note", "promise", "recap", "edit"}
    assert min(found.acknowledged.values()) >= KILLS
