"""A link signs in once, a browser stays signed in until told otherwise, secrets are not kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from coach.people.people import KnownPerson
from coach.people.sign_in import (
    LINK_LASTS,
    SIGN_IN_LASTS,
    LinkUsed,
    forget_old_sign_ins,
    load_viewer_by_sign_in,
    redeem_link,
    revoke_all_sign_ins,
    revoke_sign_in,
    rotate_sign_in,
    save_sign_in_link,
)
from coach.storage.database import Database, Db
from coach.storage.tables import SignIn, SignInLink

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_link_signs_in_once(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        link = save_sign_in_link(db, ada.id, NOON)
        signed_in = redeem_link(db, link, NOON + timedelta(hours=1))
        assert load_viewer_by_sign_in(db, signed_in.secret, NOON) == ada.viewer
        assert signed_in.viewer == ada.viewer
    with pytest.raises(LinkUsed), database.transaction() as db:
        redeem_link(db, link, NOON + timedelta(hours=2))


def test_of_eight_clicks_at_once_one_signs_in(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        link = save_sign_in_link(db, ada.id, NOON)

    def click(_: int) -> bool:
        try:
            with database.transaction() as db:
                redeem_link(db, link, NOON)
        except LinkUsed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(click, range(8))) == 1


def test_unknown_used_and_late_links_get_one_answer(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        late, used = (save_sign_in_link(db, ada.id, NOON) for _ in range(2))
        redeem_link(db, used, NOON)
    said = set()
    for link, moment in ((late, NOON + LINK_LASTS), (used, NOON), ("unknown \ud800", NOON)):
        with pytest.raises(LinkUsed) as refusal, database.transaction() as db:
            redeem_link(db, link, moment)
        said.add(refusal.value.detail)
    assert len(said) == 1


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda db, s, _: revoke_sign_in(db, s, NOON), id="signed out"),
        pytest.param(
            lambda db, _, p: revoke_all_sign_ins(db, p.id, NOON), id="signed out anywhere"
        ),
        pytest.param(lambda db, s, _: rotate_sign_in(db, s, NOON), id="rotated"),
        pytest.param(
            lambda db, s, p: redeem_link(db, save_sign_in_link(db, p.id, NOON), NOON, before=s),
            id="signed in anew",
        ),
        pytest.param(
            lambda db, _s, _p: forget_old_sign_ins(db, NOON + SIGN_IN_LASTS), id="forgotten"
        ),
    ],
)
def test_a_sign_in_that_ended_opens_nothing(
    database: Database, ada: KnownPerson, end: Callable[[Db, str, KnownPerson], object]
) -> None:
    with database.transaction() as db:
        secret = redeem_link(db, save_sign_in_link(db, ada.id, NOON), NOON).secret
        assert load_viewer_by_sign_in(db, secret, NOON) is not None
        end(db, secret, ada)
        assert load_viewer_by_sign_in(db, secret, NOON) is None


def test_a_sign_in_runs_out(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        signed_in = redeem_link(db, save_sign_in_link(db, ada.id, NOON), NOON)
        assert load_viewer_by_sign_in(db, signed_in.secret, signed_in.expires_at) is None


def test_a_rotated_sign_in_has_a_new_secret_for_the_same_person(
    database: Database, ada: KnownPerson
) -> None:
    with database.transaction() as db:
        before = redeem_link(db, save_sign_in_link(db, ada.id, NOON), NOON)
        after = rotate_sign_in(db, before.secret, NOON)
        assert after is not None
        assert after.secret != before.secret
        assert load_viewer_by_sign_in(db, after.secret, NOON) == ada.viewer
        assert rotate_sign_in(db, "nobody's", NOON) is None


def test_no_secret_is_stored(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        link = save_sign_in_link(db, ada.id, NOON)
        secret = redeem_link(db, link, NOON).secret
        stored = [*db.scalars(sa.select(SignInLink.hash)), *db.scalars(sa.select(SignIn.hash))]
    assert all(len(found) == 64 for found in stored)
    assert link not in stored
    assert secret not in stored
