"""`coach session …`: the sessions of the database, in the name of one of the two."""

import json

from tests.command_line import call


def ask(*words: str) -> str:
    done = call("session", *words)
    assert done.code == 0, done.err
    return done.out


def refusal(*words: str) -> str:
    done = call("session", *words)
    assert (done.code, done.out) == (2, ""), done.err
    return done.err


def test_a_session_is_planned_moved_wished_for_and_cancelled() -> None:
    links = call("demo", "--no-serve").out.splitlines()
    email = next(line.split()[2] for line in links if " mentee " in line).lower() + "@example.org"
    me = ("--as", email)
    before = json.loads(ask("list", *me, "--format", "json"))
    planned = ask("plan", *me, "--date", "2031-05-05", "--minutes", "60")
    number = planned.partition(".")[0]
    assert "2031-05-06, 45 minutes" in ask(
        "move", number, *me, "--date", "2031-05-06", "--minutes", "45"
    )
    assert "wish: Passkeys" in ask("wish", number, "Passkeys", *me)
    assert "cancelled, wish: Passkeys" in ask("cancel", number, *me)
    assert len(json.loads(ask("list", *me, "--format", "json"))) == len(before) + 1
    assert "no longer change" in refusal("move", number, *me, "--minutes", "60")
    later = ask("plan", *me, "--date", "2031-06-05", "--minutes", "60").partition(".")[0]
    assert "50 minutes, held" in ask("close", later, *me, "--minutes", "50")
    assert "over" in refusal("cancel", later, *me)
    foreign = next(line.split()[0] for line in reversed(links) if " mentee " in line)
    assert "Choose one pair" in refusal("list", *me, "--pair", foreign)
    assert "no session 99" in refusal("cancel", "99", *me)
    assert "--date or --minutes" in refusal("move", number, *me)
    assert "Choose one pair" in refusal("list", *me, "--pair", "foreign")
    assert "Nobody" in refusal("list", "--as", "stranger@example.org")
    assert "does not match" in refusal("plan", *me, "--date", "soon", "--minutes", "60")
    assert "minutes" in refusal("plan", *me, "--date", "2031-05-05", "--minutes", "1")
