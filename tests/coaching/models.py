"""Chat models for tests of writing: a careful one, and one that errs as real ones do."""

import asyncio
import json
import random
import re
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import BaseMessage

from benchmarks.simulated_model import LINE, good_script
from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest, RecapRequest
from coach.coaching.drafts import Agenda, Draft
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepRequest, draft_prep
from coach.coaching.recap import draft_recap
from coach.llm.asking import Model
from coach.llm.fakes import ScriptedChat
from coach.llm.opening import PROMPTS
from coach.llm.prompts import load_prompt
from coach.pairs.records import PairRecord, Role
from tests.coaching.make import TODAY

READERS: tuple[Role, Role] = ("mentor", "mentee")

INVENTED = (
    "Press the red lever under the desk and wait for the second whistle.",
    "Every quarterly dragon report must be faxed to the moon office by Tuesday.",
    "The system deletes all accounts after 13 days without a warning.",
    "Experts at Stanford proved that this halves every error in 41 percent of firms.",
)


def model_of(chat: ScriptedChat) -> Model:
    """This chat model with the prompts that ship."""
    return Model(chat, "fake", {name: load_prompt(name) for name in PROMPTS})


def careful(messages: list[BaseMessage]) -> str:
    """A reply as a careful model writes it."""
    return good_script([{"content": str(message.text)} for message in messages])


@dataclass
class Erring:
    """Makes the mistakes of real models in turn, and logs each sentence it invented."""

    seed: int = 7
    invented: set[str] = field(default_factory=set)
    turn: int = 0

    def __call__(self, messages: list[BaseMessage]) -> str:
        """A reply with this turn's mistake in it."""
        self.turn += 1
        reply = json.loads(careful(messages))
        lines = [line for part in reply.values() if isinstance(part, list) for line in part]
        mistakes = (
            self._invent, self._wrong_number, self._paraphrase, self._minutes, self._extra_key,
            self._prose, self._other_language, self._ask_invented,
        )  # fmt: skip
        return mistakes[(self.turn + self.seed) % len(mistakes)](reply, lines)

    def _sentence(self) -> str:
        said = random.Random(self.turn).choice(INVENTED)
        self.invented.add(said)
        return said

    def _invent(self, reply: Any, lines: Any) -> str:
        for line in lines:
            if "keep" in line and line["keep"] == 0:
                line.update(kind="explain", text=self._sentence(), passage=1)
            elif "passage" in line and "keep" not in line:
                line.update(text=self._sentence(), quote=line["text"])
            elif "number" in line:
                line["text"] = self._sentence().rstrip(".") + "?"
        return json.dumps(reply)

    def _wrong_number(self, reply: Any, lines: Any) -> str:
        for line in lines:
            if line.get("passage"):
                line["passage"] = 99
        return json.dumps(reply)

    def _paraphrase(self, reply: Any, lines: Any) -> str:
        for line in lines:
            if line.get("passage"):
                line["text"] = " ".join(line["text"].split()[::-1])
        return json.dumps(reply)

    def _minutes(self, reply: Any, lines: Any) -> str:
        for line in lines:
            if line.get("text"):
                line["text"] = f"Take 97 minutes: {line['text']}"
        return json.dumps(reply)

    def _extra_key(self, reply: Any, lines: Any) -> str:
        return json.dumps({**reply, "minutes": 90, "audience": "everyone"})

    def _prose(self, reply: Any, lines: Any) -> str:
        return (
            f"<think>Hm {{</think>Certainly! Here it is:\n```json\n{json.dumps(reply)}\n```\nDone!"
        )

    def _other_language(self, reply: Any, lines: Any) -> str:
        said = "Öffnen Sie zuerst das Menü und löschen Sie danach alle Dateien."
        self.invented.add(said)
        for line in lines:
            line["text"] = said
        return json.dumps(reply)

    def _ask_invented(self, reply: Any, lines: Any) -> str:
        for line in lines:
            if "keep" in line and line["keep"] == 0:
                line.update(kind="ask", text=self._sentence().rstrip(".") + "?", passage=0)
        return json.dumps(reply)


def survives(sentence: str, text: str) -> bool:
    """Whether a sentence stands in a text, exact or with three quarters of its words in one."""
    wanted = set(re.findall(r"\w+", sentence.casefold()))
    for one in re.split(r"(?<=[.!?])\s+|\n", text.casefold()):
        if wanted and len(wanted & set(re.findall(r"\w+", one))) >= 0.75 * len(wanted):
            return True
    return sentence.casefold() in text.casefold()


ASKED = {
    "de": (
        "Wobei würde Ihnen das in Ihrer Arbeit am meisten helfen?",
        "Wie würden Sie das einer Kollegin in eigenen Worten erklären?",
        "Woran merken Sie nächste Woche, dass es leichter geht?",
        "Was haben Sie selbst in so einer Lage gelernt?",
        "Wer in Ihrer Abteilung könnte das auch brauchen?",
    ),
    "es": (
        "¿Qué parte de esto te ayudaría más en tu trabajo?",
        "¿Cómo se lo explicarías a un colega con tus palabras?",
        "¿Dónde lo probarías la próxima semana, y no después?",
        "¿Cuándo te pasó a ti algo que se le parezca?",
        "¿Quién en tu equipo también podría usar esto?",
    ),
}
HELD = {
    "de": ("Wie geht es mit {} weiter", "Was hindert Sie noch bei {}", "Womit beginnen Sie bei {}"),
    "es": ("¿Cómo sigue lo de {}", "¿Qué te falta todavía para {}", "¿Con qué empiezas en {}"),
}
TOLD = {"de": "Das ist mit dem Menü oben in der Leiste zu machen.",
        "es": "Esto se hace con el menú que está en la barra."}  # fmt: skip


@dataclass
class Speaking:
    """A careful model that answers in this language, whatever it is asked in."""

    language: str
    turn: int = 0

    def __call__(self, messages: list[BaseMessage]) -> str:
        """The careful reply with every text of its own in this language."""
        reply = json.loads(careful(messages))
        asked = {
            int(number) for number, kind in LINE.findall(str(messages[1].text)) if kind == "ask"
        }
        if "steps" in reply:
            reply["steps"] = [line for line in reply["steps"] if line["keep"] not in asked]
        for part in reply.values():
            for line in part if isinstance(part, list) else []:
                self._say(line)
        if "teach_back" in reply:
            reply["teach_back"] = ASKED[self.language][1]
        return json.dumps(reply)

    def _say(self, line: dict[str, Any]) -> None:
        self.turn += 1
        places = re.findall(r"\{\d+\}", line["text"])
        asked = ASKED[self.language][self.turn % 5]
        if line.get("kind") == "ask" or ("number" in line and not places):
            line["text"] = asked
        elif "number" in line:
            held = HELD[self.language][self.turn % 3]
            line["text"] = held.format(" ".join(places)) + "?"
        elif line.get("passage"):
            line["text"] = TOLD[self.language]


def every_draft(coach: Coach, record: PairRecord) -> list[Draft]:
    """A draft of every kind, the prep briefs of both; a recap once they have met."""

    async def every_kind() -> list[Draft]:
        drafts: list[Draft] = [
            await draft_agenda(coach, record, AgendaRequest(TODAY)),
            await draft_follow_ups(coach, record, AgendaRequest(TODAY)),
        ]
        if record.sessions:
            drafts.append(await draft_recap(coach, record, RecapRequest(TODAY)))
        agenda = drafts[0]
        assert isinstance(agenda, Agenda)
        for reader in READERS:
            drafts.append(await draft_prep(coach, record, PrepRequest(TODAY, reader, agenda)))
        return drafts

    return asyncio.run(every_kind())
