"""A service with a library, two pairs and an admin; each test gets a copy of its own."""

import json
import pathlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coach.app import create_app
from coach.knowledge.adding import add_paths
from coach.knowledge.pins import save_pin
from coach.knowledge.reading.found import Extracted
from coach.knowledge.uploads import save_upload
from coach.pairs.commitments import list_commitments
from coach.pairs.drafts import save_agenda, save_recap
from coach.pairs.exchange import read_pair
from coach.pairs.gaps import list_gaps, save_gap
from coach.pairs.memory import list_items
from coach.pairs.notes import list_notes, save_note
from coach.pairs.pairing import save_pair
from coach.pairs.promises import make_promise
from coach.pairs.sessions import SessionPlan, list_sessions, save_session
from coach.people.people import save_person, save_programme
from coach.people.permissions import Viewer
from coach.people.sign_in import redeem_link, save_sign_in_link
from coach.people.tokens import save_token
from coach.settings import Settings
from coach.shipped import shipped
from coach.storage.database import Db, open_database
from coach.storage.migrate import migrate
from coach.storage.tables import Job
from coach.web.running import begin_session

PAIRS = pathlib.Path(__file__).resolve().parents[1] / "data" / "pairs" / "pairs.json"
NOW = datetime.now(UTC)
NAMES = {"mentor": "Amal", "mentee": "Greta", "stranger": "Bo", "partner": "Ines", "admin": "Ruth"}
MENTOR_CANARY = "canary-mentor-7f3a"
MENTEE_CANARY = "canary-mentee-91c2"

UNKNOWN = "How do I tune an annealer?"
REFUSED: dict[str, Any] = {
    "pair_id": "P01",
    "session_number": 2,
    "language": "en",
    "question": UNKNOWN,
    "answer": {"text": "The library does not cover this."},
    "refused": True,
    "what_we_did": [],
    "key_ideas": [],
    "steps": [],
    "words_to_know": [],
    "try_it": None,
    "recall_questions": [],
    "teach_back": None,
    "mentee_gave": None,
    "commitments": [],
    "not_covered": [{"reason": "not_in_library", "text": "The library does not cover this."}],
    "sources": [],
    "contract": [],
    "provenance": {
        "origin": "extractive",
        "library_version": "1",
        "prompt": None,
        "model": None,
        "created_at": "2026-11-26T09:00:00Z",
    },
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """Who is there and what is there, by id."""

    folder: pathlib.Path
    people: dict[str, Viewer]
    secrets: dict[str, str]
    tokens: dict[str, str]
    programme_id: UUID
    pair_id: UUID
    other_pair_id: UUID
    session_id: UUID
    held_id: UUID
    other_session_id: UUID
    commitment_id: UUID
    note_id: UUID
    item_id: UUID
    link: str
    recap_id: UUID | None = None
    draft_id: str | None = None
    running_id: UUID | None = None
    offer_id: UUID | None = None
    upload_id: UUID | None = None
    job_id: UUID | None = None
    gap_id: UUID | None = None
    pin_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class House:
    """The running service of one test."""

    app: FastAPI
    settings: Settings
    seeded: Seeded

    def as_(self, role: str | None) -> TestClient:
        """A browser in which this person is signed in."""
        client = TestClient(self.app, follow_redirects=False)
        if role is not None:
            client.cookies.set("coach", self.seeded.secrets[role])
        return client


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    """A data folder with everything in it, made once."""
    folder = tmp_path_factory.mktemp("seeded")
    url = f"sqlite:///{folder}/coach.db"
    migrate(url)
    database = open_database(url)
    try:
        list(add_paths(database, [shipped("knowledge")], publish=True, now=NOW))
        with database.transaction() as db:
            return seed(db, folder)
    finally:
        database.close()


def seed(db: Db, folder: pathlib.Path) -> Seeded:
    """Two pairs of the shipped test set, an admin, and a way in for everyone."""
    programme_id = save_programme(db, "Both ways")
    people = {
        role: save_person(
            db, programme_id, name, f"{role}@example.org", is_admin=role == "admin"
        ).viewer
        for role, name in NAMES.items()
    }
    raw = json.loads(PAIRS.read_text(encoding="utf-8"))["pairs"]
    pair_id = save_pair(
        db,
        people["admin"],
        read_pair(raw[0]),
        people["mentor"].person_id,
        people["mentee"].person_id,
    )
    other_id = save_pair(
        db,
        people["admin"],
        read_pair(raw[1]),
        people["stranger"].person_id,
        people["partner"].person_id,
    )
    plan = SessionPlan(date(2027, 1, 14), 45, "Show me how to find my own numbers")
    session_id = save_session(db, people["mentee"], pair_id, plan)
    other_session_id = save_session(db, people["stranger"], other_id, plan)
    held_id = list_sessions(db, people["mentee"], pair_id)[-2].id
    save_note(db, people["mentor"], held_id, f"{MENTOR_CANARY} I worry about my review.", "mine")
    save_note(db, people["mentee"], held_id, f"{MENTEE_CANARY} I did not follow.", "mine")
    save_agenda(db, people["stranger"], other_session_id, {"blocks": []})
    job = Job(kind="freshness", state="done")  # ended, so that nobody begins it
    db.add(job)
    db.flush()
    note_id = next(note.id for note in list_notes(db, people["mentor"], held_id) if note.is_mine)
    return Seeded(
        folder=folder,
        people=people,
        secrets={role: sign_in(db, viewer) for role, viewer in people.items()},
        tokens={role: save_token(db, who.person_id, "tests") for role, who in people.items()},
        programme_id=programme_id,
        pair_id=pair_id,
        other_pair_id=other_id,
        session_id=session_id,
        held_id=held_id,
        other_session_id=other_session_id,
        commitment_id=list_commitments(db, people["mentor"], pair_id)[0].id,
        note_id=note_id,
        item_id=list_items(db, people["mentee"], pair_id)[0].id,
        link=save_sign_in_link(db, people["mentor"].person_id, NOW),
        job_id=job.id,
    )


def sign_in(db: Db, viewer: Viewer) -> str:
    """The secret of a browser in which this person is signed in."""
    return redeem_link(db, save_sign_in_link(db, viewer.person_id, NOW), NOW).secret


@pytest.fixture
def house(seeded: Seeded, tmp_path: pathlib.Path) -> Iterator[House]:
    """The service on a copy of the seeded folder."""
    data = tmp_path / "data"
    shutil.copytree(seeded.folder, data)
    settings = Settings(data=data, base_url="http://testserver")
    app = create_app(settings)
    with TestClient(app):
        yield House(app, settings, seeded)


@pytest.fixture
def mentor(house: House) -> TestClient:
    return house.as_("mentor")


@pytest.fixture
def mentee(house: House) -> TestClient:
    return house.as_("mentee")


@pytest.fixture
def admin(house: House) -> TestClient:
    return house.as_("admin")


@pytest.fixture
def change(house: House) -> Callable[..., Any]:
    """Do work on the database of this house."""

    def work(function: Callable[..., Any], *args: Any) -> Any:
        with house.app.state.front.resources.transaction() as db:
            return function(db, *args)

    return work


@pytest.fixture
def with_agenda(house: House, change: Callable[..., Any]) -> House:
    """A house with an unsettled agenda, a refused recap, a session that is run, an upload."""
    seeded = house.seeded
    drafted = house.as_("mentor").post(f"/api/v1/sessions/{seeded.session_id}/agenda").json()
    change(save_agenda, seeded.people["mentor"], seeded.held_id, drafted)
    recap_id = change(save_recap, seeded.people["mentee"], seeded.held_id, REFUSED)
    asked = house.as_("mentor").post(f"/api/v1/sessions/{seeded.held_id}/follow-ups").json()
    plan = SessionPlan(date(2027, 2, 14), 45)
    running_id = change(save_session, seeded.people["mentor"], seeded.pair_id, plan)
    change(save_agenda, seeded.people["mentor"], running_id, drafted)
    change(begin_session, seeded.people["mentor"], running_id, NOW, None)
    offer = change(
        make_promise, seeded.people["mentor"], running_id, "mentee", "Bring a report", "by Friday"
    )
    more = replace(seeded, recap_id=recap_id, draft_id=asked["id"])
    upload_id = change(save_upload, "notes.md", Extracted("text", "Words of a file."), NOW)
    change(save_gap, seeded.programme_id, "not_in_library", "macros")
    (gap,) = change(list_gaps, seeded.people["admin"])
    pin = change(save_pin, "Who may sign it?", ["pivot-tables"], "Ruth", "", NOW)
    more = replace(more, gap_id=gap.id, pin_id=pin.id)
    more = replace(more, running_id=running_id, offer_id=offer.id, upload_id=upload_id)
    return replace(house, seeded=more)
