"""Nobody who asks waits long for a thread that computes."""

import sys
from pathlib import Path

import pytest

from coach.fairness import GIVE_WAY
from coach.resources import open_service
from coach.settings import load_settings


def test_the_service_lets_threads_go_on_and_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    with open_service(load_settings(data=tmp_path, embeddings="off")):
        assert sys.getswitchinterval() == pytest.approx(GIVE_WAY)
    assert sys.getswitchinterval() == before
