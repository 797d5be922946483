"""The page a session is run from: what is now, how long it has, and what to do with less time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from coach.coaching.drafts import Agenda, AgendaBlock, read_agenda
from coach.coaching.replan import USED, ReplanRefused
from coach.coaching.running import RESCUE, open_blocks
from coach.errors import CoachError, NotFound
from coach.pairs.drafts import load_agenda
from coach.pairs.pairing import KnownPair, refuse_closed
from coach.pairs.runs import find_run
from coach.pairs.sessions import KnownSession
from coach.people.people import KnownPerson
from coach.people.permissions import Viewer
from coach.resources import Resources
from coach.storage.database import Db
from coach.web.clock import now
from coach.web.front import AtPerson, AtResources
from coach.web.pages.agendas import load_both, read_minutes
from coach.web.rendering import Page, greet, render
from coach.web.running import (
    NothingToRun,
    Running,
    begin_session,
    close_run,
    fit_session,
    mark_in_session,
    minutes_since,
    read_run,
)

router = APIRouter()


@dataclass(frozen=True, slots=True)
class RunBlock:
    """One block on the clock; `starts` and `ends` are None once it is done, or before it begins."""

    id: str
    title: str
    lead: str
    leads: str
    minutes: int
    took: int | None
    starts: datetime | None
    ends: datetime | None
    from_minute: int
    is_now: bool
    can_reopen: bool
    can_miss: bool
    outcome: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage(Page):
    """Everything sessions/run.html may mention."""

    template: ClassVar[str] = "sessions/run.html"
    session: KnownSession
    partner: str
    begun: bool
    over: bool
    blocks: tuple[RunBlock, ...]
    ends: datetime | None
    left: int
    planned: int
    late: int
    passed: int
    rescue: int
    dropped: tuple[str, ...]
    fault: str | None


@router.get("/sessions/{session_id}/run")
async def run(session_id: UUID, person: AtPerson, resources: AtResources) -> Response:
    """Show the agenda on one screen, with the clock."""
    return render(await resources.read(load_run_page, person, session_id, now(), None))


@router.post("/sessions/{session_id}/run")
async def act(
    session_id: UUID, request: Request, person: AtPerson, resources: AtResources
) -> Response:
    """Begin, tick off, fit the rest or close; what cannot be is said on the same page."""
    async with request.form() as form:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        missed = frozenset(value for value in form.getlist("missed") if isinstance(value, str))
    try:
        await _act(resources, person.viewer, session_id, typed, missed)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        page = await resources.read(load_run_page, person, session_id, now(), error.detail)
        return render(page, error.status)
    back = f"/sessions/{session_id}" + ("#notes" if typed.get("act") == "close" else "/run#now")
    return RedirectResponse(back, 303)


async def _act(
    resources: Resources,
    viewer: Viewer,
    session_id: UUID,
    typed: dict[str, str],
    missed: frozenset[str],
) -> None:
    minutes = typed.get("minutes", "").strip()
    count = read_minutes(minutes) if minutes else None
    match typed.get("act"):
        case "begin":
            await resources.transact(begin_session, viewer, session_id, now(), count)
        case "mark":
            block = typed.get("block_id", "")
            await resources.transact(mark_in_session, viewer, session_id, block, count, now())
        case "fit" if count is not None:
            await resources.transact(fit_session, viewer, session_id, count, now())
        case "close":
            await resources.transact(close_run, viewer, session_id, missed, count)
        case _:
            raise ReplanRefused("Please say how many minutes are left, such as 12.")


def load_run_page(
    db: Db, person: KnownPerson, session_id: UUID, moment: datetime, fault: str | None
) -> RunPage:
    """A session on the clock as one of its two people sees it; NothingToRun without an agenda."""
    session, pair = load_both(db, person.viewer, session_id)
    if session.state == "planned":
        refuse_closed(pair.state)
    known = find_run(db, person.viewer, session_id)
    running = read_run(known) if known else None
    agenda = running.agenda if running else _plan(db, person.viewer, session_id)
    left = _minutes(running.ends_at - moment) if running else agenda.minutes
    planned = sum(block.minutes for block in open_blocks(agenda))
    return RunPage(
        you=greet(person),
        session=session,
        partner=pair.mentee_name if pair.role == "mentor" else pair.mentor_name,
        begun=running is not None,
        over=session.state != "planned",
        blocks=tuple(put_on_clock(agenda, running, pair)),
        ends=running.ends_at if running else None,
        left=max(left, 0),
        planned=planned,
        late=max(planned - max(left, 0), 0) if running else 0,
        passed=minutes_since(running.started_at, moment) if running else 0,
        rescue=RESCUE,
        dropped=tuple(one.title for one in agenda.dropped),
        fault=fault,
    )


def _plan(db: Db, viewer: Viewer, session_id: UUID) -> Agenda:
    try:
        return read_agenda(load_agenda(db, viewer, session_id).body)
    except (NotFound, ValidationError):
        raise NothingToRun from None


def put_on_clock(agenda: Agenda, running: Running | None, pair: KnownPair) -> Iterator[RunBlock]:
    """The blocks one after the other on the clock; the first open one is now."""
    names = {"mentor": pair.mentor_name, "mentee": pair.mentee_name, "both": "both of you"}
    clock = running.anchor_at if running else None
    is_next = True
    for block in agenda.blocks:
        done = block.actual_minutes is not None
        starts = None if done else clock
        ends = None if starts is None else starts + timedelta(minutes=block.minutes)
        yield _show(block, names[block.lead], (starts, ends), is_next and starts is not None)
        if not done:
            clock, is_next = ends, False


def _show(
    block: AgendaBlock, leads: str, span: tuple[datetime | None, datetime | None], is_now: bool
) -> RunBlock:
    return RunBlock(
        id=block.id,
        title=block.title,
        lead=block.lead,
        leads=leads,
        minutes=block.minutes,
        took=block.actual_minutes,
        starts=span[0],
        ends=span[1],
        from_minute=block.starts_at_minute,
        is_now=is_now,
        can_reopen=not block.id.startswith(USED),
        can_miss=block.actual_minutes is None and block.kind not in ("break", "slack"),
        outcome=block.outcome,
        lines=tuple(step.text for step in block.steps),
    )


def _minutes(span: timedelta) -> int:
    return round(span / timedelta(minutes=1))
