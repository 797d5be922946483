"""The page of a document shows what publishing would change, and asks for a reason over a loss."""

from typing import Any

from starlette.testclient import TestClient

from coach.knowledge.trial import Flip, Trial
from coach.knowledge.trials import save_trial
from tests.web.conftest import NOW

LOST = "Where did the totals go?"
WON = "How do I fold a napkin?"


def test_a_loss_is_shown_and_needs_a_reason(admin: TestClient, change: Any) -> None:
    sent = admin.post("/api/v1/library/uploads?name=napkin.md", content=b"# Fold\n\nFold it.")
    admin.post(f"/api/v1/library/uploads/{sent.json()['id']}/draft", json={})
    page = "/admin/library/napkin"
    assert "See what publishing would change" in admin.get(page).text
    trial = Trial(4, 0.75, 0.5, (Flip(LOST, ("pivot-tables",)),), (Flip(WON, ("napkin",)),))
    change(save_trial, "napkin", trial, NOW)
    shown = admin.get(page).text
    assert "Of 4 golden questions 75.0% find" in shown
    assert LOST in shown
    assert WON in shown
    refused = admin.post(f"{page}/publish", data={"reason": " "})
    assert (refused.status_code, "give a reason" in refused.text) == (409, True)
    assert admin.post("/api/v1/library/documents/napkin/publish").status_code == 409
    assert admin.get("/api/v1/library/documents/napkin").json()["state"] == "draft"
    assert admin.post(f"{page}/publish", data={"reason": "Totals moved"}).status_code == 303
    assert admin.get("/api/v1/library/documents/napkin").json()["state"] == "published"


def test_a_published_version_has_nothing_to_try(admin: TestClient) -> None:
    told = admin.post("/api/v1/library/documents/pivot-tables/try").json()
    assert (told["asked"], told["lost"], told["won"]) == (0, [], [])
