"""Random pairs with secrets in them, drafted for each reader, and what left for the model."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest, RecapRequest
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepRequest, draft_prep
from coach.coaching.recap import draft_recap
from coach.llm.asking import Model
from coach.llm.chat import CoachChat
from coach.llm.client import Endpoint
from coach.llm.opening import PROMPTS
from coach.llm.prompts import load_prompt
from coach.pairs.records import Goal, Note, PairRecord, PastSession, Role
from tests.coaching.make import TODAY, twelve, wish
from tests.security.obedient import Heard

ALLOWED = {"model", "messages", "max_tokens", "stream", "stream_options", "response_format"}
WISHES = (
    "Show me how to check that a total is right",
    "Practise a mail with an assistant that writes",
    "Rehearse a hard talk about my promotion",
)


@dataclass
class Recorder:
    """A model that replies as a careful one would, and keeps every request."""

    requests: list[Any] = field(default_factory=list)
    say: str = "What would help you most in your own work?"

    def answer(self, body: Any) -> dict[str, Any]:
        """A short answer in the form asked for."""
        self.requests.append(body)
        system, request = (one["content"] for one in body["messages"][:2])
        return Heard(system, request, request, "").told([], self.say)


@dataclass
class Outgoing:
    """What was sent in many steps: requests by kind of draft, and faults in words."""

    requests: Counter[str] = field(default_factory=Counter)
    systems: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One draft of a random pair: its reader, and the words that may and may not leave."""

    record: PairRecord
    kind: str
    reader: str
    shown: tuple[str, ...]
    hidden: tuple[str, ...]


def model_at(address: str, hide_names: bool = True) -> Model:
    """A real client at this address."""
    prompts = {name: load_prompt(name) for name in PROMPTS}
    return Model(CoachChat.open(Endpoint(address, "m")), "m", prompts, hide_names=hide_names)


def random_steps(seed: int, count: int) -> Iterator[Step]:
    """So many drafts of pairs with notes of every visibility, and with names."""
    dice = random.Random(seed)
    records = [one for one in twelve().values() if one.sessions and one.id != "X08"]
    for number in range(count):
        kind = dice.choice(("agenda", "follow_ups", "follow_ups", "recap", "recap", "prep"))
        reader = "mentee" if kind == "recap" else "pair"
        reader = dice.choice(("mentor", "mentee")) if kind == "prep" else reader
        yield _step(dice, dice.choice(records), kind, reader, number)


def _step(dice: random.Random, record: PairRecord, kind: str, reader: str, number: int) -> Step:
    shown: list[str] = []
    hidden: list[str] = []
    sessions = list(record.sessions)
    for place in dice.sample(range(len(sessions)), min(2, len(sessions))):
        for _ in range(dice.randrange(1, 4)):
            note = _note(dice, f"{number}x{dice.randrange(10**9)}")
            is_read = note.visibility == "pair" or note.author == reader
            (shown if is_read else hidden).append(note.text.split()[1])
            sessions[place] = _with_note(sessions[place], note)
    mentor, mentee = f"Zerlina Q{number}uux", f"Bartholomew V{number}oss"
    goals = [replace(one, text=f"{one.text} with {mentor.split()[0]}") for one in record.goals]
    changed = replace(
        record,
        sessions=tuple(sessions),
        mentor=replace(record.mentor, name=mentor),
        mentee=replace(record.mentee, name=mentee),
        goals=tuple(_named(goals, dice)),
        wish=wish(f"{dice.choice(WISHES)}, {mentee.split()[0]} asks") if dice.random() < 0.5
        else record.wish,
    )  # fmt: skip
    names = (*mentor.split(), *mentee.split())
    return Step(changed, kind, reader, tuple(shown), (*hidden, *names))


def _note(dice: random.Random, mark: str) -> Note:
    author: Role = dice.choice(("mentor", "mentee"))
    visibility = dice.choice(("mine", "pair"))
    word = f"pebble{mark}"
    return Note(f"n-{mark}", f"The {word} sketch was on the table.", visibility, author)  # type: ignore[arg-type]


def _with_note(session: PastSession, note: Note) -> PastSession:
    return replace(session, notes=(*session.notes, note))


def _named(goals: list[Goal], dice: random.Random) -> list[Goal]:
    dice.shuffle(goals)
    return goals


async def draft(coach: Coach, step: Step) -> None:
    """Write the draft of this step."""
    if step.kind == "agenda":
        await draft_agenda(coach, step.record, AgendaRequest(TODAY))
    elif step.kind == "follow_ups":
        await draft_follow_ups(coach, step.record, AgendaRequest(TODAY))
    elif step.kind == "prep":
        await draft_prep(coach, step.record, await prepare(coach, step))
    else:
        question = None if len(step.shown) % 2 else "How do I check that a total is right?"
        await draft_recap(coach, step.record, RecapRequest(TODAY, question))


async def prepare(coach: Coach, step: Step) -> PrepRequest:
    """What this step's reader prepares from: the agenda that needs no model."""
    alone = replace(coach, model=None)
    agenda = await draft_agenda(alone, step.record, AgendaRequest(TODAY))
    return PrepRequest(TODAY, "mentor" if step.reader == "mentor" else "mentee", agenda)


def send_all(coach: Coach, address: str, recorder: Recorder, steps: Iterator[Step]) -> Outgoing:
    """Draft all of these, and look at each request that leaves."""
    found = Outgoing()

    async def whole() -> None:
        model = model_at(address)
        drafting = replace(coach, model=model)
        for step in steps:
            recorder.requests.clear()
            await draft(drafting, step)
            for request in recorder.requests:
                found.requests[step.kind] += 1
                found.systems.add(request["messages"][0]["content"])
                found.faults += [f"{step.kind}: {one}" for one in faults_of(request, step)]
        await model.aclose()

    asyncio.run(whole())
    return found


def faults_of(request: dict[str, Any], step: Step) -> Iterator[str]:
    """What of this request should not have left."""
    if extra := set(request) - ALLOWED:
        yield f"sends {sorted(extra)}"
    whole = json.dumps(request, ensure_ascii=False).casefold()
    yield from (f"tells {word}" for word in step.hidden if word.casefold() in whole)
    roles = [one["role"] for one in request["messages"]]
    if roles[0] != "system" or roles.count("system") != 1:
        yield f"has the roles {roles}"
    mark = request["messages"][1]["content"].splitlines()[0]
    if request["messages"][1]["content"].count(mark) != 2:
        yield "is not fenced"
