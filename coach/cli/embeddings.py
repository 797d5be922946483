"""`coach embeddings`: the model that compares meanings. Nothing is downloaded unless asked for."""

import sys

import click

from coach.cli.output import say
from coach.llm.fetching import ADDRESS, DIGEST, fetch_model
from coach.llm.model_files import MODEL, files_in, kept_in
from coach.settings import load_settings
from coach.storage.opening import ensure_folder


@click.group()
def embeddings() -> None:
    """Look after the model that compares meanings."""


@embeddings.command()
@click.option("--from", "address", default=ADDRESS, show_default=True, help="Where it is kept.")
def fetch(address: str) -> None:
    """Download all-MiniLM-L6-v2 into the data folder.

    About 80 MB; the download is compared with a known digest. The service uses the model from its
    next start on.
    """
    settings = load_settings()
    ensure_folder(settings.data)
    target = kept_in(settings.data)
    if files_in(target, MODEL, "") is not None:
        say(f"{MODEL} is in {target} already.")
        return
    with click.progressbar(length=0, label=f"Fetching {MODEL}", file=sys.stderr) as bar:

        def tell(done: int, whole: int) -> None:
            bar.length = whole or done
            bar.update(done - bar.pos)

        fetch_model(target, address, DIGEST, tell)
    say(f"{MODEL} is in {target}.")
