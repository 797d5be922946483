"""Programmes and the people in them."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.people.permissions import Viewer, one, people_of
from coach.storage.database import Db
from coach.storage.tables import Person, Programme


class PersonKnown(CoachError):
    """Two people cannot share an e-mail address in one programme."""

    status = 409
    title = "Somebody in this programme already has this e-mail address."


class PersonFault(CoachError):
    """A person cannot be kept as described."""

    status = 422
    title = "A person needs a name of 1 to 200 characters, and an e-mail address with an @ if any."


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Someone known to the service; a placeholder came with an imported pair."""

    id: UUID
    programme_id: UUID
    name: str
    email: str | None
    is_admin: bool
    is_placeholder: bool

    @property
    def viewer(self) -> Viewer:
        """This person as the one who asks."""
        return Viewer(self.id, self.programme_id, self.is_admin)


def save_programme(db: Db, name: str) -> UUID:
    """Keep a programme of this name; one that is already there is found again."""
    known = db.scalar(sa.select(Programme.id).where(Programme.name == name))
    if known is not None:
        return known
    programme = Programme(name=name)
    db.add(programme)
    db.flush()
    return programme.id


def list_programmes(db: Db) -> tuple[tuple[UUID, str], ...]:
    """Every programme with its name, for those who run the service."""
    found = db.execute(sa.select(Programme.id, Programme.name).order_by(Programme.name))
    return tuple((programme_id, name) for programme_id, name in found)


def save_person(
    db: Db,
    programme_id: UUID,
    name: str,
    email: str | None = None,
    is_admin: bool = False,
) -> KnownPerson:
    """Keep a new person; raises PersonKnown when the address is taken."""
    email = email.strip().lower() if email else None
    if not 0 < len(name.strip()) <= 200 or (email is not None and "@" not in email):
        raise PersonFault
    taken = sa.select(Person.id).where(Person.programme_id == programme_id, Person.email == email)
    if email is not None and db.scalar(taken) is not None:
        raise PersonKnown
    person = Person(programme_id=programme_id, name=name.strip(), email=email, is_admin=is_admin)
    db.add(person)
    db.flush()
    return build_person(person)


def load_person(db: Db, viewer: Viewer, person_id: UUID) -> KnownPerson:
    """Someone of the viewer's programme for an admin, the viewer alone for others; or NotFound."""
    return build_person(one(db, people_of(viewer).where(Person.id == person_id)))


def list_people(db: Db, viewer: Viewer) -> tuple[KnownPerson, ...]:
    """The people the viewer may know, by name."""
    found = db.scalars(people_of(viewer).order_by(Person.name, Person.id))
    return tuple(build_person(person) for person in found)


def load_person_by_email(db: Db, programme_id: UUID, email: str) -> KnownPerson | None:
    """The person with this address in this programme, for those who run the service."""
    query = sa.select(Person).where(
        Person.programme_id == programme_id, Person.email == email.strip().lower()
    )
    person = db.scalars(query).one_or_none()
    return build_person(person) if person else None


def build_person(person: Person) -> KnownPerson:
    """The row as a value."""
    return KnownPerson(
        id=person.id,
        programme_id=person.programme_id,
        name=person.name,
        email=person.email,
        is_admin=person.is_admin,
        is_placeholder=person.is_placeholder,
    )
