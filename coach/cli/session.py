"""The table of the commands below `coach session`."""

import click

from coach.cli.lazy import Later, LazyGroup

_PLANS, _AGENDAS = "coach.cli.session_planning", "coach.cli.session_agendas"
_RUNS, _THINKS = "coach.cli.session_running", "coach.cli.session_drafting"
COMMANDS = {
    "list": Later(f"{_PLANS}:list_", "List the sessions of your pair in order."),
    "plan": Later(f"{_PLANS}:plan", "Plan the next session of your pair."),
    "move": Later(f"{_PLANS}:move", "Move session NUMBER to another day, or change its length."),
    "wish": Later(f"{_PLANS}:wish", "Keep TEXT as what the mentee wishes for in session NUMBER."),
    "cancel": Later(f"{_PLANS}:cancel", "Say that session NUMBER will not be held."),
    "draft": Later(f"{_THINKS}:draft", "Draft the agenda of session NUMBER, and keep it."),
    "show": Later(f"{_AGENDAS}:show", "Show session NUMBER with its agenda, as it stands."),
    "edit": Later("coach.cli.session_edits:edit", "Change the draft agenda of a session."),
    "settle": Later(f"{_AGENDAS}:settle", "Make the agenda of session NUMBER what you two go by."),
    "prep": Later(f"{_THINKS}:prep", "Prepare yourself for session NUMBER; nobody else sees it."),
    "start": Later(f"{_RUNS}:start", "Begin session NUMBER, on time, late, or as a rescue."),
    "mark": Later(f"{_RUNS}:mark", "Say how long PART of session NUMBER took."),
    "replan": Later(f"{_RUNS}:replan", "Fit the rest of session NUMBER to the minutes left."),
    "close": Later(f"{_RUNS}:close", "Say that session NUMBER was held."),
    "recap": Later(
        "coach.cli.session_recap:recap", "Ask for explanations after a session, as its mentee."
    ),
}


@click.group(cls=LazyGroup)
def session() -> None:
    """Plan, prepare, run and close the sessions of your pair."""


session.shelve(COMMANDS)
