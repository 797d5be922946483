"""`coach library re-embed`: another embedding model, compared before it serves; the way back."""

from datetime import UTC, datetime

import click

from coach.cli.output import say
from coach.cli.words import Name
from coach.cli.writing import open_writing
from coach.knowledge.changing import say_compared
from coach.knowledge.library import Said
from coach.knowledge.model_changes import Change, go_back
from coach.knowledge.model_jobs import Models, accept_loss, add_change, load_models
from coach.llm.encoders import choose_encoder
from coach.rendering.outline import plain
from coach.settings import load_settings
from coach.storage.database import Db

STATES = {
    "asks": "waits for a word: --accept-loss REASON lets it serve",
    "taken": "taken",
    "back": "taken back",
}
WHO = "A running service or `coach worker` does it; `coach library re-embed --show` tells the end."


@click.command("re-embed")
@click.option("--anew", is_flag=True, help="Make all vectors again, under the same model too.")
@click.option("--accept-loss", metavar="REASON", help="Let the model serve that waits for a word.")
@click.option("--back", is_flag=True, help="Let the model before serve again.")
@click.option("--reason", default="", help="Why it is taken back.")
@click.option("--author", type=Name(), help="Who says so.")
@click.option("--show", is_flag=True, help="Only say which model serves, and what was compared.")
def re_embed(
    anew: bool, accept_loss: str | None, back: bool, reason: str, author: str | None, show: bool
) -> None:
    """Change the embedding model, or make its vectors anew.

    Name the new model in the settings (COACH_EMBEDDINGS_…) and start the service again; the old one
    serves until the new one has all its vectors and the golden questions have been put to both.
    When none is lost, the new one serves from then on; else it waits for --accept-loss.
    """
    if show and author is not None:
        raise click.UsageError("--author goes with a change, not with --show.")
    if reason and not back:
        raise click.UsageError("--reason goes with --back; a loss is explained by --accept-loss.")
    if sum((anew, accept_loss is not None, back, show)) > 1:
        raise click.UsageError("Choose one of --anew, --accept-loss, --back and --show.")
    settings = load_settings()
    encoder = choose_encoder(settings).encoder
    configured = encoder.model if encoder is not None else None
    with open_writing(settings) as resources, resources.transaction() as db:
        if show:
            say("\n".join(_lines(load_models(db, configured))))
        elif back:
            change = go_back(db, author, reason, datetime.now(UTC))
            say(f"{plain(change.new)} serves again, in place of {plain(change.old)}.")
        else:
            say(f"added: {_add(db, configured, anew, Said(author, accept_loss))}\n{WHO}")


def _add(db: Db, configured: str | None, anew: bool, said: Said) -> object:
    if said.reason is not None:
        if not said.reason.strip():
            raise click.UsageError("Say why the loss is right: --accept-loss REASON.")
        return accept_loss(db, said.reason.strip(), said.author)
    if configured is None:
        raise click.UsageError("There is no embedding model here: see COACH_EMBEDDINGS.")
    return add_change(db, configured, anew, said.author)


def _lines(models: Models) -> list[str]:
    lines = [f"serves: {plain(models.serving or 'none yet')}"]
    if models.configured is not None:
        lines.append(f"settings name: {plain(models.configured)}")
    return lines + (_told(models.change) if models.change and models.change.old else [])


def _told(change: Change) -> list[str]:
    lines = [f"last change: {plain(change.old)} to {plain(change.new)}, {STATES[change.state]}"]
    if change.author:
        lines.append(f"author: {plain(change.author)}")
    if change.reason:
        lines.append(f"reason: {plain(change.reason)}")
    if change.compared is not None:
        lines.append(plain(say_compared(change.compared).partition(" Lost: ")[0]))
        lines += [f"lost: {plain(one)}" for one in change.compared.lost]
        lines += [f"won: {plain(one)}" for one in change.compared.won]
    return lines
