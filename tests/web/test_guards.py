"""What stands around every request: headers, other sites, sizes, cookies."""

import pathlib

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from coach.app import create_app
from coach.settings import Settings
from coach.web.guards import HEADERS, is_ours
from coach.web.limits import LARGEST_BODY
from tests.web.conftest import House
from tests.web.routes import MATRIX
from tests.web.test_access import ids_of, in_order

OURS = ("https://coach.example",)


def test_every_answer_wears_the_headers(house: House) -> None:
    bare = []
    for name in in_order(MATRIX):
        method, _, path = name.partition(" ")
        for viewer in ("mentor", None):
            target = path.format(**ids_of(house, MATRIX[name], "own"))
            headers = house.as_(viewer).request(method, target).headers
            wanted = {**HEADERS, "cache-control": "no-store"}
            bare += [f"{name}: {key}" for key, value in wanted.items() if headers.get(key) != value]
    assert bare == []


@pytest.mark.parametrize("path", ["/none", "/api/v1/none", "/static/base.css", "/static/no"])
def test_errors_and_files_wear_them_too(path: str, house: House) -> None:
    answer = house.as_(None).get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_fault_inside_is_told_without_its_words(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken() -> None:
        raise RuntimeError("what Greta wrote in private")

    house.app.add_api_route("/api/v1/broken", broken)
    client = TestClient(house.app)
    answer = client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.json()["detail"].startswith("Something went wrong on our side")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Greta" not in answer.text + "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        pytest.param({"sec-fetch-site": "same-origin"}, True, id="our own page"),
        pytest.param({"sec-fetch-site": "none"}, True, id="typed by hand"),
        pytest.param({"sec-fetch-site": "cross-site"}, False, id="another site"),
        pytest.param({"sec-fetch-site": "same-site"}, False, id="a neighbour"),
        pytest.param({"origin": "https://evil.example", "host": "here"}, False, id="foreign"),
        pytest.param({"origin": "null", "host": "coach.example"}, False, id="null origin"),
        pytest.param({"origin": "http://here:8000", "host": "here:8000"}, True, id="own host"),
        pytest.param({"origin": OURS[0], "sec-fetch-site": "cross-site"}, True, id="trusted"),
        pytest.param({}, True, id="no browser"),
    ],
)
def test_only_our_own_pages_may_change_something(headers: dict[str, str], ours: bool) -> None:
    assert is_ours(Headers(headers), OURS) is ours


def test_no_route_takes_a_post_from_another_site(house: House) -> None:
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    for name in (name for name in MATRIX if not name.startswith("GET")):
        method, _, path = name.partition(" ")
        target = path.format(**ids_of(house, MATRIX[name], "own"))
        answer = house.as_("mentor").request(method, target, headers=headers)
        assert (name, answer.status_code) == (name, 403)


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
def test_a_body_that_is_too_large_is_refused(chunked: bool, house: House) -> None:
    body = b'{"text": "' + b"x" * LARGEST_BODY + b'"}'
    answer = house.as_("mentor").post(
        f"/api/v1/sessions/{house.seeded.session_id}/notes",
        content=iter([body[:1000], body[1000:]]) if chunked else body,
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    cookie = house.as_(None).post(f"/sign-in/{house.seeded.link}").headers["set-cookie"]
    assert cookie.startswith("coach=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=1209600"):
        assert part in cookie


def test_behind_https_the_cookie_is_bound_to_this_host(
    house: House, tmp_path: pathlib.Path
) -> None:
    settings = Settings(
        data=tmp_path / "https",
        database_url=house.settings.database_url,
        base_url="https://coach.example",
    )
    app = create_app(settings)
    with TestClient(app, base_url="https://coach.example", follow_redirects=False) as client:
        answer = client.post(f"/sign-in/{house.seeded.link}")
        assert answer.headers["set-cookie"].startswith("__Host-coach=")
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_signing_out_ends_the_sign_in(house: House) -> None:
    client = house.as_("mentor")
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert house.as_("mentor").get("/").headers["location"] == "/sign-in"


def test_guessing_links_is_slowed_down(house: House) -> None:
    client = house.as_(None)
    answers = [client.post(f"/sign-in/guess-{number}").status_code for number in range(12)]
    assert answers == [400] * 10 + [429] * 2
    # Behind a proxy many share an address: a link that is right still works.
    assert client.post(f"/sign-in/{house.seeded.link}").status_code < 400
