"""Two people live a short season by command line alone: what happens shapes what comes next."""

import pathlib
from datetime import timedelta

import pytest

from coach.cli.libraries import today
from tests.command_line import By

MAYA, ROBERT = By("maya@example.org"), By("robert@example.org")
PROMISED = "Send three month names that were not grouped"


@pytest.fixture(autouse=True)
def pair(demo: pathlib.Path) -> pathlib.Path:
    """Maya, the mentor, and Robert, the mentee, who met three times."""
    return demo


def day(ahead: int) -> str:
    """A day so many days from now."""
    return (today() + timedelta(days=ahead)).isoformat()


def blocks_of(shown: dict[str, object]) -> list[dict[str, object]]:
    run = shown["run"]
    assert isinstance(run, dict)
    blocks: list[dict[str, object]] = run["agenda"]["blocks"]
    return blocks


def prepare() -> None:
    MAYA("session", "plan", "--date", day(1), "--minutes", "60")
    assert "What came of our promises" in MAYA("session", "draft", "4")
    assert "keyboard" in MAYA("session", "prep", "4")
    purpose = "One page of our own, and no copying."
    told = ROBERT("session", "edit", "words", "4", "purpose", purpose, "--seen", "1")
    assert "agenda edited, version 2" in told
    assert purpose in told
    assert "agenda settled, version 3" in MAYA("session", "settle", "4", "--seen", "2")


def hold() -> None:
    MAYA("session", "start", "4")
    assert "b1       took 9 min" in ROBERT("session", "mark", "4", "b1", "--minutes", "9")
    assert "skipped" in MAYA("session", "mark", "4", "b2", "--skipped")
    left = ROBERT("session", "replan", "4", "--minutes-left", "12")
    assert "12 minutes are planned" in left
    assert "fell out" in left
    open_blocks = [one for one in blocks_of(MAYA.json("session", "show", "4"))
                   if one["actual_minutes"] is None]  # fmt: skip
    assert {"hands_on", "swap", "promises"} <= {one["kind"] for one in open_blocks}
    assert ", held, agenda settled" in MAYA("session", "close", "4", "--missed", "b9")


def write_down() -> None:
    ROBERT("note", "add", "Months were text, and grouping refused them.", "--kind", "insight")
    MAYA("note", "add", "Robert grouped the months alone.", "--share", "--kind", "happened")
    mine = ROBERT.json("note", "list", "--session", "4")
    assert [one["kind"] for one in mine] == ["insight", "happened"]
    assert len(MAYA.json("note", "list", "--session", "4")) == 1
    offered = MAYA.json("promise", "offer", PROMISED, "--by", day(14))[0]
    assert offered["is_mine"] is False
    assert "waits for the word of Robert" in MAYA.refused("promise", "accept", offered["id"])
    assert PROMISED in ROBERT("promise", "accept", offered["id"][:8])
    own = MAYA.json("promise", "make", "Bring the promotion case", "--by", "next time")[0]
    assert "done: Bring" in MAYA("promise", "done", own["external_id"])


def look_back() -> str:
    drafted = MAYA.json("question", "draft")
    assert len(drafted) >= 3
    about = [one for one in drafted if PROMISED in one["text"]][0]
    first, second = [one["id"] for one in drafted if one is not about][:2]
    ROBERT("question", "answer", first, "It taught me to name one decision.", "--share")
    told = MAYA.json("question", "list")[0]
    assert (told["state"], told["answers"][0]["is_mine"]) == ("asked", False)
    ROBERT("question", "answer", second, "That is for me alone.")
    assert MAYA.json("question", "list")[1]["answers"] == []
    assert "skipped" in MAYA("question", "skip", second)
    assert "kept for next time" in MAYA("question", "keep", about["id"])
    return str(about["text"])


def learn() -> None:
    due = ROBERT.json("card", "list")
    answered = ROBERT.json("card", "answer", due[0]["id"][:8], "knew-it")[0]
    assert answered["due_on"] > due[0]["due_on"]
    assert due[0]["id"] not in [one["id"] for one in ROBERT.json("card", "list")]
    asked = ("session", "recap", "ask", "4", "--question", "How do I group dates by month?")
    whole = ROBERT.json(*asked)
    assert whole["draft"]["refused"] is False
    for style in ("another-way", "example", "shorter"):
        assert ROBERT.json(*asked, "--style", style)["draft"]["refused"] is False
    assert MAYA("session", "recap", "list", "4") == ""
    assert "shared" in ROBERT("session", "recap", "share", "4", whole["id"][:8])
    assert "group" in MAYA("session", "recap", "show", "4", whole["id"][:8])
    ROBERT("session", "recap", "unshare", "4", whole["id"])
    assert MAYA("session", "recap", "list", "4") == ""


def test_a_season_lived_by_command_line_alone_shapes_the_next_agenda() -> None:
    before = MAYA.json("balance")
    prepare()
    hold()
    write_down()
    kept = look_back()
    learn()
    MAYA("session", "plan", "--date", day(15), "--minutes", "60")
    MAYA("session", "cancel", "5")
    MAYA("session", "plan", "--date", day(29), "--minutes", "60")
    following = MAYA.json("session", "draft", "6")["agenda"]
    lines = [step["text"] for block in following["blocks"] for step in block["steps"]]
    asked = [line for line in lines if PROMISED in line]
    assert len(asked) == 1
    assert asked[0].endswith(kept)
    assert [one for one in lines if "Bring the promotion case" in one] == []
    assert [one for one in following["contract"] if one["holds"] is False] == []
    after = ROBERT.json("balance")
    assert after["minutes"] > before["minutes"]
    assert after["mentor"]["kept"] == before["mentor"]["kept"] + 1
    assert "kept 2 of 2 promises" in ROBERT("balance")


def test_a_rescue_of_fifteen_minutes_is_tried_out_and_then_held() -> None:
    MAYA("session", "plan", "--date", day(1), "--minutes", "60")
    MAYA("session", "draft", "4")
    tried = MAYA.json("session", "replan", "4", "--minutes-left", "15")
    expected = [one["id"] for one in tried["blocks"] if one["actual_minutes"] is None]
    assert MAYA.json("session", "show", "4")["run"] is None
    begun = MAYA.json("session", "start", "4", "--minutes-left", "15")
    blocks = begun["agenda"]["blocks"]
    assert [one["id"] for one in blocks] == expected
    assert sum(one["minutes"] for one in blocks) == 15
    again = ROBERT.json("session", "start", "4")
    assert again["started_at"] == begun["started_at"]
    assert ", 15 minutes, held" in ROBERT("session", "close", "4")
    assert ", 15 minutes, held" in MAYA("session", "close", "4")
    assert MAYA.json("balance")["minutes"] == 15
