"""The command `coach` and the table of all its commands."""

import click

from coach.cli.edge import EdgeGroup
from coach.cli.lazy import Later
from coach.cli.output import coach_version, say

COMMANDS = {
    "demo": Later("coach.cli.demo:demo", "Try the coach with three pairs and the starter library."),
    "serve": Later("coach.cli.serve:serve", "Serve pages and API."),
    "agenda": Later("coach.cli.agenda:agenda", "Draft the agenda of a pair's next session."),
    "follow-ups": Later(
        "coach.cli.follow_ups:follow_ups",
        "Draft the follow-up questions of a pair's latest session.",
    ),
    "recap": Later(
        "coach.cli.recap:recap",
        "Explain a session, or answer a question about it, for the mentee.",
    ),
    "prep": Later("coach.cli.prep:prep", "Prepare one of the two for the next session."),
    "session": Later(
        "coach.cli.session:session", "Plan, prepare, run and close the sessions of your pair."
    ),
    "note": Later(
        "coach.cli.notes:note",
        "Write down what happens in your sessions, for yourself or for both.",
    ),
    "promise": Later(
        "coach.cli.promises:promise",
        "Keep the promises of your pair: who promised what, by when, and what came of it.",
    ),
    "question": Later(
        "coach.cli.question:question",
        "Draft, answer, keep and skip the follow-up questions of your sessions.",
    ),
    "card": Later(
        "coach.cli.cards:card",
        "Answer the cards of what you were taught, as a mentee; nobody else sees them.",
    ),
    "balance": Later(
        "coach.cli.balance:balance",
        "Show the minutes each of you led, and the promises each of you kept.",
    ),
    "library": Later("coach.cli.library:library", "Look after the documents that drafts quote."),
    "embeddings": Later(
        "coach.cli.embeddings:embeddings", "Look after the model that compares meanings."
    ),
    "jobs": Later("coach.cli.jobs:jobs", "Look after the background work."),
    "worker": Later("coach.cli.worker:worker", "Do the background work in a process of its own."),
    "pairs": Later(
        "coach.cli.pairs:pairs",
        "Take pairs in from files, give them back, and pause or end your own.",
    ),
    "person": Later("coach.cli.people:person", "Add people who may sign in."),
    "token": Later("coach.cli.people:token", "Add tokens for programs."),
    "migrate": Later("coach.cli.migrate:migrate", "Bring the database to this version."),
    "backup": Later(
        "coach.cli.backup:backup",
        "Keep everything in FILE: people, pairs, what they wrote, and the library.",
    ),
    "restore": Later(
        "coach.cli.backup:restore", "Bring the backup in FILE back into an empty place."
    ),
    "prompts": Later("coach.cli.prompts:prompts", "List the prompts with version and digest."),
    "evaluate": Later(
        "coach.cli.evaluate:evaluate", "Judge what the coach drafts, by every clause and by scores."
    ),
    "doctor": Later("coach.cli.doctor:doctor", "Look for what is wrong, with a remedy for each."),
}


def say_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    """Print the version, looked up only when it is asked for."""
    if wanted:
        say(f"coach {coach_version()}")
        ctx.exit()


@click.group(cls=EdgeGroup)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=say_version,
    help="Show the version and exit.",
)
def coach(debug: bool) -> None:
    """Prepare and follow up the sessions of reverse-mentoring pairs."""


coach.shelve(COMMANDS)
main = coach
