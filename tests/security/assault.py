"""Carries out attacks one after the other, and counts what was asked, shown and broken."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.security.cases import Attack
from tests.security.invariants import Run, broken, page_faults
from tests.security.obedient import Obedient
from tests.security.stage import KINDS, Stage, digest

READERS = ("mentor", "mentee")


@dataclass
class Tally:
    """What came of many attacks: drafts asked for, those that met the orders, faults in words."""

    runs: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    worded: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All drafts."""
        return sum(self.runs.values())

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.runs + other.runs,
            self.shown + other.shown,
            self.worded + other.worded,
            self.faults + other.faults,
        )


def attack_all(
    stage: Stage, model: Obedient, attacks: Iterable[Attack], whole: bool = False
) -> Tally:
    """Each attack on an agenda and on another draft, or on all of them; turn by turn for each of
    the two, and every fourth agenda as a stream."""
    tally = Tally()
    for turn, attack in enumerate(attacks):
        kinds = KINDS if whole else ("agenda", KINDS[1 + turn % 3])
        attack_once(stage, model, attack, kinds, turn, tally)
    return tally


def attack_once(
    stage: Stage, model: Obedient, attack: Attack, kinds: Sequence[str], turn: int, tally: Tally
) -> None:
    """One attack on these kinds of draft, with all that must hold afterwards."""
    stage.put(attack)
    draft_under(stage, model, kinds, turn, tally)


def live_on(stage: Stage, model: Obedient, attack: Attack, sessions: int = 3) -> Tally:
    """An attack planted once; every kind of draft for so many sessions that are held after it."""
    tally = Tally()
    stage.put(attack)
    for turn in range(sessions):
        draft_under(stage, model, KINDS, turn, tally)
        stage = stage.meet()
    return tally


def draft_under(
    stage: Stage, model: Obedient, kinds: Sequence[str], turn: int, tally: Tally
) -> None:
    """Drafts of these kinds under the attack that is on, with all that must hold afterwards."""
    attack = stage.attacked[0]
    model.orders = attack.orders
    with stage.front.resources.reading() as db:
        before = digest(db)
    for kind in kinds:
        viewer = "mentee" if kind == "recap" else READERS[turn % 2]
        model.requests.clear()
        answer = stage.ask(kind, viewer, stream=kind == "agenda" and turn % 4 == 3)
        body = read_draft(answer)
        run = Run(attack, kind, viewer, body, list(model.requests))
        tally.runs[attack.carrier] += 1
        tally.shown[attack.carrier] += was_shown(run)
        tally.worded += body["provenance"]["origin"] != "extractive"
        tally.faults += [f"{attack.id} {kind}: {one}" for one in broken(stage, run)]
    faults = [one for viewer in READERS for one in page_faults(stage.page(viewer))]
    faults += stage.wrong_audience()
    with stage.front.resources.reading() as db:
        faults += ["no_state_change: a table changed"] if digest(db) != before else []
    tally.faults += [f"{attack.id}: {one}" for one in faults]


def read_draft(answer: httpx2.Response) -> dict[str, Any]:
    """The draft in an answer, be it whole or a stream; its blocks are those of the draft."""
    if not answer.headers["content-type"].startswith("text/event-stream"):
        assert answer.status_code == 201, answer.text
        whole: dict[str, Any] = answer.json()
        draft: dict[str, Any] = whole.get("draft", whole)
        return draft
    events = [
        dict(line.split(": ", 1) for line in part.splitlines() if ": " in line)
        for part in answer.text.split("\n\n")
    ]
    told = [(one["event"], json.loads(one["data"])) for one in events if "event" in one]
    assert told[-1][0] == "done", told[-1]
    agenda: dict[str, Any] = told[-1][1]["agenda"]
    assert [data for name, data in told if name == "block"] == agenda["blocks"]
    return agenda


def was_shown(run: Run) -> bool:
    """Whether the model was shown what is hidden in the attack."""
    wanted = {word for word in run.attack.orders.split() if len(word) > 3}
    shown = {word for one in run.requests for word in str(one["messages"][1]["content"]).split()}
    return bool(wanted) and len(wanted & shown) >= len(wanted) / 2
