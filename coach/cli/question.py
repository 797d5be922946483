"""The table of the commands below `coach question`."""

import click

from coach.cli.lazy import Later, LazyGroup

_KEEPS, _THINKS = "coach.cli.questions", "coach.cli.question_drafting"
COMMANDS = {
    "draft": Later(f"{_THINKS}:draft", "Draft questions that grow from what a session left open."),
    "list": Later(
        f"{_KEEPS}:list_", "List the follow-up questions of a session, with what became of each."
    ),
    "answer": Later(
        f"{_KEEPS}:answer",
        "Answer QUESTION with TEXT in a note, for yourself or for both; - reads standard input.",
    ),
    "keep": Later(f"{_KEEPS}:keep", "Put QUESTION into the next agenda."),
    "asked": Later(f"{_KEEPS}:asked", "Say that QUESTION was asked."),
    "skip": Later(
        f"{_KEEPS}:skip", "Say that nobody wants QUESTION; the coach does not ask it again soon."
    ),
}


@click.group(cls=LazyGroup)
def question() -> None:
    """Draft, answer, keep and skip the follow-up questions of your sessions."""


question.shelve(COMMANDS)
