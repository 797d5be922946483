"""The table of the commands below `coach session recap`."""

import click

from coach.cli.lazy import Later, LazyGroup

_KEEPS, _THINKS = "coach.cli.session_recaps", "coach.cli.recap_asking"
COMMANDS = {
    "ask": Later(
        f"{_THINKS}:ask", "Have session NUMBER explained, or a question about it answered."
    ),
    "list": Later(f"{_KEEPS}:list_", "List the recaps of session NUMBER that you may read."),
    "show": Later(f"{_KEEPS}:show", "Show RECAP of session NUMBER again."),
    "share": Later(f"{_KEEPS}:share", "Let your mentor read RECAP of session NUMBER."),
    "unshare": Later(f"{_KEEPS}:unshare", "Take RECAP of session NUMBER back from your mentor."),
    "report": Later(
        f"{_THINKS}:report",
        "Hand the question of RECAP that the library could not answer to its admins.",
    ),
}


@click.group(cls=LazyGroup)
def recap() -> None:
    """Ask for explanations after a session, as its mentee.

    A recap is the mentee's alone until it is shared with the mentor.
    """


recap.shelve(COMMANDS)
