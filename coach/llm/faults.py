"""What can go wrong with a chat model, each as one sentence without a provider's words."""

from typing import Literal

from coach.errors import CoachError

FaultKind = Literal["down", "deadline", "cut", "refused", "unreadable", "busy", "forbidden"]
SENTENCES: dict[FaultKind, str] = {
    "down": "The language model cannot be reached right now.",
    "deadline": "The language model took too long to answer.",
    "cut": "The answer of the language model ended in the middle.",
    "refused": "The language model declined to answer.",
    "unreadable": "The language model gave an answer that cannot be used.",
    "busy": "Too many drafts are waiting for the language model.",
    "forbidden": "The language model did not accept the key or the name in the settings.",
}


class LLMFault(CoachError):
    """A chat model gave nothing that can be used; never carries a key or what was sent."""

    status = 502
    title = SENTENCES["down"]

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(SENTENCES[kind])
        self.kind = kind


class SchemaRefused(LLMFault):
    """The server does not know this form of structured output; another form may work."""

    def __init__(self) -> None:
        super().__init__("unreadable")
