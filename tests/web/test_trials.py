"""The page of a document shows what publishing would change, and asks for a reason over a loss."""

from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from coach.jobs.rows import cancel_job
from coach.knowledge.comparing import Comparison
from coach.knowledge.trials import save_trial
from coach.storage.database import Db
from coach.storage.tables import Job
from tests.web.conftest import NOW


def add_running(db: Db) -> str:
    """A trial that another worker is at, so that nobody here begins it."""
    job = Job(kind="trial", state="running", done=40, total=100, argument={"document_id": "napkin"})
    db.add(job)
    db.flush()
    return str(job.id)


LOST = "Where did the totals go?"
WON = "How do I fold a napkin?"


def test_a_loss_is_shown_and_needs_a_reason(admin: TestClient, change: Any) -> None:
    sent = admin.post("/api/v1/library/uploads?name=napkin.md", content=b"# Fold\n\nFold it.")
    admin.post(f"/api/v1/library/uploads/{sent.json()['id']}/draft", json={})
    page = "/admin/library/napkin"
    assert "See what publishing would change" in admin.get(page).text
    trial = Comparison(4, 0.75, 0.5, 0, 0, (LOST,), (WON,))
    change(save_trial, "napkin", trial, NOW)
    shown = admin.get(page).text
    assert "Of 4 golden questions 75.0% find their document now" in shown
    assert LOST in shown
    assert WON in shown
    refused = admin.post(f"{page}/publish", data={"reason": " "})
    assert (refused.status_code, "give a reason" in refused.text) == (409, True)
    assert admin.post("/api/v1/library/documents/napkin/publish").status_code == 409
    assert admin.get("/api/v1/library/documents/napkin").json()["state"] == "draft"
    assert admin.post(f"{page}/publish", data={"reason": "Totals moved"}).status_code == 303
    assert admin.get("/api/v1/library/documents/napkin").json()["state"] == "published"
    (version,) = admin.get("/api/v1/library/documents/napkin/versions").json()["items"]
    assert version["published_over"] == {
        "asked": 4,
        "lost": [LOST],
        "reason": "Totals moved",
        "author": "Ruth",
    }
    history = admin.get(f"{page}/versions").text
    assert "Published over a loss by Ruth:</strong> Totals moved" in history
    assert LOST in history


@pytest.mark.parametrize("door", ["page", "api"])
def test_what_nobody_tried_needs_a_trial_or_a_reason(admin: TestClient, door: str) -> None:
    sent = admin.post("/api/v1/library/uploads?name=napkin.md", content=b"# Fold\n\nFold it.")
    admin.post(f"/api/v1/library/uploads/{sent.json()['id']}/draft", json={})
    page, place = "/admin/library/napkin", "/api/v1/library/documents/napkin"

    def publish(reason: str) -> Response:
        if door == "page":
            return admin.post(f"{page}/publish", data={"reason": reason})
        return admin.post(f"{place}/publish", json={"reason": reason} if reason else None)

    refused = publish("")
    assert refused.status_code == 409
    assert "Nobody has tried what version 1 of napkin changes" in refused.text
    assert admin.get(place).json()["state"] == "draft"
    assert "Reason to publish it untried" in admin.get(page).text
    assert publish("Read by three of us").status_code in (204, 303)
    assert admin.get(f"{place}/trial").json()["trial"] is None
    (version,) = admin.get(f"{place}/versions").json()["items"]
    told = {"asked": 0, "lost": [], "reason": "Read by three of us", "author": "Ruth"}
    assert version["published_over"] == told
    assert "Published untried by Ruth:</strong> Read by three" in admin.get(f"{page}/versions").text


def test_the_history_says_who_published_a_version_that_loses_nothing(
    admin: TestClient, change: Any
) -> None:
    sent = admin.post("/api/v1/library/uploads?name=napkin.md", content=b"# Fold\n\nFold it.")
    admin.post(f"/api/v1/library/uploads/{sent.json()['id']}/draft", json={})
    change(save_trial, "napkin", Comparison(4, 0.5, 0.75, 0, 0, (), (WON,)), NOW)
    assert admin.post("/api/v1/library/documents/napkin/publish").status_code == 204
    (version,) = admin.get("/api/v1/library/documents/napkin/versions").json()["items"]
    assert (version["published_over"], version["published_by"]) == (None, "Ruth")
    history = admin.get("/admin/library/napkin/versions").text
    assert "Published by Ruth</p>" in history
    assert "Nothing yet: there is only one version." in history


def test_a_published_version_has_nothing_to_try(admin: TestClient) -> None:
    told = admin.post("/api/v1/library/documents/pivot-tables/try")
    assert (told.status_code, told.json()["job"]) == (202, None)
    assert told.json()["trial"]["asked"] == 0


def test_a_trial_under_way_shows_how_far_it_is_and_is_not_begun_twice(
    admin: TestClient, change: Any
) -> None:
    sent = admin.post("/api/v1/library/uploads?name=napkin.md", content=b"# Fold\n\nFold it.")
    admin.post(f"/api/v1/library/uploads/{sent.json()['id']}/draft", json={})
    job_id = change(add_running)
    page = admin.get("/admin/library/napkin")
    assert page.headers["refresh"] == "3"
    assert "40 of 100 questions asked" in page.text
    assert "refresh" not in admin.get("/admin/library/napkin?still=true").headers
    for _ in range(2):
        told = admin.post("/api/v1/library/documents/napkin/try")
        assert (told.status_code, told.json()["job"]["id"]) == (202, job_id)
    change(cancel_job, UUID(job_id))
    page = admin.get("/admin/library/napkin")
    assert "refresh" not in page.headers
    assert "Trying it out was stopped" in page.text
