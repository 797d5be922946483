"""A library for each test, on both databases."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty library."""
    create_tables(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where documents lie before they are added."""
    path = tmp_path / "documents"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server, started as a process of this machine."""
    program = shutil.which("chroma", path=os.fspath(Path(sys.executable).parent))
    if program is None:
        pytest.skip("the command `chroma` is not installed beside this Python")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    folder = tmp_path_factory.mktemp("chroma")
    words = ["run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, *words], stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        answers(f"{address}/api/v2/heartbeat", server)
        yield address
    finally:
        server.kill()
        server.wait()


def answers(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server does."""
    end = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                pytest.skip("the Chroma server did not start")
            time.sleep(0.1)
