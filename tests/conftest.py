"""What every test shares: no network but loopback, HTTP mocks that really catch, and databases."""

import os
import pathlib
import socket
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2
import psycopg
import pytest
import respx
from respx.mocks import HTTPCoreMocker
from sqlalchemy.engine import make_url

from coach.settings import Settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
COVERED_CASES = 3
# Long work on code that other tests cover.
UNMEASURED = frozenset(
    {
        "test_outbound", "test_duplicates", "test_editors", "test_persistence", "test_faults",
        "test_season", "test_evaluate", "test_browser", "test_grounding", "test_demo",
        "test_tracing", "test_second_checker", "test_access", "test_drafts", "test_rendering",
        "test_powerloss", "test_lint_checking", "test_composer_languages", "test_composer_romance",
        "test_composer_documents", "test_questions_tongues", "test_kills", "test_restored_index",
        "test_benchmarks",
    }
)  # fmt: skip
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "", None})
DEFAULT_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


class HTTPCore2Mocker(HTTPCoreMocker):
    """Catches what httpx2 sends; plain respx would let it leave through a real socket."""

    name = "httpcore2"
    targets = [target.replace("httpcore.", "httpcore2.", 1) for target in HTTPCoreMocker.targets]

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: Any, target: Any, **kwargs: Any) -> Any:
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.stream,
            extensions=httpx_response.extensions,
        )

    @classmethod
    async def from_async_httpx_response(
        cls, httpx_response: Any, target: Any, **kwargs: Any
    ) -> Any:
        return cls.from_sync_httpx_response(httpx_response, target, **kwargs)


@pytest.fixture
def respx_mock() -> Iterator[respx.MockRouter]:
    """A router for the requests of httpx2, which openai uses."""
    with respx.mock(using="httpcore2") as router:
        yield router


def guarded(real: Callable[..., Any], host_of: Callable[[tuple[Any, ...]], Any]) -> Any:
    """The real function, which fails the test for every host but loopback."""

    def call(*args: Any, **kwargs: Any) -> Any:
        host = host_of(args)
        name = host.decode() if isinstance(host, bytes) else host
        if name not in LOOPBACK:
            # pytest.fail raises a BaseException, so no `except Exception` can hide it.
            pytest.fail(f"the test tried to reach {name!r}", pytrace=False)
        return real(*args, **kwargs)

    return call


def host_of_address(args: tuple[Any, ...]) -> Any:
    """The host of a socket address; a path (AF_UNIX) has none."""
    return args[1][0] if isinstance(args[1], tuple) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test with many cases the first few are measured for coverage.

    Measuring makes a draft three times slower, and the hundredth case covers nothing new.
    """
    cases: dict[str, int] = {}
    for item in items:
        name = item.nodeid.partition("[")[0]
        cases[name] = cases.get(name, 0) + 1
        if cases[name] > COVERED_CASES or item.path.stem in UNMEASURED:
            item.add_marker(pytest.mark.unmeasured)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """What such a case drafts while it is set up is not measured either."""
    measure = item.config.pluginmanager.getplugin("_cov")
    if measure is None or item.get_closest_marker("unmeasured") is None:
        return (yield)
    measure.cov_controller.pause()
    try:
        return (yield)
    finally:
        measure.cov_controller.resume()


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Loopback stays open for fake servers and PostgreSQL; everything else fails the test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(
                socket.socket, name, guarded(getattr(socket.socket, name), host_of_address)
            )
        patch.setattr(socket, "getaddrinfo", guarded(socket.getaddrinfo, lambda args: args[0]))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests read neither this shell's COACH_ variables, nor a .env, nor anybody's data folder."""
    kept = {"COACH_TEST_POSTGRES", "COACH_SHARED_DATA"}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("COACH_")]:
            if name not in kept:
                patch.delenv(name)
        patch.setitem(Settings.model_config, "env_file", None)
        # Tests that want a model name one; the others should not wait for it.
        patch.setenv("COACH_EMBEDDINGS", "off")
        patch.setenv("COACH_DATA", str(tmp_path_factory.mktemp("nobody") / "data"))
        yield


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server, or a skip that says why there is none."""
    address = os.environ.get("COACH_TEST_POSTGRES") or DEFAULT_POSTGRES
    try:
        with psycopg.connect(plain(address), connect_timeout=2):
            return address
    except psycopg.OperationalError:
        if os.environ.get("COACH_TEST_POSTGRES"):
            raise
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432 (name one in COACH_TEST_POSTGRES)")


def plain(address: str) -> str:
    """The address as libpq writes it."""
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh PostgreSQL database of this test alone, dropped afterwards."""
    with fresh_postgres(postgres_server) as url:
        yield url


@contextmanager
def fresh_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a new database on this server, until the block ends."""
    name = f"coach_test_{uuid.uuid4().hex}"
    with psycopg.connect(plain(postgres_server), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            url = make_url(postgres_server).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_url(tmp_path: pathlib.Path) -> str:
    """A SQLite file of this test alone."""
    return f"sqlite:///{tmp_path / 'coach.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, once of each kind: the same tests hold on both."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The larger test sets outside the repository, or a skip that says where they were sought."""
    folder = pathlib.Path(os.environ.get("COACH_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no larger test sets in {folder} (name their folder in COACH_SHARED_DATA)")
    return folder
