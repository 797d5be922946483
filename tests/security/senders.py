"""People who send too slowly, or without an end, at a server that listens on loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from coach.web.patience import ImpatientProtocol

HEAD = b"POST /said HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n"
PIECE = b"10000\r\n" + b"x" * 65_536 + b"\r\n"


class Hasty(ImpatientProtocol):
    """A server's side of a connection that waits a moment only."""

    within = 0.2


@contextmanager
def listening(app: ASGIApp, http: type[ImpatientProtocol] = Hasty) -> Iterator[int]:
    """The port on which this application is served until the block ends."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, http=http)
    server = uvicorn.Server(config)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([door],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield int(door.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(10)


def send_endlessly(port: int, most: int, head: bytes = HEAD) -> tuple[bytes, int]:
    """What is answered to a chunked body of so many bytes, and how many were taken from us."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=20) as there:
        with suppress(ConnectionError):
            there.sendall(head + b"transfer-encoding: chunked\r\n\r\n")
            while sent < most:
                there.sendall(PIECE)
                sent += 65_536
        with suppress(ConnectionError):
            return there.recv(4_096), sent
    return b"", sent


def drip(port: int, first: bytes, most: float = 15.0) -> tuple[bytes, float]:
    """What is answered to a request whose bytes come one by one, and after how many seconds."""
    answer, before = b"", time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=0.02) as there:
        there.sendall(first)
        while time.monotonic() - before < most:
            try:
                if not (told := there.recv(4_096)):
                    break
                answer += told
            except TimeoutError:
                with suppress(ConnectionError):
                    there.sendall(b"x")
            except ConnectionError:
                break
    return answer, time.monotonic() - before
