"""`coach pairs`, `person`, `token` and `migrate`: what is kept in the data folder."""

import json
import pathlib
from datetime import UTC, datetime

import pytest

from coach.people.sign_in import redeem_link
from coach.people.tokens import load_viewer_by_token
from coach.settings import load_settings
from coach.storage.database import open_database
from tests.command_line import PAIRS, call, pairs_of_the_tests

ADA = ("person", "add", "Ada", "--email", "ada@example.org")


def test_a_sign_in_link_works_once(data: pathlib.Path) -> None:
    done = call(*ADA, "--admin")
    assert done.out.startswith("http://127.0.0.1:8000/sign-in/")
    assert "once" in done.err
    database = open_database(load_settings().database_url)
    with database.transaction() as db:
        signed_in = redeem_link(db, done.out.strip().rpartition("/")[2], datetime.now(UTC))
    database.close()
    assert signed_in.viewer.is_admin


def test_somebody_known_gets_a_new_link() -> None:
    first, second = call(*ADA), call(*ADA)
    assert second.code == 0
    assert first.out != second.out
    assert "known already" in second.err


def test_a_token_stands_for_its_owner(data: pathlib.Path) -> None:
    call(*ADA)
    done = call("token", "add", "ada@example.org")
    database = open_database(load_settings().database_url)
    with database.reading() as db:
        assert load_viewer_by_token(db, done.out.strip()) is not None
    database.close()


def test_a_token_for_a_stranger_is_refused() -> None:
    call(*ADA)
    done = call("token", "add", "bob@example.org")
    assert (done.code, done.out) == (2, "")
    assert "bob@example.org" in done.err


def test_of_several_programmes_one_must_be_chosen() -> None:
    call(*ADA, "--programme", "North")
    call(*ADA, "--programme", "South")
    done = call("token", "add", "ada@example.org")
    assert done.code == 2
    assert "North, South" in done.err
    assert call("token", "add", "ada@example.org", "--programme", "South").code == 0


def test_pairs_come_back_as_they_went_in() -> None:
    assert call("pairs", "import", PAIRS).out.count("added: ") == 12
    assert call("pairs", "import", PAIRS).out.count("unchanged: ") == 12
    for pair in pairs_of_the_tests():
        assert call("pairs", "export", pair["id"]).json == pair


def test_private_notes_stay_in(tmp_path: pathlib.Path) -> None:
    pair = pairs_of_the_tests()[0]
    note = {"id": "n1", "author": "mentor", "visibility": "mine", "text": "A canary sings."}
    pair["history"][0]["notes"] = [note]
    path = tmp_path / "pair.json"
    path.write_text(json.dumps(pair), encoding="utf-8")
    assert call("pairs", "import", path).code == 0
    assert "canary" not in call("pairs", "export", pair["id"]).out


def test_a_pair_with_other_content_is_replaced_only_when_asked(tmp_path: pathlib.Path) -> None:
    pair = pairs_of_the_tests()[0]
    path = tmp_path / "pair.json"
    path.write_text(json.dumps(pair), encoding="utf-8")
    call("pairs", "import", path)
    path.write_text(json.dumps({**pair, "title": "Another"}), encoding="utf-8")
    assert call("pairs", "import", path).code == 2
    assert call("pairs", "import", path, "--replace").out == f"replaced: {pair['id']}\n"


def test_an_unknown_pair_is_not_exported() -> None:
    call(*ADA)
    done = call("pairs", "export", "P77")
    assert (done.code, done.out) == (2, "")
    assert "P77" in done.err


def test_migrate_makes_the_database_and_hides_its_password(data: pathlib.Path) -> None:
    assert call("migrate").out == f"up to date: sqlite:///{data}/coach.db\n"
    assert call("migrate").code == 0


@pytest.mark.parametrize("command", [("person",), ("token",), ("pairs",), ("library",)])
def test_a_bare_group_shows_its_commands(command: tuple[str, ...]) -> None:
    done = call(*command)
    assert done.code == 2
    assert "Commands:" in done.err
