"""An API token is shown once, opens for its owner alone, and ends when it is revoked."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from coach.errors import NotFound
from coach.people.people import KnownPerson, save_person
from coach.people.tokens import (
    TokenFault,
    list_tokens,
    load_viewer_by_token,
    revoke_token,
    save_token,
)
from coach.storage.database import Database
from coach.storage.tables import ApiToken

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_token_opens_for_its_owner(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        token = save_token(db, ada.id, "laptop")
        assert load_viewer_by_token(db, token) == ada.viewer
        stored = db.scalars(sa.select(ApiToken)).one()
        assert token.startswith(f"coach_{stored.prefix}_")
        assert token not in (stored.hash, stored.prefix)
        assert len(token.split("_", 2)[2]) >= 43


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda token: token[:-1], id="cut"),
        pytest.param(lambda token: token + "x", id="longer"),
        pytest.param(lambda token: token.rsplit("_", 1)[0], id="prefix alone"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda _: "coach_\ud800_x", id="half a character"),
        pytest.param(lambda _: "coach_\x00_x", id="NUL"),
    ],
)
def test_anything_else_opens_nothing(database: Database, ada: KnownPerson, wrong: object) -> None:
    assert callable(wrong)
    with database.transaction() as db:
        token = save_token(db, ada.id, "laptop")
        assert load_viewer_by_token(db, wrong(token)) is None


def test_a_revoked_token_opens_nothing_and_stays_listed(
    database: Database, ada: KnownPerson
) -> None:
    with database.transaction() as db:
        token = save_token(db, ada.id, "laptop")
        (listed,) = list_tokens(db, ada.viewer)
        revoke_token(db, ada.viewer, listed.id, NOON)
        revoke_token(db, ada.viewer, listed.id, NOON.replace(hour=13))
        assert load_viewer_by_token(db, token) is None
        db.expire_all()
        (listed,) = list_tokens(db, ada.viewer)
        assert (listed.name, listed.revoked_at) == ("laptop", NOON)


def test_nobody_revokes_or_lists_anothers_token(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        other = save_person(db, ada.programme_id, "Bo", is_admin=True)
        token = save_token(db, ada.id, "laptop")
        assert list_tokens(db, other.viewer) == ()
        (listed,) = list_tokens(db, ada.viewer)
    with pytest.raises(NotFound), database.transaction() as db:
        revoke_token(db, other.viewer, listed.id, NOON)
    with database.reading() as db:
        assert load_viewer_by_token(db, token) == ada.viewer


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_a_token_needs_a_name(database: Database, ada: KnownPerson, name: str) -> None:
    with pytest.raises(TokenFault), database.transaction() as db:
        save_token(db, ada.id, name)
