"""No acknowledged edit is lost, whoever else edits, sends again or restarts."""

import pathlib

from tests.security.editors import edit_together

STEPS = 500  # 10,000 in `make soak`


def test_two_editors_lose_nothing_and_see_both_texts(tmp_path: pathlib.Path) -> None:
    stage = edit_together(tmp_path, STEPS)
    assert stage.steps >= STEPS
    assert stage.conflicts > 20
