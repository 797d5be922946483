"""What the commands of a pair refuse, each in one sentence, and that nothing is lost by it."""

import json
import pathlib
import shutil
from typing import Any

import pytest

from tests.command_line import By, call

MAYA, ROBERT, HELEN = (By(f"{name}@example.org") for name in ("maya", "robert", "helen"))
UNKNOWN = "0" * 8


@pytest.fixture(scope="module")
def drafted(demonstrated: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A data folder in which session 4 of Maya and Robert is planned, with a draft agenda."""
    folder = tmp_path_factory.mktemp("drafted") / "data"
    shutil.copytree(demonstrated, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_DATA", str(folder))
        MAYA("session", "plan", "--date", "2031-05-05", "--minutes", "60")
        MAYA("session", "draft", "4")
    return folder


@pytest.fixture(autouse=True)
def pair(drafted: pathlib.Path, data: pathlib.Path) -> None:
    """The same folder, for one test alone."""
    shutil.copytree(drafted, data)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("session", "show", "9"), "no session 9", id="unknown session"),
        pytest.param(("session", "start", "3"), "no agenda", id="nothing to run"),
        pytest.param(("session", "settle", "3"), "draft one with", id="nothing to settle"),
        pytest.param(("session", "draft", "3"), "is over", id="held session"),
        pytest.param(("session", "mark", "4", "b1", "--minutes", "5"), "not begun", id="not begun"),
        pytest.param(("session", "mark", "4", "b1"), "Say one of", id="no minutes"),
        pytest.param(("session", "replan", "4", "--minutes-left", "0"), "minutes", id="no time"),
        pytest.param(("session", "start", "4", "--minutes-left", "9999"), "minutes", id="a day"),
        pytest.param(("session", "close", "4", "--minutes", "9999"), "1440", id="too many"),
        pytest.param(("session", "close", "4", "--missed", "b1"), "begun", id="missed, not begun"),
        pytest.param(("session", "settle", "4", "--seen", "7"), "version 1 now", id="not that one"),
        pytest.param(
            ("session", "edit", "words", "4", "b99/title", "Other words", "--seen", "1"),
            "--places",
            id="unknown place",
        ),
        pytest.param(
            ("session", "edit", "words", "4", "b1/title", "Ab", "--seen", "1"),
            "3 to 90 characters",
            id="too short",
        ),
        pytest.param(
            ("session", "edit", "move", "4", "b8", "--to", "1", "--seen", "1"),
            "keep their order",
            id="order",
        ),
        pytest.param(
            ("session", "edit", "minutes", "4", "4", "--from", "b6", "--to", "b1", "--seen", "1"),
            "15 %",
            id="minutes of the swap",
        ),
        pytest.param(("session", "recap", "ask", "4"), "mentee's own", id="recap of a mentor"),
        pytest.param(("session", "recap", "show", "3", UNKNOWN), "no recap", id="unknown recap"),
        pytest.param(("note", "add", " "), "needs some words", id="empty note"),
        pytest.param(("note", "add", "x", "--session", "9"), "no session 9", id="note nowhere"),
        pytest.param(("note", "delete", UNKNOWN), "no note", id="unknown note"),
        pytest.param(("promise", "done", UNKNOWN), "no promise", id="unknown promise"),
        pytest.param(("promise", "accept", UNKNOWN), "waits for a word", id="unknown offer"),
        pytest.param(("promise", "make", "Call her", "--by", " "), "Say by when", id="no day"),
        pytest.param(("promise", "make", "x" * 1999, "--by", "soon"), "characters", id="too long"),
        pytest.param(("question", "skip", "q1"), "no follow-up questions", id="no questions"),
        pytest.param(("card", "list"), "mentee's own", id="cards of a mentor"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_changes_nothing(
    words: tuple[str, ...], told: str
) -> None:
    before = MAYA.json("session", "show", "4")
    assert told in MAYA.refused(*words)
    assert MAYA.json("session", "show", "4") == before


@pytest.mark.parametrize("words", [("note", "list"), ("promise", "list"), ("balance",),
                                   ("question", "list"), ("card", "list"),
                                   ("session", "show", "4")], ids=" ".join)  # fmt: skip
def test_nobody_works_in_a_pair_that_is_not_theirs(words: tuple[str, ...]) -> None:
    stranger = By("stranger@example.org")
    assert "Nobody in this programme" in stranger.refused(*words)
    assert "Choose one pair" in HELEN.refused(*words, "--pair", "P01")


def test_a_late_edit_is_told_with_both_texts_and_the_kept_one_stays() -> None:
    ROBERT("session", "edit", "words", "4", "purpose", "One page of our own.", "--seen", "1")
    late = MAYA.refused("session", "edit", "words", "4", "purpose", "Two pages.", "--seen", "1")
    assert "“One page of our own.”" in late
    assert "“Two pages.”" in late
    assert "--seen 2" in late
    moved = MAYA.refused(
        "session", "edit", "minutes", "4", "1", "--from", "b5", "--to", "b4", "--seen", "1"
    )
    assert "version 2 now" in moved
    assert "version 2 now" in MAYA.refused("session", "draft", "4")
    assert MAYA.json("session", "show", "4")["agenda"]["purpose"] == "One page of our own."
    anew = MAYA.json("session", "draft", "4", "--seen", "2")
    assert (anew["session"]["agenda_version"], anew["session"]["agenda_state"]) == (3, "draft")


def test_every_kind_of_edit_is_there_and_a_settled_agenda_takes_none() -> None:
    seen = 1

    def edit(*words: str) -> dict[str, dict[str, Any]]:
        nonlocal seen
        shown = MAYA.json("session", "edit", words[0], "4", *words[1:], "--seen", str(seen))
        seen += 1
        assert shown["session"]["agenda_version"] == seen
        return {block["id"]: block for block in shown["agenda"]["blocks"]}

    assert "b4/steps/0: " in MAYA("session", "show", "4", "--places")
    assert edit("words", "b4/title", "Months, by hand")["b4"]["title"] == "Months, by hand"
    minutes = edit("minutes", "1", "--from", "b5", "--to", "b4")["b4"]["minutes"]
    kind = ("check_in", "Say hello", "--line", "How are you?", "--from", "b4", "--minutes", "2")
    assert edit("add", *kind)["own-1"]["minutes"] == 2
    assert edit("remove", "own-1", "--to", "b4")["b4"]["minutes"] == minutes
    assert edit("rewrite", "b6", "--about", "asking for feedback")
    assert list(edit("move", "b1", "--to", "1"))[0] == "b1"
    MAYA("session", "settle", "4")
    words = ("session", "edit", "words", "4", "purpose", "Something else.", "--seen", "8")
    assert "settled" in MAYA.refused(*words)


def test_a_note_is_changed_and_deleted_by_its_author_alone() -> None:
    kept = ROBERT.json("note", "add", "Ask about the header row.", "--share")[0]
    other = "only its author"
    assert other in MAYA.refused("note", "delete", kept["id"])
    changed = ROBERT.json("note", "edit", kept["id"][:8], "Ask about calendars.")[0]
    late = ROBERT.refused("note", "edit", kept["id"], "Ask nothing.", "--seen", kept["seen"])
    assert "“Ask about calendars.”" in late
    assert "“Ask nothing.”" in late
    assert changed["seen"] in late
    assert ROBERT.json("note", "unshare", kept["id"])[0]["visibility"] == "mine"
    assert "calendars" not in MAYA("note", "list")
    assert ROBERT.json("note", "share", kept["id"])[0]["visibility"] == "pair"
    assert "calendars" in MAYA("note", "list")
    ROBERT("note", "delete", kept["id"])
    assert "calendars" not in ROBERT("note", "list")


def test_a_note_comes_from_standard_input_unless_it_is_too_long_or_no_text() -> None:
    known = ROBERT("note", "list")
    assert "200,000" in ROBERT.refused("note", "add", "-", given="x" * 200_000)
    assert "UTF-8" in ROBERT.refused("note", "add", "-", given=b"\xff\xfe")
    assert "UTF-8" in ROBERT.refused("note", "add", "a lone \ud83d half")
    assert ROBERT("note", "list") == known
    said = "مرحبا 🎉\nzwei Zeilen"
    assert json.loads(ROBERT("note", "add", "-", "--format", "json", given=said))[0]["text"] == said


def test_an_offer_is_declined_and_a_promise_goes_through_all_its_states() -> None:
    offered = MAYA.json("promise", "offer", "Try it alone", "--by", "next time")[0]
    assert "nobody is bound" in ROBERT("promise", "decline", offered["id"])
    assert "waits for a word" in ROBERT.refused("promise", "accept", offered["id"])
    name = ROBERT.json("promise", "make", "Print the crib", "--by", "Friday")[0]["external_id"]
    for word, state in (("block", "blocked"), ("keep-open", "open"), ("drop", "dropped")):
        assert f", {state}: Print the crib" in ROBERT("promise", word, name)
    listed = MAYA("promise", "list", "--all")
    assert "blocked by Robert" in listed
    assert "let go by Robert" in listed
    assert "Print the crib" not in MAYA("promise", "list")


def test_a_pair_without_questions_is_told_so_and_an_unknown_question_is_refused() -> None:
    none = call("question", "list", "--as", MAYA.email)
    assert (none.code, none.out) == (0, "")
    assert "coach question draft" in none.err
    assert MAYA.json("question", "list") == []
    MAYA("question", "draft", "--session", "3")
    assert "no question 'q99'" in MAYA.refused("question", "skip", "q99")
    assert "needs some words" in MAYA.refused("question", "answer", "q1", " ")
    assert "asked" in MAYA("question", "asked", "q1")
    assert MAYA("question", "list", "--session", "2") == ""


def test_a_card_is_seen_and_deleted_by_its_mentee_alone() -> None:
    known = ROBERT.json("card", "list", "--all")
    ROBERT("card", "delete", known[0]["id"])
    assert "no card" in ROBERT.refused("card", "answer", known[0]["id"], "not")
    assert ROBERT.json("card", "list", "--all") == known[1:]
    assert known[1]["answer"] in ROBERT("card", "list", "--all", "--answers")


def test_an_uncovered_question_is_handed_to_the_admins_only_on_request() -> None:
    question = "How do I repair a steam boiler?"
    drafted = ROBERT.json("session", "recap", "ask", "3", "--question", question)
    assert drafted["draft"]["refused"] is True
    assert "boiler" not in call("library", "gaps").out
    assert "without your name" in ROBERT("session", "recap", "report", "3", drafted["id"])
    assert "boiler" in call("library", "gaps").out
    whole = ROBERT.json("session", "recap", "ask", "3")
    assert "no question here" in ROBERT.refused("session", "recap", "report", "3", whole["id"])


@pytest.mark.parametrize(("verb", "told"), [("end", "has ended"), ("pause", "is paused")])
def test_a_closed_pair_is_read_and_takes_nothing_new(verb: str, told: str) -> None:
    assert told in MAYA("pairs", verb)
    for words in (
        ("note", "add", "Too late"),
        ("promise", "make", "Too late", "--by", "now"),
        ("session", "draft", "4"),
        ("session", "settle", "4"),
        ("session", "start", "4"),
        ("session", "plan", "--date", "2031-05-06", "--minutes", "60"),
        ("question", "draft", "--session", "3"),
        ("session", "edit", "words", "4", "purpose", "Too late to say.", "--seen", "1"),
    ):
        assert told in MAYA.refused(*words), words
    assert "agenda draft, version 1" in MAYA("session", "show", "4")
    assert MAYA("note", "list")
    assert MAYA("balance")


def test_a_paused_pair_goes_on_and_an_ended_one_does_not() -> None:
    assert MAYA.json("pairs", "pause")["state"] == "paused"
    assert "goes on" in ROBERT("pairs", "resume")
    assert MAYA("note", "add", "We are back")
    assert ROBERT.json("pairs", "end")["state"] == "ended"
    assert "has ended" in MAYA("pairs", "end")  # said again, it is one effect
    assert "has ended" in MAYA.refused("pairs", "resume")


def test_a_foreign_pair_is_neither_paused_nor_told_of() -> None:
    known = MAYA.json("pairs", "resume")["external_id"]
    assert known not in HELEN.refused("pairs", "pause", "--pair", known).replace(f"{known!r}", "")
    assert MAYA.json("pairs", "resume")["state"] == "active"
