"""An admin sees what another embedding model would change, and decides."""

from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from coach.knowledge.comparing import Comparison
from coach.knowledge.model_changes import save_first, save_question
from tests.web.conftest import NOW

MODEL = "/api/v1/library/embedding-model"


def test_a_loss_is_shown_and_accepted_with_a_reason(admin: TestClient, change: Any) -> None:
    assert admin.get(MODEL).json()["change"] is None
    assert admin.post(f"{MODEL}/change", json={}).status_code == 409
    assert admin.post(f"{MODEL}/change", json={"accept_loss": "cheaper"}).status_code == 409
    assert admin.post(f"{MODEL}/back", json={}).status_code == 409
    change(save_first, "old", NOW)
    found = Comparison(4, 1.0, 0.75, 0, 1, ("Where?",))
    change(save_question, "old", "new", found, NOW + timedelta(hours=1))
    shown = admin.get(MODEL).json()
    assert shown["serving"] == "old"
    assert (shown["change"]["state"], shown["change"]["compared"]["lost"]) == ("asks", ["Where?"])
    assert admin.post(f"{MODEL}/change", json={"accept_loss": ""}).status_code == 422
    added = admin.post(f"{MODEL}/change", json={"accept_loss": "cheaper"})
    assert added.status_code == 202
    job = admin.get(f"/api/v1/jobs/{added.json()['job_id']}").json()
    assert job["kind"] == "re-embed"
