"""Brings another embedding model in beside the one that serves, and lets it serve when it may.

Every stage finds in the database what it finished before, so it can begin again at any point.
"""

from dataclasses import dataclass
from functools import partial

from coach.jobs.runner import Tell
from coach.knowledge.comparing import Answer, Comparison, Gate, ask, compare
from coach.knowledge.generations import Built, Recipe, swap_in
from coach.knowledge.meanings import PROBE, Meanings
from coach.knowledge.model_changes import Change, save_question, take_change
from coach.knowledge.pins import list_gate
from coach.knowledge.serving import Serving, Under, load_serving
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import encode_checked
from coach.storage.columns import now
from coach.storage.database import Database, Db

MOST_TOLD = TOLD_EVERY = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """The label that is to serve; with a reason it does so whatever is lost."""

    label: str
    reason: str | None = None
    author: str | None = None


async def change_model(meanings: Meanings, wanted: Wanted, gate: Gate, tell: Tell) -> str:
    """Embed, compare, build and swap, the old model serving all along; what became of it."""
    database, encoder = meanings.database, meanings.encoder
    old = await database.read(load_serving) or encoder.model
    if old == wanted.label or not isinstance(encoder, Serving):
        return await meanings.bring(tell)  # nothing changes but what may be missing
    fresh = encoder.under(wanted.label)
    await _embed(database, fresh, tell)
    serving = SqlLibrary(database, encoder.under(old))
    asked = Gate(await database.read(list_gate, gate.questions), gate.refuses)
    found = await _compare(serving, SqlLibrary(database, fresh), asked, tell)
    if found.lost and not wanted.reason:
        await database.transact(save_question, old, wanted.label, found, now())
        return f"{say_compared(found)} {old} goes on until somebody decides: {DECIDE}"
    await tell("building the index beside", 0, 0)
    built = await meanings.build_beside(Recipe(fresh.model, fresh.dimension))
    change = Change(old, wanted.label, "taken", found, wanted.author, wanted.reason, now())
    await tell("swapping", 0, 0)
    await database.transact(_take, change, built)
    await tell("reading back", 0, 0)
    return f"{say_compared(found)} {wanted.label} serves now. {await meanings.bring(tell)}"


async def _compare(old: SqlLibrary, new: SqlLibrary, gate: Gate, tell: Tell) -> Comparison:
    """Every question put to both libraries, which differ in nothing but the model."""
    befores: list[Answer] = []
    afters: list[Answer] = []
    for number, one in enumerate(gate.questions):
        if number % TOLD_EVERY == 0:
            await tell("comparing", number, len(gate.questions))
        befores.append(await ask(old, one, gate.refuses))
        afters.append(await ask(new, one, gate.refuses))
    return compare(befores, afters)


DECIDE = (
    "`coach library re-embed --accept-loss REASON` lets the new one serve, and "
    "`coach library re-embed --show` names every question."
)


def say_compared(found: Comparison) -> str:
    """The comparison in one sentence or two."""
    if not found.asked:
        return "No golden question is about this library, so nothing was compared."
    said = (
        f"{found.asked} golden questions: recall@5 {found.before:.1%} before and "
        f"{found.after:.1%} after, refused {found.refused_before} and {found.refused_after}, "
        f"{len(found.lost)} lost, {len(found.won)} won."
    )
    lost = "; ".join(found.lost[:MOST_TOLD])
    return f"{said} Lost: {lost}." if lost else said


async def _embed(database: Database, fresh: Under, tell: Tell) -> None:
    if not fresh.dimension:
        await encode_checked(fresh, [PROBE])
    await embed_published(database, fresh, partial(tell, "embedding"))


def _take(db: Db, change: Change, built: Built | None) -> None:
    """Let the new model serve, with its generation of the index, in one transaction."""
    take_change(db, change)
    if built is not None:
        swap_in(db, built)
