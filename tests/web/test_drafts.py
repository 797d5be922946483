"""Drafts over the API: whole or as a stream, once per key, and never one edit over another."""

import base64
import json
import pathlib
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from coach.shipped import shipped
from tests.web.conftest import House

STREAM = {"accept": "text/event-stream"}


def events_of(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, as a browser reads them."""
    found = []
    for part in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in part.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


@pytest.fixture
def agenda_path(house: House) -> str:
    return f"/api/v1/sessions/{house.seeded.session_id}/agenda"


def test_an_agenda_is_drafted_kept_and_found_again(mentor: TestClient, agenda_path: str) -> None:
    drafted = mentor.post(agenda_path)
    assert drafted.status_code == 201
    body = drafted.json()
    schema = json.loads((shipped("schemas") / "agenda.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(body)
    assert sum(block["minutes"] for block in body["blocks"]) == 45
    found = mentor.get(agenda_path)
    assert found.json() == body
    assert found.headers["etag"] == drafted.headers["etag"] == '"1"'


def test_a_stream_sends_whole_blocks_in_order_and_then_the_agenda(
    mentor: TestClient, agenda_path: str
) -> None:
    answer = mentor.post(agenda_path, headers=STREAM)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = events_of(answer.text)
    names = [name for name, _ in events]
    assert names[0] == "progress"
    assert names[-1] == "done"
    assert set(names) == {"progress", "block", "done"}
    done = events[-1][1]
    assert [data for name, data in events if name == "block"] == done["agenda"]["blocks"]
    assert done["etag"] == '"1"'
    assert mentor.get(agenda_path).json() == done["agenda"]


def test_a_stream_refuses_before_it_begins(house: House, mentor: TestClient) -> None:
    answer = mentor.post(f"/api/v1/sessions/{house.seeded.held_id}/agenda", headers=STREAM)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_stream_that_cannot_be_kept_says_so(mentor: TestClient, agenda_path: str) -> None:
    mentor.post(agenda_path)
    step = {"block_id": "b1", "step": 0, "text": "My own words"}
    mentor.patch(agenda_path, json=step, headers={"if-match": '"1"'})
    events = events_of(mentor.post(agenda_path, headers=STREAM).text)
    assert events[-1][0] == "interrupted"
    assert events[-1][1]["status"] == 409
    assert "My own words" in mentor.get(agenda_path).text


def test_a_service_that_stops_ends_its_streams_with_a_word(
    house: House, mentor: TestClient, agenda_path: str
) -> None:
    house.app.state.front.closing.set()
    events = events_of(mentor.post(agenda_path, headers=STREAM).text)
    assert events[-1][0] == "interrupted"
    assert events[-1][1]["detail"].startswith("The service is restarting")


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["json", "stream"])
def test_the_same_key_gives_the_same_agenda(
    headers: dict[str, str], mentor: TestClient, agenda_path: str
) -> None:
    key = {"idempotency-key": "first", **headers}
    first, again = mentor.post(agenda_path, headers=key), mentor.post(agenda_path, headers=key)
    assert first.status_code == again.status_code
    if headers:
        blocks, repeated = (
            [event for event in events_of(answer.text) if event[0] != "progress"]
            for answer in (first, again)
        )
        assert blocks == repeated
    else:
        assert first.content == again.content
        assert first.headers["etag"] == again.headers["etag"]
    assert mentor.get(agenda_path).headers["etag"] == '"1"'


def test_a_key_with_another_question_is_refused(house: House, mentee: TestClient) -> None:
    path, key = f"/api/v1/sessions/{house.seeded.held_id}/recaps", {"idempotency-key": "k"}
    first = mentee.post(path, json={"question": "What is a pivot table?"}, headers=key)
    again = mentee.post(path, json={"question": "What is a pivot table?"}, headers=key)
    other = mentee.post(path, json={"question": "What is a filter?"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert len(mentee.get(path).json()["items"]) == 1


def test_a_failure_is_kept_under_its_key_too(house: House, mentor: TestClient) -> None:
    path = f"/api/v1/sessions/{house.seeded.held_id}/agenda"
    key = {"idempotency-key": "k"}
    first, again = mentor.post(path, headers=key), mentor.post(path, headers=key)
    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()


def test_keys_of_two_people_have_nothing_to_do_with_each_other(
    mentor: TestClient, mentee: TestClient, agenda_path: str
) -> None:
    key = {"idempotency-key": "k"}
    mentor.post(agenda_path, headers=key)
    assert mentee.post(agenda_path, headers=key).headers["etag"] == '"2"'


def test_of_two_editors_the_second_sees_both_texts(
    mentor: TestClient, mentee: TestClient, agenda_path: str
) -> None:
    mentor.post(agenda_path)
    seen = {"if-match": mentor.get(agenda_path).headers["etag"]}
    step = {"block_id": "b1", "step": 0}
    first = mentor.patch(agenda_path, json={**step, "text": "How was it?"}, headers=seen)
    assert first.headers["etag"] == '"2"'
    second = mentee.patch(agenda_path, json={**step, "text": "What was new?"}, headers=seen)
    told = second.json()
    assert second.status_code == 409
    assert (told["kept_text"], told["offered_text"]) == ("How was it?", "What was new?")
    assert told["version"] == 2
    assert "What was new?" not in mentor.get(agenda_path).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 428, id="no version"),
        pytest.param({"if-match": "*"}, 422, id="any version"),
        pytest.param({"if-match": '"9"'}, 409, id="a version that is not"),
        pytest.param({"if-match": '"1"'}, 200, id="the version seen"),
    ],
)
def test_settling_names_the_version_seen(
    headers: dict[str, str], status: int, mentor: TestClient, agenda_path: str
) -> None:
    mentor.post(agenda_path)
    assert mentor.post(f"{agenda_path}/settle", headers=headers).status_code == status


def test_a_running_session_is_fitted_to_the_minutes_left(
    mentor: TestClient, agenda_path: str
) -> None:
    mentor.post(agenda_path)
    mentor.post(f"{agenda_path}/settle", headers={"if-match": '"1"'})
    kept = mentor.get(agenda_path).json()
    asked = {"minutes_left": 12, "blocks_done": {"b1": 8}}
    anew = mentor.post(f"{agenda_path}/replan", json=asked)
    blocks = anew.json()["blocks"]
    assert sum(block["minutes"] for block in blocks if block["actual_minutes"] is None) == 12
    assert mentor.get(agenda_path).json() == kept


@pytest.mark.parametrize(
    "asked", [{"minutes_left": 0}, {"minutes_left": 5, "blocks_done": {"no": 1}}, {}], ids=str
)
def test_a_replan_from_what_cannot_be_is_refused(
    asked: dict[str, Any], mentor: TestClient, agenda_path: str
) -> None:
    mentor.post(agenda_path)
    assert mentor.post(f"{agenda_path}/replan", json=asked).status_code == 422


def test_a_recap_is_the_mentee_s_alone(
    house: House, mentor: TestClient, mentee: TestClient
) -> None:
    path = f"/api/v1/sessions/{house.seeded.held_id}/recaps"
    made = mentee.post(path, json={"question": "How do I check that a total is right?"}).json()
    assert made["draft"]["answer"]["citations"]
    assert [item["id"] for item in mentee.get(path).json()["items"]] == [made["id"]]
    assert mentor.get(path).status_code == 404
    assert made["draft"]["question"] not in mentor.get(f"/sessions/{house.seeded.held_id}").text


BODIES = [
    pytest.param(b'{"text": "\\ud800secret", "visibility": "pair"}', id="half a character"),
    pytest.param(b'{"text": "secret\\u0000", "visibility": "pair"}', id="NUL"),
    pytest.param(b'{"text": 5, "visibility": "pair"}', id="a number for text"),
    pytest.param(b'{"text": "secret"', id="cut"),
    pytest.param(b"[" * 100_000, id="deep"),
    pytest.param(b'{"text": NaN, "visibility": 1e999}', id="no number"),
    pytest.param(b'\xff\xfe{\x00"\x00', id="UTF-16"),
    pytest.param(b'{"text": "a", "visibility": "pair", "secret": 1}', id="unknown field"),
    pytest.param(b'{"text": ' + b"9" * 5_000 + b"}", id="endless number"),
    pytest.param(b"", id="nothing"),
]


@pytest.mark.parametrize("body", BODIES)
def test_a_bad_body_is_refused_without_an_echo(
    body: bytes, house: House, mentor: TestClient
) -> None:
    answer = mentor.post(
        f"/api/v1/sessions/{house.seeded.session_id}/notes",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


@pytest.mark.shared_data
def test_no_body_of_the_test_suite_breaks_the_service(
    house: House, mentor: TestClient, shared_data: pathlib.Path
) -> None:
    cases = (shared_data / "security/jsontestsuite/test_parsing.jsonl").read_text(encoding="utf-8")
    wrong = []
    for line in cases.strip().split("\n"):
        case = json.loads(line)
        whole = base64.b64decode(case["b64"])
        inside = b'{"text": ' + whole + b', "visibility": "mine"}'
        for path, body in (("notes", whole), ("notes", inside), ("recaps", whole)):
            answer = mentor.post(
                f"/api/v1/sessions/{house.seeded.session_id}/{path}",
                content=body,
                headers={"content-type": "application/json"},
            )
            if answer.status_code >= 500:
                wrong.append(f"{case['name']}: {answer.status_code}")
    assert wrong == []


@pytest.mark.shared_data
def test_naughty_strings_are_kept_as_they_are_or_refused(
    house: House, mentor: TestClient, shared_data: pathlib.Path
) -> None:
    strings = json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8"))
    path = f"/api/v1/sessions/{house.seeded.session_id}/notes"
    kept = []
    for text in strings:
        answer = mentor.post(path, json={"text": text, "visibility": "mine"})
        assert answer.status_code in (201, 422), text
        kept += [text] if answer.status_code == 201 else []
    assert [note["text"] for note in mentor.get(path).json()["items"]] == kept
    assert len(kept) > 480
    assert mentor.get(f"/sessions/{house.seeded.session_id}").status_code == 200
