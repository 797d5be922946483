"""The search bench shows what is found and whether it is answered; questions are pinned from it."""

import pytest
from starlette.testclient import TestClient

KNOWN = "How do I group a pivot table by month?"
UNKNOWN = "Zyxgloth frobnicators?"
BENCH = "/api/v1/library/bench"


def test_the_bench_says_what_was_found_and_whether_the_coach_would_answer(
    admin: TestClient,
) -> None:
    told = admin.get(BENCH, params={"q": KNOWN}).json()
    assert told["would_answer"]
    assert told["answered_from"] in [hit["passage_id"] for hit in told["hits"]]
    assert told["relevance"] >= told["threshold"]
    assert told["hits"][0]["legs"] == ["lexical"]
    page = admin.get("/admin/bench", params={"q": KNOWN}).text
    assert "The coach would answer" in page
    assert "quoted first" in page
    assert "found by its words" in page
    refused = admin.get(BENCH, params={"q": UNKNOWN}).json()
    assert (refused["would_answer"], refused["hits"]) == (False, [])
    page = admin.get("/admin/bench", params={"q": UNKNOWN}).text
    assert "The coach would refuse" in page
    assert "no published passage" in page


@pytest.mark.parametrize("q", ["", "?", "42", "x" * 2_001, "<script>alert(1)</script>"])
def test_the_bench_bears_odd_questions(q: str, admin: TestClient) -> None:
    page = admin.get("/admin/bench", params={"q": q})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert admin.get(BENCH, params={"q": q}).status_code in (200, 422)


def test_a_question_is_pinned_from_the_bench_listed_taken_along_and_unpinned(
    admin: TestClient,
) -> None:
    form = {"question": KNOWN, "expected": ["pivot-tables"], "reason": "Asked each month"}
    assert admin.post("/admin/golden", data=form).headers["location"] == "/admin/golden"
    page = admin.get("/admin/golden").text
    for told in (KNOWN, "pivot-tables", "Ruth", "Asked each month"):
        assert told in page
    exported = admin.get("/admin/golden/export")
    assert exported.headers["content-type"].startswith("application/yaml")
    assert exported.text == admin.get("/api/v1/library/golden/export").text
    assert f"question: {KNOWN}" in exported.text
    twice = admin.post("/admin/golden", data=form)
    assert (twice.status_code, "pinned already" in twice.text) == (409, True)
    (pin,) = admin.get("/api/v1/library/golden").json()["items"]
    assert (pin["owner"], pin["expected"]) == ("Ruth", ["pivot-tables"])
    for _ in range(2):  # by two admins
        assert admin.post(f"/admin/golden/{pin['id']}/unpin").status_code == 303
    assert admin.get("/api/v1/library/golden").json()["items"] == []
    assert admin.delete(f"/api/v1/library/golden/{pin['id']}").status_code == 404


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        pytest.param({}, 422, "Choose the documents", id="nothing chosen"),
        pytest.param(
            {"expected": "pivot-tables", "not_covered": "true"}, 422, "not both", id="both"
        ),
        pytest.param({"other": "nope"}, 404, "no document", id="an unknown document"),
        pytest.param(
            {"not_covered": "true", "reason": "x" * 501}, 422, "at most 500", id="a long reason"
        ),
        pytest.param({"question": " ", "not_covered": "true"}, 422, "1 to 2000", id="no question"),
    ],
)
def test_what_cannot_be_pinned_is_told_in_a_sentence(
    form: dict[str, str], status: int, told: str, admin: TestClient
) -> None:
    answer = admin.post("/admin/golden", data={"question": KNOWN, **form})
    assert (answer.status_code, told in answer.text) == (status, True)
    assert admin.get("/api/v1/library/golden").json()["items"] == []
