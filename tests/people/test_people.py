"""People belong to a programme, and know of each other what they need."""

from uuid import uuid4

import pytest

from coach.errors import NotFound
from coach.people.people import (
    KnownPerson,
    PersonFault,
    PersonKnown,
    list_people,
    list_programmes,
    load_person,
    load_person_by_email,
    save_person,
    save_programme,
)
from coach.storage.database import Database


def test_a_person_is_kept_with_a_tidy_name_and_address(
    database: Database, ada: KnownPerson
) -> None:
    assert (ada.name, ada.email, ada.is_admin) == ("Ada", "ada@example.org", False)
    with database.reading() as db:
        assert load_person(db, ada.viewer, ada.id) == ada
        assert load_person_by_email(db, ada.programme_id, "ADA@example.org") == ada
        assert load_person_by_email(db, ada.programme_id, "bo@example.org") is None


def test_an_address_belongs_to_one_person_of_a_programme(
    database: Database, ada: KnownPerson
) -> None:
    with pytest.raises(PersonKnown), database.transaction() as db:
        save_person(db, ada.programme_id, "Another", "ADA@example.org")
    with database.transaction() as db:
        elsewhere = save_programme(db, "Elsewhere")
        assert save_person(db, elsewhere, "Another", "ada@example.org").id != ada.id
        assert save_person(db, elsewhere, "No address").email is None
        assert save_person(db, elsewhere, "Nor here").email is None


@pytest.mark.parametrize(
    ("name", "email"),
    [("", None), ("  ", None), ("x" * 201, None), ("Ada", "no address")],
)
def test_a_person_needs_a_name(
    database: Database, ada: KnownPerson, name: str, email: str | None
) -> None:
    with pytest.raises(PersonFault), database.transaction() as db:
        save_person(db, ada.programme_id, name, email)


def test_an_admin_knows_the_programme_and_others_know_themselves(
    database: Database, ada: KnownPerson
) -> None:
    with database.transaction() as db:
        admin = save_person(db, ada.programme_id, "Bo", is_admin=True)
        stranger = save_person(db, save_programme(db, "Elsewhere"), "Cy", is_admin=True)
        assert list_people(db, admin.viewer) == (ada, admin)
        assert list_people(db, ada.viewer) == (ada,)
        assert list_people(db, stranger.viewer) == (stranger,)
        for viewer, unknown in (
            (ada.viewer, admin.id),
            (stranger.viewer, ada.id),
            (admin.viewer, uuid4()),
        ):
            with pytest.raises(NotFound):
                load_person(db, viewer, unknown)


def test_a_programme_of_the_same_name_is_the_same(database: Database, ada: KnownPerson) -> None:
    with database.transaction() as db:
        assert save_programme(db, "Both ways") == ada.programme_id
        assert list_programmes(db) == ((ada.programme_id, "Both ways"),)
