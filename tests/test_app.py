"""The service as a whole: how it starts, whom it refuses, what it says of itself."""

import pathlib
import re

import pytest
from starlette.testclient import TestClient

from coach.app import create_app
from coach.resources import FolderServed, hold_folder
from coach.settings import Settings


@pytest.fixture
def settings(tmp_path: pathlib.Path) -> Settings:
    return Settings(data=tmp_path / "data", base_url="http://testserver")


def test_a_new_folder_is_served_at_once(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        ready = client.get("/readyz").json()
    assert (ready["database"], ready["published_documents"]) == ("ok", 0)


def test_a_second_service_of_one_folder_is_refused_and_the_first_named(
    settings: Settings,
) -> None:
    with (
        TestClient(create_app(settings)),
        pytest.raises(FolderServed, match=r"is served by process \d+ already"),
        TestClient(create_app(settings)),
    ):
        pass


def test_a_folder_is_free_again_when_its_service_stops(settings: Settings) -> None:
    with hold_folder(settings.data):
        pass
    with TestClient(create_app(settings)) as client:
        assert client.get("/healthz").status_code == 200


def test_the_api_describes_itself(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert all(re.match(r"/api/v1/|/healthz|/readyz", path) for path in told["paths"])
    draft = told["paths"]["/api/v1/sessions/{session_id}/agenda"]["post"]
    assert "text/event-stream" in draft["responses"]["201"]["content"]
    assert {"401", "404", "409"} <= set(draft["responses"])


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/sign-in/", "/api/v1"])
def test_what_is_not_there_says_so(path: str, settings: Settings) -> None:
    with TestClient(create_app(settings), follow_redirects=False) as client:
        answer = client.get(path)
    assert answer.status_code == 404


def test_a_page_that_is_missing_speaks_to_people_and_a_route_to_programs(
    settings: Settings,
) -> None:
    with TestClient(create_app(settings)) as client:
        page, route = client.get("/nothing"), client.get("/api/v1/nothing")
        wrong = client.put("/api/v1/pairs")
    assert "There is nothing here" in page.text
    assert route.headers["content-type"] == "application/problem+json"
    assert route.json()["status"] == 404
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
