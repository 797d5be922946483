"""`coach serve`: the web service, in one process, on the address of the settings."""

import socket
from types import FrameType

import click
import uvicorn

from coach.app import create_app
from coach.cli.output import remark
from coach.cli.writing import open_writing
from coach.errors import CoachError
from coach.observability import configure_log
from coach.resources import hold_folder
from coach.settings import Settings, load_settings
from coach.web.patience import ImpatientProtocol

SECONDS_TO_CLOSE = 10


class AddressTaken(CoachError):
    """The address is in use, or not one of this machine's."""

    title = "The service cannot listen on this address: set COACH_HOST and COACH_PORT."


class TellingServer(uvicorn.Server):
    """A server that tells running streams that it stops, before it waits for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Say that the service is about to close, then close it."""
        front = getattr(getattr(self.config.app, "state", None), "front", None)
        if front is not None:
            front.closing.set()
        super().handle_exit(sig, frame)


@click.command()
@click.option("--host", help="Address to listen on, instead of COACH_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port, instead of COACH_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve pages and API.

    One process serves a data folder; a second one is refused. The database is brought up to date
    first.
    """
    named = {"host": host, "port": port}
    settings = load_settings(**{name: value for name, value in named.items() if value is not None})
    door, settings = open_door(settings)
    with door:
        prepare(settings)
        run(settings, door)


def open_door(settings: Settings) -> tuple[socket.socket, Settings]:
    """A socket on the address of the settings; port 0 becomes the port that was free."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((settings.host, settings.port))
        door.listen()  # who knocks before we are ready waits instead of being turned away
    except OSError as error:
        raise AddressTaken(
            f"The service cannot listen on {settings.host} port {settings.port}: "
            f"{error.strerror}; name another address in COACH_HOST and COACH_PORT."
        ) from error
    if settings.port == 0:
        chosen = {"host": settings.host, "port": door.getsockname()[1], "data": settings.data}
        settings = load_settings(**chosen)
    return door, settings


def prepare(settings: Settings) -> None:
    """See that nobody else serves the folder and that the database opens, before it is too late."""
    with hold_folder(settings.data), open_writing(settings):
        pass


def run(settings: Settings, door: socket.socket) -> None:
    """Serve until somebody stops it."""
    configure_log(settings.log_level)
    # The access log would keep the secrets of sign-in links; our own log names routes instead.
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,
        server_header=False,
        http=ImpatientProtocol,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    remark(f"Serving {settings.base_url} (Ctrl-C stops it).")
    try:
        TellingServer(config).run(sockets=[door])
    except KeyboardInterrupt:
        remark("Stopped.")
