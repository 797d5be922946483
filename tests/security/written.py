"""What is written while the service is killed: how it is sent, and how it is found again."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import httpx2

Words = Callable[[dict[str, Any]], str]
QUESTION = "How do I check that a total is right?"


@dataclass(slots=True)
class Sent:
    """What was sent under which key, and which answers came before a kill."""

    texts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)

    @property
    def unanswered(self) -> list[str]:
        """The keys that got no answer."""
        return [key for key in self.texts if key not in self.answers]


@dataclass(slots=True)
class Writing:
    """One sort of thing that somebody writes again and again, each time in words of its own."""

    name: str
    token: str
    path: str
    found_at: str
    body: Callable[[str], dict[str, Any]]
    words: Words
    times: int = 1
    ending: str = "end"
    sent: Sent = field(default_factory=Sent)

    def text(self, key: str) -> str:
        """Words that nothing else says, and that end where they should."""
        return f"{self.name} {key} " * self.times + self.ending

    def headers(self, key: str) -> dict[str, str]:
        """Who writes, and under which key."""
        return {"authorization": f"Bearer {self.token}", "idempotency-key": f"{self.name}-{key}"}

    def send(self, client: httpx2.Client, key: str) -> httpx2.Response:
        """The answer to one of them under its key."""
        text = self.sent.texts.setdefault(key, self.text(key))
        return client.post(self.path, json=self.body(text), headers=self.headers(key))

    def find(self, client: httpx2.Client, faults: list[str]) -> Counter[str]:
        """How often each text is there; what is missing, doubled or torn is a fault."""
        headers = {"authorization": f"Bearer {self.token}"}
        items = client.get(self.found_at, headers=headers).json()["items"]
        there = {one["id"]: self.words(one) for one in items}
        for key, answer in self.sent.answers.items():
            if there.get(json.loads(answer)["id"]) != self.sent.texts[key]:
                faults.append(f"{self.name} {key} was answered and is not there")
        ours = Counter(text for text in there.values() if text.startswith(f"{self.name} "))
        faults += [f"twice: {text[:20]}" for text, count in ours.items() if count > 1]
        torn = set(ours) - set(self.sent.texts.values())
        faults += [f"half-written: {text[:20]}" for text in torn]
        return ours


@dataclass(slots=True)
class Editing(Writing):
    """Edits of one place in an agenda, one after the other: each raises the version by one."""

    seen: dict[str, int] = field(default_factory=dict)
    version: int = 1

    def headers(self, key: str) -> dict[str, str]:
        """Who edits, under which key, and the version that was seen."""
        seen = self.seen.setdefault(key, self.version)
        return {**Writing.headers(self, key), "if-match": f'"{seen}"'}

    def send(self, client: httpx2.Client, key: str) -> httpx2.Response:
        """The answer to an edit; the next one is made on the version it tells."""
        answer = Writing.send(self, client, key)
        if answer.status_code == 200:
            self.version = max(self.version, int(answer.headers["etag"].strip('"')))
        return answer

    def find(self, client: httpx2.Client, faults: list[str]) -> Counter[str]:
        """Which edits were made; more or fewer versions than edits are a fault."""
        shown = client.get(self.found_at, headers={"authorization": f"Bearer {self.token}"})
        made = [self.sent.texts[key] for key in self.sent.answers]
        now = self.words(shown.json())
        if now in {self.sent.texts[key] for key in self.sent.unanswered}:
            made.append(now)
        if made and now != made[-1]:
            faults.append(f"{made[-1][:20]} was answered, and {now[:20]} is there")
        if shown.headers["etag"] != f'"{1 + len(made)}"':
            faults.append(f"{len(made)} edits made version {shown.headers['etag']}")
        return Counter(made)


def writings(tokens: dict[str, str], session: str, pair: str) -> list[Writing]:
    """One of each sort, in a session of this pair whose agenda is drafted."""
    mentor, agenda = tokens["mentor"], f"{session}/agenda"

    def note(text: str) -> dict[str, Any]:
        return {"text": text, "visibility": "pair"}

    def promise(text: str) -> dict[str, Any]:
        return {"owner": "mentor", "text": text, "due": "Friday"}

    def question(text: str) -> dict[str, Any]:
        return {"question": text}

    def edit(text: str) -> dict[str, Any]:
        return {"edit": "words", "place": "purpose", "text": text}

    notes, promises, recaps = f"{session}/notes", f"{session}/commitments", f"{session}/recaps"
    return [
        Writing("note", mentor, notes, notes, note, itemgetter("text"), 40),
        Writing("promise", mentor, promises, f"{pair}/commitments", promise, itemgetter("text"), 8),
        Writing("recap", tokens["mentee"], recaps, recaps, question, question_of, 1, QUESTION),
        Editing("edit", mentor, f"{agenda}/edits", agenda, edit, itemgetter("purpose"), 8),
    ]


def question_of(item: dict[str, Any]) -> str:
    """What a kept recap answers."""
    return str(item["draft"]["question"])
