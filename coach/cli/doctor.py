"""`coach doctor`: looks at everything the coach leans on, and changes nothing."""

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import anyio
import click
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from coach.cli.existing import open_existing
from coach.cli.lazy import load
from coach.cli.libraries import today
from coach.cli.output import Form, coach_version, say, say_json
from coach.cli.prompts import list_prompts
from coach.errors import CoachError
from coach.knowledge.library import library_version
from coach.knowledge.listing import list_documents
from coach.llm.encoders import choose_encoder
from coach.llm.model_files import PACKAGE, folder_of_package
from coach.settings import Settings, describe, load_settings, unknown_names
from coach.storage import tables
from coach.storage.database import Database
from coach.storage.migrate import MIGRATIONS

LEAST_DISK = 500_000_000
State = Literal["ok", "note", "wrong"]
MARKS: dict[State, str] = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one thing, and what to do about it."""

    about: str
    state: State
    told: str
    remedy: str = ""


REBUILDS = (
    "A running service builds it again from the database by itself, as "
    "`coach library rebuild-index` does."
)


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def doctor(ctx: click.Context, form: Form) -> None:
    """Look for what is wrong, with a remedy for each.

    Nothing is changed, and secrets stay hidden. The exit code is 2 when something is wrong.
    """
    settings = load_settings()
    findings = tuple(examine(settings))
    shown = describe(settings)
    if form == "json":
        told = {name: value for name, value, _ in shown}
        say_json({"findings": [asdict(one) for one in findings], "settings": told})
    else:
        for one in findings:
            say(f"{MARKS[one.state]} {one.about}: {one.told}")
            if one.remedy:
                say(f"      {one.remedy}")
        say("\nSettings")
        for name, value, _ in shown:
            say(f"      {name}={value}")
    ctx.exit(2 if any(one.state == "wrong" for one in findings) else 0)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, the outermost first."""
    yield Finding("versions", "ok", _versions())
    yield from _settings()
    yield _folder(settings.data)
    yield _disk(settings.data)
    yield from _database(settings)
    yield _meanings(settings)
    yield _model(settings)
    yield _prompts()


def _versions() -> str:
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    return f"coach {coach_version()}, Python {python}, SQLite {sqlite}"


def _settings() -> Iterator[Finding]:
    for name, meant in unknown_names():
        remedy = f"Was {meant} meant?" if meant else "Take it away, or look for a slip in its name."
        yield Finding("settings", "wrong", f"nobody reads {name}.", remedy)


def _folder(folder: Path) -> Finding:
    if not folder.exists():
        remedy = "`coach migrate` makes it; until then the starter library serves."
        return Finding("data folder", "note", f"{folder} is not there yet.", remedy)
    probe = folder / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        remedy = "Let this account write there, or name another folder in COACH_DATA."
        return Finding("data folder", "wrong", f"{folder}: {error.strerror}.", remedy)
    return Finding("data folder", "ok", f"{folder} can be written to.")


def _disk(folder: Path) -> Finding:
    place = next(one for one in (folder, *folder.parents) if one.is_dir())
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:.1f} GB are free."
    if free < LEAST_DISK:
        return Finding("disk", "wrong", told, "Make room: the database needs it to keep its word.")
    return Finding("disk", "ok", told)


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with open_existing(settings) as database:
            if database is None:
                remedy = "`coach migrate` makes it; until then the starter library serves."
                yield Finding("database", "note", "there is none yet.", remedy)
                return
            yield _state_of(database)
            yield _library(database)
            yield _index(settings, database)
    except CoachError as error:
        yield Finding("database", "wrong", error.detail, "See COACH_DATA and COACH_DATABASE_URL.")


def _state_of(database: Database) -> Finding:
    heads = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    with database.reader.connect() as connection:
        kind, sound = connection.dialect.name, "ok"
        if kind == "sqlite":
            sound = str(connection.scalar(sa.text("PRAGMA quick_check(1)")))
        found = set(MigrationContext.configure(connection).get_current_heads())
    if sound != "ok":
        return Finding("database", "wrong", f"damaged: {sound}", "Restore a backup.")
    if found != heads:
        return Finding("database", "wrong", "of another version.", "Run `coach migrate`.")
    return Finding("database", "ok", f"{kind}, sound and up to date.")


def _library(database: Database) -> Finding:
    with database.reading() as db:
        documents = list_documents(db, today())
    states = [listed.state for listed in documents]
    counts = ", ".join(f"{states.count(one)} {one}" for one in dict.fromkeys(states))
    if not {"published", "needs_check"} & set(states):
        told = f"nothing is published ({counts or 'no documents'}); the starter library serves."
        return Finding("library", "note", told, "`coach library add PATH --publish`.")
    if "needs_check" in states:
        return Finding("library", "note", counts, "Check those past their review date.")
    return Finding("library", "ok", counts)


def _index(settings: Settings, database: Database) -> Finding:
    if not settings.index:
        return Finding("index", "note", "is off; all vectors are compared.", "See COACH_INDEX.")
    row, answer = tables.IndexGeneration, tables.IndexAnswer
    with database.reading() as db:
        live = db.execute(
            sa.select(row.name, row.model, row.created_at, answer.version)
            .outerjoin(answer, answer.name == row.name)
            .where(row.state == "live")
        ).first()
        is_current = live is not None and live.version == library_version(db)
    if live is None:
        told = "none was built yet; all vectors are compared, or words alone."
        return Finding("index", "note", told, "A running service builds it by itself.")
    if settings.chroma_url is None and not (settings.data / "index" / live.name).is_dir():
        told = "its folder is gone; all vectors are compared, or words alone."
        return Finding("index", "note", told, REBUILDS)
    built = f"built {live.created_at:%Y-%m-%d %H:%M} UTC from the vectors of {live.model}"
    if not is_current:
        told = f"{built}, and not yet read back for what is published now."
        return Finding("index", "note", told, "A running service brings it up to date by itself.")
    return Finding("index", "ok", f"{built}, and read back for what is published now.")


def _meanings(settings: Settings) -> Finding:
    choice = choose_encoder(settings)
    if choice.encoder is not None:
        return Finding("embeddings", "ok", f"{choice.told}.")
    if settings.embeddings in {"local", "auto"} and folder_of_package(PACKAGE) is not None:
        told = f"the package {PACKAGE} is installed; the service turns it into a model once."
        return Finding("embeddings", "ok", told)
    state: State = "wrong" if choice.wrong else "note"
    return Finding("embeddings", state, f"{choice.told}.", "See COACH_EMBEDDINGS in the README.")


def _model(settings: Settings) -> Finding:
    if settings.llm_base_url is None:
        return Finding("model", "note", "none is set; the composer writes every draft.")
    if settings.llm_model is None:
        remedy = "Name one in COACH_LLM_MODEL, or leave COACH_LLM_BASE_URL empty."
        return Finding("model", "wrong", "a server is set, but no model at it.", remedy)
    try:
        told: str = anyio.run(load("coach.llm.trying:try_model"), settings)
    except CoachError as error:
        remedy = "See COACH_LLM_BASE_URL, COACH_LLM_API_KEY and COACH_LLM_MODEL."
        return Finding("model", "wrong", error.detail, remedy)
    return Finding("model", "ok", told)


def _prompts() -> Finding:
    try:
        known = list_prompts()
    except CoachError as error:
        return Finding("prompts", "wrong", error.detail, "Install the coach again.")
    return Finding("prompts", "ok", f"{len(known)} files are sound.")
