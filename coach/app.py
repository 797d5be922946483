"""Puts the service together: what is open, the guards around it, the API and the pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import structlog
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from coach.coaching.pipeline import open_coach
from coach.jobs.names import hold_name
from coach.knowledge.warming import keep_warm
from coach.llm.ledger import SqlLedger
from coach.llm.opening import open_model
from coach.observability import configure_log
from coach.resources import Resources, hold_folder, open_service, work
from coach.settings import Settings
from coach.shipped import shipped
from coach.web.api import api
from coach.web.guards import Guards
from coach.web.limits import LARGEST_BODY
from coach.web.pages import pages
from coach.web.problems import explain_errors
from coach.web.service import Front

INSIDE = "inside"
# Whoever opens the first page should not wait for the worker to be imported.
FIRST_LOOK = 2.0
DAILY_AFTER = 60.0
log = structlog.get_logger()


class Application(FastAPI):
    """The service; its guards stand outside of everything, the framework's own errors too."""

    base_url = ""

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's own stack, guarded."""
        return Guards(super().build_middleware_stack(), self.base_url)


def create_app(settings: Settings) -> FastAPI:
    """The service with these settings; it opens its resources when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configure_log(settings.log_level)
        with hold_folder(settings.data), open_service(settings) as resources:
            coach = open_coach(
                resources.library,
                settings.abstain_below,
                settings.help_contacts,
                settings.whom_to_ask,
                open_model(settings, SqlLedger(resources.database)),
            )
            app.state.front = Front(settings, resources, coach)
            if coach.model is not None:
                coach.model.get_ready()
            async with beside(resources):
                yield
            app.state.front.closing.set()
            if coach.model is not None:
                await coach.model.aclose()

    app = Application(
        title="Reverse-mentoring coach",
        version="1",
        summary="Checked agendas, follow-up questions and recaps for reverse-mentoring pairs.",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=LARGEST_BODY,
    )
    app.base_url = settings.base_url
    explain_errors(app)
    app.include_router(api)
    app.include_router(pages)
    app.router.routes.append(Mount("/static", StaticFiles(directory=shipped("static"))))
    return app


@asynccontextmanager
async def beside(resources: Resources) -> AsyncIterator[None]:
    """What goes on beside requests: meanings and memory follow the library, jobs are done."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_warm, resources.library)
        if resources.meanings is not None:
            tasks.start_soon(resources.meanings.keep)
        if resources.settings.work_inside:
            tasks.start_soon(work_inside, resources)
        yield
        tasks.cancel_scope.cancel()


async def work_inside(resources: Resources) -> None:
    """Do jobs in this process; of several on one database, one does."""
    while True:
        try:
            async with hold_name(resources.database, INSIDE, patient=True):
                await work(resources, INSIDE, FIRST_LOOK, DAILY_AFTER)
        except Exception as fault:  # the service answers without its worker, and tries again
            log.warning("worker_stopped", exc_info=fault)
            await anyio.sleep(FIRST_LOOK)
