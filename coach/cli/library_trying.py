"""`coach library try`: what publishing a document would change for the golden questions."""

import sys
from datetime import UTC, datetime

import anyio
import click

from coach.cli.output import say
from coach.cli.writing import open_writing
from coach.knowledge.serving import serving_encoder
from coach.knowledge.trial import try_publishing
from coach.knowledge.trials import save_trial
from coach.llm.encoders import choose_encoder
from coach.rendering.outline import plain
from coach.resources import gate_of
from coach.settings import load_settings


@click.command("try")
@click.argument("document_id", metavar="ID")
def try_(document_id: str) -> None:
    """Show what publishing a document would change for the golden questions.

    Asked are the questions that ship and those that admins pinned. Nothing is published. When
    questions lose their answer, `coach library publish` asks for a reason, as it does where nobody
    tried the version.
    """
    with open_writing(load_settings()) as resources:
        configured = choose_encoder(resources.settings, convert=True).encoder
        now = datetime.now(UTC)
        database = resources.database
        encoder = configured and serving_encoder(resources.settings, configured, database)
        with click.progressbar(length=100, label="Asking", file=sys.stderr) as bar:

            async def move(stage: str, done: int, total: int) -> None:
                if stage == "asking":
                    bar.update(100 * done // total - bar.pos)

            work = (database, encoder, document_id, gate_of(resources.settings), now, move)
            found = anyio.run(try_publishing, *work)
        with resources.transaction() as db:
            save_trial(db, document_id, found, now)
    say(f"recall@5: {found.before:.1%} before, {found.after:.1%} after ({found.asked} questions)")
    for one in found.lost:
        say(f"lost: {plain(one)}")
    for one in found.won:
        say(f"won: {plain(one)}")
