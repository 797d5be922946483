"""An admin hands in a ZIP; what it brings is tried once, and published when nothing is lost."""

import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import anyio
import pytest
from starlette.testclient import TestClient

from coach.jobs.runner import Runner
from coach.knowledge.comparing import Gate
from coach.knowledge.pins import save_pin
from coach.knowledge.work import LibraryWork
from coach.web import limits
from tests.knowledge.writing import written
from tests.web.conftest import NOW, House

IMPORTS = "/api/v1/library/imports"
NAPKIN = written("Napkins", body="## Fold one\n\nA napkin is folded twice.", id="napkins")
PIVOTS = written("Pivots", body="## Nothing\n\nNothing is said here.", id="pivot-tables")
QUESTION = "what is a pivot table for"


def packed(**files: str) -> bytes:
    """A ZIP of these files."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as into:
        for name, text in files.items():
            into.writestr(f"{name}.md", text)
    return made.getvalue()


@pytest.fixture
def work(house: House) -> Callable[[str], None]:
    """Does a job as a worker does it."""
    database = house.app.state.front.resources.database
    library = LibraryWork(database, gate=Gate(()))

    async def nothing() -> None:
        """No job is added by itself."""

    turns = Counter[str]()

    def perform(job_id: str) -> None:
        runner = Runner(database, "one", library.stages, nothing, "")
        turns[job_id] += 1
        assert anyio.run(runner.perform, UUID(job_id), turns[job_id]) == "done"

    return perform


def hand_in(admin: TestClient, door: str, data: bytes, reason: str = "") -> str:
    """The id of the job that imports this ZIP and publishes what it may."""
    if door == "api":
        asked = {"publish": "true", "accept_loss": reason, "owner": "Ruth"}
        answer = admin.post(IMPORTS, params=asked, content=data)
        assert (answer.status_code, answer.json()["kind"]) == (202, "import")
        return str(answer.json()["id"])
    form = {"publish": "true", "reason": reason, "kind": "tutorial", "licence": "", "owner": ""}
    answer = admin.post("/admin/import", data=form, files={"file": ("many.zip", data)})
    assert answer.status_code == 303
    return answer.headers["location"].rsplit("/", 1)[-1]


@pytest.mark.parametrize("door", ["api", "page"])
def test_over_a_loss_all_stays_in_review_until_a_reason_is_given(
    door: str, admin: TestClient, change: Any, work: Callable[[str], None]
) -> None:
    change(save_pin, QUESTION, ["pivot-tables"], None, "", NOW)
    data = packed(napkins=NAPKIN, pivots=PIVOTS)
    job_id = hand_in(admin, door, data)
    work(job_id)
    shown = admin.get(f"/api/v1/jobs/{job_id}").json()
    assert shown["trial"]["fate"] == "in_review"
    assert shown["trial"]["lost"] == [{"question": QUESTION, "documents": ["pivot-tables"]}]
    assert (shown["trial"]["before"], shown["trial"]["after"]) == (1.0, 0.0)
    assert "2 documents stay unpublished, in review" in shown["told"]
    page = admin.get(f"/admin/jobs/{job_id}").text
    for told in (QUESTION, '<a href="/admin/library/pivot-tables">', "recall@5 100.0% before"):
        assert told in page
    assert admin.get("/api/v1/library/documents/napkins").json()["state"] == "in_review"
    assert admin.get("/api/v1/library/search?q=napkin").json()["items"] == []
    again = hand_in(admin, door, data, "Pivots have a page elsewhere")
    work(again)
    assert admin.get("/api/v1/library/documents/napkins").json()["state"] == "published"
    assert "over that loss" in admin.get(f"/admin/jobs/{again}").text
    history = admin.get("/admin/library/pivot-tables/versions").text
    assert "Published over a loss by Ruth:</strong> Pivots have a page elsewhere" in history


@pytest.mark.parametrize("door", ["api", "page"])
def test_what_was_held_back_is_published_from_its_job_with_a_reason(
    door: str, admin: TestClient, change: Any, work: Callable[[str], None]
) -> None:
    change(save_pin, QUESTION, ["pivot-tables"], None, "", NOW)
    job_id = hand_in(admin, door, packed(napkins=NAPKIN, pivots=PIVOTS))

    def publish(reason: str) -> int:
        if door == "api":
            path = f"/api/v1/jobs/{job_id}/publish"
            return admin.post(path, json={"accept_loss": reason}).status_code
        return admin.post(f"/admin/jobs/{job_id}/publish", data={"reason": reason}).status_code

    assert publish("Too early") == 409
    work(job_id)
    assert "Reason to publish them all the same" in admin.get(f"/admin/jobs/{job_id}").text
    assert publish(" ") == 422
    assert publish("Pivots have a page elsewhere") == (200 if door == "api" else 303)
    work(job_id)
    assert admin.get("/api/v1/library/documents/napkins").json()["state"] == "published"
    history = admin.get("/admin/library/pivot-tables/versions").text
    assert "Published over a loss by Ruth:</strong> Pivots have a page elsewhere" in history
    page = admin.get(f"/admin/jobs/{job_id}").text
    assert ("over that loss" in page, "to publish them all the same" in page) == (True, False)
    assert publish("Once more") == 409


def test_what_was_published_one_by_one_is_held_back_no_more(
    admin: TestClient, change: Any, work: Callable[[str], None]
) -> None:
    change(save_pin, QUESTION, ["pivot-tables"], None, "", NOW)
    job_id = hand_in(admin, "api", packed(napkins=NAPKIN, pivots=PIVOTS))
    work(job_id)
    for name in ("napkins", "pivot-tables"):
        path = f"/api/v1/library/documents/{name}/publish"
        assert admin.post(path, json={"reason": "It moved"}).status_code == 204
    answer = admin.post(f"/api/v1/jobs/{job_id}/publish", json={"accept_loss": "It moved"})
    assert (answer.status_code, "holds nothing back" in answer.json()["detail"]) == (409, True)


def test_without_publishing_all_become_drafts_and_nothing_is_asked(
    admin: TestClient, work: Callable[[str], None]
) -> None:
    job_id = str(admin.post(IMPORTS, content=packed(napkins=NAPKIN)).json()["id"])
    work(job_id)
    shown = admin.get(f"/api/v1/jobs/{job_id}").json()
    assert (shown["trial"], shown["told"]) == (None, "1 files: 1 done")
    assert admin.get("/api/v1/library/documents/napkins").json()["state"] == "draft"


@pytest.mark.parametrize(
    ("data", "asked", "told"),
    [
        (b"no zip", {}, "This is neither a folder nor a whole ZIP file."),
        (packed(), {}, "There is no file to import."),
        (packed(a=NAPKIN), {"accept_loss": "It moved"}, "goes with publishing"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence(
    data: bytes, asked: dict[str, str], told: str, admin: TestClient
) -> None:
    answer = admin.post(IMPORTS, params=asked, content=data)
    assert (answer.status_code, told in answer.json()["detail"]) == (422, True)
    if not asked:
        page = admin.post("/admin/import", files={"file": ("many.zip", data)})
        assert (page.status_code, told in page.text) == (422, True)


def test_a_zip_of_200_megabytes_is_refused_before_it_is_read(admin: TestClient) -> None:
    for path in sorted(limits.IMPORTS):
        answer = admin.post(path, content=b"", headers={"content-length": "200000000"})
        assert (answer.status_code, "A ZIP may have at most 20 MB" in answer.text) == (413, True)


def test_a_form_that_is_not_ours_is_refused(admin: TestClient) -> None:
    answer = admin.post("/admin/import", data={"kind": "cake"}, files={"file": ("a.zip", b"x")})
    assert answer.status_code == 422
