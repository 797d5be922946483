"""Chat models for tests of writing: a careful one, and one that errs as real ones do."""

import json
import random
import re
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import BaseMessage

from benchmarks.simulated_model import good_script
from coach.llm.asking import Model
from coach.llm.fakes import ScriptedChat
from coach.llm.opening import PROMPTS
from coach.llm.prompts import load_prompt

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
