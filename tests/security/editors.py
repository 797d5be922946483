"""Two editors, late retries and restarts: a machine that tries to lose what was acknowledged."""

import pathlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

import httpx2
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from starlette.testclient import TestClient

from coach.app import create_app
from coach.coaching.drafts import read_agenda
from coach.coaching.editing import read_words
from coach.pairs.drafts import save_agenda
from coach.pairs.sessions import SessionPlan, save_session
from coach.settings import Settings
from coach.storage.database import open_database
from coach.storage.migrate import migrate
from tests.web.conftest import Seeded, seed

STEPS = 50
PLACES = ("purpose", "b1/title", "b1/steps/0", "promises/0")
EDITORS = st.sampled_from(["mentor", "mentee"])
KEEPABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXTS = st.text(KEEPABLE, min_size=3, max_size=30).filter(lambda text: len(text.strip()) >= 3)
WINDOWS = st.sampled_from([0, 1])


@dataclass
class Stage:
    """A service on one folder that can be restarted, and what was counted on it."""

    folder: pathlib.Path
    seeded: Seeded
    stack: ExitStack = field(default_factory=ExitStack)
    steps: int = 0
    conflicts: int = 0
    agenda: dict[str, Any] = field(default_factory=dict)

    def start(self) -> None:
        """Open the service; whoever has it open already loses it first."""
        self.stack.close()
        made = Settings(data=self.folder, base_url="http://testserver", embeddings="off",
                        log_level="error")  # fmt: skip
        self.app = create_app(made)
        self.client = self.stack.enter_context(TestClient(self.app))

    def send(self, who: str, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request in the name of one of the two."""
        bearer = {"authorization": f"Bearer {self.seeded.tokens[who]}"}
        headers = bearer | more.pop("headers", {})
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    def plan(self) -> str:
        """The path of a fresh session with an agenda at version 1."""
        who = self.seeded.people["mentor"]
        with self.app.state.front.resources.transaction() as db:
            plan = SessionPlan(date(2027, 3, 1), 45)
            session_id = save_session(db, who, self.seeded.pair_id, plan)
            save_agenda(db, who, session_id, self.agenda)
        return f"/sessions/{session_id}"


@contextmanager
def open_stage(folder: pathlib.Path) -> Iterator[Stage]:
    """A service with two pairs in this folder."""
    url = f"sqlite:///{folder}/coach.db"
    migrate(url)
    database = open_database(url)
    try:
        with database.transaction() as db:
            seeded = seed(db, folder)
    finally:
        database.close()
    stage = Stage(folder, seeded)
    try:
        stage.start()
        drafted = stage.send("mentor", "POST", f"/sessions/{seeded.session_id}/agenda")
        stage.agenda = drafted.json()
        yield stage
    finally:
        stage.stack.close()


class Editors(RuleBasedStateMachine):
    """What two people did to one agenda, a note, a promise and a running session, as agreed."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.path, self.running = self.stage.plan(), self.stage.plan()
        agenda = read_agenda(self.stage.agenda)
        self.words = {place: read_words(agenda, place) for place in PLACES}
        self.version = 1
        self.seen = {"mentor": 1, "mentee": 1}
        self.last: tuple[tuple[str, str, str], dict[str, Any], httpx2.Response] | None = None
        note = {"text": "note 0", "visibility": "pair"}
        self.note = self.stage.send("mentor", "POST", f"{self.path}/notes", json=note).json()["id"]
        self.note_text, self.note_count = "note 0", 0
        self.marks = {window: self.find_note()["seen"] for window in (0, 1)}
        self.stage.send("mentor", "POST", f"{self.running}/run", json={})
        self.taken: dict[str, int] = {}
        promise = {"owner": "mentor", "text": "Send it", "due": "Friday"}
        made = self.stage.send("mentor", "POST", f"{self.path}/commitments", json=promise)
        self.promise, self.status = made.json()["id"], "open"

    def find_note(self) -> dict[str, Any]:
        """The note as the partner reads it now."""
        listed = self.stage.send("mentee", "GET", f"{self.path}/notes").json()["items"]
        return next(one for one in listed if one["id"] == self.note)

    def keep(self, who: str, method: str, path: str, **more: Any) -> httpx2.Response:
        """Send a request under a key of its own, and remember it for a retry."""
        more["headers"] = {**more.get("headers", {}), "idempotency-key": str(uuid4())}
        answer = self.stage.send(who, method, path, **more)
        self.last = ((who, method, path), more, answer)
        return answer

    @rule(who=EDITORS)
    def look(self, who: str) -> None:
        answer = self.stage.send(who, "GET", f"{self.path}/agenda")
        self.seen[who] = int(answer.headers["etag"].strip('"'))
        assert self.seen[who] == self.version

    @rule(who=EDITORS, place=st.sampled_from(PLACES), text=TEXTS)
    def write(self, who: str, place: str, text: str) -> None:
        body = {"edit": "words", "place": place, "text": text}
        seen = {"if-match": f'"{self.seen[who]}"'}
        answer = self.keep(who, "POST", f"{self.path}/agenda/edits", json=body, headers=seen)
        if self.seen[who] == self.version:
            assert answer.status_code == 200, answer.text
            self.words[place] = text.strip()
            self.version += 1
            self.seen[who] = self.version
            return
        told = answer.json()
        assert answer.status_code == 409
        assert (told["kept_text"], told["offered_text"]) == (self.words[place], text)
        assert told["version"] == self.version
        type(self).stage.conflicts += 1

    @rule(who=EDITORS, minutes=st.integers(1, 4), back=st.booleans())
    def shift(self, who: str, minutes: int, back: bool) -> None:
        blocks = [block["id"] for block in self.stage.agenda["blocks"][2:4]]
        giver, taker = reversed(blocks) if back else blocks
        body = {"edit": "minutes", "giver_id": giver, "taker_id": taker, "minutes": minutes}
        seen = {"if-match": f'"{self.seen[who]}"'}
        answer = self.keep(who, "POST", f"{self.path}/agenda/edits", json=body, headers=seen)
        if answer.status_code == 200:
            assert self.seen[who] == self.version
            self.version += 1
            self.seen[who] = self.version
        else:
            assert answer.status_code == (422 if self.seen[who] == self.version else 409)

    @rule()
    def send_again(self) -> None:
        if self.last is None:
            return
        (who, method, path), more, before = self.last
        again = self.stage.send(who, method, path, **{**more, "headers": dict(more["headers"])})
        assert (again.status_code, again.content) == (before.status_code, before.content)

    @rule(window=WINDOWS)
    def look_at_note(self, window: int) -> None:
        self.marks[window] = self.find_note()["seen"]

    @rule(window=WINDOWS)
    def rewrite_note(self, window: int) -> None:
        self.note_count += 1
        text = f"note {self.note_count}"
        seen = {"if-match": self.marks[window]}
        path, body = f"/notes/{self.note}", {"text": text}
        answer = self.stage.send("mentor", "PATCH", path, json=body, headers=seen)
        if answer.status_code == 204:
            self.note_text = text
            self.marks[window] = self.find_note()["seen"]
            return
        told = answer.json()
        assert answer.status_code == 409
        assert (told["kept_text"], told["offered_text"]) == (self.note_text, text)
        type(self).stage.conflicts += 1

    @rule(who=EDITORS, status=st.sampled_from(["open", "done", "blocked", "dropped"]))
    def mark_promise(self, who: str, status: str) -> None:
        path = f"/commitments/{self.promise}"
        assert self.stage.send(who, "PATCH", path, json={"status": status}).status_code == 204
        self.status = status

    @rule(who=EDITORS, block=st.sampled_from(["b1", "b2", "b3"]), minutes=st.integers(0, 20))
    def tick_off(self, who: str, block: str, minutes: int) -> None:
        body = {"block_id": block, "minutes": minutes}
        answer = self.keep(who, "POST", f"{self.running}/run/marks", json=body)
        assert answer.status_code == 200
        self.taken[block] = minutes

    @rule(sure=st.integers(0, 9))
    def restart(self, sure: int) -> None:
        if sure == 9:
            self.stage.start()
            self.the_agenda_is_kept()

    @invariant()
    def nothing_is_lost(self) -> None:
        self.stage.steps += 1
        if self.stage.steps % 3 == 0:
            self.the_agenda_is_kept()
        if self.stage.steps % 10 == 0:
            self.the_rest_is_kept()

    def the_agenda_is_kept(self) -> None:
        """Every word and the version are as they were last acknowledged."""
        kept = self.stage.send("mentee", "GET", f"{self.path}/agenda")
        agenda = read_agenda(kept.json())
        assert {place: read_words(agenda, place) for place in PLACES} == self.words
        assert kept.headers["etag"] == f'"{self.version}"'

    def the_rest_is_kept(self) -> None:
        """The note, the promise and the minutes are as they were last acknowledged."""
        assert self.find_note()["text"] == self.note_text
        pair = f"/pairs/{self.stage.seeded.pair_id}/commitments"
        listed = self.stage.send("mentor", "GET", pair).json()["items"]
        assert next(p["status"] for p in listed if p["id"] == self.promise) == self.status
        run = self.stage.send("mentee", "GET", f"{self.running}/run").json()["agenda"]["blocks"]
        took = {b["id"]: b["actual_minutes"] for b in run if b["actual_minutes"] is not None}
        assert took == self.taken

    def teardown(self) -> None:
        self.the_agenda_is_kept()
        self.the_rest_is_kept()


def edit_together(folder: pathlib.Path, steps: int, sure: bool = True) -> Stage:
    """Let two people edit for so many steps; a lost update raises, in its shortest form."""
    with open_stage(folder) as stage:
        Editors.stage = stage
        made = settings(
            max_examples=max(steps // STEPS, 1),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=sure,
            suppress_health_check=list(HealthCheck),
        )
        while stage.steps < steps:
            run_state_machine_as_test(Editors, settings=made)
        return stage
