"""`coach worker`: does the background work in a process of its own."""

import signal

import anyio
import click

from coach.cli.output import remark
from coach.cli.writing import open_writing
from coach.jobs.names import hold_name
from coach.knowledge.meanings import Meanings
from coach.observability import configure_log
from coach.resources import Resources, hold_folder, open_service, work
from coach.settings import load_settings


@click.command()
@click.option(
    "--id", "name", default="worker-1", show_default=True, help="Its name, kept for good."
)
def worker(name: str) -> None:
    """Do the background work in a process of its own.

    Workers import, embed and keep the index; give each a name of its own, and start it again under
    the same name: what it had begun goes on at once. The service beside it has COACH_WORK_INSIDE
    turned off. On SQLite a worker runs only while no service does.
    """
    settings = load_settings(work_inside=True)
    configure_log(settings.log_level)
    with open_writing(settings):
        pass  # brought up to date, or explained
    with hold_folder(settings.data), open_service(settings) as resources:
        remark(f"Working as {name} (Ctrl-C stops it).")
        anyio.run(until_stopped, resources, name)
    remark("Stopped.")


async def until_stopped(resources: Resources, name: str) -> None:
    """Work until a signal says that it is enough."""
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_work, resources, name)
            async for _ in signals:
                tasks.cancel_scope.cancel()
                return


async def _work(resources: Resources, name: str) -> None:
    async with hold_name(resources.database, name), anyio.create_task_group() as tasks:
        if isinstance(resources.meanings, Meanings):
            tasks.start_soon(resources.meanings.keep)
        tasks.start_soon(work, resources, name)
