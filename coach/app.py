"""Puts the service together: what is open, the guards around it, the API and the pages."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import anyio
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from coach.coaching.pipeline import open_coach
from coach.errors import CoachError
from coach.knowledge.warming import keep_warm
from coach.llm.ledger import SqlLedger
from coach.llm.opening import open_model
from coach.observability import configure_log
from coach.resources import Resources, ensure_folder, open_service
from coach.settings import Settings
from coach.shipped import shipped
from coach.web.api import api
from coach.web.front import Front
from coach.web.guards import Guards
from coach.web.limits import LARGEST_BODY
from coach.web.pages import pages
from coach.web.problems import explain_errors


class FolderServed(CoachError):
    """Another process serves this data folder."""

    status = 409
    title = "This data folder is served by another process already."


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
    """What goes on while requests are answered: meanings and what is in mind follow the library."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_warm, resources.library)
        if resources.meanings is not None:
            tasks.start_soon(resources.meanings.keep)
        yield
        tasks.cancel_scope.cancel()


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Be the only process that serves this data folder, or raise FolderServed naming the other."""
    ensure_folder(folder)
    with (folder / "serving.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise FolderServed(
                f"{folder} is served by process {holder} already: stop it, or name another "
                "folder in COACH_DATA."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
