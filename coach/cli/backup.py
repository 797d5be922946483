"""`coach backup` and `coach restore`: everything in one file, and back from it in a new place."""

from datetime import UTC, datetime
from pathlib import Path

import click

from coach.cli.output import remark, say
from coach.settings import load_settings
from coach.storage.backup import Backup, load_backup, restore_backup, save_backup
from coach.storage.opening import ensure_folder


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Keep everything in FILE: people, pairs, what they wrote, and the library.

    The service may run meanwhile. FILE holds private notes: only you can read it, so keep it as
    safe as the database. The search index and the model files are not in it; they are made anew.
    """
    kept = save_backup(load_settings().database_url, file, datetime.now(UTC))
    # What cannot be read back is no backup, and now is the time to know.
    load_backup(file)
    say(f"kept and read back: {told(kept)} in {file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Only read FILE and say what it holds.")
def restore(file: Path, check: bool) -> None:
    """Bring the backup in FILE back into an empty place.

    The place is the data folder in COACH_DATA, or the database in COACH_DATABASE_URL. It may be
    SQLite or PostgreSQL, whatever the backup was made of; one that holds something is refused.
    """
    if check:
        say(f"whole: {told(load_backup(file))}")
        return
    settings = load_settings()
    ensure_folder(settings.data)
    kept = restore_backup(file, settings.database_url)
    say(f"restored and compared: {told(kept)}")
    remark("Look at it with `coach doctor`, then `coach serve`; the search index is made anew.")


def told(kept: Backup) -> str:
    """What a backup holds, in words."""
    rows = {table.name: table.rows for table in kept.tables}
    return (
        f"{kept.rows:,} rows ({rows.get('people', 0)} people, {rows.get('pairs', 0)} pairs, "
        f"{rows.get('notes', 0)} notes, {rows.get('documents', 0)} documents) "
        f"of {kept.made_at:%d %B %Y, %H:%M} UTC"
    )
