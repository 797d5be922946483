"""An admin sees the background work, and can stop it and try it again."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from coach.storage.database import Db
from coach.storage.tables import Job, JobFile


def add_failed(db: Db) -> str:
    """An import that failed at one of its files."""
    job = Job(kind="import", state="failed", error="The disk is full.", hint="Make room.")
    db.add(job)
    db.flush()
    db.add(JobFile(job_id=job.id, position=0, name="a.pdf", outcome="failed", told="cut"))
    return str(job.id)


def test_an_admin_sees_what_failed_and_tries_it_again(
    admin: TestClient, change: Callable[..., Any]
) -> None:
    job_id = change(add_failed)
    listed = {one["id"]: one for one in admin.get("/api/v1/jobs").json()["items"]}
    assert (listed[job_id]["error"], listed[job_id]["hint"]) == ("The disk is full.", "Make room.")
    shown = admin.get(f"/api/v1/jobs/{job_id}").json()
    assert shown["files"] == [{"name": "a.pdf", "outcome": "failed", "told": "cut"}]
    again = admin.post(f"/api/v1/jobs/{job_id}/retry")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    stopped = admin.post(f"/api/v1/jobs/{job_id}/cancel")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    twice = admin.post(f"/api/v1/jobs/{job_id}/cancel")
    assert twice.status_code == 409
    assert "cancelled already" in twice.json()["detail"]


def test_the_pages_tell_what_failed_and_offer_the_way_on(
    admin: TestClient, change: Callable[..., Any]
) -> None:
    job_id = change(add_failed)
    listed = admin.get("/admin/jobs").text
    assert f"/admin/jobs/{job_id}" in listed
    assert "The disk is full." in listed
    page = admin.get(f"/admin/jobs/{job_id}")
    for told in ("Make room.", "a.pdf", "Try it again"):
        assert told in page.text
    assert "refresh" not in page.headers
    assert admin.post(f"/admin/jobs/{job_id}/retry").status_code == 303
    waiting = admin.get(f"/admin/jobs/{job_id}")
    assert "Stop it" in waiting.text
    assert waiting.headers["refresh"] == "4"
    assert "refresh" not in admin.get(f"/admin/jobs/{job_id}?still=true").headers
    assert admin.post(f"/admin/jobs/{job_id}/cancel").status_code == 303
    twice = admin.post(f"/admin/jobs/{job_id}/cancel")
    assert (twice.status_code, "cancelled already" in twice.text) == (409, True)
