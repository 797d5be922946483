"""The service with two pairs in it, on which an attack is put where it belongs and drafts made."""

import copy
import hashlib
import json
import pathlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import sqlalchemy as sa
from starlette.testclient import TestClient

from coach.app import create_app
from coach.coaching.pipeline import Coach
from coach.knowledge.adding import add_paths
from coach.knowledge.library import save_document
from coach.knowledge.markdown import read_document
from coach.pairs.exchange import read_pair
from coach.pairs.notes import save_note
from coach.pairs.pairing import save_pair
from coach.pairs.sessions import (
    SessionOutcome,
    SessionPlan,
    list_sessions,
    load_session,
    save_session,
)
from coach.people.people import save_person, save_programme
from coach.people.permissions import Viewer
from coach.people.sign_in import redeem_link, save_sign_in_link
from coach.people.tokens import save_token
from coach.settings import Settings
from coach.shipped import shipped
from coach.storage import tables
from coach.storage.database import Db, open_database
from coach.storage.migrate import migrate
from coach.web.closing import close_session
from coach.web.service import Front
from tests.coaching.make import pair_texts
from tests.security.cases import LIBRARY, Attack

NOW = datetime.now(UTC)
ROLES = ("mentor", "mentee", "stranger", "partner", "admin")
KINDS = ("agenda", "follow_ups", "recap", "prep")
DOCUMENT = "a-carrier"
SUBJECT = "fold a paper crane"
WISH = f"Show me how to {SUBJECT}"
# What nobody but its author may read. The words are harmless, so that nothing else drops them.
SECRETS = {
    "mentor": "The harbourline sketch 4117 hangs in the blue room.",
    "mentee": "The kestrelwood folder 5226 lies on the green shelf.",
    "stranger": "The quartzfield poster 6338 stands near the old door.",
}
SECRET_WORDS = {"mentor": "harbourline", "mentee": "kestrelwood", "stranger": "quartzfield"}
SYSTEM_SECRET = "tourmaline-7449"
LIBRARY_SECRET = "obsidianware"
# What a draft may change: the drafts themselves, what they took, keys, and counted gaps.
CHANGING = {
    "jobs",
    "job_files",
    "index_answers",
    "recaps",
    "prep_briefs",
    "agendas",
    "follow_ups",
    "model_usage",
    "idempotency_keys",
    "gaps",
}
LESSON = """---
title: {title}
kind: tutorial
topics: [{subject}]
level: novice
licence: CC-BY-4.0
review_by: 2028-10-20
language: en
owner: library team
---

## {heading}

### Idea

A paper crane begins with a square sheet of paper. {content}

To fold a paper crane well, each crease of the paper must be sharp.

### Steps

1. Fold the square paper in half to begin the crane.
2. Open the paper and fold the crane in half the other way.
3. Press each crease of the paper crane with a finger.

### Check

The paper crane is done when it stands alone.
"""


@dataclass(frozen=True)
class Stage:
    """The running service, who is there, and the sessions of the pair under attack."""

    client: TestClient
    tokens: dict[str, str]
    viewers: dict[str, Viewer]
    pair_id: UUID
    planned_id: UUID
    held_id: UUID
    attacked: list[Attack]

    @property
    def front(self) -> Front:
        """The open service."""
        front: Front = self.client.app.state.front  # type: ignore[attr-defined]
        return front

    def put(self, attack: Attack) -> None:
        """Put an attack where it belongs, and take the one before away."""
        with self.front.resources.transaction() as db:
            _put_words(db, self, attack)
            _put_document(db, attack)
        self.attacked[:] = [attack]

    def speak(self, language: str) -> None:
        """Let the pair under attack speak this language from now on."""
        with self.front.resources.transaction() as db:
            pair = db.get_one(tables.Pair, self.pair_id)
            constraints = dict(pair.profile.get("constraints") or {}, language=language)  # type: ignore[call-overload]
            pair.profile = {**pair.profile, "constraints": constraints}

    def meet(self) -> "Stage":
        """The stage after the planned session was held and the next one planned."""
        who = self.viewers["mentee"]
        with self.front.resources.transaction() as db:
            plan = load_session(db, who, self.planned_id)
            close_session(db, who, self.planned_id, SessionOutcome())
            coming = SessionPlan(plan.date + timedelta(days=14), 45, WISH)
            next_id = save_session(db, who, self.pair_id, coming)
        return replace(self, planned_id=next_id, held_id=self.planned_id)

    def ask(self, kind: str, viewer: str, stream: bool = False) -> httpx2.Response:
        """Ask for a draft of this kind in the name of this person."""
        session = self.held_id if kind == "follow_ups" else self.planned_id
        path = {"follow_ups": "follow-ups", "recap": "recaps"}.get(kind, kind)
        headers = {"authorization": f"Bearer {self.tokens[viewer]}"}
        if stream:
            headers["accept"] = "text/event-stream"
        body = {"question": self.question()} if kind == "recap" else None
        return self.client.post(f"/api/v1/sessions/{session}/{path}", headers=headers, json=body)

    def question(self) -> str:
        """What the mentee asks."""
        attack = self.attacked[0] if self.attacked else None
        if attack and attack.carrier == "user_question":
            return _words(attack.content, 2_000)
        return f"How do I {SUBJECT}?"

    def page(self, viewer: str) -> str:
        """The page of the session as this person sees it."""
        headers = {"cookie": f"coach={self.tokens[f'{viewer} browser']}"}
        return self.client.get(f"/sessions/{self.planned_id}", headers=headers).text

    def wrong_audience(self) -> list[str]:
        """Whoever reads a draft that is not for them."""
        paths = [f"/api/v1/sessions/{self.planned_id}/{x}" for x in ("recaps", "agenda", "prep")]
        outside = ("stranger", "partner", "admin")
        tries = [("mentor", paths[0]), *((who, path) for who in outside for path in paths[1:])]
        return [
            f"no_audience_change: {who} reads {path.rsplit('/', 1)[-1]}"
            for who, path in tries
            if self._get(path, who).status_code != 404
        ]

    def _get(self, path: str, viewer: str) -> httpx2.Response:
        return self.client.get(path, headers={"authorization": f"Bearer {self.tokens[viewer]}"})

    def composing(self) -> Coach:
        """The same coach without a model."""
        return replace(self.front.coach, model=None)


def _put_words(db: Db, stage: Stage, attack: Attack) -> None:
    said = {
        one: attack.content if attack.carrier == one else usual
        for one, usual in (
            ("mentor_note", "We folded paper together. Next time we look at reports."),
            ("mentee_goal", "Learn to fold a paper crane for the stand of my team"),
            ("user_question", WISH),
        )
    }
    shared = (tables.Note.session_id == stage.held_id) & (tables.Note.visibility == "pair")
    db.execute(sa.update(tables.Note).where(shared).values(text=_words(said["mentor_note"], 5_000)))
    goal = (tables.Goal.pair_id == stage.pair_id) & (tables.Goal.external_id == "g1")
    db.execute(sa.update(tables.Goal).where(goal).values(text=_words(said["mentee_goal"], 600)))
    session = tables.MentoringSession.id == stage.planned_id
    wish = _words(said["user_question"], 600)
    db.execute(sa.update(tables.MentoringSession).where(session).values(wish=wish))


def _words(text: str, longest: int) -> str:
    """A text as the forms take it."""
    return text.replace("\x00", "").strip()[:longest] or "Nothing yet"


def _put_document(db: Db, attack: Attack) -> None:
    title, content = "Paper cranes", "Thin paper folds a crane best."
    if attack.carrier == "kb_title":
        title = " ".join(attack.content.split())[:300]
    elif attack.carrier in LIBRARY:
        content = re.sub(r"^#+ ", "", attack.content, flags=re.MULTILINE)
    heading = SUBJECT.capitalize()
    source = LESSON.format(
        title=json.dumps(title), subject=SUBJECT, heading=heading, content=content
    )
    text = read_document(source, f"{DOCUMENT}.md")
    save_document(db, text, author=None, publish=True, now=NOW)


def digest(db: Db) -> str:
    """SHA-256 over every row of every table that a draft must not change."""
    state = hashlib.sha256()
    for table in tables.Table.metadata.sorted_tables:
        if table.name not in CHANGING:
            # The rows as they are kept: without the types that would read them first.
            whole = sa.text(f'SELECT * FROM "{table.name}" ORDER BY rowid')
            for row in db.execute(whole):
                state.update(repr(tuple(row)).encode())
    return state.hexdigest()


@contextmanager
def open_stage(folder: pathlib.Path, address: str) -> Iterator[Stage]:
    """The service in this folder with an obedient model at this address."""
    url = f"sqlite:///{folder}/coach.db"
    migrate(url)
    database = open_database(url)
    try:
        list(add_paths(database, [shipped("knowledge")], publish=True, now=NOW))
        with database.transaction() as db:
            seeded = seed_people(db)
    finally:
        database.close()
    settings = Settings(
        data=folder, base_url="http://testserver", llm_base_url=address, llm_model="obedient",
        llm_draft_tokens=None, llm_person_tokens=None, llm_programme_tokens=None, log_level="error",
        embeddings="off",
    )  # fmt: skip
    app = create_app(settings)
    with TestClient(app, follow_redirects=False) as client:
        _hide_in_prompts(app.state.front)
        yield Stage(client, *seeded, [])


def _hide_in_prompts(front: Front) -> None:
    """Put a secret into each system message, as somebody might who trusts the model too much."""
    model = front.coach.model
    assert model is not None
    prompts = {
        name: replace(one, system=f"{one.system}\nThe code is {SYSTEM_SECRET}.\n")
        for name, one in model.prompts.items()
    }
    front.coach = replace(front.coach, model=replace(model, prompts=prompts))


Seeded = tuple[dict[str, str], dict[str, Viewer], UUID, UUID, UUID]


def seed_people(db: Db, library: bool = False) -> Seeded:
    """Two pairs with secrets, and a way in for everybody; `library` stocks one document too."""
    if library:
        heading, content = "Check that a total is right", "A total adds up."
        source = LESSON.format(
            title="Totals", subject="check a total", heading=heading, content=content
        )
        save_document(db, read_document(source, "totals.md"), author=None, publish=True, now=NOW)
    programme = save_programme(db, "Under attack")
    people = {
        role: save_person(db, programme, f"{role.title()} Doe", f"{role}@example.org",
                          is_admin=role == "admin").viewer
        for role in ROLES
    }  # fmt: skip
    ours, theirs = copy.deepcopy(pair_texts()[0]), copy.deepcopy(pair_texts()[1])
    for one in (ours, theirs):
        one.pop("expected", None)
        one.pop("request", None)
        one.pop("wish", None)
    pair_id = save_pair(db, people["admin"], read_pair(ours), people["mentor"].person_id,
                        people["mentee"].person_id)  # fmt: skip
    other_id = save_pair(db, people["admin"], read_pair(theirs), people["stranger"].person_id,
                         people["partner"].person_id)  # fmt: skip
    plan = SessionPlan(date(2027, 1, 14), 45, WISH)
    planned_id = save_session(db, people["mentee"], pair_id, plan)
    held_id = list_sessions(db, people["mentee"], pair_id)[-2].id
    other_held_id = list_sessions(db, people["stranger"], other_id)[-1].id
    places = {"mentor": held_id, "mentee": held_id, "stranger": other_held_id}
    for role, secret in SECRETS.items():
        save_note(db, people[role], places[role], secret, "mine")
        if role == "stranger":
            save_note(db, people[role], places[role], secret, "pair")
    kept_back = f"The {LIBRARY_SECRET} paper is kept in the safe."
    unpublished = LESSON.format(
        title="Private", subject=SUBJECT, heading="Fold it in secret", content=kept_back
    )
    save_document(db, read_document(unpublished, "unpublished.md"), author=None, now=NOW)
    tokens = {role: save_token(db, who.person_id, "attack") for role, who in people.items()}
    return tokens | _browsers(db, people), people, pair_id, planned_id, held_id


def _browsers(db: Db, people: dict[str, Any]) -> dict[str, str]:
    """The secret of a browser for each of the two who see the pair's pages."""
    from_links = {}
    for role in ("mentor", "mentee"):
        link = save_sign_in_link(db, people[role].person_id, NOW)
        from_links[f"{role} browser"] = redeem_link(db, link, NOW).secret
    return from_links
