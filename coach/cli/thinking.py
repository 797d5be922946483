"""Lets the coach think for one of a pair, as the service does, and keep what it thought."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

import anyio

from coach.cli.desks import Desk, Seat, find_seat
from coach.cli.libraries import encoder_of, today
from coach.cli.output import remark
from coach.cli.writing import open_writing
from coach.coaching.pipeline import open_coach
from coach.knowledge.library import EMPTY
from coach.knowledge.retrieval import SqlLibrary
from coach.llm.ledger import SqlLedger
from coach.llm.opening import open_model
from coach.resources import Resources
from coach.settings import load_settings
from coach.storage.database import Db
from coach.web.service import Front

P = ParamSpec("P")
T = TypeVar("T")
FoundT = TypeVar("FoundT")
BARE = (
    "The library here is empty, so nothing could be quoted: fill it with `coach library add "
    "FILE --publish`."
)


def think(
    desk: Desk,
    find: Callable[[Db, Seat], FoundT],
    work: Callable[Concatenate[Front, Seat, FoundT, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Look for what the work needs, then do it, each in transactions of its own."""

    async def whole(resources: Resources) -> T:
        front = _open_front(resources)
        try:
            seat, found = await front.resources.read(_look, desk, find)
            done = await work(front, seat, found, *args, **kwargs)
            if desk.form == "text" and await front.resources.library.version() == EMPTY:
                remark(BARE)
            return done
        finally:
            if front.coach.model is not None:
                await front.coach.model.aclose()

    with open_writing(load_settings()) as resources:
        return anyio.run(whole, resources)


def _look(db: Db, desk: Desk, find: Callable[[Db, Seat], FoundT]) -> tuple[Seat, FoundT]:
    seat = find_seat(db, desk)
    return seat, find(db, seat)


def _open_front(plain: Resources) -> Front:
    """What requests use, over the library here; the index of meanings stays with the service."""
    settings, database = plain.settings, plain.database
    library = SqlLibrary(database, encoder_of(settings, database), today=today)
    coach = open_coach(
        library,
        settings.abstain_below,
        settings.help_contacts,
        settings.whom_to_ask,
        open_model(settings, SqlLedger(database)),
    )
    return Front(settings, replace(plain, library=library), coach)
