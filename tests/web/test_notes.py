"""Notes have a kind and a reader; a deleted one leaves nothing, in no draft and in no file."""

import base64
import json
import pathlib

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import House

CANARY = "the zebrafish budget spreadsheet"
NOTE = f"We finally opened {CANARY} together. Thank you."
ODD = "مرحبا 🌱 zurück — שלום\u200f\nzweite Zeile"


@pytest.fixture
def path(house: House) -> str:
    return f"/api/v1/sessions/{house.seeded.held_id}/notes"


def spellings(text: str) -> list[bytes]:
    """The text as bytes may hold it: plain, JSON-escaped, UTF-16, base64 at any offset."""
    plain = text.encode()
    shifted = [base64.b64encode(b"x" * gap + plain)[4:-4] for gap in range(3)]
    return [plain, text.encode("utf-16-le"), text.encode("utf-16-be"), *shifted]


def places_of(folder: pathlib.Path, text: str) -> list[str]:
    """The files in a folder that hold the text in any spelling."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        path.name
        for path in files
        if any(spelled in path.read_bytes() for spelled in spellings(text))
    ]


def test_a_note_has_a_kind_and_keeps_every_character(mentor: TestClient, path: str) -> None:
    sent = {"text": ODD, "visibility": "mine", "kind": "worry"}
    answers = [mentor.post(path, json=sent, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    kept = [one for one in mentor.get(path).json()["items"] if one["text"] == ODD]
    assert [(one["kind"], one["visibility"]) for one in kept] == [("worry", "mine")]
    assert mentor.post(path, json={**sent, "kind": "gossip"}).status_code == 422


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("x" * 204_800, "20,000 characters, and this one has 204,800", id="200 kB"),
        pytest.param("half \ud83d", "half a character", id="a lone surrogate"),
        pytest.param("nul \x00", "NUL", id="a NUL"),
        pytest.param(" \n\t", "needs some words", id="nothing"),
    ],
)  # fmt: skip
def test_a_note_that_cannot_be_kept_is_refused_in_a_sentence(
    text: str, why: str, mentor: TestClient, path: str
) -> None:
    sent = {"text": "unlike this", "visibility": "mine"}
    body = json.dumps({**sent, "text": text})
    answer = mentor.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert why in answer.json()["detail"]


def test_a_long_note_is_not_lost_on_the_page(house: House, mentor: TestClient) -> None:
    page = f"/sessions/{house.seeded.held_id}/notes"
    answer = mentor.post(page, data={"text": "y" * 204_800, "visibility": "mine"})
    assert answer.status_code == 422
    assert "at most 20,000 characters" in answer.text
    assert "y" * 204_800 in answer.text


def test_two_windows_on_one_note_lose_no_words(
    house: House, mentor: TestClient, mentee: TestClient, path: str
) -> None:
    made = mentor.post(path, json={"text": "First", "visibility": "pair"}).json()["id"]
    note = f"/api/v1/notes/{made}"
    (seen,) = [one["seen"] for one in mentor.get(path).json()["items"] if one["id"] == made]
    assert mentor.patch(note, json={"text": "x"}).status_code == 428
    first = mentor.patch(note, json={"text": "Second"}, headers={"if-match": seen})
    assert first.status_code == 204
    late = mentor.patch(note, json={"text": "Third"}, headers={"if-match": f'"{seen}"'})
    told = late.json()
    assert late.status_code == 409
    assert (told["kept_text"], told["offered_text"]) == ("Second", "Third")
    right = mentor.patch(note, json={"text": "Third"}, headers={"if-match": told["seen"]})
    assert right.status_code == 204
    foreign = mentee.patch(note, json={"text": "Hers"}, headers={"if-match": told["seen"]})
    assert foreign.status_code == 404
    form = {"act": "words", "text": "Fourth & last", "seen": seen}
    page = mentor.post(f"/notes/{made}", data=form)
    assert page.status_code == 409
    assert "Third" in page.text
    assert "Fourth &amp; last" in page.text
    again = mentor.get(f"/notes/{made}").text.split('name="seen" value="')[1].split('"')[0]
    assert mentor.post(f"/notes/{made}", data={**form, "seen": again}).status_code == 303


def test_a_deleted_note_leaves_no_byte_behind(
    house: House, mentor: TestClient, mentee: TestClient, path: str,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    held, planned = house.seeded.held_id, house.seeded.session_id
    ids = [
        mentor.post(path, json={"text": NOTE, "visibility": shown}).json()["id"]
        for shown in ("pair", "mine")
    ]
    key = {"idempotency-key": "k"}
    mentor.post(f"/api/v1/sessions/{planned}/agenda", headers=key)
    asked = {"question": "What did we do together?"}
    mentee.post(f"/api/v1/sessions/{held}/recaps", headers=key, json=asked)
    mentor.post(f"/api/v1/sessions/{planned}/follow-ups", headers=key)
    words = {"block_id": "b1", "step": 0, "text": f"You wrote: {NOTE}"}
    agenda = f"/api/v1/sessions/{planned}/agenda"
    mentor.patch(agenda, json=words, headers={"if-match": '"1"'})
    folder = house.settings.data
    assert places_of(folder, CANARY) != []
    for note_id in ids:
        assert mentor.delete(f"/api/v1/notes/{note_id}").status_code == 204
    assert places_of(folder, CANARY) == []
    assert CANARY not in "".join(capfd.readouterr())
    assert mentor.get(agenda).json()["blocks"][0]["steps"][0]["text"].startswith("Taken out")
    again = mentor.post(f"/api/v1/sessions/{planned}/follow-ups", headers=key)
    assert again.status_code == 201
    fresh = mentor.post(f"/api/v1/sessions/{planned}/follow-ups").text
    assert CANARY not in again.text + fresh


def test_a_note_that_was_taken_back_is_in_no_shared_draft(
    house: House, mentor: TestClient, mentee: TestClient, path: str
) -> None:
    made = mentor.post(path, json={"text": NOTE, "visibility": "pair"}).json()["id"]
    agenda = f"/api/v1/sessions/{house.seeded.session_id}/agenda"
    mentor.post(agenda)
    words = {"block_id": "b1", "step": 0, "text": NOTE}
    mentor.patch(agenda, json=words, headers={"if-match": '"1"'})
    assert CANARY in mentee.get(agenda).text
    assert mentor.post(f"/notes/{made}", data={"act": "keep"}).status_code == 303
    assert CANARY not in mentee.get(agenda).text
    assert CANARY not in mentee.get(path).text
    assert CANARY in mentor.get(path).text


def test_a_note_in_distress_shows_its_readers_where_help_is(
    house: House, mentor: TestClient, mentee: TestClient, path: str
) -> None:
    page = f"/sessions/{house.seeded.held_id}"
    text = "I do not want to live any more."
    mentor.post(path, json={"text": text, "visibility": "mine"})
    assert "help is available" in mentor.get(page).text
    assert "help is available" not in mentee.get(page).text
    drafted = mentor.post(f"/api/v1/sessions/{house.seeded.session_id}/agenda").text
    assert text not in drafted
